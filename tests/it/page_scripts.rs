//! What runs as a script on a careless page, shown on our own pages in headless Chromium: row 15 of the list of attacks. What is
//! shown is in the bot `rogue`, and what somebody sees of it in `js/page_scripts.mjs`.
//!
//! Each act is played in a browser that minds the pages' Content-Security-Policy, and in one that does not: escaping must be enough,
//! and the policy is there for the day when it is not.

use std::fs;

use chinwag_tests::{
    components,
    server::{Settings, TOKEN},
    stories,
    visitor::Visitor,
};

async fn play(act: &str, policy: &str) {
    let (variable, header) = Visitor::PROXY;
    let settings = Settings::default().env(variable, header).env("CHINWAG_SHARING", "true");
    let server = settings.start().await;
    for bot in ["echo", "rogue"] {
        server.deploy(bot).await;
    }
    let refused = server.data().join("refused.wasm");
    fs::write(&refused, components::odd_import()).expect("the folder is ours");
    let mut script = stories::script("page_scripts.mjs", &server.url);
    script.args([act, policy]).env("CHINWAG_ADMIN_TOKEN", TOKEN).env("CHINWAG_REFUSED", refused);
    stories::tell(script).await;
}

#[tokio::test]
async fn no_words_of_a_bot_or_a_user_run_in_our_own_chat() {
    play("words", "with").await;
}

#[tokio::test]
async fn no_words_would_run_in_our_own_chat_without_its_policy() {
    play("words", "without").await;
}

#[tokio::test]
async fn nothing_that_a_bot_shows_beside_words_runs_in_our_own_chat() {
    play("things", "with").await;
}

#[tokio::test]
async fn nothing_that_a_bot_shows_beside_words_would_run_in_our_own_chat_without_its_policy() {
    play("things", "without").await;
}

#[tokio::test]
async fn no_words_of_a_bot_or_a_user_run_in_the_console() {
    play("console", "with").await;
}

#[tokio::test]
async fn no_words_would_run_in_the_console_without_its_policy() {
    play("console", "without").await;
}
