//! Servers that are measured.

use std::{
    net::TcpListener,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::{
    net::TcpStream,
    process::{Child, Command},
    time::{sleep, timeout},
};

use crate::{load::on_core, order::Order};

/// The core of the server.
const CORE: usize = 0;
/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(60);
/// Of the admin API; these servers live for seconds, on this machine only.
const TOKEN: &str = "a-token-that-only-lives-as-long-as-a-bench";

/// Who is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// A handler on socketioxide and axum, without any of what Chinwag does.
    Bare,
    /// Conversations are forgotten with their sessions.
    Chinwag,
    /// Conversations are kept in SQLite.
    Kept,
    Node,
    Chainlit,
}

impl Peer {
    pub(crate) const ALL: [Self; 5] =
        [Self::Bare, Self::Chinwag, Self::Kept, Self::Node, Self::Chainlit];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare socketioxide",
            Self::Chinwag => "Chinwag",
            Self::Kept => "Chinwag, SQLite",
            Self::Node => "Node socket.io",
            Self::Chainlit => "Chainlit",
        }
    }

    /// Starts its server, with `bot` in it if it has bots.
    pub(crate) async fn start(self, order: &Order, bot: &'static str) -> Result<Server> {
        let data = TempDir::new()?;
        let server = self.start_in(order, bot, data).await?;
        if matches!(self, Self::Chinwag | Self::Kept) {
            let component = std::fs::read(order.bots.join(format!("{bot}.wasm")))?;
            server.deploy(bot, component).await?;
        }
        Ok(server)
    }

    /// As [`Self::start`], with what an earlier server has left.
    pub(crate) async fn start_in(
        self,
        order: &Order,
        bot: &'static str,
        data: TempDir,
    ) -> Result<Server> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = self.command(order, port, data.path())?;
        let begin = Instant::now();
        let process = command.kill_on_drop(true).stdin(Stdio::null()).stdout(Stdio::null());
        let process = process.stderr(Stdio::null()).spawn();
        let process = process.with_context(|| format!("{} does not start", self.name()))?;
        let http = reqwest::Client::builder().no_proxy().build()?;
        let mut server = Server { process, port, bot, data, http, took: Duration::ZERO };
        match self {
            Self::Chinwag | Self::Kept => server.until_ready(begin).await?,
            _ => server.until_open(begin).await?,
        }
        Ok(server)
    }

    fn command(self, order: &Order, port: u16, data: &Path) -> Result<Command> {
        let own = std::env::current_exe()?.with_file_name("bare");
        Ok(match self {
            Self::Bare => {
                let mut command = on_core(CORE, &own.to_string_lossy());
                command.arg(port.to_string());
                command
            }
            Self::Chinwag | Self::Kept => {
                let mut command = on_core(CORE, &order.chinwag.to_string_lossy());
                command.args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--log", "warn"]);
                command.args(["--store", if self == Self::Kept { "sqlite" } else { "off" }]);
                command.arg("--data").arg(data).current_dir(data).env("CHINWAG_ADMIN_TOKEN", TOKEN);
                command
            }
            Self::Node => {
                let mut command = on_core(CORE, "node");
                command.arg(order.peers.join("node/server.mjs")).arg(port.to_string());
                command
            }
            Self::Chainlit => {
                // It writes its settings beside the app.
                let app = data.join("app.py");
                std::fs::copy(order.peers.join("chainlit/app.py"), &app)?;
                let mut command = on_core(CORE, &order.python.to_string_lossy());
                command.args(["-m", "chainlit", "run"]).arg(app).args(["--headless", "--port"]);
                command.arg(port.to_string()).current_dir(data);
                command
            }
        })
    }
}

/// A server that runs; it is killed with this.
pub(crate) struct Server {
    process: Child,
    pub(crate) port: u16,
    pub(crate) bot: &'static str,
    data: TempDir,
    http: reqwest::Client,
    /// From the start of its process until it was ready.
    pub(crate) took: Duration,
}

impl Server {
    pub(crate) fn pid(&self) -> u32 {
        self.process.id().unwrap_or(0)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    async fn until_open(&mut self, begin: Instant) -> Result<()> {
        while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            self.wait(begin).await?;
        }
        self.took = begin.elapsed();
        Ok(())
    }

    async fn until_ready(&mut self, begin: Instant) -> Result<()> {
        self.until_open(begin).await?;
        let url = self.url("/readyz");
        while !self.http.get(&url).send().await.is_ok_and(|it| it.status().is_success()) {
            self.wait(begin).await?;
        }
        self.took = begin.elapsed();
        Ok(())
    }

    async fn wait(&mut self, begin: Instant) -> Result<()> {
        if let Some(status) = self.process.try_wait()? {
            bail!("the server has ended ({status})");
        }
        ensure!(begin.elapsed() < PATIENCE, "the server is not ready after {PATIENCE:?}");
        // The server tells nobody when it is ready.
        sleep(Duration::from_millis(1)).await;
        Ok(())
    }

    /// Uploads a component and makes it answer. Returns how long that took.
    pub(crate) async fn deploy(&self, bot: &str, component: Vec<u8>) -> Result<Duration> {
        let request = self.http.put(self.url(&format!("/api/bots/{bot}"))).body(component);
        let begin = Instant::now();
        let answer = request.bearer_auth(TOKEN).send().await?;
        let took = begin.elapsed();
        let (status, text) = (answer.status(), answer.text().await?);
        ensure!(status.is_success(), "`{bot}` is not deployed: {text}");
        Ok(took)
    }

    /// Makes another version answer.
    pub(crate) async fn activate(&self, version: u32) -> Result<()> {
        let url = self.url(&format!("/api/bots/{}/activate", self.bot));
        let body = serde_json::json!({ "version": version });
        let answer = self.http.post(url).bearer_auth(TOKEN).json(&body).send().await?;
        ensure!(answer.status().is_success(), "version {version} is not active: {answer:?}");
        Ok(())
    }

    /// How many sessions live.
    pub(crate) async fn sessions(&self) -> Result<u64> {
        let answer = self.http.get(self.url("/api/sessions")).bearer_auth(TOKEN).send().await?;
        let sessions: serde_json::Value = answer.json().await?;
        sessions.pointer("/total").and_then(|it| it.as_u64()).context("no count of sessions")
    }

    /// Stops the server in order. Returns what it has left.
    pub(crate) async fn stop(mut self) -> Result<TempDir> {
        if let Some(pid) = i32::try_from(self.pid()).ok().and_then(Pid::from_raw) {
            kill_process(pid, Signal::TERM)?;
        }
        if timeout(PATIENCE, self.process.wait()).await.is_err() {
            self.process.kill().await?;
        }
        Ok(self.data)
    }
}
