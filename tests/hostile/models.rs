//! Guests that ask models: only those that are granted, and no more than their budget. Row 29.

use std::sync::Arc;

use chinwag_tests::{
    artifacts,
    client::Client,
    server::{Settings, TestServer},
    upstream::Upstream,
};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use crate::{
    denial::{is_refused, is_well, serving},
    healthy::Healthy,
};

/// A provider of models that speaks OpenAI's protocol: its answers are these events, and the end of the connection.
async fn provider(events: &[Value], last: &str) -> Upstream {
    let events: String = events.iter().map(|event| format!("data: {event}\n\n")).collect();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    let text: Arc<str> = format!("{head}{events}{last}").into();
    Upstream::new(move |mut stream, request| {
        let text = text.clone();
        async move {
            let is_asked_rightly = request.starts_with("POST /v1/chat/completions HTTP/1.1\r\n")
                && request.contains("authorization: Bearer sk-hidden");
            // A wrong question gets no answer. Whoever asked may be gone, too.
            if is_asked_rightly {
                stream.write_all(text.as_bytes()).await.ok();
            }
        }
    })
    .await
}

fn piece(text: &str) -> Value {
    json!({ "choices": [{ "delta": { "content": text } }] })
}

/// An answer of two pieces that costs 50 tokens.
async fn modest() -> Upstream {
    let end = json!({ "choices": [{ "delta": {}, "finish_reason": "stop" }], "usage": { "total_tokens": 50 } });
    provider(&[piece("It "), piece("rains."), end], "data: [DONE]\n\n").await
}

/// A server with the bot `fetcher`, which may ask the model `small` of this provider.
async fn asking(provider: &Upstream, settings: Settings) -> TestServer {
    let settings = settings
        .env("CHINWAG_MODELS__SMALL__URL", &format!("{}v1", provider.url()))
        .env("CHINWAG_MODELS__SMALL__MODEL", "small-1")
        .env("CHINWAG_MODELS__SMALL__KEY", "sk-hidden");
    let server = serving(settings, &["echo"]).await;
    let admin = server.admin();
    let path = "/api/bots/fetcher?grant=true";
    let request = admin.request(Method::PUT, path).body(artifacts::bot("fetcher"));
    let reply = admin.send(request).await;
    assert_eq!((reply.status, &reply.body["active"]), (201, &json!(true)), "{reply:?}");
    server
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_model_that_is_granted_answers_into_a_message_and_others_do_not() {
    let provider = modest().await;
    let server = asking(&provider, Settings::default()).await;
    let mut browser = server.open("fetcher").await;
    assert_eq!(browser.ask("complete small Weather?").await, ["It rains. (stop)"]);
    assert_eq!(browser.ask("complete large Weather?").await, ["model-not-granted"]);
    is_refused(&server, "fetcher", "model-not-granted").await;
    let told = server.admin().bot("fetcher").await.body.to_string()
        + &json!(server.admin().log("fetcher").await).to_string();
    assert!(!told.contains("sk-hidden") && !told.contains(&provider.url()), "{told}");
    is_well(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_in_a_loop_are_stopped_by_the_bots_budget_over_all_its_sessions() {
    let provider = modest().await;
    let limits = json!({ "model_calls_per_minute": 5 });
    let server = asking(&provider, Settings::default()).await;
    assert_eq!(server.admin().limit("fetcher", &limits).await.status, 200);
    let mut others = Healthy::begin(&server).await;
    let mut browser = server.open("fetcher").await;
    assert_eq!(browser.ask("exhaust small").await, ["5 answers, then model-budget"]);
    let mut second = server.open("fetcher").await;
    assert_eq!(second.ask("exhaust small").await, ["0 answers, then model-budget"]);
    is_refused(&server, "fetcher", "model-budget").await;
    assert_eq!(provider.asked(), 5, "the provider was asked for nothing");

    let limits = json!({ "model_calls_per_minute": 1000, "model_tokens_per_hour": 400 });
    assert_eq!(server.admin().limit("fetcher", &limits).await.status, 200);
    // The five have cost 250 tokens.
    assert_eq!(browser.ask("exhaust small").await, ["3 answers, then model-budget"]);
    others.go_on().await;
    others.end().await;
    is_well(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn providers_that_fail_break_off_or_never_end_cost_their_bot_alone() {
    let failing = provider(&[json!({ "error": { "message": "overloaded" } })], "").await;
    let broken = provider(&[piece("It ")], "").await;
    let nonsense = provider(&[], "data: <html>\n\n").await;
    let endless = provider(&vec![piece(&"x".repeat(10_000)); 1_000], "").await;
    for (provider, said) in [
        (failing, " (model-failed)"),
        (broken, "It  (model-failed)"),
        (nonsense, " (model-failed)"),
    ] {
        let server = asking(&provider, Settings::default()).await;
        let mut browser = server.open("fetcher").await;
        assert_eq!(browser.ask("complete small Weather?").await, [said]);
        is_refused(&server, "fetcher", "model-failed").await;
    }
    let server = asking(&endless, Settings::default()).await;
    let mut others = Healthy::begin(&server).await;
    let mut browser = server.open("fetcher").await;
    let said = browser.ask("complete small Weather?").await;
    assert!(said[0].ends_with(" (model-failed)"), "{} bytes", said[0].len());
    others.go_on().await;
    others.end().await;
    is_well(&server).await;
}
