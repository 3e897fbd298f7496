//! What every denial must leave behind: a named error in the chat, a counter, a line in the bot's log; and a server that lives.

use chinwag_tests::{
    browser::Browser,
    client::Client,
    server::{Settings, TestServer},
};
use serde_json::json;

pub(crate) use chinwag_tests::vitals::{forget_peak, is_well, memory};

/// Tight limits, so that a bot that meets them does so soon.
pub(crate) fn strict() -> Settings {
    let settings = Settings::default().env("CHINWAG_LIMITS__CPU", "1s");
    settings.env("CHINWAG_LIMITS__EMITS", "2000").env("CHINWAG_LIMITS__WALL", "20s")
}

/// A server with these settings and these bots.
pub(crate) async fn serving(settings: Settings, bots: &[&str]) -> TestServer {
    let server = settings.start().await;
    for bot in bots {
        server.deploy(bot).await;
    }
    server
}

/// Whether the turn that has just ended was cut with this code, as everybody is told, and the chat is over it.
pub(crate) async fn is_cut(server: &TestServer, browser: &mut Browser, code: &str) {
    let bot = browser.tab().bot.clone();
    let screen = browser.screen();
    let error = screen.step_with(&format!("`{code}`"));
    assert_eq!((&error["isError"], &error["name"]), (&json!(true), &json!("Error")));
    assert_eq!(screen.step("on_message")["isError"], json!(true));
    assert!(!screen.is_loading, "the page shows for ever that the bot is at work");
    for step in &screen.steps {
        let is_ended = step["type"] == "user_message" || step["end"].is_string();
        assert!(is_ended && step["streaming"] != json!(true), "left open: {step}");
    }
    assert!(failures(server, &bot, code).await >= 1.0, "`{code}` of `{bot}` is not counted");
    is_logged(server, &bot, code).await;
    browser.turn("are you well?").await;
    assert_ne!(browser.screen().step("on_message")["isError"], json!(true), "the chat is stuck");
}

/// Whether the host refused a call with this code, as everybody is told.
pub(crate) async fn is_refused(server: &TestServer, bot: &str, code: &str) {
    let labels = [format!("bot=\"{bot}\""), format!("code=\"{code}\"")];
    let labels = labels.each_ref().map(String::as_str);
    let count = server.metric("chinwag_denials_total", &labels).await;
    assert!(count >= 1.0, "`{code}` of `{bot}` is not counted");
    is_logged(server, bot, &format!("refused ({code})")).await;
}

/// Turns of a bot that failed for this cause.
pub(crate) async fn failures(server: &TestServer, bot: &str, cause: &str) -> f64 {
    let labels = [format!("bot=\"{bot}\""), format!("cause=\"{cause}\"")];
    let labels = labels.each_ref().map(String::as_str);
    server.metric("chinwag_turn_failures_total", &labels).await
}

/// Whether a bot's log has a line with this.
pub(crate) async fn is_logged(server: &TestServer, bot: &str, part: &str) {
    let log = server.admin().log(bot).await;
    let is_there = log.iter().any(|line| line["text"].as_str().unwrap_or_default().contains(part));
    assert!(is_there, "`{part}` is not in the log of `{bot}`: {:?}", log.last());
}
