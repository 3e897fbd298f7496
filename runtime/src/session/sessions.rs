//! All live sessions: opened by clients, ended by them or by time.

use std::{
    collections::HashMap,
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use tokio::{runtime::Handle, sync::Semaphore, time::timeout};
use tokio_util::task::TaskTracker;

use super::{Broadcaster, Hello, Session, SessionSettings, live::Live};
use crate::{bots::Bots, domain::SessionId, files::Files, telemetry::names};

/// What all sessions share.
pub(super) struct Context {
    pub(super) bots: Bots,
    pub(super) files: Files,
    pub(super) settings: SessionSettings,
    /// Bounds the turns that run at once.
    pub(super) turns: Semaphore,
    /// Every task of every session.
    pub(super) tasks: TaskTracker,
    /// Where turns run: threads of their own, so that no guest can hold up a socket.
    pub(super) runtime: Handle,
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
    is_closed: bool,
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
    /// The session is somebody else's.
    #[error("the session belongs to another user")]
    NotYours,
}

impl Sessions {
    /// No sessions yet. Turns run on `runtime`.
    #[must_use]
    pub fn new(bots: Bots, files: Files, settings: SessionSettings, runtime: Handle) -> Self {
        let turns = Semaphore::new(settings.concurrent_turns.max(1));
        let tasks = TaskTracker::new();
        let context = Context { bots, files, settings, turns, tasks, runtime };
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
        client: &Arc<dyn Broadcaster>,
    ) -> Result<Session, ConnectError> {
        let mut table = self.0.table.lock();
        if table.is_closed {
            return Err(ConnectError::ShuttingDown);
        }
        if let Some(session) = table.sessions.get(&hello.session_id) {
            if session.user().map(|user| &user.identifier)
                != hello.user.as_ref().map(|user| &user.identifier)
            {
                return Err(ConnectError::NotYours);
            }
            // Under the table's lock: else the session could be found to be over before it has its client.
            session.bind(client);
            return Ok(session.clone());
        }
        if table.sessions.len() >= self.0.context.settings.max_sessions {
            return Err(ConnectError::TooManySessions);
        }
        let known = hello.bot.as_ref().filter(|name| self.0.context.bots.lease(name).is_some());
        let bot = known.cloned().or_else(|| self.0.context.bots.default_bot());
        let bot = bot.ok_or(ConnectError::NoBot)?;
        let session = Session::new(Live::new(self.0.context.clone(), hello, bot));
        session.bind(client);
        table.sessions.insert(session.id(), session.clone());
        metrics::gauge!(names::SESSIONS).set(count(table.sessions.len()));
        Ok(session)
    }

    /// A live session.
    #[must_use]
    pub fn get(&self, id: SessionId) -> Option<Session> {
        self.0.table.lock().sessions.get(&id).cloned()
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
        let mut connected = Vec::new();
        table.sessions.retain(|_, session| {
            let is_over = session.is_over(now, timeout);
            if is_over {
                session.end();
            } else if session.is_connected() {
                connected.push(session.clone());
            }
            !is_over
        });
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
