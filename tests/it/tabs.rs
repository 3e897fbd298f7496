//! Several tabs of one user show one thread.

use chinwag_tests::{
    browser::Browser,
    client::{Client, Tab},
    server::{Settings, TestServer},
    visitor::Visitor,
};
use serde_json::json;

async fn start() -> TestServer {
    let (variable, header) = Visitor::PROXY;
    let server = Settings::default().env(variable, header).start().await;
    server.deploy("showcase").await;
    server
}

/// A tab in which something was said already, so that there is a thread.
async fn first(server: &TestServer, visitor: &Visitor) -> Browser {
    let mut browser = server.reopen(visitor.tab("showcase")).await;
    browser.until("task_start").await;
    browser.until("task_end").await;
    browser.turn("hello").await;
    browser
}

/// Another tab at the thread of one, which sees all of it.
async fn another(server: &TestServer, visitor: &Visitor, tab: &mut Browser) -> Browser {
    let thread = tab.screen().thread.clone();
    let mut other = server.reopen(visitor.tab("showcase").at(&thread)).await;
    other.until("resume_thread").await;
    // The bot has been told that its thread is open again, which the first tab sees it do.
    tab.settle().await;
    other
}

fn tokens(count: usize) -> String {
    (0..count).map(|n| format!("tok{n} ")).collect()
}

#[tokio::test]
async fn an_answer_that_streams_in_one_tab_streams_in_all() {
    let server = start().await;
    let ada = Visitor::known_as("ada", &server.url).await;
    let mut one = first(&server, &ada).await;
    let mut two = another(&server, &ada, &mut one).await;
    assert_eq!(two.screen().texts(), one.screen().texts());

    let message = one.say("stream 20").await;
    one.until("stream_token").await;
    let mut three = another(&server, &ada, &mut one).await;
    assert!(one.screen().is_loading, "it was opened in the middle of the stream");
    let events = two.until("task_end").await;
    let count = events.iter().filter(|event| event.name == "stream_token").count();
    assert_eq!(count, 19, "the first token comes with the begin of the stream");
    one.until("task_end").await;
    three.until("task_end").await;
    for tab in [&mut one, &mut two, &mut three] {
        let screen = tab.screen();
        assert_eq!(screen.step_with("stream 20")["id"], json!(message));
        assert_eq!(screen.answers(&message), [tokens(20)]);
        assert_eq!(screen.step_with("tok0")["streaming"], json!(false));
        assert!(!screen.is_loading);
    }
}

#[tokio::test]
async fn what_the_user_says_in_one_tab_appears_in_the_other_and_state_is_shared() {
    let server = start().await;
    let ada = Visitor::known_as("ada", &server.url).await;
    let mut one = first(&server, &ada).await;
    let mut two = another(&server, &ada, &mut one).await;
    let message = two.say("echo me").await;
    one.until("task_end").await;
    two.until("task_end").await;
    assert_eq!(one.screen().step_with("echo me")["id"], json!(message));
    assert_eq!(one.screen().answers(&message), two.screen().answers(&message));

    let told = one.ask("session").await;
    assert!(told[0].contains("\"counter\": 3"), "{told:?}");
    two.until("task_end").await;
    let told = two.ask("session").await;
    assert!(told[0].contains("\"counter\": 4"), "{told:?}");
}

#[tokio::test]
async fn stop_in_one_tab_stops_what_was_begun_in_the_other() {
    let server = start().await;
    let ada = Visitor::known_as("ada", &server.url).await;
    let mut one = first(&server, &ada).await;
    let mut two = another(&server, &ada, &mut one).await;
    let message = one.say("slow").await;
    one.until("stream_token").await;
    two.until("stream_token").await;
    two.emit("stop", &[]).await;
    for tab in [&mut one, &mut two] {
        tab.until("task_end").await;
        let screen = tab.screen();
        assert_eq!(screen.step_with("Task manually stopped.")["parentId"], json!(null));
        assert_eq!(screen.step_with("s0 ")["streaming"], json!(false));
    }
    assert_eq!(one.screen().answers(&message), two.screen().answers(&message));
    let told = two.ask("session").await;
    assert!(told[0].contains("\"stopped\": true"), "{told:?}");
}

#[tokio::test]
async fn what_is_said_after_one_tab_was_closed_is_still_there_in_the_other() {
    let server = start().await;
    let ada = Visitor::known_as("ada", &server.url).await;
    let mut one = first(&server, &ada).await;
    let mut two = another(&server, &ada, &mut one).await;
    one.emit("clear_session", &[]).await;
    one.settle().await;
    drop(one);
    assert_eq!(two.ask("hello").await, ["Hello from the bot"]);
    let mut three = another(&server, &ada, &mut two).await;
    assert_eq!(three.screen().texts(), two.screen().texts());
    let told = three.ask("session").await;
    assert!(told[0].contains("\"counter\": 3"), "{told:?}");
}

#[tokio::test]
async fn another_user_cannot_open_the_thread() {
    let server = start().await;
    let ada = Visitor::known_as("ada", &server.url).await;
    let mut hers = first(&server, &ada).await;
    let thread = hers.screen().thread.clone();
    let bob = Visitor::known_as("bob", &server.url).await;
    let refusal = bob.is_refused(bob.tab("showcase").at(&thread)).await;
    assert_eq!(refusal["message"], json!("Connection refused by server"));
    assert_eq!(said(&mut hers).await, [] as [String; 0], "she is told something of it");
}

#[tokio::test]
async fn without_sign_in_a_thread_is_its_sessions_alone() {
    let server = TestServer::with(&["showcase"]).await;
    let mut one = server.open_greeted("showcase").await;
    one.turn("hello").await;
    let thread = one.screen().thread.clone();

    let mut foreign = server.reopen(Tab::new("showcase").at(&thread)).await;
    let events = foreign.until("resume_thread_error").await;
    assert!(!events.iter().any(|event| event.name == "resume_thread"));
    foreign.until("task_end").await;
    assert_eq!(foreign.ask("hello").await, ["Hello from the bot"]);
    assert_ne!(foreign.screen().thread, thread);
    let told = foreign.ask("session").await;
    assert!(told[0].contains("\"counter\": 2"), "{told:?}");
    assert_eq!(said(&mut one).await, [] as [String; 0], "the first tab is told something of it");
}

/// What a tab was told until now, but for what it has asked for.
async fn said(tab: &mut Browser) -> Vec<String> {
    let mut events = tab.settle().await;
    events.retain(|event| event.name != "set_favorites");
    events.into_iter().map(|event| event.name).collect()
}
