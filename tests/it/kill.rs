//! kill -9 at the worst moments: afterwards there is exactly one whole active version, and it answers.

use std::{fs, path::PathBuf, time::Duration};

use chinwag_tests::{
    artifacts,
    client::Client,
    server::{TOKEN, TestServer},
    within,
};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// When the server is killed.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// After so many hundredths of the upload's bytes.
    Sent(usize),
    /// As soon as there is a file with a name like this in a folder of the data: an upload under way, a compilation, a stored
    /// component, its record.
    Seen(&'static str, &'static str),
    /// When the upload was answered.
    Answered,
}

const MOMENTS: [Moment; 11] = [
    Moment::Sent(0),
    Moment::Sent(1),
    Moment::Sent(50),
    Moment::Sent(99),
    Moment::Sent(100),
    Moment::Seen("incoming", ""),
    Moment::Seen("compiled", "compiling-"),
    Moment::Seen("bots/bot", "{next}.wasm"),
    Moment::Seen("bots/bot", "{next}.json"),
    Moment::Answered,
    Moment::Sent(100),
];

#[tokio::test]
async fn killed_at_any_moment_of_an_upload_it_comes_back_with_one_whole_active_version() {
    let mut server = TestServer::start().await;
    server.admin().deploy("bot", artifacts::versioned(1)).await;
    // What is in each version: a number is used again if its upload was cut before it was stored.
    let mut markers = vec![1];
    let mut before = 1;
    for (n, moment) in MOMENTS.into_iter().enumerate() {
        let marker = 100 + n as u64;
        let next = markers.len() + 1;
        upload_until(&server, marker, moment, next).await;
        server.kill().await;
        server.restart().await;

        let bot = server.admin().bot("bot").await;
        let versions = bot.body["versions"].as_array().expect("a list of versions");
        if versions.len() == next {
            markers.push(marker);
        }
        assert_eq!(versions.len(), markers.len(), "{moment:?}: {versions:?}");
        let active = bot.body["active"].as_u64().expect("exactly one version is active");
        let active = usize::try_from(active).expect("a small number");
        let is_new = versions.len() == next && active == next;
        assert!(is_new || active == before, "{moment:?}: {active} came back");
        assert!(is_new || !matches!(moment, Moment::Answered), "an answered upload is lost");
        before = active;

        let mut browser = server.open("bot").await;
        assert_eq!(browser.ask("x").await, [format!("v{}:x", markers[active - 1])], "{moment:?}");
        assert_eq!(server.listed("incoming"), [] as [String; 0], "{moment:?}");
        let code = server.listed("compiled");
        assert!(!code.iter().any(|name| name.starts_with("compiling-")), "{moment:?}: {code:?}");
    }
    assert!(markers.len() > 2, "no upload ever survived: the moments are all too early");
}

#[tokio::test]
async fn versions_their_order_and_their_compiled_code_survive_a_kill() {
    let mut server = TestServer::start().await;
    for marker in 1..=3 {
        server.admin().deploy("bot", artifacts::versioned(marker)).await;
    }
    server.admin().activate("bot", 1).await;
    let before = server.admin().bot("bot").await.body;
    assert_eq!(server.metric("chinwag_compile_seconds_count", &[]).await, 3.0);

    server.kill().await;
    server.restart().await;
    let after = server.admin().bot("bot").await.body;
    assert_eq!((&after["active"], &after["versions"]), (&json!(1), &before["versions"]));
    let mut browser = server.open("bot").await;
    assert_eq!(browser.ask("a").await, ["v1:a"]);
    assert_eq!(server.admin().roll_back("bot").await.body["active"], json!(3));
    assert_eq!(browser.ask("b").await, ["v3:b"]);
    let compiled = server.metric("chinwag_compile_seconds_count", &[]).await;
    assert_eq!(compiled, 0.0, "code that was compiled before is compiled again");
    assert_eq!(
        server.admin().deploy("bot", artifacts::versioned(4)).await,
        4,
        "no number is used twice"
    );
}

#[tokio::test]
async fn code_whose_cache_was_tampered_with_is_compiled_again() {
    let mut server = TestServer::with(&["echo"]).await;
    server.kill().await;
    for name in server.listed("compiled") {
        let path = server.data_file("compiled").join(name);
        let mut code = fs::read(&path).expect("compiled code can be read");
        if let Some(byte) = code.last_mut() {
            *byte ^= 1;
        }
        fs::write(path, code).expect("compiled code can be written");
    }
    server.restart().await;
    assert_eq!(server.open("echo").await.ask("still me").await, ["still me"]);
    assert_eq!(server.metric("chinwag_compile_seconds_count", &[]).await, 1.0);
}

/// Uploads a component until the moment has come.
async fn upload_until(server: &TestServer, marker: u64, moment: Moment, next: usize) {
    let component = artifacts::versioned(marker);
    let host = server.url.strip_prefix("http://").expect("test servers speak HTTP");
    let mut socket = TcpStream::connect(host).await.expect("the server listens");
    let head = format!(
        "PUT /api/bots/bot HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {TOKEN}\r\ncontent-length: {}\r\n\r\n",
        component.len()
    );
    socket.write_all(head.as_bytes()).await.expect("the server reads");
    let percent = if let Moment::Sent(percent) = moment { percent } else { 100 };
    let part = &component[..component.len() * percent / 100];
    socket.write_all(part).await.expect("the server reads");
    match moment {
        Moment::Sent(_) => {}
        Moment::Seen(folder, name) => {
            let name = name.replace("{next}", &next.to_string());
            let seen = seen(server.data_file(folder), &name);
            within(&format!("`{name}` in `{folder}`"), seen).await;
        }
        Moment::Answered => {
            let mut answer = [0; 12];
            let read = socket.read_exact(&mut answer);
            within("an answer", read).await.expect("the server answers");
            assert_eq!(&answer, b"HTTP/1.1 201");
        }
    }
}

/// Waits until a file is there whose name begins like this; there is nobody who could tell.
async fn seen(folder: PathBuf, name: &str) {
    let is_there = || {
        let entries = fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok);
        entries.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with(name))
    };
    let mut ticks = tokio::time::interval(Duration::from_millis(1));
    while !is_there() {
        ticks.tick().await;
    }
}
