//! The composition root: builds everything from the ground up, serves, and shuts down in order.

mod files;
mod listen;

use std::{
    fs::{File, TryLockError},
    io::Write,
    net::SocketAddr,
    num::NonZero,
    path::Path,
    sync::Arc,
    thread::available_parallelism,
    time::Duration,
};

use anyhow::{Context, bail};
use jiff::Timestamp;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::{
    runtime::{Handle, Runtime},
    time::{Instant, sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use listen::{listen, serve};

use crate::{
    admin::{self, AdminSettings, AdminToken, Facts, Readiness, panic_layer, probes},
    auth::Auth,
    bots::{Bots, BotsSettings, Offer, Watch, watch},
    config::{Config, Store},
    db::{Database, Sqlite},
    domain::{ByteSize, UploadSettings},
    gateway::{self, GatewaySettings, Kept},
    models::Models,
    sandbox::{ArtifactKey, CompileSettings, Compiler, Sandbox},
    secret::Secret,
    session::{SessionSettings, Sessions},
    telemetry::{self, names},
};

/// What a session remembers of what it has shown.
const TRANSCRIPT: ByteSize = ByteSize::mib(8);
/// Instances beside those of turns: versions that are rehearsed, and a few to spare.
const REHEARSALS: u32 = 16;
/// How long a shutdown waits for uploads that were cut to be taken back.
const TAKE_BACK: Duration = Duration::from_secs(5);
/// How long the data directory may seem to be another server's.
const LAST_BREATH: Duration = Duration::from_secs(1);
/// How often the recorded metrics are tidied.
const UPKEEP: Duration = Duration::from_secs(5);

/// How much longer a body may be silent than an upload.
const SILENCE: Duration = Duration::from_secs(5);
/// What to do about a data directory in which nothing can be written.
const WRITABLE: &str = "give the disk room, make it writable for the server, or choose another directory with `--data`";
/// The file in the data directory that keeps conversations and users.
const DATABASE: &str = "chinwag.db";
/// The file beside it that holds what tokens of users are signed with.
const AUTH_SECRET: &str = "auth-secret";

/// Serves until `shutdown` resolves, then lets running turns finish for as long as the settings say.
///
/// Prints one line to standard output when the server answers: `chinwag listens on http://ADDRESS`.
///
/// # Errors
/// The data directory cannot be used, the address is taken, or the machine cannot run the sandbox.
pub async fn run(config: Config, shutdown: impl Future<Output = ()> + Send) -> anyhow::Result<()> {
    let metrics = telemetry::install_metrics()?;
    make_private(&config.data)?;
    let _lock = lock(&config.data).await?;
    let token = config.admin_token.clone();
    let token = token.map_or_else(|| AdminToken::open(&config.data), Ok)?;
    let db = recovered(open_database(&config).await?).await?;
    let auth = open_auth(&config, db.clone())?;
    // Beside turns, a few uploads may be rehearsed.
    let turns = config.concurrent_turns.get().saturating_add(REHEARSALS);
    let sandbox = Sandbox::new(turns, config.waiting_turns)?;
    let _epochs = sandbox.spawn_epochs().context("no thread can be made")?;
    let turns = turn_threads(&config)?;
    let bots = open_bots(&config, db.clone(), sandbox.clone(), turns.handle()).await?;
    let (files, left) = files::open(&config, db.as_ref()).await?;
    let settings = session_settings(&config, &sandbox);
    let turns_max = settings.concurrent_turns;
    let sessions = Sessions::new(bots.clone(), db.clone(), files.clone(), settings, turns.handle());
    let stop = CancellationToken::new();
    let tasks = TaskTracker::new();
    let readiness = Readiness::default();
    let admin = admin_settings(&config, &stop, &metrics, turns_max);
    let kept = Kept { files: files.clone(), db: db.clone() };
    let app =
        gateway::router(sessions.clone(), bots.clone(), auth, kept, gateway_settings(&config))
            .merge(admin::router(bots.clone(), sessions.clone(), token, admin))
            .merge(probes(metrics.clone(), readiness.clone()))
            .layer(panic_layer());
    let ended = bots.clone();
    let listener = listen(config.listen).await?;
    let address = listener.local_addr()?;
    if let Some(dir) = &config.watch {
        // Before the server is ready: whoever waits for it finds the folder's bots there.
        let watch = begin_watch(bots, dir).await?;
        drop(tasks.spawn(stop.clone().run_until_cancelled_owned(watch.run())));
    }
    drop(tasks.spawn(stop.clone().run_until_cancelled_owned(end_sessions(sessions.clone()))));
    let sweeping = files::sweep(files.clone(), left, db.clone());
    drop(tasks.spawn(stop.clone().run_until_cancelled_owned(sweeping)));
    drop(tasks.spawn(stop.clone().run_until_cancelled_owned(upkeep(metrics, turns.handle()))));
    readiness.set(true);
    announce(address)?;

    let drained = async {
        shutdown.await;
        tracing::info!("shutting down");
        readiness.set(false);
        sessions.drain(config.drain).await;
        ended.shut_down().await;
        stop.cancel();
    };
    tokio::select! {
        () = serve(listener, app, silence(&config)) => {}
        // Sockets stay open for as long as their clients like: there is nothing more to wait for on them.
        () = drained => {}
    }
    tasks.close();
    tasks.wait().await;
    close(db, &files).await;
    Ok(())
}

async fn begin_watch(bots: Bots, dir: &Path) -> anyhow::Result<Watch> {
    let no_watch = || format!("the folder `{}` cannot be watched", dir.display());
    watch(bots, dir.to_owned()).await.with_context(no_watch)
}

/// Brings to the disk what is still on its way there.
async fn close(db: Option<Arc<dyn Database>>, files: &crate::files::Files) {
    if let Some(db) = db {
        db.close().await;
    }
    // What a bucket does not take back by then, it drops by its own rules.
    drop(timeout(TAKE_BACK, files.close()).await);
}

/// Ends sessions that are over, for ever.
async fn end_sessions(sessions: Sessions) {
    sessions.sweep().await;
}

/// Makes the data directory for this user alone.
fn make_private(data: &Path) -> anyhow::Result<()> {
    use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt};
    DirBuilder::new().recursive(true).mode(0o700).create(data).with_context(|| {
        format!("the data directory `{}` cannot be made; {WRITABLE}", data.display())
    })
}

/// Makes sure that no other server changes the data directory, for as long as the file is held.
///
/// Waits for a moment: the child that a killed server was about to start holds its lock until it is a program of its own.
async fn lock(data: &Path) -> anyhow::Result<File> {
    let path = data.join("lock");
    let file =
        File::options().create(true).truncate(false).write(true).open(&path).with_context(
            || format!("the lock `{}` cannot be opened; {WRITABLE}", path.display()),
        )?;
    let end = Instant::now() + LAST_BREATH;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            // Nobody tells when a lock is let go of.
            Err(TryLockError::WouldBlock) if Instant::now() < end => sleep(LAST_BREATH / 20).await,
            Err(TryLockError::WouldBlock) => bail!(
                "another server uses the data directory `{}`; stop it, or choose another directory with `--data`",
                data.display()
            ),
            Err(TryLockError::Error(error)) => {
                return Err(error)
                    .with_context(|| format!("`{}` cannot be locked", path.display()));
            }
        }
    }
}

/// A database in which every thread is whole, whatever happened to the server before.
async fn recovered(
    database: Option<Arc<dyn Database>>,
) -> anyhow::Result<Option<Arc<dyn Database>>> {
    if let Some(database) = &database {
        let cut = database.recover().await.context("conversations cannot be read")?;
        if cut > 0 {
            tracing::warn!(
                cut,
                "answers were cut when the server stopped last; their threads say so"
            );
        }
    }
    Ok(database)
}

/// What keeps users and conversations; none if nothing is kept. Takes no lock: commands open it beside a running server.
pub(crate) async fn open_database(config: &Config) -> anyhow::Result<Option<Arc<dyn Database>>> {
    if config.store == Store::Off {
        return Ok(None);
    }
    let path = config.data.join(DATABASE);
    let database = Sqlite::open(&path)
        .await
        .with_context(|| format!("the database `{}` cannot be opened", path.display()))?;
    Ok(Some(Arc::new(database)))
}

fn open_auth(config: &Config, accounts: Option<Arc<dyn Database>>) -> anyhow::Result<Auth> {
    let settings = config.auth.clone();
    if !settings.is_on() {
        return Ok(Auth::off());
    }
    let secret = match &settings.secret {
        Some(secret) => secret.clone(),
        None => Secret::open(&config.data, AUTH_SECRET).context("tokens cannot be signed")?,
    };
    Auth::new(settings, &secret, accounts).context("sign-in cannot be set up")
}

async fn open_bots(
    config: &Config,
    db: Option<Arc<dyn Database>>,
    sandbox: Sandbox,
    threads: Handle,
) -> anyhow::Result<Bots> {
    let key = ArtifactKey::open(&config.data.join("artifact-key"))
        .context("the key of compiled code cannot be opened")?;
    let compile = &config.compile;
    let settings = CompileSettings { cpu: compile.cpu, wall: compile.wall, memory: compile.memory };
    let compiler = Compiler::open(sandbox, config.data.join("compiled"), key, settings)
        .context("the folder of compiled code cannot be opened")?;
    let settings = BotsSettings {
        db,
        offer: Offer {
            limits: config.limits.clone(),
            secrets: config.secrets.clone(),
            models: Arc::new(Models::new(config.models.clone())),
        },
        upload_max: config.upload_max,
        default: config.default_bot.clone(),
        swap_drain: config.swap_drain,
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
        waiting_turns: usize::try_from(sandbox.waiting()).unwrap_or(usize::MAX),
        transcript: TRANSCRIPT,
        uploads: config.uploads.clone(),
    }
}

fn admin_settings(
    config: &Config,
    stop: &CancellationToken,
    metrics: &PrometheusHandle,
    turns_max: usize,
) -> AdminSettings {
    let facts = Facts {
        version: env!("CARGO_PKG_VERSION"),
        started_at: Timestamp::now(),
        store: match config.store {
            Store::Sqlite => "sqlite",
            Store::Off => "off",
        },
        sign_in: config.auth.is_on(),
        turns_max,
    };
    let (shutdown, metrics) = (stop.clone(), metrics.clone());
    AdminSettings { upload_timeout: config.upload_timeout, shutdown, metrics, facts }
}

fn gateway_settings(config: &Config) -> GatewaySettings {
    GatewaySettings {
        ui: config.ui.clone(),
        public: config.public.clone(),
        allowed_origins: config.allowed_origins.clone(),
        name: "Assistant".to_owned(),
        uploads: offered(config),
        sharing: config.sharing,
    }
}

/// What the page offers to attach: no file that a session has no room for.
fn offered(config: &Config) -> UploadSettings {
    let room = u32::try_from(config.limits.files.0 / 1_000_000).unwrap_or(u32::MAX);
    let mut uploads = config.uploads.clone();
    uploads.max_size_mb =
        uploads.max_size_mb.min(NonZero::new(room).unwrap_or(NonZero::<u32>::MIN));
    uploads
}

/// Keeps the histograms small that nobody scrapes, and counts tasks: those that are forgotten show.
async fn upkeep(metrics: PrometheusHandle, turns: Handle) {
    let mut ticks = tokio::time::interval(UPKEEP);
    loop {
        ticks.tick().await;
        metrics.run_upkeep();
        for (runtime, handle) in [("main", &Handle::current()), ("turns", &turns)] {
            let tasks = u32::try_from(handle.metrics().num_alive_tasks()).unwrap_or(u32::MAX);
            metrics::gauge!(names::TASKS, "runtime" => runtime).set(f64::from(tasks));
        }
    }
}

/// How long the body of any request may send nothing: uploads have ends of their own, which come first and say so.
fn silence(config: &Config) -> Duration {
    config.upload_timeout.max(config.uploads.timeout) + SILENCE
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

    #[tokio::test(start_paused = true)]
    async fn a_data_directory_serves_one_server_at_a_time() {
        let data = tempfile::tempdir().unwrap();
        let first = lock(data.path()).await.unwrap();
        let error = lock(data.path()).await.unwrap_err().to_string();
        assert!(error.contains(&*data.path().to_string_lossy()), "{error}");
        assert!(error.contains("another server uses"), "{error}");
        // As long as it takes the last child of a server that was killed to become a program of its own.
        let end = async {
            sleep(LAST_BREATH / 2).await;
            drop(first);
        };
        let (second, ()) = tokio::join!(lock(data.path()), end);
        second.unwrap();
    }
}
