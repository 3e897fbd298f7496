//! Sessions of one user on one thread, as several tabs make them: each shows what the others show, and all remember the same.

use std::sync::{Arc, Weak};

use super::live::{Live, Shared};
use crate::domain::{Emit, Step};

impl Live {
    /// Shows something to the client, and to the clients of the other sessions of the thread. Waits for the client alone: the
    /// others catch up when they read.
    pub(super) async fn emit(&self, emit: Emit) {
        let generation = {
            // Held over both: whoever joins now is told of it in exactly one way.
            let peers = self.peers.lock();
            let generation = self.outbox.begin(&emit);
            mirror(&peers, &emit);
            generation
        };
        if let Some(generation) = generation {
            // On the heap: all that emits would have room for it.
            Box::pin(self.outbox.go_on(&emit, generation)).await;
        }
    }

    /// Takes note of what the user said here, and shows it in the other tabs.
    pub(super) fn note_said(&self, step: Arc<Step>, is_kept: bool) {
        let peers = self.peers.lock();
        let emit = Emit::StepCreated(step.clone());
        if is_kept {
            self.outbox.note_kept(step);
        } else {
            self.outbox.note(&emit);
        }
        mirror(&peers, &emit);
    }

    /// Goes on where another session of the thread is, and shows what that one shows from now on, as that one does in return.
    pub(super) fn join(self: &Arc<Self>, other: &Arc<Self>) {
        let mut peers = other.peers.lock();
        self.outbox.follow(&other.outbox);
        peers.push(Arc::downgrade(self));
        self.peers.lock().push(Arc::downgrade(other));
    }

    /// What sessions of one thread have in common.
    pub(super) fn shared(&self) -> Shared {
        Shared {
            keeper: self.keeper.clone(),
            memory: self.memory.clone(),
            elements: self.elements.clone(),
        }
    }

    /// Whether no other session of the thread needs its files.
    pub(super) fn is_alone(&self) -> bool {
        Arc::strong_count(&self.elements) == 1
    }

    /// Stops what another tab has begun. Returns whether there was something to stop.
    pub(super) fn stop_peers(&self) -> bool {
        let peers: Vec<Arc<Self>> = self.peers.lock().iter().filter_map(Weak::upgrade).collect();
        let mut has_stopped = false;
        for peer in peers.iter().filter(|peer| peer.is_at_work()) {
            peer.interrupt();
            has_stopped = true;
        }
        has_stopped
    }

    /// Forgets sessions that are over.
    pub(super) fn tidy_peers(&self) {
        self.peers.lock().retain(|peer| peer.strong_count() > 0);
    }
}

fn mirror(peers: &[Weak<Live>], emit: &Emit) {
    if !is_mirrored(emit) {
        return;
    }
    for peer in peers.iter().filter_map(Weak::upgrade) {
        match emit {
            // Only the tab in which it was asked can answer.
            Emit::Ask(ask) => peer.outbox.mirror(&Emit::StepCreated(ask.step.clone())),
            _ => peer.outbox.mirror(emit),
        }
    }
}

/// Whether it is of the conversation. The rest is for the tab in which it happens.
fn is_mirrored(emit: &Emit) -> bool {
    match emit {
        Emit::TurnStart
        | Emit::TurnEnd
        | Emit::StepCreated(_)
        | Emit::StepUpdated(_)
        | Emit::StepRemoved(_)
        | Emit::StreamStarted(_)
        | Emit::Token { .. }
        | Emit::ActionAdded(_)
        | Emit::ActionRemoved(_)
        | Emit::ElementShown(_)
        | Emit::ElementRemoved(_)
        | Emit::Ask(_) => true,
        Emit::TurnGoesOn
        | Emit::ClearAsk
        | Emit::ClearCallFn
        | Emit::FirstInteraction { .. }
        | Emit::Toast { .. }
        | Emit::WindowMessage(_)
        | Emit::AudioConnection(_)
        | Emit::AudioChunk { .. }
        | Emit::AudioInterrupt
        | Emit::AskTimedOut
        | Emit::FunctionCalled(_)
        | Emit::FunctionTimedOut
        | Emit::ThreadResumed(_)
        | Emit::ThreadMissing
        | Emit::Settings(_)
        | Emit::Commands(_)
        | Emit::Modes(_)
        | Emit::Favorites(_)
        | Emit::SidebarTitle(_)
        | Emit::SidebarElements { .. }
        | Emit::TokenUsage(_) => false,
    }
}
