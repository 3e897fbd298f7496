//! A chat page that connects with npm's `socket.io-client`: polling first, then a websocket, and back by itself when the connection
//! breaks. `js/client.mjs` does it; here it is told what to do, a line of JSON at a time.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use crate::{
    artifacts,
    client::{Client, Event, Tab},
    within,
};

/// A connected page. Its node process ends with it.
#[derive(Debug)]
pub struct Npm {
    tab: Tab,
    url: String,
    _node: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Npm {
    /// Connects a tab.
    ///
    /// # Panics
    /// The server does not let it in, or node does not run.
    pub async fn connect(url: &str, tab: Tab) -> Self {
        let mut command = Command::new("node");
        command.arg("client.mjs").current_dir(artifacts::js()).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut node = command.spawn().expect("node runs");
        let stdin = node.stdin.take().expect("stdin is a pipe");
        let lines = BufReader::new(node.stdout.take().expect("stdout is a pipe")).lines();
        let (auth, cookies) = (tab.auth(), tab.cookies.clone());
        let mut npm = Self { tab, url: url.into(), _node: node, stdin, lines };
        npm.tell(&json!({ "connect": url, "auth": auth, "cookies": cookies })).await;
        let news = npm.news("connected").await;
        assert!(news["connected"].is_string(), "the server does not let the tab in: {news}");
        npm.until("clear_call_fn").await;
        npm
    }

    /// Breaks the connection, which the client makes again by itself.
    pub async fn break_connection(&mut self) {
        self.tell(&json!({ "break": true })).await;
        self.news("disconnected").await;
        self.news("connected").await;
    }

    /// Waits until the client has moved from polling to a websocket.
    pub async fn upgraded(&mut self) {
        self.tell(&json!({ "upgrade": true })).await;
        self.news("upgraded").await;
    }

    async fn tell(&mut self, what: &Value) {
        let line = format!("{what}\n");
        self.stdin.write_all(line.as_bytes()).await.expect("node listens");
    }

    /// The next line of this kind. Events on the way change the screen.
    async fn news(&mut self, kind: &str) -> Value {
        loop {
            let line = within(kind, self.line()).await;
            if line.get(kind).is_some() || line.get("refused").is_some() {
                return line;
            }
            if let Some(event) = event(&line) {
                self.tab.screen.apply(&event);
            }
        }
    }

    async fn line(&mut self) -> Value {
        let line = self.lines.next_line().await.expect("node writes text");
        let line = line.expect("node goes on until it is told to stop");
        serde_json::from_str(&line).expect("node writes JSON")
    }
}

impl Client for Npm {
    fn tab(&mut self) -> &mut Tab {
        &mut self.tab
    }

    fn url(&self) -> &str {
        &self.url
    }

    async fn receive(&mut self) -> Event {
        loop {
            if let Some(event) = event(&self.line().await) {
                return event;
            }
        }
    }

    async fn emit(&mut self, event: &str, args: &[Value]) {
        self.tell(&json!({ "emit": event, "args": args })).await;
    }
}

fn event(line: &Value) -> Option<Event> {
    let name = line["event"].as_str()?.to_owned();
    Some(Event { name, args: line["args"].as_array().cloned().unwrap_or_default() })
}
