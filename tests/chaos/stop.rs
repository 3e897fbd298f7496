//! SIGTERM while people chat: what runs may finish for a while, then the server ends in order, and everybody goes on with the next
//! one at the same address.

use std::time::Duration;

use chinwag_tests::{
    browser::Browser,
    client::Client,
    server::{Settings, TestServer},
    within,
};
use tokio::task::JoinSet;

use crate::talker::{ECHO, Talker};

/// How many people count aloud.
const PEOPLE: usize = 8;

/// A server that waits for eight seconds, and bots that may go on for longer than any test.
async fn serving() -> TestServer {
    let settings = Settings::default().env("CHINWAG_DRAIN", "8s");
    let settings = settings.env("CHINWAG_LIMITS__CPU", "10m").env("CHINWAG_LIMITS__WALL", "10m");
    let server = settings.start().await;
    for bot in [ECHO, "showcase", "spinner"] {
        server.deploy(bot).await;
    }
    server
}

/// The page finds the server again, and its thread as it was kept.
async fn back(server: &TestServer, browser: Browser) -> Browser {
    let tab = browser.hang_up();
    let mut browser = Browser::knock(&server.url, tab.anew()).await.expect("it is let in");
    browser.until("resume_thread").await;
    browser.screen().is_at_rest();
    browser
}

#[tokio::test]
async fn told_to_stop_under_load_the_server_ends_in_order_and_everybody_goes_on_with_the_next_one()
{
    let mut server = serving().await;
    let mut talks = JoinSet::new();
    for _ in 0..PEOPLE {
        let mut talker = Talker::open(&server).await;
        talker.talk().await.expect("the server lives");
        talks.spawn(talker.talk_on());
    }
    // A turn that never ends, one that ends in time, and a question that nobody answers.
    let mut spun = server.open("spinner").await;
    assert_eq!(spun.ask("hello").await, ["hello"]);
    let endless = spun.say("spin").await;
    spun.until("task_start").await;
    let mut asked = server.open_greeted("showcase").await;
    let question = asked.say("ask").await;
    asked.until("ask").await;
    let mut streamed = server.open_greeted("showcase").await;
    let stream = streamed.say("stream 8").await;
    streamed.until("stream_token").await;

    server.ask_to_stop().await;
    within("word that no more traffic is wanted", async {
        while server.get("/readyz").await.0 != 503 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    let address = server.url.clone();
    server.stopped().await;
    let talkers = talks.join_all().await;

    server.restart_here().await;
    assert_eq!(server.url, address);
    for talker in talkers {
        talker.come_back(&server).await.talk().await.expect("the server lives");
    }
    let mut streamed = back(&server, streamed).await;
    let tokens: String = (0..8).map(|n| format!("tok{n} ")).collect();
    assert_eq!(streamed.screen().answers(&stream), [tokens], "a turn was cut that had time");
    assert_eq!(streamed.ask("hello").await, ["Hello from the bot"]);
    let mut asked = back(&server, asked).await;
    assert_eq!(asked.screen().answers(&question)[0], "What is your name?");
    assert_eq!(asked.ask("hello").await, ["Hello from the bot"]);
    let mut spun = back(&server, spun).await;
    let messages = spun.screen().steps.iter().filter(|step| step["id"] == *endless);
    assert_eq!(messages.count(), 1, "the message that was cut is lost");
    assert_eq!(spun.ask("still me").await, ["still me"]);
}
