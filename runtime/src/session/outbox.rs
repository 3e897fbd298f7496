//! The way to the client: everything that is shown passes here in order, is noted in the transcript, and is handed to the
//! connected client, if there is one.
//!
//! The only queue is the connection's own bounded buffer: when it is full the emit waits, and so do the turn and the guest
//! behind it. A client that does not read for too long is set aside and holds up nobody any more; when it reads again, or
//! comes back after its connection has broken, it is brought up to date.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use tokio::time::{Instant as Deadline, sleep};

use super::{
    Broadcaster, EmitError,
    transcript::{Cursor, Transcript},
};
use crate::{
    db::Change,
    domain::{Emit, Step, StepId, ThreadId},
};

/// How long a dead connection can look alive: a client that was not told to be gone until now may have missed everything
/// since then (the heartbeat's interval and timeout, and some).
const HEARTBEAT: Duration = Duration::from_secs(60);
/// Emits that a resync sends at once. It must not fill the connection's buffer to the brim: Engine.IO closes a connection
/// whose buffer has no room for its ping, and sends the first one just after connecting.
const BURST: usize = 16;
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
    /// A client that did not read for too long, and where it stands.
    aside: Option<Resync>,
    /// Rises whenever the client changes, so that an emit that waits knows that it has been overtaken by a resync.
    generation: u64,
    /// Since when no client is there; none while one is. At first everything is unknown to the client.
    absent_since: Option<Instant>,
    /// Since when the client that is there now is there, and since when none was before it: until a heartbeat has passed it may
    /// turn out that it never read a word.
    attached: Option<(Instant, Instant)>,
    /// The first thing the user did, if no client has been told yet.
    untold: Option<Emit>,
    /// The question or the call that is open.
    question: Option<Emit>,
    /// Turns that run and show it.
    running: usize,
    /// How far back a client may have missed things before it was found to be gone.
    window: Duration,
}

/// Whether a resync is complete.
#[derive(PartialEq, Eq)]
enum Progress {
    Done,
    /// The connection is full.
    Waiting,
    /// The client is gone, or another one came.
    Overtaken,
}

/// A client that is being brought up to date.
pub(super) struct Resync {
    client: Arc<dyn Broadcaster>,
    generation: u64,
    /// What is told before anything else of the transcript, in reverse.
    next: Vec<Emit>,
    cursor: Cursor,
    /// How much it has been told.
    sent: u64,
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outbox")
    }
}

impl Outbox {
    pub(super) fn new(transcript: Transcript, slow_client: Duration) -> Self {
        let inner = Inner {
            transcript,
            client: None,
            aside: None,
            generation: 0,
            absent_since: Some(Instant::now()),
            attached: None,
            untold: None,
            question: None,
            running: 0,
            // What was noted may have waited for room before it was sent.
            window: HEARTBEAT + slow_client,
        };
        Self { inner: Mutex::new(inner), slow_client }
    }

    /// Reads the transcript.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Transcript) -> T) -> T {
        read(&self.inner.lock().transcript)
    }

    /// Takes note of something that the client knows already, or is told of later.
    pub(super) fn note(&self, emit: &Emit) {
        self.inner.lock().transcript.note(emit);
    }

    /// Takes note of what the user said, which the client knows and which is kept in another way.
    pub(super) fn note_kept(&self, step: Arc<Step>) {
        self.inner.lock().transcript.note_kept(step);
    }

    /// What has changed since this was asked last.
    pub(super) fn take_changes(&self, thread: ThreadId) -> Vec<Change> {
        self.inner.lock().transcript.take_changes(thread)
    }

    /// A step that was to be kept was not.
    pub(super) fn keep_again(&self, step: StepId) {
        self.inner.lock().transcript.keep_again(step);
    }

    /// Takes note of something and shows it if the client has room for it. Returns what [`Outbox::go_on`] needs if it has none.
    pub(super) fn begin(&self, emit: &Emit) -> Option<u64> {
        let mut inner = self.inner.lock();
        inner.look_aside();
        if !inner.count(emit) {
            return None;
        }
        match emit {
            Emit::TurnStart | Emit::TurnEnd => {}
            Emit::FirstInteraction { .. } if inner.client.is_none() => {
                inner.untold = Some(emit.clone());
            }
            _ => inner.note(emit),
        }
        let generation = inner.generation;
        inner.hand_over(emit).then_some(generation)
    }

    /// Waits until the client has room for what was begun.
    pub(super) async fn go_on(&self, emit: &Emit, generation: u64) {
        let deadline = Deadline::now() + self.slow_client;
        while self.try_again(emit, generation) {
            if Deadline::now() >= deadline {
                self.set_aside(generation);
                return;
            }
            sleep(RETRY).await;
        }
    }

    /// Shows what is made of the transcript, again and again until the client has room for it: nothing that is shown
    /// meanwhile may come before it.
    pub(super) async fn emit_made(&self, make: impl Fn(&Transcript) -> Emit) {
        let deadline = Deadline::now() + self.slow_client;
        loop {
            let generation = {
                let mut inner = self.inner.lock();
                let emit = make(&inner.transcript);
                if !inner.hand_over(&emit) {
                    return;
                }
                inner.generation
            };
            if Deadline::now() >= deadline {
                return self.set_aside(generation);
            }
            sleep(RETRY).await;
        }
    }

    /// Shows what another session of the thread shows. A client that is not ready for it is set aside.
    pub(super) fn mirror(&self, emit: &Emit) {
        let mut inner = self.inner.lock();
        inner.look_aside();
        if !inner.count(emit) {
            return;
        }
        match emit {
            Emit::TurnStart | Emit::TurnEnd => {}
            _ => inner.transcript.note_mirrored(emit),
        }
        if inner.hand_over(emit)
            && let Some(client) = inner.lose_client()
        {
            inner.aside = Some(inner.begin_resync(client));
        }
    }

    /// Takes over what another session of the thread has shown so far.
    pub(super) fn follow(&self, other: &Self) {
        let other = other.inner.lock();
        let mut inner = self.inner.lock();
        inner.transcript.follow(&other.transcript);
        // All sessions of a thread count the same turns: whoever joins several must not count them several times.
        inner.running = inner.running.max(other.running);
    }

    /// Shows something if the client has room for it: for what is worth nothing later.
    pub(super) fn emit_now(&self, emit: &Emit) {
        // Full or gone: the client does not miss what it could not take.
        let _generation = self.begin(emit);
    }

    /// Nobody listens any more.
    pub(super) fn detach(&self) {
        let mut inner = self.inner.lock();
        inner.lose_client();
        inner.aside = None;
    }

    /// Brings a client up to date and makes it the one that is told what comes. If its connection is full before that is
    /// done, the rest is left to [`Outbox::finish`].
    pub(super) fn attach(&self, client: Arc<dyn Broadcaster>) -> Option<Resync> {
        let mut inner = self.inner.lock();
        inner.lose_client();
        let mut resync = inner.begin_resync(client);
        (inner.advance(&mut resync) == Progress::Waiting).then_some(resync)
    }

    /// Finishes a resync that waits for room.
    pub(super) async fn finish(&self, mut resync: Resync) {
        let mut deadline = Deadline::now() + self.slow_client;
        let mut sent = resync.sent;
        while self.inner.lock().advance(&mut resync) == Progress::Waiting {
            if std::mem::replace(&mut sent, resync.sent) != resync.sent {
                // It reads: much to catch up on is no reason to give it up.
                deadline = Deadline::now() + self.slow_client;
            } else if Deadline::now() >= deadline {
                let mut inner = self.inner.lock();
                // Another client may have come, and may be the one that is aside.
                if inner.generation == resync.generation {
                    inner.aside = Some(resync);
                }
                return;
            }
            sleep(RETRY).await;
        }
    }

    /// Looks whether a client that was set aside reads again; if so, the rest is left to [`Outbox::finish`].
    pub(super) fn look_aside(&self) -> Option<Resync> {
        let mut inner = self.inner.lock();
        let before = inner.aside.as_ref()?.sent;
        inner.look_aside();
        inner.aside.take_if(|resync| resync.sent != before)
    }

    /// Tries an emit again that is noted already. Returns whether the connection is still full.
    fn try_again(&self, emit: &Emit, generation: u64) -> bool {
        let mut inner = self.inner.lock();
        // The other lane may have changed meanwhile whether anything runs.
        let is_stale = match emit {
            Emit::TurnStart => inner.running == 0,
            Emit::TurnEnd => inner.running > 0,
            _ => false,
        };
        !is_stale && inner.generation == generation && inner.hand_over(emit)
    }

    fn set_aside(&self, generation: u64) {
        let mut inner = self.inner.lock();
        if inner.generation != generation {
            return;
        }
        if let Some(client) = inner.lose_client() {
            tracing::info!("a client does not read; turns go on without it");
            inner.aside = Some(inner.begin_resync(client));
        }
    }
}

impl Inner {
    /// Counts the turns that run. Returns whether the client must hear of it: it knows one indicator only, which stays as long
    /// as another turn is at work.
    fn count(&mut self, emit: &Emit) -> bool {
        match emit {
            Emit::TurnStart => self.running += 1,
            Emit::TurnEnd => self.running = self.running.saturating_sub(1),
            _ => return true,
        }
        matches!(emit, Emit::TurnStart) || self.running == 0
    }

    fn note(&mut self, emit: &Emit) {
        match emit {
            Emit::Ask(_) | Emit::FunctionCalled(_) => self.question = Some(emit.clone()),
            Emit::ClearAsk | Emit::AskTimedOut | Emit::ClearCallFn | Emit::FunctionTimedOut => {
                self.question = None;
            }
            _ => {}
        }
        self.transcript.note(emit);
    }

    /// Returns whether the connection is full.
    fn hand_over(&mut self, emit: &Emit) -> bool {
        let Some(client) = &self.client else { return false };
        match client.emit(emit) {
            Ok(()) => false,
            Err(EmitError::Full) => true,
            Err(EmitError::Closed) => {
                self.lose_client();
                false
            }
        }
    }

    fn lose_client(&mut self) -> Option<Arc<dyn Broadcaster>> {
        self.generation += 1;
        let absent_since = match self.attached.take() {
            Some((at, before)) if at.elapsed() < self.window => before,
            _ => Instant::now(),
        };
        self.absent_since.get_or_insert(absent_since);
        self.client.take()
    }

    fn begin_resync(&mut self, client: Arc<dyn Broadcaster>) -> Resync {
        let absent_since = *self.absent_since.get_or_insert_with(Instant::now);
        let since = absent_since.checked_sub(self.window).unwrap_or(absent_since);
        let mut next: Vec<Emit> = self.untold.clone().into_iter().collect();
        // What Chainlit tells a client that connects, in this order.
        next.extend([Emit::ClearCallFn, Emit::ClearAsk, Emit::TurnEnd]);
        let cursor = self.transcript.cursor(since);
        self.aside = None;
        Resync { client, generation: self.generation, next, cursor, sent: 0 }
    }

    /// Sends what the connection has room for. The client is attached under the lock under which nothing was left to send,
    /// so that nothing falls between.
    fn advance(&mut self, resync: &mut Resync) -> Progress {
        if self.generation != resync.generation {
            return Progress::Overtaken;
        }
        let mut burst = BURST;
        loop {
            while let Some(emit) = resync.next.last() {
                if burst == 0 {
                    return Progress::Waiting;
                }
                burst -= 1;
                match resync.client.emit(emit) {
                    Ok(()) => {
                        resync.sent += 1;
                        resync.next.pop();
                    }
                    Err(EmitError::Full) => return Progress::Waiting,
                    Err(EmitError::Closed) => return Progress::Overtaken,
                }
            }
            let Some(mut emits) = self.transcript.next(&mut resync.cursor) else { break };
            emits.reverse();
            resync.next = emits;
        }
        // Last, and not remembered: the turn may end while the client makes room. A question after the sign of work, which
        // would keep the user from answering.
        let work = (self.running > 0).then_some(&Emit::TurnStart);
        for emit in work.into_iter().chain(&self.question) {
            match resync.client.emit(emit) {
                Ok(()) => {}
                Err(EmitError::Full) => return Progress::Waiting,
                Err(EmitError::Closed) => return Progress::Overtaken,
            }
        }
        let now = Instant::now();
        self.attached = Some((now, self.absent_since.take().unwrap_or(now)));
        self.untold = None;
        self.client = Some(resync.client.clone());
        Progress::Done
    }

    fn look_aside(&mut self) {
        if let Some(mut resync) = self.aside.take()
            && self.advance(&mut resync) == Progress::Waiting
        {
            self.aside = Some(resync);
        }
    }
}

#[cfg(test)]
mod tests;
