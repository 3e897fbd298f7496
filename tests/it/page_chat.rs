//! The server's own chat page in headless Chromium. What it does is in `js/page_chat.mjs` and `js/page`.

use chinwag_tests::{
    artifacts,
    server::{Settings, TOKEN, TestServer},
    stories,
};

/// Plays one act of the script.
async fn play(act: &str, server: &TestServer) {
    for bot in ["showcase", "voice"] {
        server.deploy(bot).await;
    }
    let mut script = stories::script("page_chat.mjs", &server.url);
    script.arg(act).env("CHINWAG_ADMIN_TOKEN", TOKEN);
    script.env("CHINWAG_BOTS", artifacts::target().join("bots"));
    stories::tell(script).await;
}

#[tokio::test]
async fn people_chat_on_our_own_page() {
    play("chats", &Settings::default().start().await).await;
}

#[tokio::test]
async fn our_own_page_shows_elements_and_has_commands_settings_uploads_and_voice() {
    play("around", &Settings::default().start().await).await;
}

#[tokio::test]
async fn our_own_page_loses_nothing_when_connections_break_and_versions_change() {
    play("trouble", &Settings::default().start().await).await;
}

#[tokio::test]
async fn users_sign_in_on_our_own_page_and_find_their_conversations_again() {
    let settings = Settings::default().env("CHINWAG_AUTH__PASSWORD", "true");
    let server = settings.env("CHINWAG_SHARING", "true").start().await;
    let add = ["users", "add", "admin", "--display-name", "Admin", "--password-stdin"];
    server.run_with_input(&[&add[..], &["--data", "data"]].concat(), "admin\n").await;
    play("members", &server).await;
}
