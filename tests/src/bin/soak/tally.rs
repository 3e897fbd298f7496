//! What was done, and what went wrong.

use std::collections::BTreeMap;

/// Bad ends that are told in full; more are counted.
const TOLD: usize = 40;

/// The counts of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// What was done, and how often.
    pub(crate) done: BTreeMap<&'static str, u64>,
    /// Stories that came to their end, by role.
    pub(crate) stories: BTreeMap<&'static str, u64>,
    /// Stories that had a bad end.
    pub(crate) wrong: u64,
    /// The first of them.
    pub(crate) told: Vec<Wrong>,
}

/// A story that had a bad end.
#[derive(Clone, Debug)]
pub(crate) struct Wrong {
    /// Seconds since the load began.
    pub(crate) second: f64,
    /// Whose story it was.
    pub(crate) role: &'static str,
    /// What was not as it should be.
    pub(crate) why: String,
}

impl Tally {
    pub(crate) fn note(&mut self, wrong: Wrong) {
        self.wrong += 1;
        if self.told.len() < TOLD {
            self.told.push(wrong);
        }
    }
}
