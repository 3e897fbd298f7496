//! Clients that no page would be: nonsense, floods of it, and connections without end. Rows 31 and 32.

use chinwag_tests::{
    browser::Browser,
    client::{Client, Event, Tab},
    server::Settings,
    uuid,
};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, task::JoinSet};

use crate::{
    denial::{forget_peak, is_well, memory, serving},
    healthy::Healthy,
    nonsense::{broken, events},
    raw,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nonsense_on_the_socket_harms_nobody_but_its_sender() {
    let server = serving(Settings::default(), &["echo"]).await;
    let others = Healthy::begin(&server).await;
    let mut browser = server.open("echo").await;
    for packet in events() {
        browser.write_text(packet.as_str()).await;
        browser.settle().await;
        is_answered(&mut browser, &packet).await;
    }
    let mut survived = 0;
    for packet in broken() {
        browser.write_text(packet.as_str()).await;
        // The end may come a moment later: what is said next is said on a new connection.
        survived += usize::from(browser.try_settle().await.is_some());
        browser = server.reopen(browser.hang_up()).await;
        let head: String = packet.chars().take(60).collect();
        is_answered(&mut browser, &head).await;
    }
    assert!(survived > 0, "all that is broken ends the connection, the ping too");
    // Answered in a way that only a client of other namespaces understands.
    for packet in ["40/other,", "40/other,{}", "41/other,", "42/other,[\"stop\"]"] {
        let mut stray = server.open("echo").await;
        stray.write_text(packet).await;
    }
    browser.write_bytes(vec![0; 1_000]).await;
    browser.try_settle().await;
    browser = server.reopen(browser.hang_up()).await;
    is_answered(&mut browser, "bytes").await;
    let sent = events().len() + broken().len() + 1;
    let answers = browser.screen().texts().iter().filter(|it| it.starts_with("after ")).count();
    assert_eq!(answers, sent, "an answer is lost or doubled");
    others.end().await;
    is_well(&server).await;
}

/// Whether a message is answered, whatever else the chat says of what came before.
async fn is_answered(browser: &mut Browser, packet: &str) {
    let text = format!("after `{packet}`");
    browser.say(&text).await;
    let is_it =
        |event: &Event| event.text("type") == "assistant_message" && event.text("output") == text;
    browser.until_that(&format!("an answer {text}"), is_it).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn packets_that_are_too_large_end_the_connection_before_they_are_read() {
    let server = serving(Settings::default(), &["echo"]).await;
    let others = Healthy::begin(&server).await;
    forget_peak(&server);
    let before = memory(&server, "VmHWM");
    let mut browser = server.open("echo").await;
    for size in [2_000_000, 100_000_000] {
        browser.write_text(format!("42[\"window_message\",\"{}\"]", "x".repeat(size))).await;
        browser.closed().await;
        browser = server.reopen(browser.hang_up()).await;
        assert_eq!(browser.ask("and now?").await, ["and now?"]);
    }
    // By polling, and as text that is no base64.
    let admin = server.admin();
    let path = "/ws/socket.io/?EIO=4&transport=polling";
    let text =
        admin.open_request(path).send().await.expect("an answer").text().await.expect("text");
    let open: Value = serde_json::from_str(&text[1..]).expect("an opening packet");
    let path = format!("{path}&sid={}", open["sid"].as_str().expect("an id"));
    let connect = format!("40{}", Tab::new("echo").auth());
    for (body, expected) in [
        (connect, Some(200)),
        ("b!!!not-base64!!!".to_owned(), None),
        ("4".repeat(5_000_000), None),
    ] {
        let request = admin.bare(reqwest::Method::POST, &path).body(body);
        // A server that has heard enough may hang up.
        let status = request.send().await.map_or(413, |answer| answer.status().as_u16());
        assert!(expected.is_none_or(|expected| status == expected), "{status}");
        assert!(status < 500, "{status}");
    }
    let taken = memory(&server, "VmHWM").saturating_sub(before);
    assert!(taken < 48 << 10, "{taken} KiB for what is too large");
    others.end().await;
    is_well(&server).await;
}

#[tokio::test]
async fn whoever_says_nonsense_of_itself_is_not_let_in() {
    let server = serving(Settings::default(), &["echo"]).await;
    let long = "x".repeat(100_000);
    let keys: serde_json::Map<_, _> = (0..1_000).map(|n| (n.to_string(), json!("x"))).collect();
    let mine = uuid();
    for said in [
        json!({ "sessionId": null }),
        json!({ "sessionId": 7 }),
        json!({ "sessionId": "" }),
        json!({ "sessionId": "../../etc/passwd" }),
        json!({ "sessionId": [mine] }),
        json!({ "sessionId": long }),
        json!({ "threadId": "x" }),
        json!({ "threadId": "' or 1=1 --" }),
        json!({ "threadId": 7 }),
        json!({ "userEnv": "not json" }),
        json!({ "userEnv": "[1]" }),
        json!({ "userEnv": json!(keys).to_string() }),
        json!({ "chatProfile": {} }),
        json!({ "clientType": [] }),
    ] {
        let mut tab = Tab::new("echo");
        tab.says.extend(said.as_object().cloned().expect("an object"));
        let refusal = Browser::knock(&server.url, tab).await;
        let refusal = refusal.map(drop).expect_err("it is let in");
        assert_eq!(refusal["message"], "Connection refused by server", "{said}");
    }
    assert_eq!(server.metric("chinwag_sessions", &[]).await, 0.0);
    is_well(&server).await;
}

/// Connections that never say who they are.
const SILENT: usize = 1_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_connections_that_never_say_hello_are_ended_and_others_are_served() {
    let server = serving(Settings::default(), &["echo"]).await;
    let mut others = Healthy::begin(&server).await;
    let mut silent = JoinSet::new();
    for _ in 0..SILENT {
        silent.spawn(raw::ended(raw::silent(&server).await));
    }
    others.go_on().await;
    assert_eq!(server.get("/healthz").await.0, 200);
    assert_eq!(server.open("echo").await.ask("a place for me?").await, ["a place for me?"]);
    // The server ends them; nobody else does.
    silent.join_all().await;
    others.end().await;
    is_well(&server).await;
}

/// Connections of one tab at once, and how often.
const STORM: usize = 100;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_of_reconnects_is_one_session_and_loses_nothing() {
    let server = serving(Settings::default(), &["echo"]).await;
    let mut others = Healthy::begin(&server).await;
    let mut browser = server.open("echo").await;
    assert_eq!(browser.ask("before").await, ["before"]);
    let sessions = server.metric("chinwag_sessions", &[]).await;
    let mut tab = browser.hang_up();
    for round in 0..3 {
        let mut storm = JoinSet::new();
        for _ in 0..STORM {
            let (url, tab) = (server.url.clone(), tab.clone());
            storm.spawn(async move { Browser::knock(&url, tab).await.map(drop) });
        }
        let refused = storm.join_all().await.into_iter().filter(Result::is_err).count();
        assert_eq!(refused, 0, "its user may come back as often as it wants");
        others.go_on().await;
        assert_eq!(server.metric("chinwag_sessions", &[]).await, sessions, "round {round}");
        let mut browser = server.reopen(tab).await;
        let text = format!("round {round}");
        assert_eq!(browser.ask(&text).await, [text]);
        tab = browser.hang_up();
    }
    assert_eq!(tab.screen.texts(), ["before", "round 0", "round 1", "round 2"]);
    others.end().await;
    is_well(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_sessions_than_there_may_be_are_refused_and_the_others_stay() {
    let settings = Settings::default().env("CHINWAG_MAX_SESSIONS", "40");
    let server = serving(settings, &["echo"]).await;
    let others = Healthy::begin(&server).await;
    let (mut inside, mut refused): (Vec<Browser>, _) = (Vec::new(), 0);
    for _ in 0..60 {
        match Browser::knock(&server.url, Tab::new("echo")).await {
            Ok(browser) => inside.push(browser),
            Err(refusal) => {
                assert_eq!(refusal["message"], "Connection refused by server");
                refused += 1;
            }
        }
    }
    assert_eq!((inside.len(), refused), (16, 44));
    others.end().await;
    is_well(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_never_finish_their_request_are_ended() {
    let settings = Settings::default().env("CHINWAG_UPLOAD_TIMEOUT", "5s");
    let server = serving(settings.env("CHINWAG_UPLOADS__TIMEOUT", "5s"), &["echo"]).await;
    let mut others = Healthy::begin(&server).await;
    let body = "POST /project/action HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    let mut silent = JoinSet::new();
    for begin in ["", "GET /healthz HTTP/1.1\r\nhost: x\r\n", body] {
        for _ in 0..SILENT / 3 {
            let mut stream = raw::connect(&server).await;
            stream.write_all(begin.as_bytes()).await.expect("the server reads");
            silent.spawn(raw::ended(stream));
        }
    }
    others.go_on().await;
    assert_eq!(server.open("echo").await.ask("a place for me?").await, ["a place for me?"]);
    silent.join_all().await;
    others.end().await;
    is_well(&server).await;
}
