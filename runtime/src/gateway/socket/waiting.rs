//! What waits for a connection: in order, and never more than a client could be about to read.

use std::collections::VecDeque;

use crate::domain::Emit;

/// Emits that wait.
const MAX_EMITS: usize = 512;
/// Bytes of their texts. A single one fits always.
const MAX_BYTES: usize = 1 << 20;

/// A bounded queue of emits.
#[derive(Default)]
pub(super) struct Waiting {
    emits: VecDeque<Emit>,
    bytes: usize,
    /// Whether a task empties it.
    is_worked: bool,
}

impl Waiting {
    /// Returns whether there was room.
    pub(super) fn push(&mut self, emit: &Emit) -> bool {
        let bytes = weight(emit);
        let is_light = self.emits.is_empty() || self.bytes + bytes <= MAX_BYTES;
        let has_room = is_light && self.emits.len() < MAX_EMITS;
        if has_room {
            self.bytes += bytes;
            self.emits.push_back(emit.clone());
        }
        has_room
    }

    /// Returns whether a task must be begun that empties the queue.
    pub(super) fn begin_work(&mut self) -> bool {
        !std::mem::replace(&mut self.is_worked, true)
    }

    /// The next emit. None when the queue is empty; the task that empties it ends then, and the queue gives its memory back.
    pub(super) fn next(&mut self) -> Option<Emit> {
        let Some(emit) = self.emits.pop_front() else {
            *self = Self::default();
            return None;
        };
        self.bytes -= weight(&emit);
        Some(emit)
    }

    /// The connection did not take it.
    pub(super) fn put_back(&mut self, emit: Emit) {
        self.bytes += weight(&emit);
        self.emits.push_front(emit);
    }
}

/// Bytes of texts that grow with what bots and users say.
fn weight(emit: &Emit) -> usize {
    match emit {
        Emit::Token { text, .. } => text.len(),
        Emit::StepCreated(step) | Emit::StepUpdated(step) | Emit::StreamStarted(step) => {
            step.input.len() + step.output.len()
        }
        Emit::FirstInteraction { interaction, .. } => interaction.len(),
        Emit::Toast { message, .. } => message.len(),
        Emit::WindowMessage(json) => json.get().len(),
        Emit::AudioChunk { data, .. } => data.len(),
        Emit::ElementShown(element) => element.props.as_ref().map_or(0, |props| props.get().len()),
        _ => 0,
    }
}
