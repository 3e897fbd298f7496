//! What is kept of a session: its thread, what was said in it, what the bot remembers. Written when a message is accepted,
//! from time to time while a turn runs, and at the end of each turn.
//!
//! Nothing is kept before the user has done something: whoever opens a page and leaves has no thread.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use parking_lot::{Mutex, MutexGuard};

use super::{Hello, Opening, live::Live};
use crate::{
    db::{Change, DbError},
    domain::{BotName, Content, Json, Step, StepId, Thread, ThreadId, to_json},
};

/// Characters of a thread's name.
const MAX_NAME: usize = 200;

/// A message that is on its way to the disk.
pub(super) type Durable = BoxFuture<'static, Result<(), DbError>>;

/// A thread that was kept, as a session goes on with it.
#[derive(Clone, Debug)]
pub struct Kept {
    /// What is known of it.
    pub(super) thread: Thread,
    /// What was said in it.
    pub(super) content: Content,
    /// What the bot remembers of it.
    pub(super) state: Vec<(String, Json)>,
}

/// Keeps one session's thread.
#[derive(Debug)]
pub(super) struct Keeper {
    head: Mutex<Head>,
    /// What could not be written yet. Locked for as long as a write takes, so that writes of one thread keep their order.
    unsaved: tokio::sync::Mutex<Vec<Change>>,
}

/// What is known of the thread.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) thread: Thread,
    /// Whether it is kept.
    has_begun: bool,
    is_changed: bool,
    /// The user has deleted it: nothing more is kept.
    is_gone: bool,
}

impl Head {
    /// Changes what is known of the thread.
    pub(super) fn change(&mut self, change: impl FnOnce(&mut Thread)) {
        change(&mut self.thread);
        self.is_changed = true;
    }

    /// Takes note of a change that is kept in another way.
    pub(super) fn note(&mut self, change: impl FnOnce(&mut Thread)) {
        change(&mut self.thread);
    }

    /// Begins to keep the thread.
    fn begin(&mut self, interaction: &str) {
        if !std::mem::replace(&mut self.has_begun, true) {
            let name = interaction.chars().take(MAX_NAME).collect();
            self.change(|thread| {
                thread.name.get_or_insert(name);
            });
        }
    }

    fn is_kept(&self) -> bool {
        self.has_begun && !self.is_gone
    }

    fn take_change(&mut self) -> Option<Change> {
        std::mem::take(&mut self.is_changed).then(|| Change::Thread(Arc::new(self.thread.clone())))
    }
}

impl Keeper {
    pub(super) fn new(hello: &Hello, bot: &BotName, opening: &Opening) -> Self {
        let kept = opening.kept().map(|kept| kept.thread.clone());
        let wanted = hello.thread_id.filter(|_| !matches!(opening, Opening::Foreign));
        let (has_begun, is_changed) = (kept.is_some(), kept.is_some());
        let thread = kept.map_or_else(
            || Thread {
                id: wanted.unwrap_or_else(ThreadId::random),
                bot: bot.clone(),
                owner: hello.user.as_ref().map(|user| user.identifier.clone()),
                session: hello.session_id,
                name: None,
                tags: Vec::new(),
                metadata: to_json(&serde_json::json!({})),
                settings: None,
                shared_at: None,
                created_at: Timestamp::now(),
            },
            |thread| Thread { session: hello.session_id, ..thread },
        );
        let head = Head { thread, has_begun, is_changed, is_gone: false };
        Self { head: Mutex::new(head), unsaved: tokio::sync::Mutex::default() }
    }

    pub(super) fn head(&self) -> MutexGuard<'_, Head> {
        self.head.lock()
    }

    /// Keeps nothing more: the thread is about to be deleted. Waits for the write that is under way.
    pub(super) async fn forget(&self) {
        let mut unsaved = self.unsaved.lock().await;
        self.head.lock().is_gone = true;
        unsaved.clear();
    }
}

impl Live {
    /// The session is over: its files go with it, unless its thread keeps them.
    pub(super) async fn part_with_files(&self) {
        let is_kept = self.context.db.is_some() && self.keeper.head().is_kept();
        if is_kept {
            self.checkpoint().await;
        }
        if !self.is_alone() {
            return;
        }
        if is_kept {
            self.elements.purge().await;
            self.elements.close();
        } else {
            self.elements.clear().await;
        }
    }

    /// The user has done something: from now on the thread is kept.
    pub(super) fn begin_thread(&self, interaction: &str) {
        self.keeper.head().begin(interaction);
    }

    /// Puts a message of the user on its way to the disk; none if nothing is kept.
    pub(super) fn accept_message(&self, step: &Arc<Step>) -> Option<Durable> {
        let db = self.context.db.as_ref()?;
        // Held until the write is queued: no other write of the thread may come before the one that makes it.
        let mut head = self.keeper.head();
        let mut changes = Vec::new();
        if !head.has_begun {
            head.begin(&step.output);
            changes.extend(head.take_change());
            // What the bot said when the chat began comes before what the user says now.
            changes.extend(self.outbox.take_changes(self.thread_id));
        }
        if !head.is_kept() {
            return None;
        }
        changes.extend([Change::Step(step.clone()), Change::Accepted(self.thread_id, step.id)]);
        Some(db.write(changes))
    }

    /// A message did not reach the disk: the next write tries again.
    pub(super) fn not_accepted(&self, message: StepId) {
        self.keeper.head().is_changed = true;
        self.outbox.keep_again(message);
    }

    /// Keeps what a turn has shown so far; if that fails the turn's end tries again.
    pub(super) async fn checkpoint(&self) {
        if let Err(error) = self.commit(None).await {
            tracing::warn!(session = %self.id, %error, "what was shown is not kept yet");
        }
    }

    /// Keeps all that has changed, and waits until it is on the disk.
    pub(super) async fn commit(&self, also: Option<Change>) -> Result<(), DbError> {
        let Some(db) = &self.context.db else { return Ok(()) };
        let mut unsaved = self.keeper.unsaved.lock().await;
        {
            let mut head = self.keeper.head();
            if !head.is_kept() {
                if head.is_gone {
                    unsaved.clear();
                }
                return Ok(());
            }
            unsaved.extend(head.take_change());
        }
        unsaved.extend(self.outbox.take_changes(self.thread_id));
        let state = self.memory.lock().take_changes().into_iter();
        unsaved.extend(state.map(|(key, value)| Change::State(self.thread_id, key, value)));
        unsaved.extend(also);
        if unsaved.is_empty() {
            return Ok(());
        }
        db.write(unsaved.clone()).await?;
        unsaved.clear();
        Ok(())
    }
}
