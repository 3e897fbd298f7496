//! Healthy people who come and go: connections break, tabs open and close, files are attached, threads are opened again.

use chinwag_tests::{
    attach::say_with_file,
    browser::Browser,
    client::{Client, Tab},
    visitor::Visitor,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::world::World;

/// A connection breaks without goodbye in the middle of a stream, at another place each time; what was missed is shown.
pub(crate) async fn reconnect(world: World, number: usize) {
    let user = world.user(&format!("traveller {number}")).await;
    let mut browser = world.greeted(&user, "showcase").await;
    let whole: String = (0..16).map(|n| format!("tok{n} ")).collect();
    for round in 0..6 {
        let id = browser.say("stream 16").await;
        browser.until("stream_token").await;
        let tab = browser.hang_up();
        // From at once to after the end of the stream.
        world.think(round * 600).await;
        browser = world.server().reopen(tab).await;
        shows(&mut browser, &id, &whole).await;
        world.done("reconnects in the middle of a stream");
        if !world.think(1_500).await {
            break;
        }
    }
}

/// Waits until a message has this answer and nothing else, and its turn is over.
async fn shows(browser: &mut Browser, message: &str, whole: &str) {
    while browser.screen().answers(message) != [whole] {
        browser.next().await;
    }
    // It may have come back between the last token and the end of the turn.
    browser.settle().await;
    if browser.screen().is_loading {
        browser.until("task_end").await;
    }
    assert_eq!(browser.screen().answers(message), [whole], "lost or doubled after a reconnect");
}

/// Tabs that are opened and left: without a word, after one, or for a new chat.
pub(crate) async fn come_and_go(world: World, number: usize) {
    let user = world.user(&format!("guest {number}")).await;
    for round in 0..12 {
        let mut browser = match round % 4 {
            0 => world.greeted(&user, "showcase").await,
            _ => user.open("echo").await,
        };
        if round % 4 > 1 {
            let text = format!("round {round}");
            assert_eq!(browser.ask(&text).await, [text]);
        }
        if round % 4 == 3 {
            browser.emit("clear_session", &[]).await;
            browser.settle().await;
        }
        world.done("sessions that came and went");
        if !world.think(1_500).await {
            break;
        }
    }
}

/// Files that are attached come to the bot, and back as they were.
pub(crate) async fn attach(world: World, number: usize) {
    let mut user = world.user(&format!("author {number}")).await;
    let mut browser = world.greeted(&user, "showcase").await;
    for round in 0..5 {
        let content = format!("line {round}\n").repeat(6_000);
        let file = ("notes.txt", content.as_str());
        let (id, kept) = say_with_file(&mut user, &mut browser, "file", file).await;
        let size = content.len();
        let told = format!("Got files: notes.txt (text/plain, {size} bytes, type file)");
        assert_eq!(browser.screen().answers(&id), [told], "the bot was given another file");
        let path = format!("/project/file/{kept}?session_id={}", browser.tab().session);
        let answer = user.get(&path).await;
        assert!(
            answer.bytes == content.as_bytes(),
            "{}: the file came back otherwise",
            answer.status
        );
        world.done("files attached and fetched");
        if !world.think(4_000).await {
            break;
        }
    }
    let thread = browser.hang_up().screen.thread;
    delete(&mut user, &thread).await;
}

/// A conversation is found in the list, opened in another tab, goes on there, and is deleted by and by.
pub(crate) async fn resume(world: World, number: usize) {
    let mut user = world.user(&format!("reader {number}")).await;
    let mut browser = user.open("echo").await;
    for text in ["one", "two"] {
        assert_eq!(browser.ask(text).await, [text]);
    }
    let thread = browser.hang_up().screen.thread;
    world.think(1_000).await;
    let listed = list(&mut user).await;
    let count = listed.iter().filter(|it| it["id"] == *thread).count();
    assert_eq!(count, 1, "thread {thread} is not listed once");
    world.done("threads listed");

    let mut browser = open_again(&world, user.tab("echo").at(&thread)).await;
    assert_eq!(browser.screen().texts(), ["one", "two"], "a thread is opened otherwise");
    assert_eq!(browser.ask("three").await, ["three"]);
    world.done("threads resumed");
    drop(browser);
    world.think(2_000).await;
    let kept = user.get(&format!("/project/thread/{thread}")).await;
    let said = kept.body["steps"].as_array().into_iter().flatten();
    let said: Vec<&Value> = said.filter(|it| it["type"] == "assistant_message").collect();
    let texts: Vec<_> = said.iter().map(|it| it["output"].as_str().unwrap_or_default()).collect();
    assert_eq!(texts, ["one", "two", "three"], "a thread is kept otherwise");
    // A list of some length stays.
    if listed.len() > 15 {
        delete(&mut user, &thread).await;
        world.done("threads deleted");
    }
}

async fn open_again(world: &World, tab: Tab) -> Browser {
    let mut browser = world.server().reopen(tab).await;
    if browser.screen().steps.is_empty() {
        browser.until("resume_thread").await;
    }
    browser
}

async fn list(user: &mut Visitor) -> Vec<Value> {
    let page = json!({ "pagination": { "first": 20 }, "filter": {} });
    let answer = user.json(Method::POST, "/project/threads", &page).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["data"].as_array().cloned().unwrap_or_default()
}

async fn delete(user: &mut Visitor, thread: &str) {
    let body = json!({ "threadId": thread });
    let answer = user.json(Method::DELETE, "/project/thread", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}
