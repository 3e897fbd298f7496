//! What a bot remembers for all its sessions: keys and values in memory, kept in the database. Whoever writes waits until it
//! is on the disk, before the turn goes on.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::Version;
use crate::{
    db::{Change, Database, DbError},
    domain::{BotName, ByteSize, TurnId},
    memory::Memory,
    sandbox::{CallError, LogLevel, MemoryCall},
};

/// The store of one bot. No call names a bot: a version serves its own bot's store alone.
#[derive(Debug)]
pub(super) struct BotStore {
    bot: BotName,
    db: Option<Arc<dyn Database>>,
    state: Mutex<State>,
}

/// What is known of it.
#[derive(Debug)]
enum State {
    /// Nobody has asked yet.
    Unread,
    Read(Memory),
    /// The bot was removed; turns of it may still run.
    Gone,
}

impl BotStore {
    pub(super) fn new(bot: BotName, db: Option<Arc<dyn Database>>) -> Self {
        Self { bot, db, state: Mutex::new(State::Unread) }
    }

    /// Does what is asked, within `limit`, and answers; returns once what has changed is on the disk.
    async fn serve(&self, call: MemoryCall, limit: ByteSize) -> Result<(), DbError> {
        let mut state = self.state.lock().await;
        if matches!(*state, State::Unread) {
            match self.read(limit).await {
                Ok(memory) => *state = State::Read(memory),
                Err(error) => {
                    call.refuse(CallError::new("unavailable", "the bot's store cannot be read"));
                    return Err(error);
                }
            }
        }
        let State::Read(memory) = &mut *state else {
            call.refuse(CallError::new(
                "unavailable",
                "the bot was removed, and its store with it",
            ));
            return Ok(());
        };
        memory.limit(limit);
        memory.serve(call);
        let Some(db) = &self.db else { return Ok(()) };
        let changes = memory.take_changes();
        if changes.is_empty() {
            return Ok(());
        }
        let keys: Vec<String> = changes.iter().map(|(key, _)| key.clone()).collect();
        let changes = changes.into_iter();
        let changes = changes.map(|(key, value)| Change::Store(self.bot.clone(), key, value));
        // Queued while nobody else can write, so that the disk has writes in their order; the others need not wait for it.
        let written = db.write(changes.collect());
        drop(state);
        let result = written.await;
        if result.is_err()
            && let State::Read(memory) = &mut *self.state.lock().await
        {
            // With what is written next.
            memory.keep_again(keys);
        }
        result
    }

    async fn read(&self, limit: ByteSize) -> Result<Memory, DbError> {
        let mut memory = Memory::new(limit, self.db.is_some());
        if let Some(db) = &self.db {
            memory.seed(db.store(&self.bot).await?);
        }
        Ok(memory)
    }

    /// The bot is removed: forgets everything, for good.
    pub(super) async fn forget(&self) {
        let mut state = self.state.lock().await;
        *state = State::Gone;
        let Some(db) = &self.db else { return };
        if let Err(error) = db.write(vec![Change::StoreRemoved(self.bot.clone())]).await {
            tracing::error!(bot = %self.bot, %error, "what the bot remembered cannot be removed");
        }
    }
}

impl Version {
    /// Serves a turn's call to the store of this bot.
    pub async fn serve_store(&self, turn: TurnId, call: MemoryCall) {
        if let Err(error) = self.store.serve(call, self.limits().store).await {
            tracing::error!(version = %self.reference, %error, "the bot's store is not kept");
            let text = "the store is not on the disk yet: the next write tries again".to_owned();
            self.write_log(u32::MAX, turn, (LogLevel::Error, text));
        }
    }
}
