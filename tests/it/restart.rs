//! The server is restarted in order: conversations go on where they were.

use chinwag_tests::{
    browser::Browser,
    client::{Client, Event, Tab},
    server::{Settings, TestServer},
    visitor::Visitor,
};
use reqwest::Method;
use serde_json::{Value, json};

fn tokens(count: usize) -> String {
    (0..count).map(|n| format!("tok{n} ")).collect()
}

/// A server that does not wait for its bots when it is to stop.
fn hasty() -> Settings {
    Settings::default().env("CHINWAG_DRAIN", "200ms")
}

async fn start(settings: Settings) -> TestServer {
    let server = settings.start().await;
    server.deploy("showcase").await;
    server
}

/// A tab of somebody, who is signed in if the server wants that. The bot's greeting is over.
async fn open(server: &TestServer, is_signed_in: bool) -> Browser {
    let tab = signed_in(server, Tab::new("showcase"), is_signed_in).await;
    let mut browser = server.reopen(tab).await;
    browser.until("task_start").await;
    browser.until("task_end").await;
    browser
}

/// The tab with the cookies of a user, for whom another address is another server.
async fn signed_in(server: &TestServer, tab: Tab, is_signed_in: bool) -> Tab {
    if !is_signed_in {
        return tab;
    }
    let cookies = Visitor::known_as("ada", &server.url).await.tab("").cookies;
    Tab { cookies, ..tab }
}

/// The server stops in order and starts again; the tab comes back, and sees its thread.
async fn come_back(server: &mut TestServer, browser: Browser, is_signed_in: bool) -> Browser {
    let tab = browser.hang_up();
    server.stop().await;
    server.restart().await;
    let thread = tab.screen.thread.clone();
    let tab = signed_in(server, tab.anew(), is_signed_in).await;
    let mut browser = Browser::knock(&server.url, tab).await.expect("it is let in");
    let events = browser.until("resume_thread").await;
    let first = events.iter().find(|event| event.name == "first_interaction");
    let first = first.expect("the page leaves its spinner").arg().clone();
    assert_eq!(first, json!({ "interaction": "resume", "thread_id": thread }));
    assert_eq!(events.last().map(|event| event.text("id")), Some(&*thread));
    browser.screen().is_at_rest();
    browser
}

async fn a_stream_goes_on(settings: Settings, is_signed_in: bool) {
    let mut server = start(settings).await;
    let mut browser = open(&server, is_signed_in).await;
    browser.turn("steps").await;
    let before = browser.screen().texts();
    let message = browser.say("stream 12").await;
    browser.until("stream_token").await;

    let mut browser = come_back(&mut server, browser, is_signed_in).await;
    assert_eq!(browser.screen().texts()[..before.len()], before);
    // The server waits for its bots before it stops.
    assert_eq!(browser.screen().answers(&message), [tokens(12)]);
    let told = browser.ask("session").await;
    assert!(told[0].contains("\"counter\": 3"), "{told:?}");
    assert!(told[0].contains("\"resumed\": true"), "{told:?}");
    assert_eq!(told[0].contains("\"user\": \"ada\""), is_signed_in, "{told:?}");
}

#[tokio::test]
async fn a_restart_in_the_middle_of_a_stream_loses_nothing_of_it() {
    a_stream_goes_on(Settings::default(), false).await;
}

#[tokio::test]
async fn a_restart_in_the_middle_of_a_stream_loses_nothing_of_a_users_either() {
    let (variable, header) = Visitor::PROXY;
    a_stream_goes_on(Settings::default().env(variable, header), true).await;
}

#[tokio::test]
async fn what_a_restart_cuts_is_kept_as_far_as_it_was_shown() {
    let mut server = start(hasty()).await;
    let mut browser = open(&server, false).await;
    let message = browser.say("slow").await;
    browser.until_that("a few tokens", |event: &Event| event.text("token") == "s5 ").await;
    let shown = browser.screen().answers(&message);

    let mut browser = come_back(&mut server, browser, false).await;
    let kept = browser.screen().answers(&message);
    assert!(kept[0].starts_with(&shown[0]), "{kept:?} was {shown:?}");
    assert_eq!(browser.ask("hello").await, ["Hello from the bot"]);
}

#[tokio::test]
async fn a_question_that_a_restart_cuts_can_be_asked_again() {
    let mut server = start(hasty()).await;
    let mut browser = open(&server, false).await;
    let message = browser.say("ask").await;
    browser.until("ask").await;

    let mut browser = come_back(&mut server, browser, false).await;
    assert_eq!(browser.screen().answers(&message)[0], "What is your name?");
    browser.say("ask").await;
    browser.until("ask").await;
    browser.reply("Ada").await;
    let is_answer = |event: &Event| event.text("output") == "Your name is Ada";
    browser.until_that("the answer", is_answer).await;
}

#[tokio::test]
async fn what_waits_when_the_server_stops_is_marked_as_unanswered() {
    let mut server = start(hasty()).await;
    let mut browser = open(&server, false).await;
    browser.say("slow").await;
    browser.until("stream_token").await;
    let waiting = browser.say("hello").await;
    browser.settle().await;

    let mut browser = come_back(&mut server, browser, false).await;
    let answers = browser.screen().answers(&waiting);
    assert!(answers[0].starts_with("The server stopped"), "{answers:?}");
    let runs = &browser.screen().steps;
    let run = runs.iter().find(|step| step["type"] == "run" && step["parentId"] == *waiting);
    assert_eq!(run.expect("it has a run")["metadata"]["interrupted"], json!(true));
}

#[tokio::test]
async fn without_a_store_the_same_chat_starts_anew() {
    let mut server = start(hasty().flag("--store", "off")).await;
    let mut browser = open(&server, false).await;
    browser.turn("hello").await;
    browser.say("stream 12").await;
    browser.until("stream_token").await;
    let tab = browser.hang_up();
    server.stop().await;
    server.restart().await;

    let mut browser = Browser::knock(&server.url, tab.anew()).await.expect("it is let in");
    let events = browser.until("task_start").await;
    let more = browser.until("task_end").await;
    let is_about_threads = |event: &&Event| {
        ["first_interaction", "resume_thread", "resume_thread_error"].contains(&&*event.name)
    };
    assert_eq!(events.iter().chain(&more).filter(is_about_threads).count(), 0);
    assert_eq!(browser.screen().texts(), [] as [String; 0]);
    let told = browser.ask("session").await;
    assert!(told[0].contains("\"counter\": 1"), "{told:?}");
}

#[tokio::test]
async fn a_conversation_whose_thread_was_deleted_goes_on_and_is_not_kept() {
    let (variable, header) = Visitor::PROXY;
    let mut server = start(Settings::default().env(variable, header)).await;
    let mut browser = open(&server, true).await;
    browser.turn("hello").await;
    browser.say("stream 12").await;
    browser.until("stream_token").await;

    let mut ada = Visitor::known_as("ada", &server.url).await;
    let thread = browser.screen().thread.clone();
    let answer = ada.json(Method::DELETE, "/project/thread", &json!({ "threadId": thread })).await;
    assert_eq!((answer.status, answer.body), (200, json!({ "success": true })));
    browser.until("task_end").await;
    assert_eq!(browser.screen().step_with("tok0")["output"], json!(tokens(12)));
    assert_eq!(browser.ask("hello").await, ["Hello from the bot"]);
    assert_eq!(listed(&mut ada).await, json!([]));
    assert_eq!(ada.get(&format!("/project/thread/{thread}")).await.status, 404);

    server.stop().await;
    server.restart().await;
    let mut ada = Visitor::known_as("ada", &server.url).await;
    assert_eq!(listed(&mut ada).await, json!([]));
}

async fn listed(visitor: &mut Visitor) -> Value {
    let page = json!({ "pagination": { "first": 20 }, "filter": {} });
    visitor.json(Method::POST, "/project/threads", &page).await.body["data"].clone()
}
