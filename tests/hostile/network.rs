//! Guests that send requests: to the inside, and to servers that answer without an end. Rows 18 and 19.

use std::time::Duration;

use chinwag_tests::{
    artifacts,
    client::Client,
    server::{Settings, TestServer},
    upstream::Upstream,
};
use serde_json::json;
use tokio::{
    io::AsyncWriteExt,
    time::{interval, sleep},
};

use crate::{
    denial::{is_refused, is_well, serving},
    healthy::Healthy,
};

/// A server of the inside: its page is what a bot must not get, unless it is granted.
async fn page() -> Upstream {
    Upstream::saying("HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: close\r\n\r\ninside")
        .await
}

/// A server with the bot `fetcher`, which may send requests to these hosts.
async fn fetching(settings: Settings, hosts: &[String]) -> TestServer {
    let server = serving(settings, &["echo"]).await;
    let admin = server.admin();
    let held = admin.put("fetcher", artifacts::bot("fetcher")).await;
    assert_eq!(held.body["active"], false, "it was let out unasked: {held:?}");
    assert_eq!(
        held.body["grants_needed"],
        json!(["host:api.example.com", "secret:key", "model:small"])
    );
    grant(&server, hosts).await;
    assert_eq!(admin.activate("fetcher", 1).await.status, 200);
    server
}

async fn grant(server: &TestServer, hosts: &[String]) {
    let admin = server.admin();
    let hosts: Vec<&str> = hosts.iter().map(String::as_str).chain(["api.example.com"]).collect();
    let grants = json!({ "hosts": hosts, "secrets": ["key"], "models": ["small"] });
    let request = admin.request(reqwest::Method::PUT, "/api/bots/fetcher/grants").json(&grants);
    let reply = admin.send(request).await;
    assert_eq!(reply.status, 200, "{reply:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_spelling_of_an_address_inside_is_reached() {
    let inside = page().await;
    let port = inside.port();
    let server = fetching(Settings::default(), &[format!("localhost:{port}")]).await;
    let mut others = Healthy::begin(&server).await;
    let mut browser = server.open("fetcher").await;
    let spellings = [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "0.0.0.0",
        "[::]",
        "169.254.169.254",
        "10.0.0.1",
        "192.168.0.1",
        "[fd00:ec2::254]",
        "127.0.0.1.",
        "0",
    ];
    for host in spellings {
        let said = browser.ask(&format!("get http://{host}:{port}/")).await;
        let refused = ["http-request-denied", "destination-ip-prohibited"];
        assert!(refused.contains(&said[0].as_str()), "{host}: {said:?}");
    }
    is_refused(&server, "fetcher", "http-not-granted").await;
    for host in ["localhost", "LocalHost"] {
        let said = browser.ask(&format!("get http://{host}:{port}/")).await;
        assert_eq!(said, ["destination-ip-prohibited"], "a granted name resolves inside");
    }
    is_refused(&server, "fetcher", "http-inside").await;
    others.go_on().await;

    grant(&server, &[inside.host()]).await;
    assert_eq!(
        browser.ask(&format!("get {}", inside.url())).await,
        ["200, 6 bytes"],
        "it is granted"
    );
    others.end().await;
    is_well(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redirect_to_the_inside_is_refused_at_the_inside() {
    let inside = page().await;
    let location = inside.url();
    let moved = "HTTP/1.1 302 Found\r\ncontent-length: 0\r\nconnection: close\r\nlocation: ";
    let outside = Upstream::saying(format!("{moved}{location}\r\n\r\n")).await;
    let server = fetching(Settings::default(), &[outside.host()]).await;
    let mut browser = server.open("fetcher").await;
    assert_eq!(browser.ask(&format!("get {}", outside.url())).await, ["302, 0 bytes"]);
    assert_eq!(browser.ask(&format!("follow {}", outside.url())).await, ["http-request-denied"]);
    is_refused(&server, "fetcher", "http-not-granted").await;
    is_well(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_without_an_end_are_cut_at_their_bytes_and_at_their_time() {
    let endless = Upstream::new(|mut stream, _| async move {
        let mut piece = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
        while stream.write_all(&piece).await.is_ok() {
            piece = vec![b'x'; 64 << 10];
        }
    })
    .await;
    let trickling = Upstream::new(|mut stream, _| async move {
        let mut ticks = interval(Duration::from_millis(100));
        let mut piece = "HTTP/1.1 200 OK\r\n\r\n".to_owned();
        while stream.write_all(piece.as_bytes()).await.is_ok() {
            piece = "x".to_owned();
            ticks.tick().await;
        }
    })
    .await;
    // Holds the connection for longer than any limit.
    let silent = Upstream::new(|stream, _| async move {
        sleep(Duration::from_secs(3_600)).await;
        drop(stream);
    })
    .await;
    let headers: String = (0..2_000).map(|n| format!("x-{n}: {}\r\n", "x".repeat(500))).collect();
    let bomb = Upstream::saying(format!("HTTP/1.1 200 OK\r\n{headers}\r\n")).await;
    let settings = Settings::default().env("CHINWAG_LIMITS__HTTP_BYTES", "1 MiB");
    let settings =
        settings.env("CHINWAG_LIMITS__HTTP_TIMEOUT", "1s").env("CHINWAG_LIMITS__WALL", "5s");
    let hosts = [&endless, &trickling, &silent, &bomb].map(Upstream::host);
    let server = fetching(settings, &hosts).await;
    let mut others = Healthy::begin(&server).await;
    let mut browser = server.open("fetcher").await;

    let said = browser.ask(&format!("get {}", endless.url())).await;
    assert!(said[0].starts_with("200, cut after"), "{said:?}");
    is_refused(&server, "fetcher", "http-bytes-limit").await;
    assert_eq!(browser.ask(&format!("get {}", silent.url())).await, ["http-response-timeout"]);
    is_refused(&server, "fetcher", "http-timeout").await;
    assert_eq!(browser.ask(&format!("get {}", bomb.url())).await, ["http-protocol-error"]);
    let large = format!("post 2000000 {}", endless.url());
    assert_ne!(browser.ask(&large).await, ["200, 0 bytes"], "more was sent than may be");
    others.go_on().await;
    // Each byte comes in time, and there is no last one: the turn's own clock ends it.
    browser.turn(&format!("get {}", trickling.url())).await;
    crate::denial::is_cut(&server, &mut browser, "wall-limit").await;
    others.end().await;
    is_well(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_without_number_and_secrets_for_strangers_are_refused() {
    let inside = page().await;
    let settings = Settings::default()
        .env("CHINWAG_LIMITS__HTTP_REQUESTS", "5")
        .env("CHINWAG_SECRETS__KEY__VALUE", "hidden-value")
        .env("CHINWAG_SECRETS__KEY__HOSTS", "[api.example.com]");
    let server = fetching(settings, &[inside.host()]).await;
    let mut browser = server.open("fetcher").await;
    let said = browser.ask(&format!("flood {}", inside.url())).await;
    assert_eq!(said, ["5 requests, then http-request-denied"]);
    is_refused(&server, "fetcher", "http-requests-limit").await;
    let said = browser.ask(&format!("secret {}", inside.url())).await;
    assert_eq!(said, ["http-request-denied"]);
    is_refused(&server, "fetcher", "secret-not-granted").await;
    let log = serde_json::to_string(&server.admin().log("fetcher").await).expect("a log is JSON");
    assert!(!log.contains("hidden-value"), "{log}");
    let bot = server.admin().bot("fetcher").await.body.to_string();
    assert!(!bot.contains("hidden-value"), "{bot}");
    is_well(&server).await;
}
