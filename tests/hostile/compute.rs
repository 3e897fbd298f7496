//! Guests that compute or wait for ever. Rows 1 to 5 and 9.

use std::time::Duration;

use chinwag_tests::{
    browser::Browser,
    client::Client,
    server::{Settings, TestServer},
    within,
};

use crate::{
    denial::{failures, is_cut, is_logged, is_well, serving, strict},
    guests::Guest,
    healthy::{Healthy, PEOPLE},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn loops_on_twice_as_many_threads_as_there_are_are_cut_while_others_chat() {
    let server = serving(strict(), &["echo", "spinner"]).await;
    let mut others = Healthy::begin(&server).await;
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    for (round, count) in [1, cores, 2 * cores].into_iter().enumerate() {
        let before = failures(&server, "spinner", "cpu-limit").await;
        let mut spinning = Vec::new();
        for _ in 0..count {
            let mut browser = server.open("spinner").await;
            browser.say("spin").await;
            browser.until("task_start").await;
            spinning.push(browser);
        }
        others.go_on().await;
        for browser in &mut spinning {
            browser.until("task_end").await;
            is_cut(&server, browser, "cpu-limit").await;
        }
        let cut = failures(&server, "spinner", "cpu-limit").await - before;
        assert_eq!(cut, count as f64, "round {round}");
    }
    others.end().await;
    is_well(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_loop_at_the_start_or_in_the_description_is_refused_and_the_old_version_serves() {
    let server = serving(strict(), &["echo"]).await;
    let mut others = Healthy::begin(&server).await;
    let admin = server.admin();
    admin.deploy("bot", Guest::harmless().build()).await;
    let mut browser = server.open("bot").await;
    let start = Guest::harmless().fields("(func $start (loop br 0)) (start $start)");
    for guest in [start, Guest::harmless().describe("(loop br 0)")] {
        let reply = admin.put("bot", guest.build()).await;
        assert_eq!((reply.status, reply.code()), (422, "rehearsal-failed"), "{reply:?}");
        assert!(reply.detail().contains("computed for more than 1s"), "{}", reply.detail());
        others.go_on().await;
        browser.turn("still there?").await;
        assert_ne!(browser.screen().step("on_message")["isError"], true);
    }
    let refused = server.metric("chinwag_uploads_total", &["outcome=\"refused\""]).await;
    assert_eq!(refused, 2.0);
    let bot = admin.bot("bot").await.body;
    assert_eq!((&bot["active"], bot["versions"].as_array().map(Vec::len)), (&1.into(), Some(1)));
    others.end().await;
    is_well(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waits_without_end_are_dropped_at_the_wall_at_a_stop_and_at_a_goodbye() {
    let settings = Settings::default().env("CHINWAG_LIMITS__WALL", "2s");
    let settings = settings.env("CHINWAG_SESSION_TIMEOUT", "1s");
    let server = serving(settings, &["echo", "sleeper", "rogue"]).await;
    let others = Healthy::begin(&server).await;

    let mut sleeping = server.open("sleeper").await;
    sleeping.turn("sleep 86400000").await;
    is_cut(&server, &mut sleeping, "wall-limit").await;

    let mut stopped = server.open("rogue").await;
    stopped.say("wait").await;
    stopped.until("ask").await;
    stopped.emit("stop", &[]).await;
    stopped.until("task_end").await;
    assert_eq!(stopped.ask("again").await, ["again"]);

    // Whoever goes while it is asked leaves a turn that nobody will ever answer.
    let mut gone = server.open("rogue").await;
    gone.say("wait").await;
    gone.until("ask").await;
    drop(gone);
    within("the end of the session", sessions_left(&server, 2)).await;
    others.end().await;
    is_well(&server).await;
}

/// Waits until only so many sessions are left beside those of the others; nobody announces it.
async fn sessions_left(server: &TestServer, count: usize) {
    let goal = (count + PEOPLE) as f64;
    while server.metric("chinwag_sessions", &[]).await > goal {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// All of the memory, filled and copied at once, for ever.
const FILL: &str = "
  (drop (memory.grow (i32.const 1000)))
  (loop $again
    (memory.fill (i32.const 65536) (i32.const 165) (i32.const 65536000))
    (memory.copy (i32.const 65536) (i32.const 65540) (i32.const 65535996))
    (br $again))";

/// More than there is.
const BEYOND: &str = "(memory.fill (i32.const 65536) (i32.const 165) (i32.const -65537))";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn giant_fills_and_bottomless_recursion_are_cut_while_others_chat() {
    let server = serving(strict(), &["echo", "crasher"]).await;
    let admin = server.admin();
    admin.deploy("fill", Guest::new(FILL).build()).await;
    admin.deploy("beyond", Guest::new(BEYOND).build()).await;
    let depth = "(func $depth (param i64) (result i64) (i64.add (call $depth (local.get 0)) (local.get 0)))";
    let deep = Guest::new("(drop (call $depth (i64.const 1)))").fields(depth);
    admin.deploy("deep", deep.build()).await;
    let mut others = Healthy::begin(&server).await;
    for (bot, word, code) in [
        ("fill", "!", "cpu-limit"),
        ("beyond", "!", "trap"),
        ("deep", "!", "trap"),
        ("crasher", "recurse", "trap"),
    ] {
        let mut browser: Browser = server.open(bot).await;
        browser.turn(word).await;
        is_cut(&server, &mut browser, code).await;
        others.go_on().await;
    }
    is_logged(&server, "deep", "stack").await;
    others.end().await;
    is_well(&server).await;
}
