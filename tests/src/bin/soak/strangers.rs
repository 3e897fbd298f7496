//! Clients that no page would be: they send nonsense, never say who they are, or do not read. Their own conversations go on, too.

use chinwag_tests::{
    browser::Browser,
    client::{Client, Event},
    nonsense::{broken, events},
    raw,
    visitor::Visitor,
};
use serde_json::json;

use crate::world::World;

/// How often 100 KB are shown to a client that does not read: more than sockets hold.
const SHOWN: usize = 150;

pub(crate) async fn disturb(world: World, number: usize) {
    let user = world.user(&format!("stranger {number}")).await;
    // Another part of the nonsense in each story.
    let from = usize::try_from(world.number()).unwrap_or_default();
    let packets: Vec<String> = events().into_iter().chain(broken()).collect();
    let mut browser = user.open("echo").await;
    for at in 0..12 {
        let packet = &packets[(from * 12 + at) % packets.len()];
        browser = nonsense(&world, browser, packet, at).await;
        if !world.think(700).await {
            return;
        }
    }
    strange(&world, &user).await;
    deaf(&world, &user).await;
}

/// Says something that is no packet, or none of this moment; a message afterwards is answered, maybe on a new connection.
async fn nonsense(world: &World, mut browser: Browser, packet: &str, at: usize) -> Browser {
    browser.write_text(packet).await;
    browser.try_settle().await;
    // The end may come a moment later.
    let mut browser = world.server().reopen(browser.hang_up()).await;
    is_answered(&mut browser, &format!("after nonsense {at}")).await;
    world.done("packets of nonsense");
    browser
}

/// A message is answered; the end of a turn before it may come between.
async fn is_answered(browser: &mut Browser, text: &str) {
    browser.say(text).await;
    let is_it =
        |event: &Event| event.text("type") == "assistant_message" && event.text("output") == text;
    browser.until_that(text, is_it).await;
}

/// Clients that say nonsense of themselves, or nothing at all.
async fn strange(world: &World, user: &Visitor) {
    for said in [json!({ "sessionId": 7 }), json!({ "threadId": "x" }), json!({ "userEnv": "x" })] {
        let mut tab = user.tab("echo");
        tab.says.extend(said.as_object().cloned().expect("an object"));
        user.is_refused(tab).await;
        world.done("connections refused");
    }
    let mut silent = Vec::new();
    for _ in 0..5 {
        silent.push(raw::silent(world.server()).await);
        world.done("connections that never said hello");
    }
    world.think(1_000).await;
}

/// A client that does not read is set aside; when it comes back it is told all.
async fn deaf(world: &World, user: &Visitor) {
    let mut browser = user.open("rogue").await;
    browser.say(&format!("replace {SHOWN}")).await;
    world.think(8_000).await;
    let mut reader = world.server().reopen(browser.hang_up()).await;
    let end = format!("allowed {SHOWN}");
    while !reader.screen().texts().contains(&end) {
        reader.next().await;
    }
    is_answered(&mut reader, "still here?").await;
    world.done("clients that did not read");
}
