//! Connections break; conversations do not.

use chinwag_tests::{
    browser::Browser,
    client::{Client, Event, Tab, names},
    server::{Settings, TestServer},
};
use serde_json::json;

fn tokens(count: usize) -> String {
    (0..count).map(|n| format!("tok{n} ")).collect()
}

#[tokio::test]
async fn a_stream_that_the_client_left_and_came_back_to_lacks_no_token() {
    let server = TestServer::with(&["showcase"]).await;
    let mut browser = server.open_greeted("showcase").await;
    let message = browser.say("stream 20").await;
    browser.until("stream_token").await;
    let mut browser = server.reopen(browser.hang_up()).await;
    let events = browser.until("task_end").await;
    assert!(
        names(&events).contains(&"task_start"),
        "the bot is shown to be at work: {:?}",
        names(&events)
    );
    assert_eq!(browser.screen().answers(&message), [tokens(20)]);
    assert_eq!(browser.screen().step_with("tok0")["streaming"], json!(false));
}

#[tokio::test]
async fn what_happened_while_nobody_was_there_is_shown_when_the_client_comes_back() {
    let server = TestServer::with(&["sleeper"]).await;
    let mut browser = server.open("sleeper").await;
    browser.say("sleep 300").await;
    browser.until("new_message").await;
    let tab = browser.hang_up();
    // Another session takes note of the time: its turn is longer.
    assert_eq!(server.open("sleeper").await.ask("sleep 600").await, ["slept 600"]);
    let mut browser = server.reopen(tab).await;
    browser.settle().await;
    assert_eq!(browser.screen().texts(), ["slept 300"]);
    assert!(!browser.screen().is_loading);
    assert_eq!(browser.screen().step("on_message")["isError"], json!(false));
}

#[tokio::test]
async fn coming_back_again_and_again_doubles_nothing() {
    let server = TestServer::with(&["showcase"]).await;
    let mut browser = server.open_greeted("showcase").await;
    let message = browser.say("stream 12").await;
    browser.until("stream_start").await;
    for _ in 0..4 {
        browser = server.reopen(browser.hang_up()).await;
        let more = |event: &Event| matches!(event.name.as_str(), "stream_token" | "task_end");
        browser.until_that("a token, or the end", more).await;
    }
    if browser.screen().is_loading {
        browser.until("task_end").await;
    }
    assert_eq!(browser.screen().answers(&message), [tokens(12)]);
}

#[tokio::test]
async fn a_fresh_page_of_the_same_session_sees_the_conversation() {
    let server = TestServer::with(&["showcase"]).await;
    let mut browser = server.open_greeted("showcase").await;
    browser.turn("steps").await;
    browser.turn("actions").await;
    let before = browser.hang_up();
    // The page was loaded anew: it knows nothing but its session.
    let fresh = Tab { session: before.session.clone(), ..Tab::new("showcase") };
    let mut browser = Browser::knock(&server.url, fresh).await.expect("it is let in");
    browser.until_that("the last button", |event| event.text("label") == "No callback").await;
    browser.until("action").await;
    let screen = browser.screen();
    assert_eq!(screen.texts(), before.screen.texts());
    assert_eq!(screen.actions, before.screen.actions);
}

#[tokio::test]
async fn state_is_kept_and_the_chat_does_not_start_again() {
    let server = TestServer::with(&["showcase"]).await;
    let mut browser = server.open_greeted("showcase").await;
    browser.turn("hello").await;
    let mut browser = server.reopen(browser.hang_up()).await;
    let told = browser.ask("session").await;
    assert!(told[0].contains("\"counter\": 2"), "{told:?}");
}

#[tokio::test]
async fn a_new_chat_ends_the_old_session_with_its_connection() {
    let server = TestServer::with(&["counter", "sleeper"]).await;
    let mut browser = server.open("counter").await;
    assert_eq!(browser.ask("x").await, ["message 1"]);
    browser.emit("clear_session", &[]).await;
    browser.settle().await;
    assert_eq!(browser.ask("x").await, ["message 2"], "the connection is still there");
    let tab = browser.hang_up();
    gone(&server, &tab.session).await;
    let mut browser = server.reopen(tab).await;
    assert_eq!(browser.ask("x").await, ["message 1"]);
}

#[tokio::test]
async fn a_session_whose_client_stays_away_ends_and_the_bot_is_told() {
    let server = Settings::default().env("CHINWAG_SESSION_TIMEOUT", "300ms").start().await;
    server.deploy("sleeper").await;
    server.deploy("counter").await;
    let mut browser = server.open("counter").await;
    assert_eq!(browser.ask("x").await, ["message 1"]);
    let tab = browser.hang_up();
    gone(&server, &tab.session).await;
    let mut browser = server.reopen(tab).await;
    assert_eq!(browser.ask("x").await, ["message 1"]);

    let mut browser = server.open("sleeper").await;
    browser.turn("hi").await;
    let session = browser.hang_up().session;
    gone(&server, &session).await;
    let told = async {
        while !server.admin().log("sleeper").await.iter().any(|line| line["text"] == "chat ended") {
        }
    };
    chinwag_tests::within("the end of the chat in the bot's log", told).await;
}

#[tokio::test]
async fn a_second_connection_of_a_session_takes_over() {
    let server = TestServer::with(&["echo"]).await;
    let mut first = server.open("echo").await;
    assert_eq!(first.ask("one").await, ["one"]);
    let tab = first.tab().clone();
    let mut second = server.reopen(tab).await;
    assert_eq!(second.ask("two").await, ["two"]);
    assert!(first.settle().await.is_empty(), "the first is told nothing more");
}

#[tokio::test]
async fn connecting_without_a_bot_or_without_sense_is_refused() {
    let server = TestServer::start().await;
    let refusal = Browser::knock(&server.url, Tab::new("")).await.expect_err("there is no bot");
    assert_eq!(refusal["message"], json!("Connection refused by server"));
    server.deploy("echo").await;
    let nobody = Tab { session: "not-a-uuid".into(), ..Tab::new("echo") };
    Browser::knock(&server.url, nobody).await.expect_err("a session id is a UUID");
    assert_eq!(server.open("echo").await.ask("hi").await, ["hi"]);
}

/// Waits until the server knows a session no more: its buttons cannot be clicked.
async fn gone(server: &TestServer, session: &str) {
    let action = json!({ "id": chinwag_tests::uuid(), "name": "none", "payload": {} });
    let body = json!({ "sessionId": session, "action": action });
    let ended = async {
        loop {
            let request = server.admin().bare(reqwest::Method::POST, "/project/action");
            let reply = server.admin().send(request.json(&body)).await;
            if reply.detail() == "Session not found" {
                return;
            }
        }
    };
    chinwag_tests::within("the end of the session", ended).await;
}

#[tokio::test]
async fn a_message_that_is_said_again_with_its_id_is_answered_once_and_another_one_is_refused() {
    let server = TestServer::with(&["echo"]).await;
    let mut browser = server.open("echo").await;
    let id = chinwag_tests::uuid();
    let said = |text: &str| {
        let message = json!({
            "threadId": "", "id": id, "name": "User", "type": "user_message", "output": text,
            "createdAt": "2026-11-21T08:00:00.000Z",
        });
        [json!({ "message": message, "fileReferences": [] })]
    };
    let once = said("once");
    browser.screen().show(once[0]["message"].clone());
    browser.emit("client_message", &once).await;
    browser.until("task_end").await;
    browser.emit("client_message", &said("once")).await;
    browser.emit("client_message", &said("other")).await;
    let events = browser.until("task_end").await;
    let texts: Vec<&str> = events.iter().map(|event| event.text("output")).collect();
    assert!(texts.iter().any(|text| text.contains("has the id of another one")), "{texts:?}");
    assert!(!texts.contains(&"once"), "it is answered again: {texts:?}");
}
