//! A turn's place among those that run at once. It leaves it while it waits for a person, so that ten thousand open questions hold up
//! nobody.

use std::{sync::Arc, time::Duration};

use parking_lot::Mutex;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::{
    bots::{ParkedTurn, Version},
    sandbox::{TurnError, Usage},
    session::sessions::Context,
};

/// How long a turn waits for its place before the user is told that the server is busy.
const PATIENCE: Duration = Duration::from_secs(10);

/// A turn that waits for a person has left its place.
pub(in crate::session) struct Away {
    _room: OwnedSemaphorePermit,
    _parked: ParkedTurn,
}

/// Waits until another turn leaves its place.
async fn wait(
    context: &Context,
    cancel: &CancellationToken,
) -> Result<OwnedSemaphorePermit, TurnError> {
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(context.why_cancelled()),
        place = timeout(PATIENCE, context.turns.clone().acquire_owned()) => {
            place.ok().and_then(Result::ok).ok_or(TurnError::Overloaded)
        }
    }
}

/// A place that is held.
pub(in crate::session) struct Place {
    turns: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    version: Arc<Version>,
    usage: Arc<Usage>,
    /// None while the turn waits for a person.
    held: Mutex<Option<OwnedSemaphorePermit>>,
}

impl Place {
    /// Waits for a place. The turn is counted as running already.
    pub(super) async fn take(
        context: &Context,
        version: &Arc<Version>,
        usage: &Arc<Usage>,
        cancel: &CancellationToken,
    ) -> Result<Self, TurnError> {
        let most = version.limits().concurrent_turns;
        if version.turns_at_work() > usize::try_from(most).unwrap_or(usize::MAX) {
            return Err(TurnError::TooManyTurns(most));
        }
        if cancel.is_cancelled() {
            return Err(context.why_cancelled());
        }
        let held = match context.turns.clone().try_acquire_owned() {
            Ok(held) => held,
            // On the heap, as all that is rare: each turn would have room for it.
            Err(_) => Box::pin(wait(context, cancel)).await?,
        };
        Ok(Self {
            turns: context.turns.clone(),
            waiting: context.waiting.clone(),
            version: version.clone(),
            usage: usage.clone(),
            held: Mutex::new(Some(held)),
        })
    }

    /// Leaves the place to others while the turn waits for a person. If there is no room for one more that waits, the turn keeps it.
    pub(in crate::session) fn leave(&self) -> Option<Away> {
        let room = self.waiting.clone().try_acquire_many_owned(self.version.program.weight());
        let away = Away { _room: room.ok()?, _parked: self.version.park(self.usage.memory())? };
        drop(self.held.lock().take());
        Some(away)
    }

    /// Waits for a place: others hold theirs for as long as their time to run, and no longer. `given_up` says that nobody needs the
    /// answer any more.
    pub(in crate::session) async fn come_back(&self, away: Away, given_up: impl Future) {
        let held = tokio::select! {
            held = self.turns.clone().acquire_owned() => held.ok(),
            _ = given_up => None,
        };
        *self.held.lock() = held;
        drop(away);
    }
}
