//! State without end, stores of others, and sound without a microphone. Rows 26, 27 and 30.

use chinwag_tests::{
    client::Client,
    server::{Settings, TestServer},
    sound::{chunk, numbers},
    within,
};

use crate::{
    denial::{forget_peak, is_cut, is_logged, is_refused, is_well, memory, serving},
    healthy::Healthy,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn state_without_end_meets_its_quota_and_stays_its_sessions_own() {
    let server = serving(Settings::default(), &["echo", "rogue", "prober"]).await;
    let mut others = Healthy::begin(&server).await;
    forget_peak(&server);
    let before = memory(&server, "VmHWM");
    let mut browser = server.open("rogue").await;
    let said = browser.ask("keys").await;
    let refused = said[0].strip_prefix("refused quota-exceeded ").expect("a quota");
    let keys: usize = refused.split(':').next().and_then(|n| n.parse().ok()).expect("a count");
    assert!(keys < 20_000, "{keys} keys fit into 1 MiB");
    let said = browser.ask("value 2000000").await;
    assert!(said[0].starts_with("refused quota-exceeded"), "{said:?}");
    is_refused(&server, "rogue", "quota-exceeded").await;
    // Larger than any call of a guest may be, and larger than the guest itself.
    for (value, code) in [("value 30000000", "trap"), ("value 1000000000", "memory-limit")] {
        browser.turn(value).await;
        is_cut(&server, &mut browser, code).await;
    }
    // Another session of the same bot has all of its own room, and another bot too.
    for bot in ["rogue", "prober"] {
        let mut other = server.open(bot).await;
        let said = other.ask(if bot == "rogue" { "value 900000" } else { "quota" }).await;
        let is_own =
            said[0] == "allowed 900000" || said[0].starts_with("refused quota-exceeded 15");
        assert!(is_own, "{said:?}");
    }
    let taken = memory(&server, "VmHWM").saturating_sub(before);
    assert!(taken < 256 << 10, "{taken} KiB for what was refused");
    others.go_on().await;
    others.end().await;
    is_well(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_name_reaches_the_store_of_another_bot_and_a_full_one_is_its_own_alone() {
    let server = serving(Settings::default(), &["echo", "prober"]).await;
    let admin = server.admin();
    for name in ["a", "a-b"] {
        admin.deploy(name, chinwag_tests::artifacts::bot("prober")).await;
    }
    let mut others = Healthy::begin(&server).await;
    let mut victim = server.open("a").await;
    assert_eq!(victim.ask("store set secret soup").await, ["allowed soup"]);
    for bot in ["a-b", "prober"] {
        let mut thief = server.open(bot).await;
        for key in
            ["secret", "a/secret", "../a/secret", "a:secret", "a\0secret", "a-b/../a/secret", "%"]
        {
            assert_eq!(thief.ask(&format!("store get {key}")).await, ["allowed nothing"], "{key}");
        }
        assert_eq!(thief.ask("store keys").await, ["allowed "]);
        let said = thief.ask("store fill").await;
        assert!(said[0].starts_with("refused quota-exceeded 15"), "{said:?}");
        is_refused(&server, bot, "quota-exceeded").await;
    }
    assert_eq!(victim.ask("store get secret").await, ["allowed soup"]);
    assert_eq!(victim.ask("store keys").await, ["allowed secret"]);
    others.go_on().await;
    others.end().await;
    is_well(&server).await;
}

/// Pieces of sound that are sent at once.
const FLOOD: u32 = 3_000;

async fn denied(server: &TestServer, bot: &str, code: &str) -> f64 {
    let labels = [format!("bot=\"{bot}\""), format!("code=\"{code}\"")];
    server.metric("chinwag_denials_total", &labels.each_ref().map(String::as_str)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_sound_is_bounded_and_stays_in_order() {
    let server = serving(Settings::default(), &["echo", "voice"]).await;
    let mut others = Healthy::begin(&server).await;
    let mut browser = server.open("voice").await;
    browser.emit("audio_start", &[]).await;
    browser.until("audio_connection").await;
    forget_peak(&server);
    let before = memory(&server, "VmHWM");
    for number in 0..FLOOD {
        browser.emit("audio_chunk", &[chunk(number, 8_192)]).await;
    }
    // Answered in the other lane once the server has taken or refused every piece.
    browser.say("over").await;
    let mut heard = numbers(&browser.until("task_end").await);
    let refused = denied(&server, "voice", "mailbox-full").await;
    assert!(refused >= 1.0, "nothing is refused: this is no flood");
    while (heard.len() as f64) < f64::from(FLOOD) - refused {
        heard.extend(numbers(&browser.until("audio_chunk").await));
    }
    assert!(heard.is_sorted_by(|a, b| a < b), "sound is out of order or doubled: {heard:?}");
    let taken = memory(&server, "VmHWM").saturating_sub(before);
    assert!(taken < 64 << 10, "{taken} KiB for a flood of sound");
    browser.emit("audio_end", &[]).await;
    // Whatever is still to come stands before the bot's report.
    heard.extend(numbers(&browser.until("new_message").await));
    assert_eq!(heard.len() as f64 + refused, f64::from(FLOOD), "{refused} were refused");
    others.go_on().await;
    others.end().await;
    is_well(&server).await;
}

#[tokio::test]
async fn sound_without_a_microphone_or_without_measure_reaches_no_bot() {
    let server = serving(Settings::default(), &["echo", "voice"]).await;
    for bot in ["voice", "echo"] {
        let mut browser = server.open(bot).await;
        browser.emit("audio_chunk", &[chunk(0, 64)]).await;
        browser.emit("audio_end", &[]).await;
        within("the refusal", async {
            while denied(&server, bot, "not-listening").await < 1.0 {
                browser.settle().await;
            }
        })
        .await;
        let turns = [format!("bot=\"{bot}\""), "callback=\"on-audio-chunk\"".to_owned()];
        let turns = turns.each_ref().map(String::as_str);
        assert_eq!(server.metric("chinwag_turns_total", &turns).await, 0.0);
    }
    let mut browser = server.open("voice").await;
    browser.emit("audio_start", &[]).await;
    browser.until("audio_connection").await;
    forget_peak(&server);
    let before = memory(&server, "VmHWM");
    let head = r#"{"mimeType":"pcm16","data":{"_placeholder":true,"num":0}}"#;
    browser.write_text(format!("451-[\"audio_chunk\",{head}]")).await;
    browser.write_bytes(vec![0; 10_000_000]).await;
    browser.closed().await;
    let taken = memory(&server, "VmHWM").saturating_sub(before);
    assert!(taken < 24 << 10, "{taken} KiB for a packet that is too large");
    let mut browser = server.reopen(browser.hang_up()).await;
    browser.turn("still there?").await;
    let _answer = browser.screen().step_with("Press the microphone");
    is_well(&server).await;
}

#[tokio::test]
async fn sound_that_is_refused_is_a_line_in_the_bots_log() {
    let server = serving(Settings::default(), &["voice"]).await;
    let mut browser = server.open("voice").await;
    browser.emit("audio_chunk", &[chunk(0, 64)]).await;
    within("the refusal", async {
        while denied(&server, "voice", "not-listening").await < 1.0 {
            browser.settle().await;
        }
    })
    .await;
    is_logged(&server, "voice", "refused (not-listening)").await;
}
