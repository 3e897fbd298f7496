//! Guests that show, say or hold too much. Rows 10 to 13, 16 and 17.

use std::time::Duration;

use chinwag_tests::{
    client::Client,
    machine::size,
    server::{Settings, TestServer},
    within,
};

use crate::{
    denial::{
        failures, forget_peak, is_cut, is_logged, is_refused, is_well, memory, serving, strict,
    },
    guests::Guest,
    healthy::Healthy,
};

/// 100 MB of text that lie nowhere but in the guest's untouched memory.
const LARGE: &str = "(drop (memory.grow (i32.const 1600)))";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_megabytes_in_one_call_are_refused_before_the_server_has_them() {
    let server = serving(strict(), &["echo"]).await;
    let calls = [
        (
            "toast",
            "(call $toast (i32.const 131072) (i32.const 100000000) (i32.const 0) (i32.const 64))",
        ),
        ("log", "(call $log (i32.const 2) (i32.const 131072) (i32.const 100000000))"),
        (
            "sound",
            "(call $sound (i32.const 512) (i32.const 6) (i32.const 512) (i32.const 6)
               (i32.const 131072) (i32.const 100000000) (i32.const 64))",
        ),
    ];
    let mut others = Healthy::begin(&server).await;
    for (bot, call) in calls {
        let guest = Guest::new(format!("{LARGE} {call}"));
        server.admin().deploy(bot, guest.build()).await;
        peak_stays(&server, bot).await;
        others.go_on().await;
    }
    others.end().await;
    is_well(&server).await;
}

/// The server must not take a tenth of what the guest offers.
async fn peak_stays(server: &TestServer, bot: &str) {
    let mut browser = server.open(bot).await;
    forget_peak(server);
    let before = memory(server, "VmHWM");
    browser.turn("!").await;
    let taken = memory(server, "VmHWM").saturating_sub(before);
    assert!(taken < 48 << 10, "`{bot}`: {taken} KiB for what was to be refused");
    is_cut(server, &mut browser, "trap").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn texts_that_are_none_end_the_turn_and_lengths_that_lie_too() {
    let server = serving(strict(), &["echo"]).await;
    let mut others = Healthy::begin(&server).await;
    let bad = "(data (i32.const 600) \"ab\\ff\\fe\\c3\")";
    for (bot, text) in [
        ("not-utf8", "(i32.const 600) (i32.const 5)"),
        ("cut-in-a-letter", "(i32.const 604) (i32.const 1)"),
        ("beyond-the-end", "(i32.const 131000) (i32.const 1000)"),
        ("far-beyond", "(i32.const -16) (i32.const 64)"),
        ("longer-than-all", "(i32.const 8) (i32.const -1)"),
    ] {
        let toast = format!("(call $toast {text} (i32.const 0) (i32.const 64))");
        let log = format!("(call $log (i32.const 2) {text})");
        for (way, call) in [("toast", toast), ("log", log)] {
            let bot = format!("{bot}-{way}");
            server.admin().deploy(&bot, Guest::new(call).fields(bad).build()).await;
            let mut browser = server.open(&bot).await;
            browser.turn("!").await;
            is_cut(&server, &mut browser, "trap").await;
        }
    }
    // A kind of toast and a level that are not there, and an answer that is neither good nor bad.
    for (bot, body) in [
        (
            "no-such-kind",
            "(call $toast (i32.const 512) (i32.const 6) (i32.const 77) (i32.const 64))",
        ),
        ("no-such-level", "(call $log (i32.const 77) (i32.const 512) (i32.const 6))"),
        ("no-such-answer", "(i32.store8 (i32.const 16) (i32.const 7))"),
        ("answers-a-lie", "(call $fail) (i32.store (i32.const 24) (i32.const -1))"),
        ("odd-place", "(call $toast (i32.const 512) (i32.const 6) (i32.const 0) (i32.const 65))"),
    ] {
        server.admin().deploy(bot, Guest::new(body).build()).await;
        let mut browser = server.open(bot).await;
        browser.turn("!").await;
        is_cut(&server, &mut browser, "trap").await;
    }
    others.go_on().await;
    others.end().await;
    is_well(&server).await;
}

/// Colours, a title, a bell, letters that turn what follows around, and the end of C's texts.
const ESCAPES: &str = "a\u{1b}[31mb\u{1b}]0;owned\u{7}c\u{202e}d\u{0}e\u{9b}2Jf\u{2066}g";

#[tokio::test]
async fn what_terminals_take_for_commands_never_reaches_one() {
    let server = serving(strict(), &["sleeper", "rogue"]).await;
    let mut browser = server.open("sleeper").await;
    browser.turn(&format!("log {ESCAPES}")).await;
    browser.turn(&format!("print {ESCAPES}")).await;
    // In the chat it is text like any other, which comes back as it was.
    assert_eq!(browser.ask(ESCAPES).await, [ESCAPES]);
    let mut failing = server.open("rogue").await;
    failing.turn(&format!("fail {ESCAPES}")).await;
    is_cut(&server, &mut failing, "bot-error").await;
    for bot in ["sleeper", "rogue"] {
        is_logged(&server, bot, "a\\u{1b}[31mb").await;
        is_logged(&server, bot, "c\\u{202e}d\\u{0}e").await;
        for line in server.admin().log(bot).await {
            is_printable(line["text"].as_str().expect("a line has a text"));
        }
    }
    for line in server.log().tail(usize::MAX).lines() {
        is_printable(line);
    }
}

fn is_printable(line: &str) {
    let is_bad = |c: &char| c.is_control() && *c != '\t' || matches!(c, '\u{202e}' | '\u{2066}');
    assert!(!line.chars().any(|c| is_bad(&c)), "a terminal would obey: {line:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn floods_of_every_kind_end_with_a_name_and_others_chat_on() {
    let server = serving(strict(), &["echo", "flooder", "rogue"]).await;
    let mut others = Healthy::begin(&server).await;
    let disk = size(&server.data_file(""));
    let mut browser = server.open("rogue").await;
    let said = browser.ask("steps").await;
    let said = said.last().map(String::as_str).unwrap_or_default();
    assert!(said.starts_with("refused too-many-open 256:"), "{said}");
    is_refused(&server, "rogue", "too-many-open").await;
    let said = browser.ask(&format!("audio {}", 3 << 20)).await;
    assert!(said[0].starts_with("refused too-large"), "{said:?}");
    is_refused(&server, "rogue", "too-large").await;

    for (bot, word, code) in [
        ("flooder", "flood", "emit-limit"),
        ("flooder", "flood tokens", "emit-limit"),
        ("rogue", "handles", "emit-limit"),
        ("flooder", "flood log", "cpu-limit"),
        ("rogue", "print", "cpu-limit"),
    ] {
        let mut browser = server.open(bot).await;
        browser.turn(word).await;
        is_cut(&server, &mut browser, code).await;
        others.go_on().await;
    }
    for bot in ["flooder", "rogue"] {
        let lines = server.admin().log(bot).await.len();
        assert!(lines <= 1_000, "{lines} lines of `{bot}` are kept");
    }
    is_logged(&server, "flooder", "lines were dropped: more than 200 in a second").await;
    assert_eq!(failures(&server, "rogue", "emit-limit").await, 1.0);
    let written = size(&server.data_file("")) - disk;
    assert!(written < 32 << 20, "{written} bytes were written to the disk");
    let lines = server.log().tail(usize::MAX).lines().count();
    assert!(lines < 1_000, "the server's own log has {lines} lines");
    others.end().await;
    is_well(&server).await;
}

/// Clients that do not read.
const DEAF: usize = 8;
/// What is shown to each of them, 100 KB a time: 60 MB.
const SHOWN: usize = 600;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_do_not_read_are_set_aside_and_cost_no_memory() {
    let settings = Settings::default().env("CHINWAG_SLOW_CLIENT_TIMEOUT", "500ms");
    let settings = settings.env("CHINWAG_LIMITS__EMIT_BYTES", "64 MiB");
    let server = serving(settings, &["echo", "rogue"]).await;
    let others = Healthy::begin(&server).await;
    forget_peak(&server);
    let before = memory(&server, "VmHWM");
    let mut deaf = Vec::new();
    for _ in 0..DEAF {
        let mut browser = server.open("rogue").await;
        browser.say(&format!("replace {SHOWN}")).await;
        deaf.push(browser);
    }
    within("the end of all turns", ended(&server, DEAF)).await;
    let taken = memory(&server, "VmHWM").saturating_sub(before);
    let sent = (DEAF * SHOWN * 100_000) >> 10;
    assert!(taken < 96 << 10, "{taken} KiB for {sent} KiB that nobody reads");
    let last = format!("{} xxx", SHOWN - 1);
    for browser in deaf {
        let mut reader = server.reopen(browser.hang_up()).await;
        assert_eq!(reader.ask("still here?").await, ["still here?"]);
        let streamed = reader.screen().step_with(&last);
        assert_eq!(streamed["output"].as_str().map(str::len), Some(100_000 + 4));
        let _end = reader.screen().step_with(&format!("allowed {SHOWN}"));
    }
    others.end().await;
    is_well(&server).await;
}

/// Waits until so many turns of the bot `rogue` have ended, of which clients that do not read hear nothing.
async fn ended(server: &TestServer, count: usize) {
    while server.metric("chinwag_turns_total", &["bot=\"rogue\""]).await < count as f64 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
#[tokio::test]
async fn a_bot_cannot_hide_what_it_is_refused_behind_a_flood_of_its_own_lines() {
    let server = serving(strict(), &["rogue"]).await;
    let mut browser = server.open("rogue").await;
    let said = browser.ask("hide").await;
    assert!(said[0].starts_with("refused unknown-element"), "{said:?}");
    is_refused(&server, "rogue", "unknown-element").await;
}
