//! A chat page of somebody else's making: npm's `@chainlit/react-client` connects, says and shows. `js/react.mjs` runs its hooks; here
//! it is told what to do, a line of JSON at a time.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::timeout,
};

use crate::{PATIENCE, artifacts, client::Tab, within};

/// An open page. Its node process ends with it.
#[derive(Debug)]
pub struct React {
    _node: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl React {
    /// Opens the page with the cookies and the bot of a tab, and waits until it is connected.
    ///
    /// # Panics
    /// Node does not run.
    pub async fn open(url: &str, tab: &Tab) -> Self {
        let mut command = Command::new("node");
        command.arg("react.mjs").current_dir(artifacts::js()).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut node = command.spawn().expect("node runs");
        let stdin = node.stdin.take().expect("stdin is a pipe");
        let lines = BufReader::new(node.stdout.take().expect("stdout is a pipe")).lines();
        let mut page = Self { _node: node, stdin, lines };
        let open = json!({ "url": url, "cookies": tab.cookies, "bot": tab.bot });
        page.tell(&json!({ "open": open })).await;
        page.until("a connection", |page| page["connected"] == true).await;
        page
    }

    /// The user sends a message, and waits until the page shows this text below it. Returns what the page shows then.
    pub async fn ask(&mut self, text: &str, answer: &str) -> Value {
        self.tell(&json!({ "say": text })).await;
        self.until(answer, |page| page["loading"] == false && find(page, answer).is_some()).await
    }

    /// The user picks a conversation. Returns what the page shows when it shows this text.
    pub async fn resume(&mut self, thread: &str, text: &str) -> Value {
        self.tell(&json!({ "resume": thread })).await;
        let is_there = |page: &Value| page["connected"] == true && page["loading"] == false;
        self.until(text, |page| is_there(page) && find(page, text).is_some()).await
    }

    /// Calls a method of the client's own HTTP API.
    pub async fn call(&mut self, method: &str, args: &[Value]) -> Value {
        self.tell(&json!({ "call": method, "args": args })).await;
        loop {
            let mut line = within(method, self.line()).await;
            if line.get("answer").is_some() {
                return line["answer"].take();
            }
        }
    }

    /// Waits until the page shows something.
    async fn until(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let mut shown = Value::Null;
        loop {
            let Ok(mut line) = timeout(PATIENCE, self.line()).await else {
                panic!("{what}: not within {PATIENCE:?}; the page shows {shown:#}");
            };
            if fits(&line["page"]) {
                return line["page"].take();
            }
            if line["page"].is_object() {
                shown = line["page"].take();
            }
        }
    }

    async fn tell(&mut self, what: &Value) {
        let line = format!("{what}\n");
        self.stdin.write_all(line.as_bytes()).await.expect("node listens");
    }

    async fn line(&mut self) -> Value {
        let line = self.lines.next_line().await.expect("node writes text");
        let line = line.expect("node goes on until it is told to stop");
        // The client itself says things there, too.
        serde_json::from_str(&line).unwrap_or_default()
    }
}

/// The step with this text, somewhere in the tree that the client makes of them.
#[must_use]
pub fn find<'a>(shown: &'a Value, text: &str) -> Option<&'a Value> {
    if shown["output"] == text {
        return Some(shown);
    }
    let below = ["messages", "steps"].into_iter().filter_map(|field| shown[field].as_array());
    below.flatten().find_map(|step| find(step, text))
}
