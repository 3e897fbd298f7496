//! What operators see: probes, metrics, problems, and one id by which a turn is found everywhere.

use chinwag_tests::{
    admin::Reply,
    artifacts,
    client::Client,
    server::{Settings, TestServer},
};
use reqwest::Method;
use serde_json::Value;

#[tokio::test]
async fn the_probes_answer_without_a_token() {
    let server = TestServer::start().await;
    assert_eq!(server.get("/healthz").await, (200, "ok".into()));
    assert_eq!(server.get("/readyz").await, (200, "ready".into()));
    assert_eq!(server.get("/metrics").await.0, 200);
}

#[tokio::test]
async fn metrics_tell_of_turns_failures_emits_denials_sessions_uploads_and_compilations() {
    let server = TestServer::with(&["crasher", "prober"]).await;
    server.admin().put("prober", b"noise".to_vec()).await;
    let mut browser = server.open("crasher").await;
    browser.turn("hello").await;
    browser.turn("trap").await;
    let mut prober = server.open("prober").await;
    prober.turn("update").await;

    let expected: [(&str, &[&str], f64); 9] = [
        ("chinwag_turns_total", &["bot=\"crasher\"", "version=\"1\"", "outcome=\"ok\""], 1.0),
        ("chinwag_turns_total", &["bot=\"crasher\"", "version=\"1\"", "outcome=\"failed\""], 1.0),
        ("chinwag_turn_seconds_count", &["bot=\"crasher\"", "callback=\"on-message\""], 2.0),
        (
            "chinwag_turn_failures_total",
            &["bot=\"crasher\"", "version=\"1\"", "cause=\"trap\""],
            1.0,
        ),
        ("chinwag_emits_total", &["bot=\"crasher\""], 1.0),
        ("chinwag_denials_total", &["bot=\"prober\"", "code=\"unknown-message\""], 1.0),
        ("chinwag_sessions", &[], 2.0),
        ("chinwag_activations_total", &[], 2.0),
        ("chinwag_compile_seconds_count", &[], 2.0),
    ];
    for (name, labels, value) in expected {
        assert_eq!(server.metric(name, labels).await, value, "{name} {labels:?}");
    }
    let (_, text) = server.get("/metrics").await;
    for name in [
        "chinwag_turns_running",
        "chinwag_sessions_connected",
        "chinwag_mailbox_depth",
        "chinwag_uploads_total",
    ] {
        assert!(text.contains(&format!("# TYPE {name} ")), "`{name}` is missing");
    }
}

#[tokio::test]
async fn a_failed_turn_has_one_id_in_the_chat_the_run_the_bots_log_and_the_servers_log() {
    let server = TestServer::with(&["crasher"]).await;
    let mut browser = server.open("crasher").await;
    browser.turn("trap").await;
    let run = browser.screen().step("on_message")["metadata"]["turn"].clone();
    let turn = run.as_str().expect("a run names its turn");
    let said = browser.screen().step_with("`trap`")["output"].to_string();
    assert!(said.contains(turn), "{said}");
    assert!(server.admin().log("crasher").await.iter().any(|line| line["turn"] == run));
    let line = server.log().line(&["turn failed", turn]).await;
    for part in ["crasher@1", "cause=\"trap\"", "session="] {
        assert!(line.contains(part), "{line}");
    }
}

#[tokio::test]
async fn logs_can_be_written_for_machines() {
    let server = Settings::default().flag("--log-format", "json").start().await;
    server.deploy("echo").await;
    let line = server.log().line(&["deployed"]).await;
    let line: Value = serde_json::from_str(&line).expect("a line is JSON");
    assert_eq!(line["bot"], "echo");
    assert_eq!(line["level"], "INFO");
}

#[tokio::test]
async fn a_bot_logs_and_prints_to_its_own_log() {
    let server = TestServer::with(&["sleeper"]).await;
    let mut browser = server.open("sleeper").await;
    browser.turn("log a word").await;
    browser.turn("print another\u{1b}[31m").await;
    let log = server.admin().log("sleeper").await;
    let texts: Vec<_> = log.iter().filter_map(|line| line["text"].as_str()).collect();
    assert_eq!(texts, ["a word", "another\\u{1b}[31m"]);
    assert_eq!((&log[0]["level"], &log[0]["version"]), (&"info".into(), &1.into()));
}

#[tokio::test]
async fn problems_say_what_happened_why_and_what_to_do() {
    let server = TestServer::with(&["echo"]).await;
    let admin = server.admin();
    let problems = [
        admin.bot("nobody").await,
        admin.activate("echo", 7).await,
        admin.roll_back("echo").await,
        admin.put("Echo", artifacts::bot("echo")).await,
        admin.put("echo", Vec::new()).await,
        admin.send(admin.bare(Method::GET, "/api/bots")).await,
        admin.send(admin.request(Method::GET, "/api/nothing")).await,
        admin.send(admin.request(Method::POST, "/api/bots")).await,
    ];
    let problems: Vec<_> = problems.iter().map(problem).collect();
    insta::assert_snapshot!(problems.join("\n"), @r##"
    404 Not Found, unknown-bot: there is no bot `nobody`; `chinwag bots` lists what is deployed
    404 Not Found, unknown-version: `echo` has no version 7; `chinwag bots echo` lists its versions
    409 Conflict, nothing-to-roll-back: `echo` has no earlier version to roll back to
    400 Bad Request, bad-bot-name: `Echo` is not a bot name: use 1 to 64 of the characters a-z, 0-9, `-` and `_`, beginning with a letter or digit
    422 Unprocessable Entity, empty-upload: the upload is empty; build a component, for example with `cargo build --target wasm32-wasip2`
    401 Unauthorized, no-token: this needs the admin token in the header `Authorization: Bearer TOKEN`; it is what the server was started with as `CHINWAG_ADMIN_TOKEN`, else it is in the file `admin-token` of its data folder
    404 Not Found, unknown-route: there is nothing at `/api/nothing`; the admin API begins at `/api/bots`
    405 Method Not Allowed, method-not-allowed: this path does not know the method; the header `Allow` lists those it knows
    "##);
}

/// A problem on one line.
fn problem(reply: &Reply) -> String {
    assert_eq!(reply.content_type, "application/problem+json");
    let Value::Object(body) = &reply.body else { panic!("{reply:?}") };
    let mut fields: Vec<_> = body.keys().map(String::as_str).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["code", "detail", "status", "title", "type"]);
    assert_eq!((&body["type"], &body["status"]), (&"about:blank".into(), &reply.status.into()));
    let title = body["title"].as_str().unwrap_or_default();
    format!("{} {title}, {}: {}", reply.status, reply.code(), reply.detail())
}
