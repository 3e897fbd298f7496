//! Healthy people who stay: they chat, listen to streams, speak, and answer questions. Each notices what is lost, doubled or out of
//! order.

use std::time::Duration;

use chinwag_tests::{
    browser::Browser,
    client::{Client, Event, bubbles},
    sound::{chunk, numbers},
    within,
};
use serde_json::{Value, json};

use crate::world::World;

/// Messages of a conversation; after that comes a new one, as sessions are to end.
const MESSAGES: usize = 20;
/// Tokens of a stream.
const TOKENS: usize = 300;
/// Pieces of sound in one go.
const PIECES: u32 = 25;

pub(crate) async fn chat(world: World, number: usize) {
    let mut browser = world.user(&format!("chatter {number}")).await.open("echo").await;
    let mut said = Vec::new();
    while said.len() < MESSAGES && world.think(2_000).await {
        let text = format!("chatter {number}, message {}", said.len());
        let events = browser.turn(&text).await;
        assert_eq!(bubbles(&events), [text.as_str()], "an answer is lost, doubled or another's");
        said.push(text);
        world.done("messages answered");
    }
    assert_eq!(browser.screen().texts(), said, "what was answered is not on the screen in order");
}

pub(crate) async fn stream(world: World, number: usize) {
    let mut browser = world.user(&format!("listener {number}")).await.open("stream").await;
    let whole: String = (0..TOKENS).map(|n| format!("t{n} ")).collect();
    for _ in 0..MESSAGES {
        let id = browser.say(&format!("stream {TOKENS}")).await;
        let events = browser.until("task_end").await;
        let piece = |event: &Event| match event.name.as_str() {
            "stream_start" => event.text("output").to_owned(),
            "stream_token" => event.text("token").to_owned(),
            _ => String::new(),
        };
        let pieces: String = events.iter().map(piece).collect();
        assert_eq!(pieces, whole, "a token is lost, doubled or out of order");
        assert_eq!(browser.screen().answers(&id), [whole.as_str()], "the stream ends otherwise");
        world.done("streams of 300 tokens");
        if !world.think(3_000).await {
            break;
        }
    }
}

pub(crate) async fn speak(world: World, number: usize) {
    let mut browser = world.user(&format!("speaker {number}")).await.open("voice").await;
    for _ in 0..4 {
        browser.emit("audio_start", &[]).await;
        browser.until("audio_connection").await;
        for number in 0..PIECES {
            // As fast as a microphone.
            world.think(50).await;
            browser.emit("audio_chunk", &[chunk(number, 2_400)]).await;
        }
        browser.emit("audio_end", &[]).await;
        let is_report = |event: &Event| event.text("type") == "assistant_message";
        let heard = browser.until_that("the bot's report", is_report).await;
        let expected: Vec<u32> = (0..PIECES).collect();
        assert_eq!(numbers(&heard), expected, "sound is lost, doubled or out of order");
        let report = heard.last().map(|event| event.text("output"));
        assert!(report.is_some_and(|it| it.starts_with("heard 1.2 s")), "{report:?}");
        world.done("recordings of 25 pieces");
        if !world.think(3_000).await {
            break;
        }
    }
}

/// Questions that are answered at once, after a reconnect, and not at all.
pub(crate) async fn answer(world: World, number: usize) {
    let user = world.user(&format!("asked {number}")).await;
    let mut browser = world.greeted(&user, "showcase").await;
    for round in 0..4 {
        let name = format!("Ada {number}.{round}");
        answered(&mut browser, &name).await;
        world.done("questions answered");

        let message = browser.say("ask").await;
        browser.until("ask").await;
        let tab = browser.hang_up();
        world.think(1_000).await;
        browser = world.server().reopen(tab).await;
        if !browser.is_asked("ask") {
            browser.until("ask").await;
        }
        reply(&mut browser, &message, &name).await;
        world.done("questions answered after a reconnect");

        let answers = browser.ask("asktimeout").await;
        assert_eq!(answers.last().map(String::as_str), Some("ask result None"), "{answers:?}");
        world.done("questions that timed out");
        if !world.think(2_000).await {
            break;
        }
    }
}

/// Answers the question that the bot asks upon `ask`.
async fn answered(browser: &mut Browser, name: &str) {
    let message = browser.say("ask").await;
    browser.until("ask").await;
    reply(browser, &message, name).await;
}

/// Answers the open question, and waits until the bot has repeated the answer, once.
async fn reply(browser: &mut Browser, message: &str, name: &str) {
    browser.reply(name).await;
    let told = format!("Your name is {name}");
    browser.until_that(&told, |event| event.text("output") == told).await;
    browser.until("task_end").await;
    let answers = browser.screen().answers(message);
    let count = answers.iter().filter(|answer| **answer == told).count();
    assert_eq!(count, 1, "an answer to a question is lost or doubled: {answers:?}");
}

/// A question whose user goes away for good: the session ends, and its thread is at rest.
pub(crate) async fn leave(world: World, number: usize) {
    let mut user = world.user(&format!("leaver {number}")).await;
    let mut browser = world.greeted(&user, "showcase").await;
    let message = browser.say("ask").await;
    browser.until("ask").await;
    let path = format!("/project/thread/{}", browser.screen().thread);
    drop(browser);
    within("the end of a question that nobody answers", async {
        while !is_at_rest(&user.get(&path).await.body["steps"], &message) {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    })
    .await;
    world.done("questions left");
}

/// Whether the turn of a message is over, and no question is open.
fn is_at_rest(steps: &Value, message: &str) -> bool {
    let steps = steps.as_array().expect("a thread has steps");
    let has_run = steps.iter().any(|step| step["type"] == "run" && step["parentId"] == message);
    let is_open = |step: &Value| {
        step["waitForAnswer"] == json!(true) || step["type"] == "run" && !step["end"].is_string()
    };
    // It is kept a moment after it was asked.
    has_run && !steps.iter().any(is_open)
}
