//! An OpenID Connect provider: npm's `oidc-provider`, run by `js/provider.mjs`.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use crate::{artifacts, within};

/// What the provider knows the server by.
pub const SECRET: &str = "the-secret-between-server-and-provider";

/// A running provider. Its node process ends with it.
#[derive(Debug)]
pub struct Provider {
    /// Where it is.
    pub issuer: String,
    _node: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Provider {
    /// Starts a provider, which answers nothing until it [serves](Self::serve).
    ///
    /// # Panics
    /// Node does not run.
    pub async fn start() -> Self {
        let mut command = Command::new("node");
        command.arg("provider.mjs").current_dir(artifacts::js()).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut node = command.spawn().expect("node runs");
        let stdin = node.stdin.take().expect("stdin is a pipe");
        let lines = BufReader::new(node.stdout.take().expect("stdout is a pipe")).lines();
        let mut provider = Self { issuer: String::new(), _node: node, stdin, lines };
        let news = provider.news("issuer").await;
        provider.issuer = news["issuer"].as_str().expect("an issuer").to_owned();
        provider
    }

    /// Serves, and sends users back to `redirect`.
    pub async fn serve(&mut self, redirect: &str, claims_in_token: bool) {
        let serve = json!({
            "redirect": redirect,
            "secret": SECRET,
            "claims_in_token": claims_in_token,
        });
        self.tell(&json!({ "serve": serve })).await;
        self.news("serving").await;
    }

    /// From now on this is who everybody is; null is whoever refuses.
    pub async fn user(&mut self, claims: &Value) {
        self.tell(&json!({ "user": claims })).await;
        self.news("user").await;
    }

    async fn tell(&mut self, what: &Value) {
        let line = format!("{what}\n");
        self.stdin.write_all(line.as_bytes()).await.expect("node listens");
    }

    async fn news(&mut self, kind: &str) -> Value {
        loop {
            let line = within(kind, self.lines.next_line()).await.expect("node writes text");
            let line = line.expect("node goes on until it is told to stop");
            // Whatever else it says is meant for people.
            let Ok(news) = serde_json::from_str::<Value>(&line) else { continue };
            if news.get(kind).is_some() {
                return news;
            }
        }
    }
}
