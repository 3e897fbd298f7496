//! The operator changes bots under those who chat: other versions, the version before, uploads that are refused, bots that come and go.

use chinwag_tests::{
    artifacts,
    browser::Browser,
    client::{Client, bubbles},
    components,
};
use serde_json::json;

use crate::world::World;

/// The bot whose version changes. Version n of it is the component whose marker says n.
pub(crate) const CHANGING: &str = "changing";
/// Versions that are activated in turn.
pub(crate) const VERSIONS: u64 = 6;
/// The bot that comes and goes.
const PASSING: &str = "passing";

/// Chats with the bot whose version changes: each message is answered once, by the version that its run names.
pub(crate) async fn chat(world: World, number: usize) {
    let user = world.user(&format!("steady {number}")).await;
    let mut browser = user.open(CHANGING).await;
    for round in 0..30 {
        let text = format!("steady {number}, message {round}");
        let id = browser.say(&text).await;
        let events = browser.until("task_end").await;
        let run = events.iter().find(|event| event.text("parentId") == id);
        let version = run.map(|run| run.arg()["metadata"]["version"].to_string());
        let version = version.expect("a message has a run");
        let expected = format!("v{version}:{text}");
        assert_eq!(bubbles(&events), [expected], "an answer is lost, doubled or another version's");
        world.done("messages answered across swaps");
        if !world.think(1_000).await {
            break;
        }
    }
}

/// Activates, goes back and fails by turns; the next message is answered by the version that was said.
pub(crate) async fn swap(world: World) {
    let admin = world.server().admin();
    let mut browser = world.user("operator").await.open(CHANGING).await;
    let mut round: usize = 0;
    while round < 10 && world.think(4_000).await {
        let active = admin.bot(CHANGING).await.body["active"].as_u64();
        let active = active.expect("a version is active");
        let expected = match round % 5 {
            1 => {
                let bad = [components::core_module(), components::wrong_type(), b"noise".to_vec()];
                let reply = admin.put(CHANGING, bad[round % bad.len()].clone()).await;
                assert!((400..500).contains(&reply.status), "it is not refused: {reply:?}");
                world.done("uploads refused");
                active
            }
            3 => {
                let reply = admin.roll_back(CHANGING).await;
                assert_eq!(reply.status, 200, "{reply:?}");
                world.done("rollbacks");
                reply.body["active"].as_u64().expect("a version is active")
            }
            _ => {
                let next = active % VERSIONS + 1;
                let reply = admin.activate(CHANGING, next).await;
                assert_eq!((reply.status, &reply.body["active"]), (200, &json!(next)), "{reply:?}");
                world.done("activations");
                next
            }
        };
        answers(&mut browser, expected).await;
        round += 1;
    }
}

/// A bot that never was there is deployed, gets a second version, goes back to the first, and is removed.
pub(crate) async fn come_and_go(world: World) {
    let admin = world.server().admin();
    // A story that had a bad end may have left it there.
    admin.remove(PASSING).await;
    let (first, second) = (world.number(), world.number());
    admin.deploy(PASSING, artifacts::versioned(first)).await;
    let mut browser = world.user("operator").await.open(PASSING).await;
    answers(&mut browser, first).await;
    world.think(4_000).await;
    admin.deploy(PASSING, artifacts::versioned(second)).await;
    answers(&mut browser, second).await;
    let reply = admin.roll_back(PASSING).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    answers(&mut browser, first).await;
    let reply = admin.remove(PASSING).await;
    assert!((200..300).contains(&reply.status), "{reply:?}");
    world.done("bots deployed, changed and removed");
    world.think(4_000).await;
}

async fn answers(browser: &mut Browser, version: u64) {
    assert_eq!(browser.ask("who?").await, [format!("v{version}:who?")], "another version answers");
}
