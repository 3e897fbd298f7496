//! All live sessions: opened by clients, ended by them or by time.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use metrics::{Gauge, gauge};
use parking_lot::Mutex;
use tokio::{runtime::Handle, sync::Semaphore, time::timeout};
use tokio_util::task::TaskTracker;

use super::{Broadcaster, Hello, Opening, Session, SessionSettings, live::Live};
use crate::{
    bots::Bots,
    db::Database,
    domain::{BotName, SessionId, ThreadId},
    files::Files,
    sandbox::TurnError,
    telemetry::names,
};

/// What all sessions share.
pub(super) struct Context {
    pub(super) bots: Bots,
    /// Keeps conversations; none if they end with their sessions.
    pub(super) db: Option<Arc<dyn Database>>,
    pub(super) files: Files,
    pub(super) settings: SessionSettings,
    /// Bounds the turns that run at once.
    pub(super) turns: Arc<Semaphore>,
    /// Bounds the turns that wait for a person and have left their places.
    pub(super) waiting: Arc<Semaphore>,
    /// Counts the turns that run, and what waits in mailboxes: looked up once.
    pub(super) running: Gauge,
    pub(super) depth: Gauge,
    /// Every task of every session.
    pub(super) tasks: TaskTracker,
    /// Where turns run: threads of their own, so that no guest can hold up a socket.
    pub(super) runtime: Handle,
    /// The time that a server which stops gives to its turns is over.
    is_cut: AtomicBool,
}

impl Context {
    /// Why a turn that is cancelled now ends: its user stopped it, or the server stops.
    pub(super) fn why_cancelled(&self) -> TurnError {
        match self.is_cut.load(Ordering::Acquire) {
            true => TurnError::Interrupted,
            false => TurnError::Cancelled,
        }
    }
}

/// All live sessions. Cheap to clone.
#[derive(Clone)]
pub struct Sessions(Arc<Shared>);

struct Shared {
    context: Arc<Context>,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    sessions: HashMap<SessionId, Session>,
    /// The sessions that write to a thread: several tabs may show it.
    threads: HashMap<ThreadId, Vec<SessionId>>,
    is_closed: bool,
}

impl Table {
    fn insert(&mut self, session: &Session) {
        self.sessions.insert(session.id(), session.clone());
        self.threads.entry(session.thread_id()).or_default().push(session.id());
    }

    fn of_thread(&self, id: ThreadId) -> impl Iterator<Item = &Session> {
        self.threads.get(&id).into_iter().flatten().filter_map(|id| self.sessions.get(id))
    }

    /// Forgets that sessions which are over wrote to threads.
    fn release(&mut self, over: &[Session]) {
        for session in over {
            let Some(ids) = self.threads.get_mut(&session.thread_id()) else { continue };
            ids.retain(|id| *id != session.id());
            if ids.is_empty() {
                self.threads.remove(&session.thread_id());
            }
        }
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").field("len", &self.len()).finish()
    }
}

/// A client cannot be given a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// Nothing that could answer is deployed.
    #[error("no bot is deployed; deploy one with `chinwag deploy bot.wasm`")]
    NoBot,
    /// The server is full.
    #[error("the server has as many sessions as it may; try again later")]
    TooManySessions,
    /// The server is about to stop.
    #[error("the server is shutting down; try again in a moment")]
    ShuttingDown,
    /// The session or the thread is somebody else's.
    #[error("the session or its thread belongs to another user")]
    NotYours,
    /// The bot needs keys that the user has not given.
    #[error("the bot needs keys that the user has not given")]
    MissingEnvironment,
    /// It cannot be found out what was said in the thread.
    #[error("the database does not answer; try again in a moment")]
    Database,
}

impl Sessions {
    /// No sessions yet. Turns run on `runtime`.
    #[must_use]
    pub fn new(
        bots: Bots,
        db: Option<Arc<dyn Database>>,
        files: Files,
        settings: SessionSettings,
        runtime: Handle,
    ) -> Self {
        let turns = Arc::new(Semaphore::new(settings.concurrent_turns.max(1)));
        let waiting = Arc::new(Semaphore::new(settings.waiting_turns));
        let tasks = TaskTracker::new();
        let context = Context {
            bots,
            db,
            files,
            settings,
            turns,
            waiting,
            running: gauge!(names::TURNS_RUNNING),
            depth: gauge!(names::MAILBOX_DEPTH),
            tasks,
            runtime,
            is_cut: AtomicBool::new(false),
        };
        Self(Arc::new(Shared { context: Arc::new(context), table: Mutex::default() }))
    }

    /// Finds the session that a client names, or opens it, and makes the client the session's own. An older client of the
    /// session is told nothing more.
    ///
    /// # Errors
    /// There is no bot to talk to, no room, or the session is another user's.
    pub fn connect(
        &self,
        hello: Hello,
        opening: Opening,
        client: &Arc<dyn Broadcaster>,
    ) -> Result<Session, ConnectError> {
        let mut table = self.0.table.lock();
        if table.is_closed {
            return Err(ConnectError::ShuttingDown);
        }
        if let Some(session) = table.sessions.get(&hello.session_id) {
            if !session.belongs_to(hello.user.as_deref()) {
                return Err(ConnectError::NotYours);
            }
            // Under the table's lock: else the session could be found to be over before it has its client.
            session.bind(client);
            return Ok(session.clone());
        }
        if table.sessions.len() >= self.0.context.settings.max_sessions {
            return Err(ConnectError::TooManySessions);
        }
        let bot = self.bot(&hello, &opening)?;
        let others: Vec<Session> =
            hello.thread_id.map_or_else(Vec::new, |id| table.of_thread(id).cloned().collect());
        // Two users may name a thread that is not kept yet: the first has it.
        if others.iter().any(|other| !other.belongs_to(hello.user.as_deref())) {
            return Err(ConnectError::NotYours);
        }
        // Without sign-in nobody can prove that two tabs are theirs.
        let is_anonymous = hello.user.is_none() && !others.is_empty();
        let (opening, others) =
            if is_anonymous { (Opening::Foreign, Vec::new()) } else { (opening, others) };
        let shared = others.first().map(|other| other.live().shared());
        let live = Live::new(self.0.context.clone(), hello, bot, opening, shared);
        let session = Session::new(live);
        for other in others {
            session.live().join(other.live());
        }
        session.bind(client);
        table.insert(&session);
        metrics::gauge!(names::SESSIONS).set(count(table.sessions.len()));
        Ok(session)
    }

    /// The bot that a client talks to: the one of its thread, the one that it wants, or the default one.
    fn bot(&self, hello: &Hello, opening: &Opening) -> Result<BotName, ConnectError> {
        let bots = &self.0.context.bots;
        let of_thread = opening.kept().map(|kept| &kept.thread.bot);
        let wanted = [of_thread, hello.bot.as_ref()].into_iter().flatten();
        let found = wanted.filter_map(|name| bots.lease(name)).next();
        let found = found.or_else(|| bots.lease(&bots.default_bot()?));
        let version = found.ok_or(ConnectError::NoBot)?;
        let needed = &version.record.profile.environment;
        if needed.iter().any(|key| !hello.client.environment.contains_key(key)) {
            return Err(ConnectError::MissingEnvironment);
        }
        Ok(version.reference.bot.clone())
    }

    /// Looks for the thread that a client names, before it connects.
    ///
    /// # Errors
    /// The thread is another user's, or cannot be read.
    pub async fn find(&self, hello: &Hello) -> Result<Opening, ConnectError> {
        let (Some(db), Some(id)) = (&self.0.context.db, hello.thread_id) else {
            return Ok(Opening::New);
        };
        if self.get(hello.session_id).is_some() {
            return Ok(Opening::New);
        }
        // What a session has not written yet is not found.
        for session in self.of_thread(id) {
            session.live().checkpoint().await;
        }
        Opening::find(db.as_ref(), id, hello).await
    }

    /// The live sessions that write to a thread.
    #[must_use]
    pub fn of_thread(&self, id: ThreadId) -> Vec<Session> {
        self.0.table.lock().of_thread(id).cloned().collect()
    }

    /// A live session.
    #[must_use]
    pub fn get(&self, id: SessionId) -> Option<Session> {
        self.0.table.lock().sessions.get(&id).cloned()
    }

    /// All of them at this moment.
    pub(super) fn all(&self) -> Vec<Session> {
        self.0.table.lock().sessions.values().cloned().collect()
    }

    /// How many sessions live.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.table.lock().sessions.len()
    }

    /// Whether no session lives.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Ends sessions whose client has been gone for too long or said goodbye, for ever.
    pub async fn sweep(&self) {
        // A session may outlive its time by this much.
        let pause = (self.0.context.settings.timeout / 4)
            .clamp(Duration::from_millis(50), Duration::from_secs(1));
        let mut ticks = tokio::time::interval(pause);
        loop {
            ticks.tick().await;
            self.end_expired();
        }
    }

    /// Lets running turns finish for at most `grace`, then cancels them. No session is opened any more.
    pub async fn drain(&self, grace: Duration) {
        let sessions: Vec<Session> = {
            let mut table = self.0.table.lock();
            table.is_closed = true;
            table.sessions.values().cloned().collect()
        };
        for session in &sessions {
            session.close();
        }
        let tasks = &self.0.context.tasks;
        tasks.close();
        if timeout(grace, tasks.wait()).await.is_err() {
            tracing::warn!(
                turns = tasks.len(),
                "turns still run at the deadline; they are cancelled"
            );
            self.0.context.is_cut.store(true, Ordering::Release);
            for session in sessions {
                session.cancel();
            }
            // Cancelling is dropping a future: this wait is for the bookkeeping after it.
            drop(timeout(Duration::from_secs(1), tasks.wait()).await);
        }
    }

    fn end_expired(&self) {
        let now = Instant::now();
        let timeout = self.0.context.settings.timeout;
        let mut table = self.0.table.lock();
        let (mut connected, mut over) = (Vec::new(), Vec::new());
        table.sessions.retain(|_, session| {
            let is_over = session.is_over(now, timeout);
            if is_over {
                session.end();
                over.push(session.clone());
            } else if session.is_connected() {
                connected.push(session.clone());
            }
            !is_over
        });
        table.release(&over);
        metrics::gauge!(names::SESSIONS).set(count(table.sessions.len()));
        metrics::gauge!(names::SESSIONS_CONNECTED).set(count(connected.len()));
        drop(table);
        // Not under the lock that everybody needs: it may encode much.
        for session in connected {
            session.look_aside();
        }
    }
}

fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}
