//! Components that were built against earlier versions of `wit/`, and are never built anew: they run as they did.

use std::{fs, path::Path};

use chinwag_tests::{client::Client, server::TestServer};

#[tokio::test]
async fn components_of_earlier_versions_run_as_they_did() {
    let server = TestServer::start().await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut played = 0;
    for entry in fs::read_dir(folder).expect("there are fixtures").filter_map(Result::ok) {
        let (path, file) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let Some(name) = file.strip_suffix(".wasm") else { continue };
        // `echo-0.1.0` becomes a bot of the name `echo-0-1-0`.
        let bot = name.replace('.', "-");
        let component = fs::read(path).expect("a fixture can be read");
        server.admin().deploy(&bot, component).await;
        match name.split_once('-') {
            Some(("echo", _)) => echo(&server, &bot).await,
            Some(("showcase", _)) => showcase(&server, &bot).await,
            _ => panic!("nobody knows what `{file}` does: tell its story here"),
        }
        played += 1;
    }
    assert!(played >= 2, "{played} fixtures");
}

async fn echo(server: &TestServer, bot: &str) {
    let mut browser = server.open(bot).await;
    assert_eq!(browser.ask("hello").await, ["hello"]);
}

/// One thing of each interface.
async fn showcase(server: &TestServer, bot: &str) {
    let mut browser = server.open_greeted(bot).await;
    assert_eq!(browser.ask("hello").await, ["Hello from the bot"]);
    assert_eq!(browser.ask("stream 3").await, ["tok0 tok1 tok2 "]);
    assert_eq!(browser.ask("steps").await, ["All steps finished"]);
    assert_eq!(browser.screen().step("inner_llm")["output"], "thinking done");
    browser.turn("image").await;
    assert_eq!(browser.screen().elements.len(), 1);
    browser.turn("actions").await;
    let (_, body) = browser.click("Ping me").await;
    assert_eq!(body["response"]["pong"]["v"], 1);
    browser.until("new_message").await;
    let told = browser.ask("session").await;
    assert!(told[0].contains("\"counter\": 6"), "{told:?}");
    browser.emit("window_message", &[serde_json::json!({ "a": 1 })]).await;
    let said = browser.until("new_message").await;
    assert_eq!(said[0].text("output"), "window said {\"a\": 1}");
}
