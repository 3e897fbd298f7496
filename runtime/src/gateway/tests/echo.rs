//! A message of a client and all that it is told for it: the whole way but for the network.

use super::*;
use crate::sandbox::Program;

/// How many messages are said: `cargo xtask count` wants many.
const MESSAGES: &str = "CHINWAG_TEST_MESSAGES";

/// The name of an event and its argument.
type Told = (String, Value);

/// All that a client is told until it hears this.
async fn until(client: &Client, last: &str) -> Vec<Told> {
    let mut all = Vec::<Told>::new();
    while all.last().is_none_or(|(name, _)| name != last) {
        let packets = client.poll().await;
        let events = packets.split('\u{1e}').filter_map(|packet| packet.strip_prefix("42"));
        all.extend(events.map(|event| serde_json::from_str::<Told>(event).unwrap()));
    }
    all
}

#[tokio::test]
async fn each_message_is_answered_by_a_turn_of_the_bot_between_its_begin_and_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let (bots, _version) = Bots::with(dir.path(), Program::echo()).await;
    let rig = Rig::of(dir, bots).await;
    let mut client = Client::open(rig.router.clone()).await;
    let auth = json!({ "sessionId": SESSION, "threadId": "", "chatProfile": "sample" });
    client.connect(&auth.to_string()).await;
    client.post("42[\"connection_successful\"]").await;
    until(&client, "clear_call_fn").await;
    let messages = std::env::var(MESSAGES).map_or(2, |it| it.parse().unwrap());
    for number in 0..messages {
        let text = format!("message {number:06}");
        let message = json!({
            "id": format!("3fa85f64-5717-4562-b3fc-{number:012}"), "name": "User", "type": "user_message",
            "output": text, "createdAt": "2026-01-01T00:00:00Z",
        });
        client.post(&format!("42{}", json!(["client_message", { "message": message }]))).await;
        let mut told = until(&client, "task_end").await;
        told.retain(|(name, _)| name != "first_interaction");
        let names: Vec<_> = told.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            ["task_start", "new_message", "new_message", "update_message", "task_end"]
        );
        let said: Vec<_> = told.iter().map(|(_, it)| (&it["type"], &it["output"])).collect();
        assert_eq!(
            said[1..4],
            [
                (&json!("run"), &json!("")),
                (&json!("assistant_message"), &json!(text)),
                (&json!("run"), &json!(""))
            ]
        );
    }
}
