//! A bot waits for its user's answer when its version is replaced: the turn goes on until it is answered or stopped, or its time
//! to finish is over; whether its user is there or comes back, and whatever becomes of the server.

use chinwag_tests::{
    artifacts,
    browser::Browser,
    client::{Client, Event, Tab, names},
    server::{Settings, TestServer},
};
use serde_json::{Value, json};

const BOT: &str = "bot";

/// Activates version `number`, whose marker says so too.
async fn replace(server: &TestServer, number: u64) {
    let version = server.admin().deploy(BOT, artifacts::marked("witness", number)).await;
    assert_eq!(version, number);
}

/// A server whose bot has one version, and somebody whom it asks something.
async fn asking(settings: Settings) -> (TestServer, Waiting) {
    let server = settings.start().await;
    replace(&server, 1).await;
    let waiting = Waiting::begin(&server).await;
    (server, waiting)
}

/// A server that gives the turns of a replaced version no time worth mentioning.
fn hasty() -> Settings {
    Settings::default().env("CHINWAG_SWAP_DRAIN", "1s")
}

/// Waits until version `number` is told that its last turn has ended.
async fn retired(server: &TestServer, number: u64) -> Value {
    server.admin().logged(BOT, &format!("version {number} ends")).await;
    let swap = swap_from(server, number).await;
    assert!(swap["retired_ms"].is_u64(), "{swap}");
    swap
}

/// What the server says of the swap in which version `number` was replaced.
async fn swap_from(server: &TestServer, number: u64) -> Value {
    let bot = server.admin().bot(BOT).await.body;
    let swaps = bot["swaps"].as_array().cloned().unwrap_or_default();
    let found = swaps.into_iter().find(|swap| swap["from"] == number);
    found.unwrap_or_else(|| panic!("version {number} was never replaced: {bot}"))
}

/// Somebody who is asked something.
struct Waiting {
    browser: Browser,
    /// The id of the message of which the question came.
    message: String,
}

impl Waiting {
    async fn begin(server: &TestServer) -> Self {
        let mut browser = server.open(BOT).await;
        let message = browser.say("ask").await;
        browser.until("ask").await;
        Self { browser, message }
    }

    /// They answer, and the turn that asked ends. Its wait for the answer ends on the screen as a turn does.
    async fn answer(&mut self) {
        self.browser.reply("here").await;
        self.browser.until("task_start").await;
        self.browser.until("task_end").await;
    }

    /// The turn was answered, and by the version that had asked.
    fn is_answered_by(&mut self, number: u64) {
        let answers = self.browser.screen().answers(&self.message);
        assert_eq!(answers[..2], ["Well?", "answered here"], "{answers:?}");
        is_of(&mut self.browser, &self.message, number);
    }

    /// The chat goes on, with this version.
    async fn goes_on_with(&mut self, number: u64) {
        let message = self.browser.say("hello").await;
        self.browser.until("task_end").await;
        assert!(!self.browser.screen().is_loading);
        is_of(&mut self.browser, &message, number);
    }

    /// The turn was ended for good, and its user knows why and what to do.
    fn is_told_that_it_was_replaced(&mut self) {
        let screen = self.browser.screen();
        assert!(!screen.is_loading, "the page shows for ever that the bot is at work");
        let told = screen.step_with("was replaced by a newer version");
        assert_eq!(told["isError"], json!(true));
        let text = told["output"].as_str().expect("it is a text");
        assert!(text.contains("say it again, and the new version answers"), "{text}");
        assert!(text.contains("`replaced`"), "an operator would not know what it is: {text}");
        let run = screen.step("on_message");
        assert_eq!((&run["isError"], &run["parentId"]), (&json!(true), &json!(self.message)));
        assert!(run["end"].is_string(), "{run}");
    }
}

/// A message was answered by this version, as its run says and the answer itself.
fn is_of(browser: &mut Browser, message: &str, number: u64) {
    let screen = browser.screen();
    let is_run = |step: &&Value| step["type"] == "run" && step["parentId"] == message;
    let run = screen.steps.iter().find(is_run).expect("a message has a run");
    assert_eq!(run["metadata"]["version"], json!(number));
    assert_ne!(run["isError"], json!(true), "{run}");
    let answers = screen.answers(message);
    let told: Value =
        answers.last().and_then(|text| serde_json::from_str(text).ok()).expect("JSON");
    assert_eq!(told["version"], json!(number), "{answers:?}");
}

#[tokio::test]
async fn a_question_of_a_replaced_version_is_answered_to_it_and_the_next_message_to_the_new_one() {
    let (server, mut waiting) = asking(Settings::default()).await;
    replace(&server, 2).await;
    let swap = swap_from(&server, 1).await;
    assert_eq!((&swap["turns_in_flight"], &swap["retired_ms"]), (&json!(1), &Value::Null));
    // Somebody else is answered by the new version meanwhile.
    let mut other = Waiting::begin(&server).await;
    other.answer().await;
    other.is_answered_by(2);
    assert_eq!(swap_from(&server, 1).await["retired_ms"], Value::Null);

    waiting.answer().await;
    waiting.is_answered_by(1);
    waiting.goes_on_with(2).await;
    retired(&server, 1).await;
}

#[tokio::test]
async fn a_question_of_a_replaced_version_can_be_stopped_and_the_version_retires() {
    let (server, mut waiting) = asking(Settings::default()).await;
    replace(&server, 2).await;
    waiting.browser.emit("stop", &[]).await;
    let events = waiting.browser.until("task_end").await;
    assert!(names(&events).contains(&"clear_ask"), "{:?}", names(&events));
    let texts = waiting.browser.screen().texts();
    assert!(texts.contains(&"Task manually stopped.".to_owned()), "{texts:?}");
    assert!(!texts.iter().any(|text| text.contains("replaced")), "{texts:?}");
    retired(&server, 1).await;
    waiting.goes_on_with(2).await;
}

#[tokio::test]
async fn whoever_comes_back_after_the_deadline_finds_the_reason_and_no_open_question() {
    let (server, waiting) = asking(hasty()).await;
    let Waiting { browser, message } = waiting;
    let tab = browser.hang_up();
    replace(&server, 2).await;
    retired(&server, 1).await;

    let mut browser = server.reopen(tab).await;
    let events = browser.settle().await;
    let is_alive = |event: &&Event| matches!(event.name.as_str(), "ask" | "task_start");
    assert_eq!(events.iter().filter(is_alive).count(), 0, "{:?}", names(&events));
    assert!(!browser.is_asked("ask"));
    assert_ne!(browser.screen().step_with("Well?")["waitForAnswer"], json!(true));
    let mut waiting = Waiting { browser, message };
    waiting.is_told_that_it_was_replaced();
    waiting.goes_on_with(2).await;
}

#[tokio::test]
async fn whoever_comes_back_before_the_deadline_is_asked_again_and_answers_the_old_version() {
    let (server, waiting) = asking(Settings::default()).await;
    let Waiting { browser, message } = waiting;
    let tab = browser.hang_up();
    replace(&server, 2).await;

    let mut browser = server.reopen(tab).await;
    let events = browser.until("ask").await;
    assert!(names(&events).contains(&"task_start"), "the bot is still at it: {:?}", names(&events));
    let asked = events.last().expect("there is one").arg();
    assert_eq!(asked["msg"]["output"], "Well?");
    assert_eq!(browser.screen().texts(), ["Well?"], "the question stands there once");
    let mut waiting = Waiting { browser, message };
    waiting.answer().await;
    waiting.is_answered_by(1);
    waiting.goes_on_with(2).await;
    retired(&server, 1).await;
}

#[tokio::test]
async fn at_the_deadline_the_question_is_taken_away_with_a_reason_and_late_answers_change_nothing()
{
    let (server, mut waiting) = asking(hasty()).await;
    replace(&server, 2).await;
    let events = waiting.browser.until("clear_ask").await;
    assert!(!names(&events).contains(&"task_end"), "the question outlives the turn");
    waiting.browser.until("task_end").await;
    waiting.is_told_that_it_was_replaced();
    retired(&server, 1).await;
    let log = server.admin().logged(BOT, "(replaced)").await;
    assert!(log.contains("on-message failed"), "{log}");
    let labels = ["bot=\"bot\"", "cause=\"replaced\""];
    assert_eq!(server.metric("chinwag_turn_failures_total", &labels).await, 1.0);

    let before = waiting.browser.screen().steps.clone();
    waiting.browser.reply("too late").await;
    let events = waiting.browser.settle().await;
    assert!(events.is_empty(), "{events:?}");
    assert_eq!(waiting.browser.screen().steps, before);
    waiting.goes_on_with(2).await;
    let texts = waiting.browser.screen().texts();
    assert!(!texts.iter().any(|text| text.contains("too late")), "{texts:?}");
}

#[tokio::test]
async fn each_of_two_replaced_versions_waits_for_its_own_answer() {
    let (server, mut first) = asking(Settings::default()).await;
    replace(&server, 2).await;
    let mut second = Waiting::begin(&server).await;
    replace(&server, 3).await;
    let mut third = Waiting::begin(&server).await;
    third.answer().await;
    third.is_answered_by(3);

    first.answer().await;
    first.is_answered_by(1);
    retired(&server, 1).await;
    assert_eq!(swap_from(&server, 2).await["retired_ms"], Value::Null);
    second.answer().await;
    second.is_answered_by(2);
    retired(&server, 2).await;
    for waiting in [&mut first, &mut second, &mut third] {
        waiting.goes_on_with(3).await;
    }
}

#[tokio::test]
async fn a_version_that_is_active_again_is_answered_as_if_nothing_had_happened() {
    let (server, mut waiting) = asking(Settings::default()).await;
    replace(&server, 2).await;
    let reply = server.admin().roll_back(BOT).await;
    assert_eq!(reply.body["active"], json!(1), "{reply:?}");
    waiting.answer().await;
    waiting.is_answered_by(1);
    waiting.goes_on_with(1).await;
    retired(&server, 2).await;
}

#[tokio::test]
async fn a_question_of_a_removed_bot_is_answered_and_the_next_message_told_that_it_is_gone() {
    let (server, mut waiting) = asking(Settings::default()).await;
    assert_eq!(server.admin().remove(BOT).await.status, 204);
    waiting.answer().await;
    waiting.is_answered_by(1);
    waiting.browser.say("hello").await;
    let gone = "The bot `bot` has been removed. Pick another one.";
    waiting.browser.until_that(gone, |event| event.text("output") == gone).await;
    assert!(!waiting.browser.screen().is_loading);
}

#[tokio::test]
async fn at_the_deadline_of_a_removed_bot_nobody_is_promised_a_new_version() {
    let (server, mut waiting) = asking(hasty()).await;
    assert_eq!(server.admin().remove(BOT).await.status, 204);
    waiting.browser.until("clear_ask").await;
    waiting.browser.until("task_end").await;
    let texts = waiting.browser.screen().texts();
    let told = texts.last().expect("there is a reason");
    assert!(told.contains("removed") && !told.contains("new version"), "{told}");
    assert!(!waiting.browser.screen().is_loading);
}

/// The tab comes back to a server that was away, and sees its thread, in which nothing waits for what does not come.
async fn come_back(server: &TestServer, tab: &Tab) -> Browser {
    let mut browser = Browser::knock(&server.url, tab.anew()).await.expect("it is let in");
    browser.until("resume_thread").await;
    browser.screen().is_at_rest();
    browser
}

#[tokio::test]
async fn what_was_said_to_a_removed_bot_keeps_its_answer_after_a_restart() {
    let (mut server, mut waiting) = asking(Settings::default()).await;
    assert_eq!(server.admin().remove(BOT).await.status, 204);
    waiting.answer().await;
    waiting.browser.say("hello").await;
    waiting.browser.until_that("an answer", |event| event.text("output").contains("removed")).await;
    // Without a bot nobody is let in.
    replace(&server, 1).await;
    let tab = waiting.browser.hang_up();
    server.stop().await;
    server.restart().await;
    let mut browser = come_back(&server, &tab).await;
    let texts = browser.screen().texts();
    assert!(!texts.iter().any(|text| text.starts_with("The server stopped")), "{texts:?}");
    assert!(texts.iter().any(|text| text.contains("removed")), "{texts:?}");
}

#[tokio::test]
async fn killed_while_a_replaced_version_waits_the_server_marks_the_turn_and_goes_on_with_the_new_one()
 {
    let (mut server, waiting) = asking(Settings::default()).await;
    let Waiting { browser, message } = waiting;
    replace(&server, 2).await;
    let tab = browser.hang_up();
    server.kill().await;
    server.restart().await;

    let mut browser = come_back(&server, &tab).await;
    let run = browser.screen().step("on_message");
    assert_eq!((&run["parentId"], &run["isError"]), (&json!(message), &json!(true)));
    assert_eq!(run["metadata"]["interrupted"], json!(true));
    assert_eq!(run["metadata"]["version"], json!(1), "it was the old version's");
    let answers = browser.screen().answers(&message);
    assert_eq!(answers[0], "Well?");
    assert!(answers[1].starts_with("The server stopped"), "{answers:?}");
    assert!(!browser.is_asked("ask"));
    assert_eq!(server.admin().bot(BOT).await.body["active"], json!(2));
    Waiting { browser, message }.goes_on_with(2).await;
}

#[tokio::test]
async fn a_server_that_is_to_stop_waits_for_the_answer_to_a_replaced_version() {
    let (mut server, mut waiting) = asking(Settings::default()).await;
    replace(&server, 2).await;
    tokio::join!(server.stop(), waiting.answer());
    waiting.is_answered_by(1);
    let tab = waiting.browser.hang_up();
    server.restart().await;
    let mut browser = come_back(&server, &tab).await;
    is_of(&mut browser, &waiting.message, 1);
    Waiting { browser, message: waiting.message }.goes_on_with(2).await;
}

#[tokio::test]
async fn a_server_that_is_to_stop_waits_no_longer_than_its_own_deadline_for_a_replaced_version() {
    // Replaced versions would have ten minutes, the question an hour.
    let (mut server, mut waiting) = asking(Settings::default().env("CHINWAG_DRAIN", "1s")).await;
    replace(&server, 2).await;
    server.stop().await;
    let mut events = Vec::new();
    while let Some(event) = waiting.browser.listen().await {
        events.push(event);
    }
    let told = names(&events);
    assert!(told.contains(&"clear_ask") && told.contains(&"task_end"), "{told:?}");
    assert!(!waiting.browser.screen().is_loading);
    let texts = waiting.browser.screen().texts();
    assert!(texts.iter().any(|text| text.contains("server")), "nobody says why: {texts:?}");
    assert!(!texts.iter().any(|text| text.contains("manually")), "nobody stopped it: {texts:?}");

    let tab = waiting.browser.hang_up();
    server.restart().await;
    let mut browser = come_back(&server, &tab).await;
    assert_eq!(browser.screen().step("on_message")["isError"], json!(true));
    Waiting { browser, message: waiting.message }.goes_on_with(2).await;
}
