//! Questions that wait for a person hold up nobody: their turns leave their places to others, and come back for them.

use chinwag_tests::{
    browser::Browser,
    client::Client,
    server::{Settings, TestServer},
};

/// People who are asked at once: more than may be answered at once.
const ASKED: usize = 6;

async fn asked(server: &TestServer) -> Vec<Browser> {
    let mut all = Vec::new();
    for _ in 0..ASKED {
        let mut browser = server.open("showcase").await;
        browser.until("task_end").await;
        browser.say("ask").await;
        browser.until("ask").await;
        all.push(browser);
    }
    all
}

async fn two_places(waiting: &str) -> TestServer {
    let settings = Settings::default().env("CHINWAG_CONCURRENT_TURNS", "2");
    let settings = settings.env("CHINWAG_LIMITS__CONCURRENT_TURNS", "2");
    let server = settings.env("CHINWAG_WAITING_TURNS", waiting).start().await;
    server.deploy("showcase").await;
    server.deploy("echo").await;
    server
}

#[tokio::test]
async fn open_questions_take_no_place_from_those_who_chat_and_each_is_answered() {
    let server = two_places("6").await;
    let waiting = asked(&server).await;
    assert_eq!(server.metric("chinwag_turns_running", &[]).await, 6.0);
    assert_eq!(server.open("echo").await.ask("hello").await, ["hello"]);
    // All at once: they come back for two places.
    let answers = waiting.into_iter().enumerate().map(|(number, mut browser)| async move {
        let name = format!("Ada {number}");
        browser.reply(&name).await;
        let is_greeting = |event: &chinwag_tests::client::Event| {
            event.name == "new_message" && event.text("output").contains(&name)
        };
        browser.until_that(&name, is_greeting).await;
    });
    futures_util::future::join_all(answers).await;
}

#[tokio::test]
async fn without_room_for_more_that_wait_a_question_keeps_its_place() {
    let server = two_places("0").await;
    let mut browser = server.open("showcase").await;
    browser.until("task_end").await;
    browser.say("ask").await;
    browser.until("ask").await;
    let mut other = server.open("showcase").await;
    other.until("task_end").await;
    other.say("ask").await;
    other.until("ask").await;
    let mut third = server.open("showcase").await;
    third.until("task_end").await;
    third.turn("hello").await;
    let run = third.screen().steps.iter().find(|step| step["name"] == "on_message");
    assert_eq!(run.expect("a turn was begun")["isError"], true);
    browser.reply("Ada").await;
    browser.until("task_end").await;
}
