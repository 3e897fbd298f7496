//! What outlives the process: users, threads, steps, elements, feedback, and what bots remember of a thread.
//!
//! **Invariant:** SQL is written nowhere else.

mod recover;
mod sqlite;
#[cfg(test)]
mod tests;

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use futures_util::future::BoxFuture;

pub use self::sqlite::{OpenError, Sqlite};
use crate::domain::{
    Account, BotName, Content, Element, ElementId, Feedback, FeedbackId, Json, Step, StepId,
    Thread, ThreadId, ThreadPage, ThreadQuery,
};

/// One thing to be kept.
#[derive(Clone, Debug)]
pub enum Change {
    /// Makes a thread, or replaces what is known of it; what was said in it stays. Never changes whose it is.
    Thread(Arc<Thread>),
    /// Adds a step, or replaces the one of its id in its thread; it keeps its place. Its thread is there, or comes before it
    /// in the same write.
    Step(Arc<Step>),
    /// Removes a step.
    StepRemoved(ThreadId, StepId),
    /// Adds an element, or replaces the one of its id in its thread; it keeps its place.
    Element(Arc<Element>),
    /// Removes an element.
    ElementRemoved(ThreadId, ElementId),
    /// Sets what a bot remembers under a key of a thread; none removes it.
    State(ThreadId, String, Option<Json>),
    /// Sets what a bot remembers for all its sessions under a key; none removes it.
    Store(BotName, String, Option<Json>),
    /// Removes all that a bot remembers for its sessions. What is said of its store later in the same write counts.
    StoreRemoved(BotName),
    /// A message was accepted: until it is settled, a restart finds it interrupted.
    Accepted(ThreadId, StepId),
    /// The turn of a message is over.
    Settled(ThreadId, StepId),
}

/// Something is not kept, or not found out.
#[derive(Clone, Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum DbError {
    #[error("the database does not answer: {0}")]
    Failed(String),
    #[error("the server is shutting down")]
    Closed,
}

/// What keeps conversations.
///
/// Implementations keep the order of writes: what is written first is durable first.
#[async_trait]
pub trait Database: fmt::Debug + Send + Sync + 'static {
    /// Keeps all changes, or none of them. They are queued by the call itself, in its order, unless the queue is full: then
    /// when the future is first polled. Once it resolves they survive a crash of the process and of the machine.
    fn write(&self, changes: Vec<Change>) -> BoxFuture<'static, Result<(), DbError>>;

    /// What is known of a thread.
    async fn thread(&self, id: ThreadId) -> Result<Option<Thread>, DbError>;

    /// What was said in a thread; nothing if it is not there.
    async fn content(&self, id: ThreadId) -> Result<Content, DbError>;

    /// An element of a thread.
    async fn element(&self, thread: ThreadId, id: ElementId) -> Result<Option<Element>, DbError>;

    /// What the bot remembers of a thread.
    async fn state(&self, id: ThreadId) -> Result<Vec<(String, Json)>, DbError>;

    /// What a bot remembers for all its sessions.
    async fn store(&self, bot: &BotName) -> Result<Vec<(String, Json)>, DbError>;

    /// The threads of a user.
    async fn threads(&self, query: &ThreadQuery) -> Result<ThreadPage, DbError>;

    /// Renames, shares or annotates a thread: reads it, changes it, and writes it as one step. Whose it is does not change.
    /// Returns it as it is now; none if it is not there.
    async fn change_thread(
        &self,
        id: ThreadId,
        change: Box<dyn for<'t> FnOnce(&'t mut Thread) + Send>,
    ) -> Result<Option<Thread>, DbError>;

    /// Removes a thread with all that was said in it. Returns whether it was there.
    async fn remove_thread(&self, id: ThreadId) -> Result<bool, DbError>;

    /// Which of these threads are there.
    async fn existing(&self, ids: &[ThreadId]) -> Result<Vec<ThreadId>, DbError>;

    /// Keeps what a user thinks of an answer; replaces the one of its id, and any other of the same step. Nothing happens if
    /// the thread is not there.
    async fn put_feedback(&self, feedback: &Feedback) -> Result<(), DbError>;

    /// What a user thought of an answer.
    async fn feedback(&self, id: FeedbackId) -> Result<Option<Feedback>, DbError>;

    /// Takes back what a user thought of an answer. Returns whether it was there.
    async fn remove_feedback(&self, id: FeedbackId) -> Result<bool, DbError>;

    /// Marks a message of a user, or takes the mark back: `favorite` in its metadata. Returns it as it is now; none if it
    /// is not there.
    async fn set_favorite(
        &self,
        thread: ThreadId,
        step: StepId,
        is_favorite: bool,
    ) -> Result<Option<Step>, DbError>;

    /// The messages that a user has marked, oldest first, at most 100.
    async fn favorites(&self, owner: &str) -> Result<Vec<Arc<Step>>, DbError>;

    /// A user.
    async fn account(&self, identifier: &str) -> Result<Option<Account>, DbError>;

    /// All users by name.
    async fn accounts(&self) -> Result<Vec<Account>, DbError>;

    /// Adds a user, or replaces what is known of one; the id and the time of an older one stay. Returns what is kept now.
    async fn put_account(&self, account: &Account) -> Result<Account, DbError>;

    /// Removes a user; threads stay. Returns whether it was there.
    async fn remove_account(&self, identifier: &str) -> Result<bool, DbError>;

    /// Marks as interrupted what a crash cut: messages that were accepted and not settled. Their runs, and all steps of
    /// theirs that are still open, are ended as failed with `interrupted: true` in the run's metadata; a message whose run
    /// had not begun gets one; and a message says in the chat that the answer was interrupted. Returns how many there were.
    async fn recover(&self) -> Result<usize, DbError>;

    /// Writes what is queued, then closes.
    async fn close(&self);
}
