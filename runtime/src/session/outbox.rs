//! The way to the client: everything that is shown passes here in order, is noted in the transcript, and is handed to the
//! connected client, if there is one.
//!
//! The only queue is the connection's own bounded buffer: when it is full the emit waits, and so do the turn and the guest
//! behind it. A client that does not read for too long is disconnected; what it missed it gets when it comes back.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use tokio::time::{Instant as Deadline, sleep};

use super::{
    Broadcaster, EmitError,
    transcript::{Cursor, Transcript},
};
use crate::domain::{ByteSize, Emit};

/// How long a dead connection can look alive: a client that was not told to be gone until now may have missed everything
/// since then (the heartbeat's interval and timeout, and some).
const HEARTBEAT: Duration = Duration::from_secs(60);
/// How often a full connection is tried again.
const RETRY: Duration = Duration::from_millis(2);

/// The way to one session's client.
pub(super) struct Outbox {
    // A lock rather than a task: held for one encoding and one push into a buffer.
    inner: Mutex<Inner>,
    slow_client: Duration,
}

struct Inner {
    transcript: Transcript,
    client: Option<Arc<dyn Broadcaster>>,
    /// Rises whenever the client changes, so that an emit that waits knows that it has been overtaken by a resync.
    generation: u64,
    /// Since when no client is there; none while one is. At first everything is unknown to the client.
    absent_since: Option<Instant>,
    /// Turns that run and show it.
    running: usize,
}

/// Whether a resync is complete.
enum Progress {
    Done,
    /// The connection is full.
    Waiting,
    /// The client is gone, or another one came.
    Overtaken,
}

/// A resync under way.
pub(super) struct Resync {
    client: Arc<dyn Broadcaster>,
    generation: u64,
    /// What comes before the transcript, in reverse.
    first: Vec<Emit>,
    cursor: Cursor,
}

impl Outbox {
    pub(super) fn new(transcript: ByteSize, slow_client: Duration) -> Self {
        let inner = Inner {
            transcript: Transcript::new(transcript),
            client: None,
            generation: 0,
            absent_since: Some(Instant::now()),
            running: 0,
        };
        Self { inner: Mutex::new(inner), slow_client }
    }

    /// Reads the transcript.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Transcript) -> T) -> T {
        read(&self.inner.lock().transcript)
    }

    /// Takes note of something that the client knows already: what the user said.
    pub(super) fn note(&self, emit: &Emit) {
        self.inner.lock().transcript.note(emit);
    }

    /// Shows something; waits while the client's connection is full.
    pub(super) async fn emit(&self, emit: Emit) {
        let Some(generation) = self.first_try(&emit) else { return };
        let deadline = Deadline::now() + self.slow_client;
        while self.again(&emit, generation) {
            if Deadline::now() >= deadline {
                self.drop_client(generation);
                return;
            }
            sleep(RETRY).await;
        }
    }

    /// Shows something if the client has room for it: for what is worth nothing later.
    pub(super) fn emit_now(&self, emit: &Emit) {
        // Full or gone: the client does not miss what it could not take.
        let _generation = self.first_try(emit);
    }

    /// Nobody listens any more.
    pub(super) fn detach(&self) {
        let mut inner = self.inner.lock();
        inner.client = None;
        inner.generation += 1;
        inner.absent_since.get_or_insert_with(Instant::now);
    }

    /// Brings a client up to date and makes it the one that is told what comes. If its connection is full before that is
    /// done, the rest is left to [`Outbox::finish`].
    pub(super) fn attach(&self, client: Arc<dyn Broadcaster>) -> Option<Resync> {
        let mut resync = self.begin_resync(client);
        matches!(self.resync(&mut resync), Progress::Waiting).then_some(resync)
    }

    /// Finishes a resync that waits for room. A client that does not read meanwhile is disconnected.
    pub(super) async fn finish(&self, mut resync: Resync) {
        let deadline = Deadline::now() + self.slow_client;
        while matches!(self.resync(&mut resync), Progress::Waiting) {
            if Deadline::now() >= deadline {
                resync.client.disconnect();
                return;
            }
            sleep(RETRY).await;
        }
    }

    /// Notes an emit and hands it over. Returns the generation for which it has to be tried again.
    fn first_try(&self, emit: &Emit) -> Option<u64> {
        let mut inner = self.inner.lock();
        match emit {
            Emit::TurnStart => inner.running += 1,
            Emit::TurnEnd => {
                inner.running = inner.running.saturating_sub(1);
                if inner.running > 0 {
                    // The other lane is still at work, and clients know one indicator only.
                    return None;
                }
            }
            _ => inner.transcript.note(emit),
        }
        let generation = inner.generation;
        inner.hand_over(emit).then_some(generation)
    }

    /// Tries an emit again that is noted already. Returns whether the connection is still full.
    fn again(&self, emit: &Emit, generation: u64) -> bool {
        let mut inner = self.inner.lock();
        inner.generation == generation && inner.hand_over(emit)
    }

    fn drop_client(&self, generation: u64) {
        let client = {
            let mut inner = self.inner.lock();
            if inner.generation != generation {
                return;
            }
            inner.generation += 1;
            inner.absent_since = Some(Instant::now());
            inner.client.take()
        };
        if let Some(client) = client {
            tracing::info!("a client does not read; it is disconnected and may come back");
            client.disconnect();
        }
    }

    fn begin_resync(&self, client: Arc<dyn Broadcaster>) -> Resync {
        let mut inner = self.inner.lock();
        inner.generation += 1;
        inner.client = None;
        let absent_since = *inner.absent_since.get_or_insert_with(Instant::now);
        let since = absent_since.checked_sub(HEARTBEAT).unwrap_or(absent_since);
        let mut first = Vec::new();
        if inner.running > 0 {
            first.push(Emit::TurnStart);
        }
        first.extend([Emit::ClearCallFn, Emit::ClearAsk, Emit::TurnEnd]);
        let cursor = inner.transcript.cursor(since);
        Resync { client, generation: inner.generation, first, cursor }
    }

    /// Sends what the connection has room for. The client is attached under the lock under which nothing was left to send,
    /// so that nothing falls between.
    fn resync(&self, resync: &mut Resync) -> Progress {
        let mut inner = self.inner.lock();
        if inner.generation != resync.generation {
            return Progress::Overtaken;
        }
        loop {
            while let Some(emit) = resync.first.last() {
                match resync.client.emit(emit) {
                    Ok(()) => drop(resync.first.pop()),
                    Err(EmitError::Full) => return Progress::Waiting,
                    Err(EmitError::Closed) => return Progress::Overtaken,
                }
            }
            let Some(mut emits) = inner.transcript.next(&mut resync.cursor) else { break };
            emits.reverse();
            resync.first = emits;
        }
        inner.client = Some(resync.client.clone());
        inner.absent_since = None;
        Progress::Done
    }
}

impl Inner {
    /// Returns whether the connection is full.
    fn hand_over(&mut self, emit: &Emit) -> bool {
        let Some(client) = &self.client else { return false };
        match client.emit(emit) {
            Ok(()) => false,
            Err(EmitError::Full) => true,
            Err(EmitError::Closed) => {
                self.client = None;
                self.generation += 1;
                self.absent_since = Some(Instant::now());
                false
            }
        }
    }
}

#[cfg(test)]
mod tests;
