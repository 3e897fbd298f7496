//! Versions come and go, and are told; what is not a conversation's own reaches nobody.

use chinwag_tests::{
    artifacts,
    client::Client,
    server::{Settings, TestServer},
    visitor::Visitor,
    within,
};
use reqwest::Method;
use serde_json::{Value, json};

/// The page's own part of a log line.
fn begins(number: u64) -> String {
    format!("version {number} begins")
}

fn ends(number: u64) -> String {
    format!("version {number} ends")
}

#[tokio::test]
async fn a_version_is_told_when_it_becomes_active_and_when_its_last_turn_has_ended() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.deploy("bot", artifacts::marked("witness", 1)).await;
    admin.logged("bot", &begins(1)).await;

    let mut browser = server.open("bot").await;
    browser.say("ask").await;
    browser.until("ask").await;
    admin.deploy("bot", artifacts::marked("witness", 2)).await;
    let log = admin.logged("bot", &begins(2)).await;
    assert!(!log.contains(&ends(1)), "a turn of version 1 still waits for its answer: {log}");
    let swap = &admin.bot("bot").await.body["swaps"][0];
    assert_eq!((&swap["from"], &swap["to"]), (&json!(1), &json!(2)));
    assert_eq!((&swap["turns_in_flight"], &swap["retired_ms"]), (&json!(1), &Value::Null));

    browser.reply("here").await;
    browser.until("task_end").await;
    admin.logged("bot", &ends(1)).await;
    let swap = &admin.bot("bot").await.body["swaps"][0];
    assert!(swap["retired_ms"].is_u64(), "{swap}");

    admin.activate("bot", 1).await;
    admin.logged("bot", &ends(2)).await;
    // It is active again.
    admin.logged_times("bot", &begins(1), 2).await;
}

#[tokio::test]
async fn versions_start_up_with_their_server_and_are_shut_down_with_it() {
    let mut server = TestServer::start().await;
    server.admin().deploy("bot", artifacts::marked("witness", 1)).await;
    server.admin().logged("bot", &begins(1)).await;
    server.stop().await;
    server.restart().await;
    let log = server.admin().logged("bot", &begins(1)).await;
    assert!(!log.contains(&ends(1)), "the log is the new server's: {log}");
}

#[tokio::test]
async fn a_bot_may_let_others_read_a_conversation_that_its_owner_did_not_share() {
    let server = Settings::default().env("CHINWAG_AUTH__PASSWORD", "true").start().await;
    server.deploy("witness").await;
    for name in ["alice", "bob"] {
        let arguments = ["users", "add", name, "--data", "data", "--password-stdin"];
        server.run_with_input(&arguments, &format!("{name}-password\n")).await;
    }
    let mut alice = Visitor::new(&server.url);
    alice.login("alice", "alice-password").await;
    let mut bob = Visitor::new(&server.url);
    bob.login("bob", "bob-password").await;
    let mut stranger = Visitor::new(&server.url);

    let mut browser = alice.open("witness").await;
    browser.turn("hello").await;
    let thread = browser.screen().thread.clone();
    let path = format!("/project/share/{thread}");
    assert_eq!(bob.get(&path).await.status, 404, "nobody said that he may");

    browser.turn(r#"note {"open":"bob"}"#).await;
    assert_eq!(bob.get(&path).await.status, 200, "the bot says so");
    assert_eq!(stranger.get(&path).await.status, 404, "it named bob alone");

    browser.turn(r#"note {"open":true}"#).await;
    assert_eq!(stranger.get(&path).await.status, 200);
    browser.turn(r#"note {"open":[]}"#).await;
    assert_eq!(bob.get(&path).await.status, 404);
}

#[tokio::test]
async fn an_upload_tells_its_stages_to_whoever_wants_to_know() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let put = |component: Vec<u8>| {
        let request = admin.request(Method::PUT, "/api/bots/bot").body(component);
        request.header("accept", "text/event-stream").send()
    };
    let response = put(artifacts::bot("echo")).await.expect("the server answers");
    let told = admin.read_until(response, "event: done", 1).await;
    let stages: Vec<&str> =
        told.lines().filter_map(|line| line.strip_prefix("data: {\"stage\":")).collect();
    let all = ["check", "compile", "rehearsal", "store", "live"];
    assert_eq!(stages, all.map(|stage| format!("\"{stage}\"}}")), "{told}");

    let response = put(b"noise".to_vec()).await.expect("the server answers");
    let told = admin.read_until(response, "not-wasm", 1).await;
    assert!(told.contains("event: problem"), "{told}");
    assert!(!told.contains("compile"), "{told}");
}

#[tokio::test]
async fn a_bots_own_limits_hold_from_the_next_turn_on_also_after_a_restart() {
    let mut server = TestServer::with(&["spinner"]).await;
    let reply =
        server.admin().limit("spinner", &json!({ "cpu": "50ms", "memory": "16 MiB" })).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.body["limits"]["cpu"], "50ms");
    assert_eq!(reply.body["limits_set"], json!({ "cpu": "50ms", "memory": "16 MiB" }));
    server.restart().await;
    assert_eq!(server.admin().bot("spinner").await.body["limits"]["memory"], "16 MiB");

    let mut browser = server.open("spinner").await;
    browser.turn("spin").await;
    let texts = browser.screen().texts();
    assert!(texts.iter().any(|text| text.contains("computed for more than 50ms")), "{texts:?}");

    let refused = server.admin().limit("spinner", &json!({ "cpu": "0s" })).await;
    assert_eq!((refused.status, refused.code()), (422, "bad-limits"));
    let reset = server.admin().limit("spinner", &json!({})).await;
    assert_eq!(reset.body["limits"]["cpu"], "2s");
}

#[tokio::test]
async fn operators_see_what_versions_do_and_which_sessions_live() {
    let server = TestServer::with(&["echo"]).await;
    let admin = server.admin();
    let mut browser = server.open("echo").await;
    browser.turn("one").await;
    browser.turn("two").await;
    // A turn is counted when the client has heard its end.
    let counted = async {
        loop {
            let stats = admin.stats("echo", 1).await;
            if stats["turns"] == 2 {
                break stats;
            }
        }
    };
    let stats = within("both turns are counted", counted).await;
    assert_eq!(
        (&stats["turns"], &stats["failures"], &stats["emits"]),
        (&json!(2), &json!(0), &json!(2))
    );
    assert_eq!(stats["seconds"]["count"], 2);
    assert!(stats["memory"]["sum"].as_f64().expect("a sum") > 65_536.0, "{stats}");

    let reply = admin.send(admin.request(Method::GET, "/api/sessions")).await;
    assert_eq!(reply.body["total"], 1);
    let session = &reply.body["sessions"][0];
    assert_eq!((&session["bot"], &session["version"]), (&json!("echo"), &json!(1)));
    assert_eq!((&session["connected"], &session["running"]), (&json!(true), &json!(false)));
    let open = admin.send(admin.bare(Method::GET, "/api/sessions")).await;
    assert_eq!(open.status, 401);
}

#[tokio::test]
async fn a_version_that_asks_for_more_than_is_granted_is_held_until_somebody_consents() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.deploy("bot", artifacts::bot("echo")).await;
    let held = admin.put("bot", artifacts::bot("showcase")).await;
    assert_eq!((held.status, &held.body["active"]), (201, &json!(false)));
    assert_eq!(held.body["grants_needed"], json!(["chinwag:bot/files", "chinwag:bot/history"]));
    let bot = admin.bot("bot").await.body;
    assert_eq!((&bot["active"], &bot["versions"][1]["held"]), (&json!(1), &json!(true)));
    let refused = admin.activate("bot", 2).await;
    assert_eq!((refused.status, refused.code()), (409, "needs-consent"));
    assert!(refused.detail().contains("`chinwag:bot/files`"), "{}", refused.detail());
    assert_eq!(server.open("bot").await.ask("still here").await, ["still here"]);

    let strange = admin.grant("bot", &["chinwag:bot/everything"]).await;
    assert_eq!((strange.status, strange.code()), (422, "unknown-grant"));
    let output = server.command(&["grant", "bot"]).output().await.expect("the command runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("granted chinwag:bot/files, chinwag:bot/history"), "{said}");
    let bot = admin.bot("bot").await.body;
    assert_eq!((&bot["active"], &bot["versions"][1]["held"]), (&json!(2), &json!(false)));
    assert_eq!(server.open_greeted("bot").await.ask("hello").await, ["Hello from the bot"]);

    let in_use = admin.grant("bot", &[]).await;
    assert_eq!((in_use.status, in_use.code()), (409, "grant-in-use"));
    admin.activate("bot", 1).await;
    assert_eq!(admin.grant("bot", &[]).await.status, 200);
    assert_eq!(admin.activate("bot", 2).await.code(), "needs-consent", "it was taken away");
}
