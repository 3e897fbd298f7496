//! Changes of disk and registry together, one after the other: on disk first, then with one pointer store.

use std::{
    collections::{BTreeSet, HashSet},
    io,
    sync::Arc,
};

use parking_lot::Mutex;
use tokio::{sync::SetOnce, task::spawn_blocking};

use super::{
    Activation, Bot, Bots, DeployError, Deployed, Grants, Outcome, Stage, Terms, TermsError,
    Version, VersionRecord, deploy::Candidate, disk::ActiveRecord, lifecycle::Count, meter::Meter,
    terms::TermsRecord,
};
use crate::{
    domain::{BotName, Digest, VersionNumber, VersionRef},
    sandbox::Program,
    telemetry::names,
};

/// How far back a rollback can go.
const HISTORY: usize = 32;

impl Bots {
    /// Makes a change while nobody else does, on a thread that may wait for the disk.
    ///
    /// Not cancelled halfway: it ends even if nobody waits for it any longer.
    pub(super) async fn commit<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Self) -> Result<T, DeployError> + Send + 'static,
    ) -> Result<T, DeployError> {
        let lock = self.0.commit.clone().lock_owned().await;
        let bots = self.clone();
        let changed = spawn_blocking(move || {
            let _lock = lock;
            change(&bots)
        });
        changed.await.map_err(io::Error::from)?
    }

    /// Stores a version, activates it unless it is staged, and lets go of the oldest ones.
    pub(super) fn store(
        &self,
        mut bot: Bot,
        candidate: Candidate,
        activation: Activation,
    ) -> Result<Deployed, DeployError> {
        let record = candidate.record(bot.next_number());
        candidate.progress.begins(Stage::Store);
        self.0.disk.store(&bot.name, &record, candidate.received.path)?;
        let needs = record.needs();
        let granted = match candidate.grant {
            true => needs,
            // Whoever brings a bot here lets it have some of what it asks for; what it asks for later is asked for again.
            false if bot.versions.is_empty() => needs.of_newcomer(),
            false => Grants::default(),
        };
        if bot.versions.is_empty() || !granted.beyond(&bot.terms.grants()).is_empty() {
            let mut terms = bot.terms.record();
            terms.grants = terms.grants.with(granted);
            self.0.disk.agree(&bot.name, &terms)?;
            bot.terms.replace(&Terms::new(terms, &self.0.offer)?);
        }
        bot.versions.push(record.clone());
        // Now: if it cannot be activated, it is there all the same, as if it had been staged.
        let stored = Arc::new(bot.clone());
        self.0.registry.put(stored.clone());
        tracing::info!(bot = %bot.name, version = record.number, digest = %record.digest, ?activation, "deployed");
        let asks = bot.asks(&record);
        let bot = match activation {
            _ if !asks.is_empty() => {
                tracing::warn!(bot = %bot.name, version = record.number, %asks, "held: it asks for more than is granted");
                stored
            }
            Activation::Now => {
                candidate.progress.begins(Stage::Live);
                self.switch(bot, record.clone(), candidate.compiled.program)?
            }
            Activation::Staged => stored,
        };
        let bot = self.prune(bot);
        Ok(Deployed { bot, version: record, outcome: Outcome::Created, asks })
    }

    /// Activates a version that is loaded.
    pub(super) fn switch(
        &self,
        mut bot: Bot,
        record: VersionRecord,
        program: Program,
    ) -> Result<Arc<Bot>, DeployError> {
        let number = record.number;
        let asks = bot.asks(&record);
        if !asks.is_empty() {
            return Err(DeployError::NeedsConsent { bot: bot.name, number, asks });
        }
        if let Some(old) = bot.active.as_ref().filter(|old| old.reference.number != number) {
            // Rolling back shortens the history instead of growing it, so that doing it twice goes back twice.
            if bot.history.last() == Some(&number) {
                bot.history.pop();
            } else {
                bot.history.push(old.reference.number);
                let surplus = bot.history.len().saturating_sub(HISTORY);
                bot.history.drain(..surplus);
            }
        }
        let active = ActiveRecord { active: Some(number), history: bot.history.clone() };
        self.0.disk.activate(&bot.name, &active)?;
        let new = version(&bot, record, program);
        let old = bot.active.replace(new.clone());
        let bot = Arc::new(bot);
        self.0.registry.put(bot.clone());
        let turns = old.as_ref().map_or(0, |old| old.turns());
        let swap = bot.swaps.note(old.as_ref().map(|old| old.reference.number), number, turns);
        self.start_up(new);
        if let Some(old) = old {
            self.retire(old, Some(swap));
        }
        metrics::counter!(names::ACTIVATIONS, "bot" => bot.name.to_string()).increment(1);
        tracing::info!(bot = %bot.name, version = number, "activated");
        Ok(bot)
    }

    /// Takes a bot from disk and registry.
    pub(super) fn take_away(&self, name: &BotName) -> Result<Arc<Bot>, DeployError> {
        let bot = self.known(name)?;
        self.0.disk.remove(name)?;
        self.0.registry.remove(name);
        self.forget(bot.versions.iter().map(|version| version.digest));
        if let Some(active) = &bot.active {
            self.retire(active.clone(), None);
        }
        tracing::info!(bot = %name, "removed");
        Ok(bot)
    }

    /// Sets what a bot may use, for every turn from now on.
    pub(super) fn agree(
        &self,
        name: &BotName,
        change: impl FnOnce(&mut TermsRecord),
    ) -> Result<Arc<Bot>, DeployError> {
        let bot = self.known(name)?;
        let mut record = bot.terms.record();
        change(&mut record);
        let terms = Terms::new(record, &self.0.offer)?;
        let lost = bot.active.as_ref().map(|active| active.record.needs().beyond(&terms.grants()));
        if let Some(lost) = lost.filter(|lost| !lost.is_empty()) {
            return Err(TermsError::InUse(lost).into());
        }
        self.0.disk.agree(name, &terms.record())?;
        bot.terms.replace(&terms);
        tracing::info!(bot = %name, grants = %terms.grants(), limits = ?terms.overrides(), "its terms were set");
        Ok(bot)
    }

    /// Deletes the versions that there are too many of.
    fn prune(&self, bot: Arc<Bot>) -> Arc<Bot> {
        let surplus: BTreeSet<VersionNumber> = bot.surplus();
        if surplus.is_empty() {
            return bot;
        }
        let mut pruned = Bot::clone(&bot);
        pruned.versions.retain(|version| !surplus.contains(&version.number));
        let pruned = Arc::new(pruned);
        self.0.registry.put(pruned.clone());
        for number in &surplus {
            if let Err(error) = self.0.disk.prune(&bot.name, *number) {
                tracing::warn!(bot = %bot.name, version = number, %error, "an old version cannot be deleted");
            }
        }
        let gone = bot.versions.iter().filter(|version| surplus.contains(&version.number));
        self.forget(gone.map(|version| version.digest));
        tracing::info!(bot = %bot.name, versions = ?surplus, "deleted the oldest versions");
        pruned
    }

    /// Deletes the compiled code of components that no version has.
    pub(super) fn forget(&self, digests: impl IntoIterator<Item = Digest>) {
        let bots = self.list();
        let versions = bots.iter().flat_map(|bot| &bot.versions);
        let used: HashSet<Digest> = versions.map(|version| version.digest).collect();
        for digest in digests.into_iter().filter(|digest| !used.contains(digest)) {
            self.0.compiler.forget(digest);
        }
    }
}

/// A version of `bot` that is ready for turns.
pub(super) fn version(bot: &Bot, record: VersionRecord, program: Program) -> Arc<Version> {
    let reference = VersionRef { bot: bot.name.clone(), number: record.number };
    Arc::new(Version {
        reference,
        record,
        program,
        log: bot.log.clone(),
        terms: bot.terms.clone(),
        store: bot.store.clone(),
        ledger: bot.ledger.clone(),
        running: Count::default(),
        expired: SetOnce::new(),
        parked: Mutex::default(),
        meter: Meter::default(),
        authors: Mutex::default(),
    })
}
