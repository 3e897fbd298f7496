//! The operator's console in headless Chromium. What it does is in `js/page_console.mjs`.

use chinwag_tests::{
    artifacts,
    server::{Settings, TOKEN},
    stories,
};

#[tokio::test]
async fn an_operator_deploys_watches_and_removes_bots_in_the_console() {
    let server = Settings::default().start().await;
    let mut script = stories::script("page_console.mjs", &server.url);
    script.arg(artifacts::target().join("bots")).env("CHINWAG_ADMIN_TOKEN", TOKEN);
    stories::tell(script).await;
}
