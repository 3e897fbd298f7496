//! How versions come and go: one starts up when it becomes active, and is shut down when another is and its last turn has
//! ended, or when its time to end them is over.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, timeout},
};
use tokio_util::task::AbortOnDropHandle;

use super::{Bots, Version, swap::Swap};
use crate::{
    domain::{BotName, Callback, Event, ResumedThread, User},
    sandbox::{Answer, TurnContext, TurnError},
};

/// How long a server that stops waits for its bots to shut down: longer than each of them may take.
const GOODBYES: Duration = Duration::from_secs(12);

/// A turn of a version, for as long as it is held.
#[derive(Debug)]
pub struct RunningTurn(Arc<Version>);

impl Drop for RunningTurn {
    fn drop(&mut self) {
        self.0.running.leave();
    }
}

/// How many there are of something. To count costs next to nothing; to wait for none, what it may.
#[derive(Debug, Default)]
pub(super) struct Count {
    now: AtomicUsize,
    none: Notify,
}

impl Count {
    fn enter(&self) {
        self.now.fetch_add(1, Ordering::AcqRel);
    }

    fn leave(&self) {
        if self.now.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.none.notify_waiters();
        }
    }

    fn now(&self) -> usize {
        self.now.load(Ordering::Acquire)
    }

    async fn none(&self) {
        loop {
            // Made before the look: who leaves between the two is heard.
            let notified = self.none.notified();
            if self.now() == 0 {
                return;
            }
            notified.await;
        }
    }
}

/// Turns that wait for a person.
#[derive(Debug, Default)]
pub(super) struct Parked {
    turns: usize,
    /// Bytes of their memories and tables.
    memory: usize,
}

/// A turn that waits for a person, for as long as it is held, and its memory.
pub(crate) struct ParkedTurn(Arc<Version>, usize);

impl Drop for ParkedTurn {
    fn drop(&mut self) {
        let mut parked = self.0.parked.lock();
        parked.turns -= 1;
        parked.memory -= self.1;
    }
}

impl Version {
    /// Counts a turn as running: the version is not shut down before it ends.
    #[must_use]
    pub fn begin_turn(self: &Arc<Self>) -> RunningTurn {
        self.running.enter();
        RunningTurn(self.clone())
    }

    /// How many turns run now.
    #[must_use]
    pub fn turns(&self) -> usize {
        self.running.now()
    }

    /// How many of them do not wait for a person.
    pub(crate) fn turns_at_work(&self) -> usize {
        self.turns().saturating_sub(self.parked.lock().turns)
    }

    /// Takes note that a turn waits for a person, unless those that do have as much memory as the bot's turns may have that run.
    pub(crate) fn park(self: &Arc<Self>, memory: usize) -> Option<ParkedTurn> {
        let limits = self.limits();
        let turns = usize::try_from(limits.concurrent_turns).unwrap_or(usize::MAX);
        let most = limits.memory.as_usize().saturating_mul(turns);
        let mut parked = self.parked.lock();
        let sum = parked.memory.saturating_add(memory);
        if sum > most {
            return None;
        }
        *parked = Parked { turns: parked.turns + 1, memory: sum };
        Some(ParkedTurn(self.clone(), memory))
    }

    /// Waits until turns of this version must end: it is active no longer, and the time to finish is over. Says why.
    pub async fn expired(&self) -> TurnError {
        self.expired.wait().await.clone()
    }

    async fn last_turn(&self) {
        self.running.none().await;
    }

    /// Calls a callback of its life, if the bot has it. A failure is in the log, and changes nothing.
    async fn tell(&self, event: Event) {
        if self.has(event.callback()) {
            drop(self.call_alone(TurnContext::for_nobody(&self.reference.bot), event).await);
        }
    }
}

impl Bots {
    /// A version is active from now on. Turns do not wait for it to start up.
    pub(super) fn start_up(&self, version: Arc<Version>) {
        self.tell(version, Event::AppStartup);
    }

    /// Tells a version of its life, beside whatever else happens.
    fn tell(&self, version: Arc<Version>, event: Event) {
        let work = async move { version.tell(event).await };
        drop(self.0.lives.spawn_on(work, &self.0.threads));
    }

    /// A version is active no longer: its turns may finish for a while, then it is shut down.
    pub(super) fn retire(&self, version: Arc<Version>, swap: Option<Swap>) {
        let (since, patience) = (Instant::now(), self.0.swap_drain);
        let work = async move {
            if timeout(patience, version.last_turn()).await.is_err() {
                tracing::info!(version = %version.reference, turns = version.turns(), "its turns are ended");
                let why = if swap.is_some() { TurnError::Replaced } else { TurnError::Removed };
                // Nobody else sets it: a version is retired once for each time that it was activated, and may be twice.
                version.expired.set(why).ok();
                version.last_turn().await;
            }
            if let Some(swap) = swap {
                swap.retired(since.elapsed());
            }
            version.tell(Event::AppShutdown).await;
        };
        drop(self.0.lives.spawn_on(work, &self.0.threads));
    }

    /// The server stops, and no turn runs any more: shuts every active version down, and waits for those that were replaced.
    pub async fn shut_down(&self) {
        for version in self.list().iter().filter_map(|bot| bot.active.clone()) {
            self.tell(version, Event::AppShutdown);
        }
        self.0.lives.close();
        if timeout(GOODBYES, self.0.lives.wait()).await.is_err() {
            tracing::warn!("the server stops before all versions of bots have been shut down");
        }
    }

    /// Whether a bot lets somebody read a thread of its that is not theirs. A bot that does not say so, or fails, does not.
    pub async fn lets_view(
        &self,
        bot: &BotName,
        thread: ResumedThread,
        viewer: Option<Arc<User>>,
    ) -> bool {
        let version = self.lease(bot).filter(|version| version.has(Callback::SharedThread));
        let Some(version) = version else { return false };
        let nobody = TurnContext::for_nobody(bot);
        let context = TurnContext { thread_id: thread.id, user: viewer.clone(), ..nobody };
        let run = async move {
            let _turn = version.begin_turn();
            version.call_alone(context, Event::SharedThread(Box::new(thread), viewer)).await
        };
        let run = AbortOnDropHandle::new(self.0.threads.spawn(run));
        matches!(run.await, Ok(Ok(Answer::Shared(true))))
    }
}
