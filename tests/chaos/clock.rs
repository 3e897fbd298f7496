//! The clock of the machine jumps: a wrong battery, a virtual machine that slept, somebody with `date -s`. Whatever the server
//! measures it measures by a clock that does not jump; only the ends of sign-ins are times of day, and follow it.

use std::fs;

use chinwag_tests::{
    artifacts,
    client::Client,
    healthy::{Healthy, PEOPLE},
    kept::{listed, steps},
    server::{Settings, TestServer},
    visitor::Visitor,
    vitals::is_well,
};
use tempfile::TempDir;
use tokio::process::Command;

/// Debian's `faketime`, for whatever machine this is: the loader fills in `$LIB`.
const LIBRARY: &str = "/usr/$LIB/faketime/libfaketimeMT.so.1";
/// What is uploaded to see which day the server believes it is.
const CALENDAR: &str = "calendar";

/// A clock that can be set, for one server.
struct Clock {
    folder: TempDir,
    uploads: u64,
}

impl Clock {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let clock = Self { folder, uploads: 0 };
        clock.write("+0d");
        clock
    }

    /// A server that goes by it.
    fn settings(&self) -> Settings {
        let file = self.folder.path().join("now").to_string_lossy().into_owned();
        let settings = Settings::default().env("LD_PRELOAD", LIBRARY);
        // Read anew each time; and the clocks that measure durations stay as they are, as they do when a real one jumps.
        settings
            .env("FAKETIME_TIMESTAMP_FILE", &file)
            .env("FAKETIME_NO_CACHE", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
    }

    /// Sets it so many days from now.
    async fn jump(&mut self, server: &TestServer, days: i32) {
        self.write(&format!("{days:+}d"));
        self.uploads += 1;
        let (before, component) = (day(days).await, artifacts::versioned(self.uploads));
        server.admin().deploy(CALENDAR, component).await;
        let bot = server.admin().bot(CALENDAR).await.body;
        let versions = bot["versions"].as_array().expect("a list of versions");
        let times = versions.iter().filter(|it| it["number"] == self.uploads);
        let time = times.filter_map(|it| it["uploaded_at"].as_str()).next();
        let time = time.unwrap_or_else(|| panic!("no time of version {}: {bot}", self.uploads));
        let is_there = [before, day(days).await].iter().any(|day| time.starts_with(day));
        assert!(is_there, "it is {time} for the server: this test needs Debian's `faketime`");
    }

    /// All at once: the server must not read half of it.
    fn write(&self, text: &str) {
        let (next, now) = (self.folder.path().join("next"), self.folder.path().join("now"));
        fs::write(&next, text).and_then(|()| fs::rename(next, now)).expect("files can be written");
    }
}

/// The date so many days from now, as servers write it.
async fn day(days: i32) -> String {
    let mut date = Command::new("date");
    let output = date.args(["-u", "+%F", "-d", &format!("{days} days")]).output().await;
    let text = output.expect("`date` runs").stdout;
    String::from_utf8(text).expect("a date is text").trim().to_owned()
}

#[tokio::test]
async fn when_the_clock_jumps_every_answer_comes_once_and_in_order_and_sessions_stay() {
    let mut clock = Clock::new();
    let server = clock.settings().start().await;
    for bot in ["echo", "showcase"] {
        server.deploy(bot).await;
    }
    let mut others = Healthy::begin(&server).await;
    for days in [2, -2, 0] {
        let mut asked = server.open_greeted("showcase").await;
        asked.say("ask").await;
        asked.until("ask").await;
        let mut streamed = server.open_greeted("showcase").await;
        let stream = streamed.say("stream 8").await;
        streamed.until("stream_token").await;
        clock.jump(&server, days).await;
        streamed.until("task_end").await;
        let tokens: String = (0..8).map(|n| format!("tok{n} ")).collect();
        assert_eq!(streamed.screen().answers(&stream), [tokens], "{days}");
        asked.reply("Ada").await;
        asked.until_that("the answer", |event| event.text("output") == "Your name is Ada").await;
        others.go_on().await;
        let sessions = server.metric("chinwag_sessions", &[]).await;
        assert!(sessions >= PEOPLE as f64 + 2.0, "sessions are over: {sessions}");
    }
    others.end().await;
    is_well(&server).await;
}

/// A server whose users sign in by header, for so many hours.
async fn signed_in(clock: &Clock, hours: u32) -> TestServer {
    let (variable, header) = Visitor::PROXY;
    let settings = clock.settings().env(variable, header);
    let settings = settings.env("CHINWAG_AUTH__USER_SESSION_TIMEOUT", &format!("{hours}h"));
    let server = settings.start().await;
    server.deploy("echo").await;
    server
}

#[tokio::test]
async fn when_the_clock_jumps_users_stay_signed_in_and_their_threads_stay_in_order() {
    let mut clock = Clock::new();
    let server = signed_in(&clock, 15 * 24).await;
    let mut ada = Visitor::known_as("ada", &server.url).await;
    let mut browser = ada.open("echo").await;
    let mut said = vec![browser.say("today").await];
    browser.until("task_end").await;
    let first = browser.screen().thread.clone();
    let mut threads = vec![first.clone()];
    for (days, text) in [(2, "in the future"), (-2, "in the past")] {
        clock.jump(&server, days).await;
        assert_eq!(ada.get("/user").await.status, 200, "{days}: signed out");
        said.push(browser.say(text).await);
        browser.until("task_end").await;
        // What changed last comes first, whatever the clock said.
        threads.retain(|thread| *thread != first);
        threads.insert(0, first.clone());
        assert_eq!(listed(&mut ada).await, threads, "{days}");

        let mut fresh = ada.open("echo").await;
        assert_eq!(fresh.ask("hello").await, ["hello"]);
        threads.insert(0, fresh.screen().thread.clone());
        assert_eq!(listed(&mut ada).await, threads, "{days}");

        let tab = ada.tab("echo").at(&first);
        let mut again = server.reopen(tab).await;
        again.until("resume_thread").await;
        let answers: Vec<_> = said.iter().map(|id| again.screen().answers(id).len()).collect();
        assert_eq!(answers, vec![1; said.len()], "{days}");
    }
    let thread = ada.get(&format!("/project/thread/{first}")).await.body;
    let messages = steps(&thread).iter().filter(|step| step["type"] == "user_message");
    let messages: Vec<_> = messages.map(|step| step["id"].as_str().expect("an id")).collect();
    assert_eq!(messages, said, "what was said is not in the order in which it was");
    is_well(&server).await;
}

#[tokio::test]
async fn when_the_clock_jumps_past_the_end_of_a_sign_in_open_chats_go_on_and_new_ones_want_another()
{
    let mut clock = Clock::new();
    let server = signed_in(&clock, 24).await;
    let mut ada = Visitor::known_as("ada", &server.url).await;
    let mut browser = ada.open("echo").await;
    assert_eq!(browser.ask("before").await, ["before"]);
    let thread = browser.screen().thread.clone();

    clock.jump(&server, 2).await;
    assert_eq!(browser.ask("after").await, ["after"], "an open chat is cut");
    assert_eq!(ada.get("/user").await.status, 401);
    let _refusal = ada.is_refused(ada.tab("echo")).await;
    let mut back = Visitor::known_as("ada", &server.url).await;
    assert_eq!(listed(&mut back).await, [thread.as_str()]);
    let mut again = server.reopen(back.tab("echo").at(&thread)).await;
    again.until("resume_thread").await;
    assert_eq!(again.screen().texts(), ["before", "after"]);

    // Who waits for the clock to be set right needs no new sign-in.
    clock.jump(&server, 0).await;
    assert_eq!(ada.get("/user").await.status, 200);
    is_well(&server).await;
}
