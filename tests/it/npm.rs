//! Chats with npm's `socket.io-client`.

use chinwag_tests::{
    client::{Client, Tab, bytes},
    npm::Npm,
    react::{React, find},
    server::{Settings, TestServer},
    visitor::Visitor,
};
use serde_json::json;

#[tokio::test]
async fn npms_client_connects_by_polling_and_moves_to_a_websocket() {
    let server = TestServer::with(&["echo"]).await;
    let mut npm = Npm::connect(&server.url, Tab::new("echo")).await;
    assert_eq!(npm.ask("hello").await, ["hello"]);
    npm.upgraded().await;
    assert_eq!(npm.ask("hello again").await, ["hello again"]);
}

#[tokio::test]
async fn npms_client_sees_a_stream_grow() {
    let server = TestServer::with(&["stream"]).await;
    let mut npm = Npm::connect(&server.url, Tab::new("stream")).await;
    let events = npm.turn("stream 20").await;
    assert_eq!(events.iter().filter(|event| event.name == "stream_token").count(), 19);
    let whole: Vec<_> = (0..20).map(|n| format!("t{n}")).collect();
    assert_eq!(npm.screen().texts()[0].trim(), whole.join(" "));
}

#[tokio::test]
async fn npms_client_clicks_a_button() {
    let server = TestServer::with(&["greeter"]).await;
    let mut npm = Npm::connect(&server.url, Tab::new("greeter")).await;
    npm.until("action").await;
    npm.until("task_end").await;
    let (_, body) = npm.click("Ping me").await;
    assert_eq!(body, json!({ "success": true, "response": { "pong": { "v": 9 } } }));
    npm.until("new_message").await;
    assert_eq!(npm.screen().texts().last().map(String::as_str), Some("action ping got {\"v\":9}"));
}

#[tokio::test]
async fn npms_client_comes_back_in_the_middle_of_a_stream_and_misses_nothing() {
    let server = TestServer::with(&["showcase"]).await;
    let mut npm = Npm::connect(&server.url, Tab::new("showcase")).await;
    npm.until("task_start").await;
    npm.until("task_end").await;
    npm.upgraded().await;
    npm.say("stream 20").await;
    npm.until("stream_token").await;
    npm.break_connection().await;
    npm.until("clear_call_fn").await;
    npm.until("task_end").await;
    let whole: Vec<_> = (0..20).map(|n| format!("tok{n}")).collect();
    assert_eq!(
        npm.screen().step_with("tok0")["output"].as_str().map(str::trim),
        Some(&*whole.join(" "))
    );
}

#[tokio::test]
async fn npms_client_is_heard_and_hears() {
    let server = TestServer::with(&["voice"]).await;
    let mut npm = Npm::connect(&server.url, Tab::new("voice")).await;
    npm.emit("audio_start", &[]).await;
    assert_eq!(
        npm.until("audio_connection").await.last().map(|event| event.arg().clone()),
        Some(json!("on"))
    );
    // A quarter of full scale, up and down.
    let sound: Vec<u8> =
        [8_192_i16, -8_192].iter().cycle().take(4_096).flat_map(|it| it.to_le_bytes()).collect();
    for n in 0..3 {
        let chunk = json!({
            "isStart": n == 0,
            "mimeType": "pcm16",
            "elapsedTime": n * 171,
            "data": bytes(&sound),
        });
        npm.emit("audio_chunk", &[chunk]).await;
        let heard = npm.until("audio_chunk").await;
        assert_eq!(heard.last().expect("an echo").bytes("data"), sound, "chunk {n}");
    }
    npm.emit("audio_end", &[]).await;
    npm.until("task_end").await;
    assert_eq!(npm.screen().texts(), ["heard 0.5 s at -12 dB"]);
}

#[tokio::test]
async fn npms_react_client_chats_finds_the_conversation_again_and_judges_an_answer() {
    let (variable, header) = Visitor::PROXY;
    let server = Settings::default().env(variable, header).start().await;
    server.deploy("showcase").await;
    let ada = Visitor::known_as("ada", &server.url).await;
    let mut page = React::open(&server.url, &ada.tab("showcase")).await;
    assert_eq!(page.call("getUser", &[]).await["identifier"], json!("ada"));
    page.ask("steps", "All steps finished").await;
    let whole: String = (0..5).map(|n| format!("tok{n} ")).collect();
    let shown = page.ask("stream 5", &whole).await;
    let thread = shown["threadId"].as_str().expect("the page knows its thread").to_owned();
    assert_eq!(shown["firstInteraction"], json!("steps"));
    let answer = find(&shown, &whole).expect("the answer is shown")["id"].clone();

    let mut feedback =
        json!({ "forId": answer, "threadId": thread, "value": 1, "comment": "well said" });
    let given = page.call("setFeedback", &[feedback.clone()]).await;
    assert_eq!(given["success"], json!(true));
    let id = given["feedbackId"].clone();
    let told = async {
        let is_told = |line: &serde_json::Value| {
            let text = line["text"].as_str().unwrap_or_default();
            text.starts_with("the user liked") && text.ends_with("well said")
        };
        while !server.admin().log("showcase").await.iter().any(is_told) {}
    };
    chinwag_tests::within("the feedback in the bot's log", told).await;

    let list = page.call("listThreads", &[json!({ "first": 20 }), json!({})]).await;
    let listed = list["data"].as_array().expect("a list of threads");
    assert_eq!((listed.len(), &listed[0]["id"]), (1, &json!(thread)));
    assert_eq!(listed[0]["name"], json!("steps"));
    let named = page.call("renameThread", &[json!(thread), json!("Steps and streams")]).await;
    assert_eq!(named, json!({ "success": true }));
    let search = json!({ "search": "streams", "feedback": 1 });
    let found = page.call("listThreads", &[json!({ "first": 20 }), search]).await;
    assert_eq!(found["data"][0]["name"], json!("Steps and streams"));

    // Another conversation, then back to the first.
    let mut other = React::open(&server.url, &ada.tab("showcase")).await;
    other.ask("hello", "Hello from the bot").await;
    let resumed = other.resume(&thread, &whole).await;
    assert_eq!(resumed["threadId"], json!(thread));
    feedback["id"] = id.clone();
    assert_eq!(find(&resumed, &whole).expect("it is shown again")["feedback"], feedback);
    assert!(find(&resumed, "Hello from the bot").is_none(), "that is another conversation");
    let tree =
        |page: &serde_json::Value| find(page, "All steps finished").map(|step| step["id"].clone());
    assert_eq!(tree(&resumed), tree(&shown));

    assert_eq!(other.call("deleteFeedback", &[id]).await, json!({ "success": true }));
    assert_eq!(other.call("deleteThread", &[json!(thread)]).await, json!({ "success": true }));
    let list = other.call("listThreads", &[json!({ "first": 20 }), json!({})]).await;
    assert_eq!(list["data"].as_array().map(Vec::len), Some(1));
}
