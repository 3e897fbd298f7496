//! A version, and a bot as the sequence of its versions.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use jiff::Timestamp;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tokio::sync::SetOnce;

use super::{
    BotLog, Grants, Swaps, Terms,
    lifecycle::{Count, Parked},
    meter::{Meter, TurnRecord},
    store::BotStore,
};
use crate::{
    db::Database,
    domain::{BotName, Callback, Digest, Limits, Profile, VersionNumber, VersionRef},
    models::Ledger,
    outbound::Reach,
    sandbox::{Program, TurnError},
};

/// Versions that are kept beside the active one and those that a rollback can go back to.
const KEPT: usize = 32;

/// Names of authors that a version remembers.
const MAX_AUTHORS: usize = 256;

/// What is kept of a version, for as long as it is active, or in the history, or one of the last 32 others. Older ones are
/// deleted when a new one is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRecord {
    /// Its number, from 1 in the order of upload.
    pub number: VersionNumber,
    /// The sha-256 of the component.
    pub digest: Digest,
    /// The component's size in bytes.
    pub size: u64,
    /// When it was uploaded.
    pub uploaded_at: Timestamp,
    /// Who uploaded it, as the uploader was known then.
    pub uploaded_by: String,
    /// How long compiling took, in milliseconds; 0 if the same code had been compiled before.
    pub compile_ms: u64,
    /// What it exports.
    pub exports: Vec<String>,
    /// What it imports.
    pub imports: Vec<String>,
    /// How it presents itself.
    pub profile: Profile,
}

/// A version that is ready for turns. Whoever holds it keeps it alive: it retires when the last turn lets go of it.
#[derive(Debug)]
pub struct Version {
    /// Which one it is.
    pub reference: VersionRef,
    /// What is kept of it.
    pub record: VersionRecord,
    /// Its code.
    pub program: Program,
    /// The bot's log.
    pub log: BotLog,
    pub(super) terms: Terms,
    pub(super) store: Arc<BotStore>,
    pub(super) ledger: Arc<Ledger>,
    /// How many turns run.
    pub(super) running: Count,
    /// Those of them that wait for a person.
    pub(super) parked: Mutex<Parked>,
    /// Set when it is active no longer and the time to finish turns is over: why they end.
    pub(super) expired: SetOnce<TurnError>,
    pub(super) meter: Meter,
    /// The names that the bot has been asked for.
    pub(super) authors: Mutex<HashMap<String, String>>,
}

impl Version {
    /// What its turns may use at this moment.
    #[must_use]
    pub fn limits(&self) -> Arc<Limits> {
        self.terms.limits()
    }

    /// Where its requests may go at this moment.
    #[must_use]
    pub fn reach(&self) -> Arc<Reach> {
        self.terms.reach()
    }

    /// The name that the bot shows for another, if it has been asked.
    #[must_use]
    pub fn author(&self, name: &str) -> Option<String> {
        self.authors.lock().get(name).cloned()
    }

    /// Remembers what the bot shows for a name.
    pub fn remember_author(&self, name: String, shown: String) {
        let mut authors = self.authors.lock();
        // Bots make names up; asking again is only slower.
        if authors.len() >= MAX_AUTHORS {
            authors.clear();
        }
        authors.insert(name, shown);
    }

    /// Counts a turn that has ended.
    pub fn count(&self, turn: &TurnRecord<'_>) {
        self.meter.count(&self.reference, turn);
    }

    /// Whether the version handles a callback.
    #[must_use]
    pub fn has(&self, callback: Callback) -> bool {
        self.program.has(callback)
    }
}

impl Drop for Version {
    fn drop(&mut self) {
        tracing::debug!(version = %self.reference, "retired");
    }
}

/// A bot at one moment; changes make a new one.
#[derive(Clone, Debug)]
pub struct Bot {
    /// Its name.
    pub name: BotName,
    /// All its versions by number.
    pub versions: Vec<VersionRecord>,
    /// The one that handles new turns.
    pub active: Option<Arc<Version>>,
    /// The numbers that were active before, oldest first.
    pub history: Vec<VersionNumber>,
    /// Its log.
    pub log: BotLog,
    /// What it may use.
    pub terms: Terms,
    /// Its last activations.
    pub swaps: Swaps,
    /// What it remembers for all its sessions.
    pub(super) store: Arc<BotStore>,
    /// What it has asked of models lately.
    pub(super) ledger: Arc<Ledger>,
}

impl Bot {
    /// The record of a version.
    #[must_use]
    pub fn version(&self, number: VersionNumber) -> Option<&VersionRecord> {
        self.versions.iter().find(|version| version.number == number)
    }

    /// What a version asks for that nobody has granted; it is held as long as there is something.
    #[must_use]
    pub fn asks(&self, record: &VersionRecord) -> Grants {
        record.needs().beyond(&self.terms.grants())
    }

    /// The number that the next upload gets.
    pub(super) fn next_number(&self) -> VersionNumber {
        self.versions.iter().map(|version| version.number).max().unwrap_or(0) + 1
    }

    /// The numbers of versions that are too old to be kept.
    pub(super) fn surplus(&self) -> BTreeSet<VersionNumber> {
        let active = self.active.as_ref().map(|active| active.reference.number);
        let is_used = |number| active == Some(number) || self.history.contains(&number);
        let numbers = self.versions.iter().rev().map(|version| version.number);
        numbers.filter(|number| !is_used(*number)).skip(KEPT).collect()
    }

    /// A bot without versions.
    pub(super) fn empty(name: BotName, terms: Terms, db: Option<Arc<dyn Database>>) -> Self {
        let store = Arc::new(BotStore::new(name.clone(), db));
        Self {
            name,
            versions: Vec::new(),
            active: None,
            history: Vec::new(),
            log: BotLog::default(),
            terms,
            swaps: Swaps::default(),
            store,
            ledger: Arc::default(),
        }
    }
}

impl VersionRecord {
    /// What it asks for that needs leave.
    #[must_use]
    pub fn needs(&self) -> Grants {
        Grants::asked(&self.imports, &self.profile)
    }
}

#[cfg(test)]
impl VersionRecord {
    /// A record of some version.
    pub(super) fn sample(number: VersionNumber) -> Self {
        Self {
            number,
            digest: Digest::of(&number.to_le_bytes()),
            size: 4,
            uploaded_at: Timestamp::UNIX_EPOCH,
            uploaded_by: "somebody".into(),
            compile_ms: 1,
            exports: Vec::new(),
            imports: Vec::new(),
            profile: Profile::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bots::Offer;

    #[test]
    fn the_last_versions_are_kept_and_those_that_a_rollback_needs() {
        let mut bot = Bot::empty("bot".parse().unwrap(), Terms::plain(&Offer::default()), None);
        bot.versions = (1..=32).map(VersionRecord::sample).collect();
        assert_eq!(bot.surplus(), BTreeSet::new());
        bot.versions = (1..=36).map(VersionRecord::sample).collect();
        bot.history = vec![2, 36];
        assert_eq!(bot.surplus(), BTreeSet::from([1, 3]));
        assert_eq!(bot.next_number(), 37);
    }
}
