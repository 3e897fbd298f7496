//! Files of conversations that are kept: they outlive the server, and are their owner's alone.

use chinwag_tests::{attach, client::Client, server::Settings, visitor::Visitor};
use serde_json::{Value, json};

const CONTENT: &str = "first line\nsecond line\n";

/// Where a file on the screen is fetched from.
fn address(element: &Value) -> String {
    assert_eq!(element["name"], json!("notes.txt"), "{element}");
    element["url"].as_str().expect("it is fetched from somewhere").to_owned()
}

#[tokio::test]
async fn a_file_reaches_the_bot_survives_a_restart_and_is_its_owners_alone() {
    let (variable, header) = Visitor::PROXY;
    let mut server = Settings::default().env(variable, header).start().await;
    server.deploy("showcase").await;
    let mut ada = Visitor::known_as("ada", &server.url).await;
    let mut browser = server.reopen(ada.tab("showcase")).await;
    browser.until("task_start").await;
    browser.until("task_end").await;
    let file = ("notes.txt", CONTENT);
    let (message, _) = attach::say_with_file(&mut ada, &mut browser, "file", file).await;
    let answers = browser.screen().answers(&message);
    let size = CONTENT.len();
    let told = format!("Got files: notes.txt (text/plain, {size} bytes, type file)");
    assert_eq!(answers, std::slice::from_ref(&told));
    let thread = browser.screen().thread.clone();
    drop(browser);
    server.stop().await;
    server.restart().await;

    let mut ada = Visitor::known_as("ada", &server.url).await;
    let mut browser = server.reopen(ada.tab("showcase").at(&thread)).await;
    browser.until("resume_thread").await;
    assert_eq!(browser.screen().texts(), [told]);
    let path = address(&browser.screen().elements[0]);
    let kept = ada.get(&format!("/project/thread/{thread}")).await;
    assert_eq!(kept.status, 200, "{}", kept.body);
    let read = address(&kept.body["elements"][0]);
    let mut bob = Visitor::known_as("bob", &server.url).await;
    let mut stranger = Visitor::new(&server.url);
    for path in [path, read] {
        let file = ada.get(&path).await;
        assert_eq!((file.status, file.body), (200, json!(CONTENT)), "{path}");
        for other in [&mut bob, &mut stranger] {
            let answer = other.get(&path).await;
            assert!([401, 404].contains(&answer.status), "{path}: {}", answer.body);
        }
    }
    // The answer to a message of before the restart knows the file, and so does the bot after it.
    assert_eq!(browser.ask("files").await, ["All files: notes.txt: first line"]);
}
