//! Everyday chats.

use chinwag_tests::{
    browser::Browser,
    client::{Client, Tab, names},
    server::TestServer,
    uuid,
};
use serde_json::json;

#[tokio::test]
async fn a_message_is_answered() {
    let server = TestServer::with(&["echo"]).await;
    let mut browser = server.open("echo").await;
    assert_eq!(browser.ask("hello there").await, ["hello there"]);
    assert!(!browser.screen().is_loading);
}

#[tokio::test]
async fn the_first_events_after_connecting_clear_what_an_older_connection_left() {
    let server = TestServer::with(&["echo"]).await;
    let mut browser = Browser::knock(&server.url, Tab::new("echo")).await.expect("it is let in");
    let events = browser.settle().await;
    assert_eq!(names(&events), ["task_end", "clear_ask", "clear_call_fn"]);
}

#[tokio::test]
async fn the_first_message_is_framed_by_a_run_that_names_the_version_and_the_turn() {
    let server = TestServer::with(&["echo"]).await;
    let mut browser = server.open("echo").await;
    let message = browser.say("hi").await;
    let events = browser.until("task_end").await;
    assert_eq!(
        names(&events),
        [
            "task_start",
            "first_interaction",
            "new_message",
            "new_message",
            "update_message",
            "task_end"
        ]
    );
    let run = browser.screen().step("on_message");
    assert_eq!(run["parentId"], json!(message));
    assert_eq!((&run["input"], &run["isError"]), (&json!("hi"), &json!(false)));
    assert_eq!((&run["metadata"]["bot"], &run["metadata"]["version"]), (&json!("echo"), &json!(1)));
    assert_eq!(run["metadata"]["turn"].as_str().expect("a turn has an id").len(), uuid().len());
    assert_eq!(events[1].text("interaction"), "hi");
    assert!(!browser.turn("again").await.iter().any(|event| event.name == "first_interaction"));
}

#[tokio::test]
async fn whoever_picks_no_bot_talks_to_the_default_one() {
    let server = TestServer::with(&["counter", "echo"]).await;
    let mut browser = server.open("").await;
    assert_eq!(browser.ask("x").await, ["message 1"], "the first by name is the default");
    let mut browser = server.open("no-such-bot").await;
    assert_eq!(browser.ask("x").await, ["message 1"]);
}

#[tokio::test]
async fn an_answer_that_is_streamed_grows_token_by_token_and_ends_whole() {
    let server = TestServer::with(&["stream"]).await;
    let mut browser = server.open("stream").await;
    let events = browser.turn("stream 5").await;
    let shown = &names(&events)[3..];
    let (begin, end) = (["stream_start"], ["new_message", "update_message", "task_end"]);
    assert_eq!(shown, [&begin[..], &["stream_token"; 4], &end].concat());
    let last = events.iter().rfind(|event| event.name == "new_message").expect("the stream ends");
    assert_eq!(last.text("output").trim(), "t0 t1 t2 t3 t4");
    assert_eq!((&last.arg()["streaming"], &last.arg()["isError"]), (&json!(false), &json!(false)));
    assert_eq!(browser.screen().texts(), [last.text("output")]);
}

#[tokio::test]
async fn steps_nest_as_the_bot_opened_them() {
    let server = TestServer::with(&["showcase"]).await;
    let mut browser = server.open_greeted("showcase").await;
    assert_eq!(browser.ask("steps").await, ["All steps finished"]);
    let screen = browser.screen();
    let id = |name: &str| screen.step(name)["id"].clone();
    let parent = |name: &str| screen.step(name)["parentId"].clone();
    assert_eq!(parent("outer_tool"), id("on_message"));
    assert_eq!(parent("inner_llm"), id("outer_tool"));
    assert_eq!(parent("inner_retrieval"), id("outer_tool"));
    assert_eq!(parent("decorated_tool"), id("on_message"));
    let inner = screen.step("inner_llm");
    assert_eq!((&inner["type"], &inner["output"]), (&json!("llm"), &json!("thinking done")));
    assert_eq!((&inner["streaming"], &inner["input"]), (&json!(false), &json!("prompt text")));
    assert!(inner["end"].is_string(), "the step has ended: {inner}");
}

#[tokio::test]
async fn a_click_reaches_the_bot_and_its_answer_reaches_the_page() {
    let server = TestServer::with(&["showcase"]).await;
    let mut browser = server.open_greeted("showcase").await;
    browser.turn("actions").await;
    let (status, body) = browser.click("Ping me").await;
    assert_eq!(
        (status, body),
        (200, json!({ "success": true, "response": { "pong": { "v": 1 } } }))
    );
    browser.until("new_message").await;
    assert_eq!(browser.screen().step_with("action ping got {\"v\": 1}")["parentId"], json!(null));

    browser.click("Remove me").await;
    browser.until("remove_action").await;
    assert!(!browser.screen().actions.iter().any(|action| action["label"] == "Remove me"));
}

#[tokio::test]
async fn a_click_counts_what_the_bot_attached_and_not_what_the_page_says() {
    let server = TestServer::with(&["showcase"]).await;
    let mut browser = server.open_greeted("showcase").await;
    browser.turn("actions").await;
    for action in &mut browser.screen().actions {
        action["payload"] = json!({ "v": "forged" });
    }
    let (_, body) = browser.click("Ping me").await;
    assert_eq!(body["response"], json!({ "pong": { "v": 1 } }));
}

#[tokio::test]
async fn a_toast_a_changed_message_and_a_removed_one() {
    let server = TestServer::with(&["showcase"]).await;
    let mut browser = server.open_greeted("showcase").await;
    let events = browser.turn("toast").await;
    let toasts = events.iter().filter(|event| event.name == "toast");
    let toasts: Vec<_> = toasts.map(|toast| (toast.text("type"), toast.text("message"))).collect();
    let said = ["info", "success", "warning", "error"].map(|kind| (kind, format!("toast {kind}")));
    assert_eq!(toasts, said.each_ref().map(|(kind, text)| (*kind, text.as_str())));

    assert_eq!(browser.ask("update").await, ["after"]);
    assert_eq!(browser.ask("remove").await, ["removed"]);
    assert!(browser.screen().elements.is_empty(), "what is attached goes with its message");
}

#[tokio::test]
async fn a_picture_is_fetched_by_its_session_and_nobody_elses() {
    let server = TestServer::with(&["showcase"]).await;
    let mut browser = server.open_greeted("showcase").await;
    browser.turn("image").await;
    let element = browser.screen().elements[0].clone();
    assert_eq!((&element["type"], &element["mime"]), (&json!("image"), &json!("image/png")));
    let key = element["chainlitKey"].as_str().expect("the server keeps the picture");
    let session = browser.tab().session.clone();
    // Pages put a stray `&` at the end.
    let path = format!("/project/file/{key}?session_id={session}&");
    let response = server.admin().open_request(&path).send().await.expect("the server answers");
    assert_eq!(response.headers()["content-type"], "image/png");
    assert!(response.bytes().await.expect("the file is whole").starts_with(b"\x89PNG"));
    let (status, _) = server.get(&format!("/project/file/{key}?session_id={}", uuid())).await;
    assert!((400..500).contains(&status), "another session gets the file: {status}");
}

#[tokio::test]
async fn state_outlives_turns_and_belongs_to_one_session() {
    let server = TestServer::with(&["counter"]).await;
    let mut ann = server.open("counter").await;
    let mut bob = server.open("counter").await;
    for n in 1..=3 {
        assert_eq!(ann.ask("count").await, [format!("message {n}")]);
    }
    assert_eq!(bob.ask("count").await, ["message 1"]);
    assert_eq!(ann.ask("reset").await, ["message 1"]);
}

#[tokio::test]
async fn an_error_of_the_bot_is_shown_in_the_chat_and_the_next_message_works() {
    let server = TestServer::with(&["showcase"]).await;
    let mut browser = server.open_greeted("showcase").await;
    let events = browser.turn("error").await;
    let shown = browser.screen().step_with("handler exploded").clone();
    assert_eq!((&shown["type"], &shown["isError"]), (&json!("assistant_message"), &json!(true)));
    assert_eq!(shown["parentId"], json!(null));
    assert_eq!(browser.screen().step("on_message")["isError"], json!(true));
    assert_eq!(names(&events).last(), Some(&"task_end"));
    assert_eq!(browser.ask("hello").await, ["Hello from the bot"]);
}

#[tokio::test]
async fn stop_ends_a_stream_and_the_bot_is_told() {
    let server = TestServer::with(&["showcase"]).await;
    let mut browser = server.open_greeted("showcase").await;
    browser.say("slow").await;
    browser.until("stream_token").await;
    browser.emit("stop", &[]).await;
    browser.until("task_end").await;
    let screen = browser.screen();
    assert_eq!(screen.step_with("Task manually stopped.")["parentId"], json!(null));
    assert_eq!(screen.step("on_message")["isError"], json!(true));
    let stream = screen.step_with("s0 ");
    assert_eq!(stream["streaming"], json!(false), "the page would show a cursor for ever");
    let told = browser.ask("session").await;
    assert!(told[0].contains("\"stopped\": true"), "{told:?}");
}

#[tokio::test]
async fn messages_that_come_fast_are_answered_one_by_one_in_order() {
    let server = TestServer::with(&["counter"]).await;
    let mut browser = server.open("counter").await;
    let mut sent = Vec::new();
    for _ in 0..40 {
        sent.push(browser.say("count").await);
    }
    for _ in &sent {
        browser.until("task_end").await;
    }
    let expected: Vec<_> = (1..=40).map(|n| format!("message {n}")).collect();
    assert_eq!(browser.screen().texts(), expected);
    for (message, expected) in sent.iter().zip(expected) {
        assert_eq!(browser.screen().answers(message), [expected]);
    }
}
