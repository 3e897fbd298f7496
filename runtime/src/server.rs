//! The composition root: builds everything from the ground up, serves, and shuts down in order.

use std::{
    fs::{File, TryLockError},
    io::Write,
    net::SocketAddr,
    num::NonZero,
    path::Path,
    thread::available_parallelism,
    time::Duration,
};

use anyhow::{Context, bail};
use axum::serve::ListenerExt;
use metrics_exporter_prometheus::PrometheusHandle;
use rustix::net::sockopt::set_tcp_user_timeout;
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::{Handle, Runtime},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    admin::{self, AdminSettings, AdminToken, Readiness, panic_layer, probes},
    bots::{Bots, BotsSettings, watch},
    config::Config,
    domain::ByteSize,
    files::Files,
    gateway::{self, GatewaySettings},
    sandbox::{ArtifactKey, CompileSettings, Compiler, Sandbox},
    session::{SessionSettings, Sessions},
    telemetry,
};

/// What a session remembers of what it has shown.
const TRANSCRIPT: ByteSize = ByteSize::mib(8);
/// Instances beside those of turns: versions that are rehearsed, and a few to spare.
const REHEARSALS: u32 = 16;
/// How long a client may leave unacknowledged what it was sent, in milliseconds: Engine.IO's interval and timeout together.
const UNACKNOWLEDGED_MS: u32 = 45_000;
/// How often the recorded metrics are tidied.
const UPKEEP: Duration = Duration::from_secs(5);

/// Serves until `shutdown` resolves, then lets running turns finish for as long as the settings say.
///
/// Prints one line to standard output when the server answers: `chinwag listens on http://ADDRESS`.
///
/// # Errors
/// The data directory cannot be used, the address is taken, or the machine cannot run the sandbox.
pub async fn run(config: Config, shutdown: impl Future<Output = ()> + Send) -> anyhow::Result<()> {
    let metrics = telemetry::install_metrics()?;
    make_private(&config.data)?;
    let _lock = lock(&config.data)?;
    let token = match config.admin_token.clone() {
        Some(token) => token,
        None => AdminToken::open(&config.data)?,
    };
    // Beside turns, a few uploads may be rehearsed.
    let sandbox = Sandbox::new(config.concurrent_turns.get().saturating_add(REHEARSALS))?;
    let _epochs = sandbox.spawn_epochs().context("no thread can be made")?;
    let turns = turn_threads(&config)?;
    let bots = open_bots(&config, sandbox.clone(), turns.handle()).await?;
    let files =
        Files::open(&config.data.join("files")).context("the session files cannot be opened")?;
    let settings = session_settings(&config, &sandbox);
    let sessions = Sessions::new(bots.clone(), files, settings, turns.handle());

    let stop = CancellationToken::new();
    let tasks = TaskTracker::new();
    let readiness = Readiness::default();
    let admin = AdminSettings {
        upload_timeout: config.upload_timeout,
        shutdown: stop.clone(),
        metrics: metrics.clone(),
    };
    let app = gateway::router(sessions.clone(), bots.clone(), gateway_settings(&config))
        .merge(admin::router(bots.clone(), token, admin))
        .merge(probes(metrics.clone(), readiness.clone()))
        .layer(panic_layer());
    let listener = listen(config.listen).await?;
    let address = listener.local_addr()?;
    if let Some(dir) = config.watch.clone() {
        // Before the server says that it is ready: whoever waits for it finds the folder's bots there.
        let watch = watch(bots, dir.clone())
            .await
            .with_context(|| format!("the folder `{}` cannot be watched", dir.display()))?;
        drop(tasks.spawn(stop.clone().run_until_cancelled_owned(watch.run())));
    }
    let sweep = sessions.clone();
    let sweep = async move { sweep.sweep().await };
    drop(tasks.spawn(stop.clone().run_until_cancelled_owned(sweep)));
    drop(tasks.spawn(stop.clone().run_until_cancelled_owned(upkeep(metrics))));
    readiness.set(true);
    announce(address)?;

    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener.tap_io(prepare), app)
        .with_graceful_shutdown(stop.clone().cancelled_owned());
    let drained = async {
        shutdown.await;
        tracing::info!("shutting down");
        readiness.set(false);
        sessions.drain(config.drain).await;
        stop.cancel();
    };
    tokio::select! {
        served = serving.into_future() => served.context("the server failed")?,
        // Sockets stay open for as long as their clients like: there is nothing more to wait for on them.
        () = drained => {}
    }
    tasks.close();
    tasks.wait().await;
    Ok(())
}

/// Makes the data directory for this user alone.
fn make_private(data: &Path) -> anyhow::Result<()> {
    use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt};
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(data)
        .with_context(|| format!("the data directory `{}` cannot be made", data.display()))
}

/// Makes sure that no other server changes the data directory, for as long as the file is held.
fn lock(data: &Path) -> anyhow::Result<File> {
    let path = data.join("lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .with_context(|| format!("the lock `{}` cannot be opened", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!(
            "another server uses the data directory `{}`; stop it, or choose another directory with `--data`",
            data.display()
        ),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("`{}` cannot be locked", path.display()))
        }
    }
}

async fn open_bots(config: &Config, sandbox: Sandbox, threads: Handle) -> anyhow::Result<Bots> {
    let key = ArtifactKey::open(&config.data.join("artifact-key"))
        .context("the key of compiled code cannot be opened")?;
    let compile = &config.compile;
    let settings = CompileSettings { cpu: compile.cpu, wall: compile.wall, memory: compile.memory };
    let compiler = Compiler::open(sandbox, config.data.join("compiled"), key, settings)
        .context("the folder of compiled code cannot be opened")?;
    let settings = BotsSettings {
        limits: config.limits.clone(),
        upload_max: config.upload_max,
        default: config.default_bot.clone(),
        threads,
    };
    Bots::open(&config.data, compiler, settings).await.context("the bots cannot be loaded")
}

/// Threads for turns alone: however busy guests are, sockets and timers run elsewhere.
fn turn_threads(config: &Config) -> anyhow::Result<TurnThreads> {
    let cores = || available_parallelism().map_or(1, NonZero::get);
    let threads = if config.turn_threads == 0 { cores() } else { config.turn_threads };
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .thread_name("turns")
        .enable_all()
        .build()
        .map(|runtime| TurnThreads(Some(runtime)))
        .context("the threads of the sandbox cannot be made")
}

/// The threads of turns. Dropping it does not wait for them, since waiting is not allowed where servers end.
struct TurnThreads(Option<Runtime>);

impl TurnThreads {
    fn handle(&self) -> Handle {
        self.0.as_ref().expect("taken by drop alone").handle().clone()
    }
}

impl Drop for TurnThreads {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

fn session_settings(config: &Config, sandbox: &Sandbox) -> SessionSettings {
    // The address space may have had room for fewer.
    let turns = sandbox.turns().saturating_sub(REHEARSALS).min(config.concurrent_turns.get());
    SessionSettings {
        timeout: config.session_timeout,
        max_sessions: config.max_sessions.get(),
        mailbox: config.mailbox.get(),
        slow_client: config.slow_client_timeout,
        concurrent_turns: usize::try_from(turns.max(1)).unwrap_or(usize::MAX),
        transcript: TRANSCRIPT,
    }
}

fn gateway_settings(config: &Config) -> GatewaySettings {
    GatewaySettings {
        ui: config.ui.clone(),
        public: config.public.clone(),
        allowed_origins: config.allowed_origins.clone(),
        name: "Assistant".to_owned(),
    }
}

/// Keeps the histograms small that nobody scrapes.
async fn upkeep(metrics: PrometheusHandle) {
    let mut ticks = tokio::time::interval(UPKEEP);
    loop {
        ticks.tick().await;
        metrics.run_upkeep();
    }
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}; is another server there? choose another address with `--listen`")
    })
}

/// Packets are small and wait for nothing: collecting them costs 40 ms with clients that delay their acknowledgements.
///
/// What a client does not acknowledge for as long as a heartbeat takes to fail ends its connection: Engine.IO's own heartbeat
/// cannot, since it waits behind the very packets that do not leave.
fn prepare(socket: &mut TcpStream) {
    let nodelay = socket.set_nodelay(true);
    let timeout = set_tcp_user_timeout(socket, UNACKNOWLEDGED_MS);
    if let Err(error) = nodelay.and(timeout.map_err(Into::into)) {
        tracing::debug!(%error, "a socket keeps its defaults");
    }
}

/// For people, and for programs that started the server and wait for it.
fn announce(address: SocketAddr) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "chinwag listens on http://{address}")?;
    stdout.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_directory_serves_one_server_at_a_time() {
        let data = tempfile::tempdir().unwrap();
        let first = lock(data.path()).unwrap();
        let error = lock(data.path()).unwrap_err().to_string();
        assert!(error.contains(&*data.path().to_string_lossy()), "{error}");
        assert!(error.contains("another server uses"), "{error}");
        drop(first);
        lock(data.path()).unwrap();
    }
}
