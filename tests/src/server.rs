//! A server of one's own: the real binary, started on a free port with a data folder that goes with it.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::Arc,
    time::Duration,
};

use parking_lot::Mutex;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{Child, Command},
    sync::watch,
    task::JoinSet,
};

use crate::{
    admin::Admin,
    artifacts,
    browser::Browser,
    client::{Client, Tab},
    metrics::Metrics,
    within,
};

/// The admin token of every test server.
pub const TOKEN: &str = "the-token-of-the-tests";
const READY: &str = "chinwag listens on ";
const ANY_PORT: &str = "127.0.0.1:0";

/// How a server is started.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    arguments: Vec<OsString>,
    environment: Vec<(String, String)>,
    /// The program that becomes the server, with its arguments; empty for the binary itself.
    through: Vec<OsString>,
    /// Where it keeps its data if that is no folder of its own: as it finds it, and as the tests do.
    place: Option<(PathBuf, PathBuf)>,
}

impl Settings {
    /// Adds a flag with its value.
    #[must_use]
    pub fn flag(mut self, flag: &str, value: impl Into<OsString>) -> Self {
        self.arguments.extend([flag.into(), value.into()]);
        self
    }

    /// Adds a variable of the environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Starts the binary through a program, which must become it: whoever signals the process must meet the server.
    #[must_use]
    pub fn through(mut self, program: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.through = program.into_iter().map(Into::into).collect();
        self
    }

    /// Keeps the data in this folder, which the tests find at `seen` if the server lives in a world of its own.
    #[must_use]
    pub fn keep_at(mut self, folder: PathBuf, seen: PathBuf) -> Self {
        self.place = Some((folder, seen));
        self
    }

    /// Starts a server that has these settings.
    pub async fn start(self) -> TestServer {
        let data = tempfile::tempdir().expect("a temporary folder can be made");
        let (process, url) = spawn(&self, data.path(), ANY_PORT).await;
        TestServer { settings: self, data, url, process }
    }

    /// Starts a server that must not start. Returns how it ended, and what it said about it.
    pub async fn does_not_start(self) -> (ExitStatus, String) {
        let data = tempfile::tempdir().expect("a temporary folder can be made");
        let ended = self.serve(data.path(), ANY_PORT).output();
        let ended = within("the end of the server", ended).await.expect("it can be run");
        (ended.status, String::from_utf8_lossy(&ended.stderr).into_owned())
    }

    /// The command that serves.
    fn serve(&self, data: &Path, address: &str) -> Command {
        let mut command = bare(&self.through);
        let folder = self.place.as_ref().map_or_else(|| data.join("data"), |it| it.0.clone());
        command.args(["serve", "--listen", address, "--data"]).arg(folder);
        command.arg("--public").arg(artifacts::public());
        command.args(&self.arguments).env("CHINWAG_ADMIN_TOKEN", TOKEN).current_dir(data);
        command.envs(self.environment.iter().cloned());
        command
    }
}

/// A running server. It is killed when dropped.
#[derive(Debug)]
pub struct TestServer {
    settings: Settings,
    data: TempDir,
    /// Where it listens.
    pub url: String,
    process: Process,
}

#[derive(Debug)]
struct Process {
    child: Child,
    log: Log,
    // Reads the log for as long as the server is there.
    _reader: JoinSet<()>,
}

impl TestServer {
    /// Starts a server without bots.
    pub async fn start() -> Self {
        Settings::default().start().await
    }

    /// Starts a server with bots, each deployed under its own name.
    pub async fn with(bots: &[&str]) -> Self {
        let server = Self::start().await;
        for bot in bots {
            server.deploy(bot).await;
        }
        server
    }

    /// Deploys a bot under its own name. Returns the number of the version.
    pub async fn deploy(&self, bot: &str) -> u64 {
        self.admin().deploy(bot, artifacts::bot(bot)).await
    }

    /// Who holds the admin token.
    #[must_use]
    pub fn admin(&self) -> Admin {
        Admin::new(&self.url, TOKEN)
    }

    /// Somebody opens a browser tab and picks a bot.
    pub async fn open(&self, bot: &str) -> Browser {
        Browser::connect(&self.url, Tab::new(bot)).await
    }

    /// As [`TestServer::open`], and waits until the bot's greeting is over: for bots that have one.
    pub async fn open_greeted(&self, bot: &str) -> Browser {
        let mut browser = self.open(bot).await;
        browser.until("task_start").await;
        browser.until("task_end").await;
        browser
    }

    /// A tab comes back after its connection broke.
    pub async fn reopen(&self, tab: Tab) -> Browser {
        Browser::connect(&self.url, tab).await
    }

    /// The folder in which it keeps everything.
    #[must_use]
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// A command line of the same binary that talks to this server.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = bare(&[]);
        command.args(arguments).current_dir(self.data.path());
        command.env("CHINWAG_SERVER", &self.url).env("CHINWAG_ADMIN_TOKEN", TOKEN);
        command
    }

    /// Types a command that reads this, and must end well.
    ///
    /// # Panics
    /// It does not.
    pub async fn run_with_input(&self, arguments: &[&str], input: &str) {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::null());
        let mut child = command.spawn().expect("the command runs");
        let mut stdin = child.stdin.take().expect("stdin is a pipe");
        stdin.write_all(input.as_bytes()).await.expect("the command reads");
        drop(stdin);
        let status = within("the end of a command", child.wait()).await.expect("it ends");
        assert!(status.success(), "{arguments:?} does not end well");
    }

    /// Waits until no session is left: they end some time after their clients have gone.
    pub async fn no_session_is_left(&self) {
        within("the end of all sessions", async {
            while self.metric("chinwag_sessions", &[]).await > 0.0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await;
    }

    /// What the server has logged.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.process.log
    }

    /// GETs a path without a token: status and text.
    pub async fn get(&self, path: &str) -> (u16, String) {
        let response = within(path, self.admin().open_request(path).send()).await;
        let response = response.expect("the server answers");
        let status = response.status().as_u16();
        (status, response.text().await.expect("the answer is text"))
    }

    /// The sum of a metric over all series that have these labels, written `bot="echo"`.
    pub async fn metric(&self, name: &str, labels: &[&str]) -> f64 {
        self.metrics().await.sum(name, labels)
    }

    /// All metrics at this moment.
    pub async fn metrics(&self) -> Metrics {
        Metrics(self.get("/metrics").await.1)
    }

    /// The id of the server's process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.process.child.id().expect("the server runs")
    }

    /// Kills the server at once: nothing is tidied up.
    pub async fn kill(&mut self) {
        self.process.child.kill().await.expect("the server runs");
    }

    /// Asks the server to stop, as service managers do, and waits until it has.
    pub async fn stop(&mut self) {
        self.ask_to_stop().await;
        self.stopped().await;
    }

    /// Asks the server to stop, as service managers do.
    ///
    /// # Panics
    /// It does not run.
    pub async fn ask_to_stop(&self) {
        let pid = self.pid().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status().await;
        assert!(asked.expect("`kill` runs").success(), "there is no process {pid}");
    }

    /// Waits until the server, which was asked to, has stopped in order.
    ///
    /// # Panics
    /// It has not.
    pub async fn stopped(&mut self) {
        let end = within("the end of the server", self.process.child.wait()).await;
        let status = end.expect("the server was started");
        assert!(status.success(), "the server does not stop in order: {status}");
    }

    /// Starts the server again on the same data, killing it first if it runs.
    pub async fn restart(&mut self) {
        self.start_again(ANY_PORT).await;
    }

    /// As [`TestServer::restart`], at the same address: clients find it where it was.
    ///
    /// # Panics
    /// It does not start.
    pub async fn restart_here(&mut self) {
        let address = self.url.strip_prefix("http://").expect("test servers speak HTTP").to_owned();
        self.start_again(&address).await;
    }

    async fn start_again(&mut self, address: &str) {
        // It may have been killed already.
        self.process.child.kill().await.ok();
        (self.process, self.url) = spawn(&self.settings, self.data.path(), address).await;
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the server's log ends with:\n{}", self.process.log.tail(40));
        }
    }
}

/// The binary without whatever the environment of the tests says to it.
fn bare(through: &[OsString]) -> Command {
    let mut words = through.iter().cloned().chain([artifacts::chinwag().into()]);
    let mut command = Command::new(words.next().expect("there is the binary"));
    command.args(words);
    let ours = std::env::vars_os().map(|(name, _)| name);
    for name in ours.filter(|name| name.to_string_lossy().starts_with("CHINWAG_")) {
        command.env_remove(name);
    }
    command.env("NO_COLOR", "1").stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// A command line of the binary that knows of no server.
#[must_use]
pub fn command(arguments: &[&str], folder: &Path) -> Command {
    let mut command = bare(&[]);
    command.args(arguments).current_dir(folder);
    command
}

async fn spawn(settings: &Settings, data: &Path, address: &str) -> (Process, String) {
    let mut command = settings.serve(data, address);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the server starts");

    let log = Log::default();
    let mut reader = JoinSet::new();
    let stderr = child.stderr.take().expect("stderr is a pipe");
    reader.spawn(log.clone().read(BufReader::new(stderr)));
    let mut stdout = BufReader::new(child.stdout.take().expect("stdout is a pipe")).lines();
    let line = within("the server's first line", stdout.next_line()).await.ok().flatten();
    let url = line.as_deref().and_then(|line| line.strip_prefix(READY));
    let url = url.unwrap_or_else(|| panic!("the server is not ready: {line:?}\n{}", log.tail(40)));
    (Process { child, log, _reader: reader }, url.trim().to_owned())
}

/// A server's log, line by line.
#[derive(Clone, Debug)]
pub struct Log {
    lines: Arc<Mutex<Vec<String>>>,
    count: Arc<watch::Sender<usize>>,
}

impl Default for Log {
    fn default() -> Self {
        Self { lines: Arc::default(), count: Arc::new(watch::Sender::new(0)) }
    }
}

impl Log {
    async fn read(self, stderr: impl tokio::io::AsyncBufRead + Unpin) {
        let mut lines = stderr.lines();
        while let Ok(Some(line)) = lines.next_line().await {
            self.lines.lock().push(line);
            self.count.send_modify(|count| *count += 1);
        }
    }

    /// Waits for a line that contains all of these, and returns it; it may be there already.
    pub async fn line(&self, parts: &[&str]) -> String {
        let mut count = self.count.subscribe();
        let fits = |line: &&String| parts.iter().all(|part| line.contains(part));
        within(&format!("a log line with {parts:?}"), async {
            loop {
                count.borrow_and_update();
                if let Some(line) = self.lines.lock().iter().find(fits) {
                    return line.clone();
                }
                count.changed().await.expect("the sender lives as long as the log");
            }
        })
        .await
    }

    /// The last lines.
    #[must_use]
    pub fn tail(&self, count: usize) -> String {
        let lines = self.lines.lock();
        lines[lines.len().saturating_sub(count)..].join("\n")
    }
}

/// What lies in a server's data folder.
impl TestServer {
    /// A file or folder below the server's own data folder.
    #[must_use]
    pub fn data_file(&self, name: &str) -> PathBuf {
        let place = self.settings.place.as_ref();
        place.map_or_else(|| self.data.path().join("data"), |it| it.1.clone()).join(name)
    }

    /// The names of what lies in a folder below it; none if it is not there.
    #[must_use]
    pub fn listed(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.data_file(folder)).into_iter().flatten();
        let names = entries.filter_map(Result::ok).map(|entry| entry.file_name());
        names.map(|name| name.to_string_lossy().into_owned()).collect()
    }
}
