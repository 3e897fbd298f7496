//! The stock page in headless Chromium. What it does is in `js/stock_ui.mjs`.

use std::process::Stdio;

use chinwag_tests::{artifacts, server::Settings, within};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
};

const STORIES: [&str; 15] = [
    "load",
    "hello",
    "stream",
    "steps",
    "longstep",
    "actions",
    "image",
    "stop",
    "session",
    "toast",
    "update",
    "remove",
    "error",
    "reconnect",
    "nothing broke",
];

#[tokio::test]
async fn the_stock_page_works_with_every_thing_that_a_bot_can_show() {
    let server = Settings::default().flag("--ui", artifacts::page()).start().await;
    server.deploy("showcase").await;
    let mut command = Command::new("node");
    command.current_dir(artifacts::js()).arg("stock_ui.mjs").arg(&server.url);
    command.arg(artifacts::target().join("screenshots"));
    command.stdout(Stdio::piped()).kill_on_drop(true);
    let mut node = command.spawn().expect("node runs");
    let mut lines = BufReader::new(node.stdout.take().expect("stdout is a pipe")).lines();
    let mut failed = Vec::new();
    for expected in STORIES {
        let line = within(expected, lines.next_line()).await.expect("node writes text");
        let line = line.unwrap_or_else(|| panic!("the browser ended before `{expected}`"));
        let told: Value = serde_json::from_str(&line).expect("node writes JSON");
        assert_eq!(told["story"], expected);
        if let Some(error) = told["error"].as_str() {
            failed.push(format!("{expected}: {error}"));
        }
    }
    assert!(failed.is_empty(), "see target/screenshots: {failed:#?}");
}
