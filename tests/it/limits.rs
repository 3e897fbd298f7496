//! Bots that harm: each is cut with a named error, in its own chat, while others go on talking.

use chinwag_tests::{
    browser::Browser,
    client::Client,
    server::{Settings, TestServer},
    within,
};
use serde_json::json;
use tokio::{sync::watch, task::JoinSet};

/// Tight limits, so that a bot that meets them does so soon.
async fn strict(bots: &[&str]) -> TestServer {
    let settings =
        Settings::default().env("CHINWAG_LIMITS__CPU", "1s").env("CHINWAG_LIMITS__EMITS", "2000");
    let server = settings.start().await;
    for bot in bots {
        server.deploy(bot).await;
    }
    server
}

/// People who talk to a healthy bot all the while.
struct Others {
    over: watch::Sender<bool>,
    answered: watch::Receiver<usize>,
    chats: JoinSet<()>,
}

impl Others {
    async fn begin(server: &TestServer) -> Self {
        let over = watch::Sender::new(false);
        let (count, answered) = watch::channel(0);
        let mut chats = JoinSet::new();
        for _ in 0..4 {
            let browser = server.open("echo").await;
            chats.spawn(chat(browser, over.subscribe(), count.clone()));
        }
        Self { over, answered, chats }
    }

    /// Waits until some more messages have been answered, and so everybody's.
    async fn go_on(&mut self) {
        let goal = *self.answered.borrow() + 20;
        let reached = self.answered.wait_for(|count| *count >= goal);
        within("answers to others", reached).await.expect("chats go on");
    }

    async fn end(self) {
        self.over.send_replace(true);
        self.chats.join_all().await;
    }
}

async fn chat(mut browser: Browser, over: watch::Receiver<bool>, count: watch::Sender<usize>) {
    for n in 0.. {
        if *over.borrow() {
            return;
        }
        let text = format!("message {n}");
        assert_eq!(browser.ask(&text).await, [text]);
        count.send_modify(|count| *count += 1);
    }
}

/// Whether the chat shows an error with this code, and is over it: the run is closed as failed and the next message works.
async fn assert_cut(browser: &mut Browser, code: &str) {
    let screen = browser.screen();
    let error = screen.step_with(&format!("`{code}`"));
    assert_eq!((&error["isError"], &error["name"]), (&json!(true), &json!("Error")));
    assert_eq!(screen.step("on_message")["isError"], json!(true));
    assert!(!screen.is_loading);
    let open: Vec<_> = screen.steps.iter().filter(|step| step["streaming"] == true).collect();
    assert!(open.is_empty(), "a page would show a cursor for ever: {open:?}");
    assert_eq!(browser.ask("are you well?").await, ["are you well?"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn loops_in_more_sessions_than_there_are_cores_are_cut_while_others_chat() {
    let server = strict(&["echo", "spinner"]).await;
    let mut others = Others::begin(&server).await;
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let mut spinning = Vec::new();
    for _ in 0..cores * 2 {
        let mut browser = server.open("spinner").await;
        browser.say("spin").await;
        browser.until("task_start").await;
        spinning.push(browser);
    }
    others.go_on().await;
    assert_eq!(server.get("/healthz").await.0, 200);
    for browser in &mut spinning {
        browser.until("task_end").await;
        assert_cut(browser, "cpu-limit").await;
    }
    others.go_on().await;
    others.end().await;
    let cut = server
        .metric("chinwag_turn_failures_total", &["bot=\"spinner\"", "cause=\"cpu-limit\""])
        .await;
    assert_eq!(cut, spinning.len() as f64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_without_end_is_cut_while_others_chat() {
    let server = strict(&["echo", "hoarder"]).await;
    let mut others = Others::begin(&server).await;
    let mut browser = server.open("hoarder").await;
    assert_eq!(browser.ask("hoard 64").await, ["held 64 MiB"]);
    for _ in 0..3 {
        browser.turn("hoard").await;
        assert_cut(&mut browser, "memory-limit").await;
    }
    others.go_on().await;
    others.end().await;
    assert_eq!(failures(&server, "hoarder", "memory-limit").await, 3.0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn emits_without_end_are_cut_while_others_chat() {
    let server = strict(&["echo", "flooder"]).await;
    let mut others = Others::begin(&server).await;
    let mut browser = server.open("flooder").await;
    let events = browser.turn("flood").await;
    let shown = events.iter().filter(|event| event.text("output") == "more").count();
    assert!((1_000..=2_000).contains(&shown), "{shown} messages before the limit of 2,000");
    assert_cut(&mut browser, "emit-limit").await;
    browser.turn("flood tokens").await;
    assert_cut(&mut browser, "emit-limit").await;
    others.go_on().await;
    others.end().await;
    assert_eq!(failures(&server, "flooder", "emit-limit").await, 2.0);
}

#[tokio::test]
async fn a_flood_of_log_lines_is_cut_and_counted_in_the_log_itself() {
    let server = strict(&["flooder"]).await;
    let mut browser = server.open("flooder").await;
    browser.turn("flood log").await;
    assert_cut(&mut browser, "cpu-limit").await;
    let log = server.admin().log("flooder").await;
    assert!(log.len() <= 1_000, "{} lines are kept", log.len());
    let said =
        |text: &str| log.iter().any(|line| line["text"].as_str().unwrap_or("").contains(text));
    assert!(said("lines were dropped: more than 200 in a second"), "{:?}", log.last());
    assert!(said("cpu-limit"), "the failure is not in the log: {:?}", log.last());
}

#[tokio::test]
async fn a_wait_that_does_not_end_is_cut() {
    let server = Settings::default().env("CHINWAG_LIMITS__WALL", "2s").start().await;
    server.deploy("sleeper").await;
    let mut browser = server.open("sleeper").await;
    assert_eq!(browser.ask("sleep 10").await, ["slept 10"]);
    browser.turn("sleep 3600000").await;
    assert_cut(&mut browser, "wall-limit").await;
}

#[tokio::test]
async fn a_wait_costs_no_computing_time() {
    let server = Settings::default().env("CHINWAG_LIMITS__CPU", "200ms").start().await;
    server.deploy("sleeper").await;
    let mut browser = server.open("sleeper").await;
    assert_eq!(browser.ask("sleep 1000").await, ["slept 1000"]);
}

#[tokio::test]
async fn a_client_that_does_not_read_holds_up_nobody_and_finds_everything_when_it_comes_back() {
    let settings = Settings::default().env("CHINWAG_SLOW_CLIENT_TIMEOUT", "500ms");
    let server = settings.env("CHINWAG_LIMITS__EMITS", "8000").start().await;
    for bot in ["echo", "flooder"] {
        server.deploy(bot).await;
    }
    let mut sleepy = server.open("flooder").await;
    sleepy.say("flood").await;
    let mut other = server.open("echo").await;
    for n in 0..50 {
        assert_eq!(other.ask(&n.to_string()).await, [n.to_string()]);
    }
    // The bot goes on at its own speed once its client is set aside, until it meets its limit.
    server.log().line(&["turn failed", "emit-limit"]).await;
    let mut awake = server.reopen(sleepy.hang_up()).await;
    awake.until_that("the error", |event| event.text("output").contains("`emit-limit`")).await;
    assert_eq!(awake.ask("still here?").await, ["still here?"]);
}

#[tokio::test]
async fn a_crash_closes_what_was_open_and_is_counted_by_its_cause() {
    let server = strict(&["crasher"]).await;
    let mut browser = server.open("crasher").await;
    for crash in ["trap", "panic", "exit", "recurse"] {
        browser.turn(crash).await;
        assert_cut(&mut browser, "trap").await;
    }
    assert_eq!(failures(&server, "crasher", "trap").await, 4.0);

    browser.turn("trap-stream").await;
    let screen = browser.screen();
    let stream = screen.step_with("half a sen").clone();
    assert_eq!((&stream["streaming"], &stream["isError"]), (&json!(false), &json!(true)));
    let step = screen.step("doomed").clone();
    assert_eq!((step["end"].is_string(), &step["isError"]), (true, &json!(true)), "{step}");
    assert_eq!(stream["parentId"], step["id"]);
    assert_cut(&mut browser, "trap").await;

    browser.turn("err").await;
    assert!(browser.screen().step_with("this went wrong")["isError"] == true);
    assert_cut(&mut browser, "bot-error").await;
    assert_eq!(failures(&server, "crasher", "bot-error").await, 1.0);
}

#[tokio::test]
async fn a_bot_finds_no_way_out_and_no_way_around() {
    let server = strict(&["prober"]).await;
    let mut browser = server.open("prober").await;
    let port = server.url.rsplit(':').next().expect("an address has a port");
    let connect = format!("connect {port}");
    let attempts = [
        ("env", "allowed "),
        ("read /etc/passwd", "refused"),
        ("read ../../etc/passwd", "refused"),
        ("list", "refused"),
        ("write", "refused"),
        (connect.as_str(), "refused"),
        ("resolve localhost", "refused"),
        ("update", "refused unknown-message"),
        ("remove", "refused unknown-message"),
        ("attach", "refused unknown-message"),
        ("token-after-finish", "refused finished"),
        ("finish-twice", "refused finished"),
        ("open", "refused too-many-open"),
        ("parent", "refused unknown-parent"),
        ("large", "refused too-large"),
        ("script-url", "refused invalid-url"),
        ("json", "refused invalid-json"),
        ("append", "refused not-an-array"),
        ("key", "refused invalid-key"),
        ("quota", "refused quota-exceeded"),
    ];
    for (attempt, outcome) in attempts {
        let said = browser.ask(attempt).await;
        let said = said.last().map_or("nothing", String::as_str);
        let is_expected = said.starts_with(outcome) && (attempt != "env" || said == outcome);
        assert!(is_expected, "`{attempt}`: expected `{outcome}`, found `{said}`");
    }
    let codes: Vec<_> =
        attempts.iter().filter_map(|(_, outcome)| outcome.split_once(' ')).collect();
    let codes: Vec<_> =
        codes.into_iter().map(|(_, code)| code).filter(|code| !code.is_empty()).collect();
    let denied = server.admin().bot("prober").await.body["counters"]["denials"].clone();
    assert_eq!(denied, json!(codes.len()), "every denial is counted");
    let log = server.admin().log("prober").await;
    for code in codes {
        let is_there = log.iter().any(|line| line["text"].as_str().unwrap_or("").contains(code));
        assert!(is_there, "`{code}` is not in the bot's log: {log:?}");
    }
}

#[tokio::test]
async fn too_many_waiting_messages_are_refused_in_the_chat() {
    let server = Settings::default().env("CHINWAG_MAILBOX", "2").start().await;
    server.deploy("sleeper").await;
    let mut browser = server.open("sleeper").await;
    browser.say("sleep 1000").await;
    browser.until("task_start").await;
    for _ in 0..3 {
        browser.say("more").await;
    }
    browser
        .until_that("a refusal", |event| event.text("output").contains("has not caught up"))
        .await;
    for _ in 0..3 {
        browser.until("task_end").await;
    }
    let answers = browser.screen().texts().iter().filter(|text| *text == "more").count();
    assert_eq!(answers, 2, "what was accepted is answered");
}

async fn failures(server: &TestServer, bot: &str, cause: &str) -> f64 {
    let labels = [format!("bot=\"{bot}\""), format!("cause=\"{cause}\"")];
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    server.metric("chinwag_turn_failures_total", &labels).await
}
