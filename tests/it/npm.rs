//! Chats with npm's `socket.io-client`.

use chinwag_tests::{
    client::{Client, Tab, bytes},
    npm::Npm,
    server::TestServer,
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
