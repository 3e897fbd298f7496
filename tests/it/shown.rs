//! What few bots show: streamed input, what a model was asked, films, components with keys, settings of the page.

use chinwag_tests::{
    client::{Client, Event},
    server::TestServer,
};
use serde_json::{Value, json};

fn named<'a>(events: &'a [Event], name: &str) -> Vec<&'a Event> {
    events.iter().filter(|event| event.name == name).collect()
}

#[tokio::test]
async fn the_input_of_a_step_streams_and_its_generation_is_kept_with_it() {
    let server = TestServer::with(&["witness"]).await;
    let mut browser = server.open("witness").await;
    let events = browser.turn("input").await;
    let pieces: Vec<&Value> = named(&events, "stream_token").iter().map(|it| it.arg()).collect();
    // The first piece comes with the step as it begins to stream.
    assert_eq!(pieces.len(), 1, "{pieces:?}");
    assert_eq!((&pieces[0]["isInput"], &pieces[0]["token"]), (&json!(true), &json!("\"Basel\"}")));
    let step = browser.screen().step("model");
    let whole = json!(r#"{"city":"Basel"}"#);
    assert_eq!((&step["input"], &step["output"]), (&whole, &json!("sunny")));
    assert_eq!(step["generation"], json!({ "model": "m", "completion": "sunny" }));
}

#[tokio::test]
async fn an_element_of_another_site_is_shown_from_there_with_its_players_settings() {
    let server = TestServer::with(&["witness"]).await;
    let mut browser = server.open("witness").await;
    let events = browser.turn("film").await;
    let film = named(&events, "element")[0].arg();
    assert_eq!(
        (&film["type"], &film["url"]),
        (&json!("video"), &json!("https://example.org/film.mp4"))
    );
    assert_eq!(film["playerConfig"], json!({ "file": { "attributes": { "loop": true } } }));
}

#[tokio::test]
async fn a_component_with_the_key_of_another_takes_its_place() {
    let server = TestServer::with(&["witness"]).await;
    let mut browser = server.open("witness").await;
    let events = browser.turn("key").await;
    let shown: Vec<&Value> = named(&events, "element").iter().map(|it| it.arg()).collect();
    let ids: Vec<&Value> = shown.iter().map(|it| &it["id"]).collect();
    assert_eq!(ids, [ids[0]; 3], "it is one component");
    assert_eq!(shown[2]["props"], json!({ "count": 3 }));
}

#[tokio::test]
async fn a_bot_may_change_the_settings_of_the_page_that_shows_it() {
    let server = TestServer::with(&["echo", "witness"]).await;
    let name = async |bot: &str| {
        let (_, body) =
            server.get(&format!("/project/settings?language=en&chat_profile={bot}")).await;
        let settings: Value = serde_json::from_str(&body).expect("settings are JSON");
        settings["ui"]["name"].clone()
    };
    assert_eq!(name("witness").await, json!("The witness"));
    assert_ne!(name("echo").await, json!("The witness"));
}

#[tokio::test]
async fn a_question_that_is_shown_again_is_answered_by_whoever_came_back() {
    let server = TestServer::with(&["witness"]).await;
    let mut browser = server.open("witness").await;
    let message = browser.say("ask").await;
    browser.until("ask").await;
    let mut browser = server.reopen(browser.hang_up()).await;
    browser.until("ask").await;
    browser.reply("Ada").await;
    let is_answer = |event: &Event| event.text("output") == "answered Ada";
    browser.until_that("what became of the answer", is_answer).await;
    assert!(browser.screen().answers(&message).contains(&"answered Ada".to_owned()));
}
