//! What the last activations of a bot did: which version took over from which, and how long turns of the old one went on.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use jiff::Timestamp;
use parking_lot::Mutex;
use serde::Serialize;

use crate::domain::VersionNumber;

/// Swaps that are remembered of a bot, while the server runs.
const REMEMBERED: usize = 32;

/// One activation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SwapRecord {
    /// When.
    pub at: Timestamp,
    /// The version that was active before; none if there was none.
    pub from: Option<VersionNumber>,
    /// The version that is active since.
    pub to: VersionNumber,
    /// Turns of the old version that ran at that moment, and went on.
    pub turns_in_flight: usize,
    /// Milliseconds until the last of them had ended; none while one runs.
    pub retired_ms: Option<u64>,
}

/// The last swaps of a bot. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Swaps(Arc<Mutex<VecDeque<SwapRecord>>>);

impl Swaps {
    /// The newest first.
    #[must_use]
    pub fn recent(&self) -> Vec<SwapRecord> {
        self.0.lock().iter().rev().cloned().collect()
    }

    /// Takes note of an activation. The handle completes the note.
    pub(super) fn note(
        &self,
        from: Option<VersionNumber>,
        to: VersionNumber,
        turns_in_flight: usize,
    ) -> Swap {
        let at = Timestamp::now();
        let retired_ms = from.is_none().then_some(0);
        let mut swaps = self.0.lock();
        if swaps.len() == REMEMBERED {
            swaps.pop_front();
        }
        swaps.push_back(SwapRecord { at, from, to, turns_in_flight, retired_ms });
        Swap { swaps: self.clone(), at }
    }
}

/// A swap that goes on until the last turn of the old version has ended.
#[derive(Debug)]
pub(super) struct Swap {
    swaps: Swaps,
    at: Timestamp,
}

impl Swap {
    /// The last turn has ended.
    pub(super) fn retired(self, after: Duration) {
        let milliseconds = u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
        let mut swaps = self.swaps.0.lock();
        // It may be so old that it is forgotten.
        if let Some(swap) = swaps.iter_mut().find(|swap| swap.at == self.at) {
            swap.retired_ms = Some(milliseconds);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_is_noted_at_once_and_completed_when_the_last_turn_has_ended() {
        let swaps = Swaps::default();
        drop(swaps.note(None, 1, 0));
        let swap = swaps.note(Some(1), 2, 3);
        let open = swaps.recent();
        assert_eq!((open[0].from, open[0].to, open[0].turns_in_flight), (Some(1), 2, 3));
        assert_eq!((open[0].retired_ms, open[1].retired_ms), (None, Some(0)));
        swap.retired(Duration::from_millis(7));
        assert_eq!(swaps.recent()[0].retired_ms, Some(7));
    }

    #[test]
    fn only_the_last_swaps_are_remembered() {
        let swaps = Swaps::default();
        for number in 1..=40 {
            drop(swaps.note(None, number, 0));
        }
        assert_eq!(swaps.recent().len(), REMEMBERED);
        assert_eq!(swaps.recent()[0].to, 40);
    }
}
