//! Deploying, activating, rolling back and removing: what takes time happens here, the changes themselves in `commit`.

use std::sync::Arc;

use jiff::Timestamp;

use serde_json::{Map, Value};

use super::{
    Bot, Bots, DeployError, Grants, Progress, Stage, VersionRecord,
    rehearse::{Rehearsal, rehearse},
    upload::{Received, Upload},
};
use crate::{
    domain::{BotName, Digest, Limits, Profile, VersionNumber},
    sandbox::{Compiled, Program},
    telemetry::names,
};

/// Whether an upload serves at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// The next turn is its.
    Now,
    /// It is stored, and waits to be activated.
    Staged,
}

/// An upload, and what is to become of it.
#[derive(Debug)]
pub struct Deployment {
    /// The bot that it is a version of.
    pub name: BotName,
    /// The component.
    pub upload: Upload,
    /// Whether it serves at once.
    pub activation: Activation,
    /// Whether it is granted what it asks for.
    pub grant: bool,
    /// Who uploaded it, as the uploader is to be known.
    pub by: String,
    /// Where its stages are told.
    pub progress: Progress,
}

/// Whether an upload changed anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There is a new version.
    Created,
    /// The active version has the same digest.
    Unchanged,
}

/// An upload that was accepted.
#[derive(Clone, Debug)]
pub struct Deployed {
    /// The bot as it is now.
    pub bot: Arc<Bot>,
    /// The version that was uploaded.
    pub version: VersionRecord,
    /// Whether it is new.
    pub outcome: Outcome,
    /// What it asks for that nobody has granted: if there is something, it is held, and the version before goes on.
    pub asks: Grants,
}

/// An upload that may become a version.
pub(super) struct Candidate {
    pub(super) received: Received,
    pub(super) compiled: Compiled,
    pub(super) profile: Profile,
    pub(super) grant: bool,
    pub(super) by: String,
    pub(super) progress: Progress,
}

impl Bots {
    /// Makes a version of an upload: check, compile, rehearse, store, and activate unless it is staged. Then the oldest
    /// versions are deleted that are neither active nor in the history, until 32 of them are left.
    ///
    /// # Errors
    /// The component is refused, or cannot be stored; nothing has changed then. If it was stored and cannot be activated, it
    /// stays as if it had been staged.
    pub async fn deploy(&self, order: Deployment) -> Result<Deployed, DeployError> {
        let deployed = self.try_deploy(order).await;
        let outcome = match &deployed {
            Ok(Deployed { outcome: Outcome::Created, .. }) => "created",
            Ok(Deployed { outcome: Outcome::Unchanged, .. }) => "unchanged",
            Err(error) => error.outcome(),
        };
        metrics::counter!(names::UPLOADS, "outcome" => outcome).increment(1);
        deployed
    }

    async fn try_deploy(&self, order: Deployment) -> Result<Deployed, DeployError> {
        let Deployment { name, upload, activation, grant, by, progress } = order;
        self.usable(&name)?;
        let received = upload.finish().await?;
        if let Some(deployed) = self.unchanged(&name, received.digest) {
            return Ok(deployed);
        }
        progress.begins(Stage::Check);
        let checked = || progress.begins(Stage::Compile);
        let compiled = self.0.compiler.compile(&received.path, received.digest, checked).await?;
        progress.begins(Stage::Rehearsal);
        let unborn = self.unborn(name.clone());
        let bot = self.get(&name).map_or(unborn, Arc::unwrap_or_clone);
        let rehearsal = Rehearsal {
            program: compiled.program.clone(),
            bot: name.clone(),
            version: bot.next_number(),
            limits: Limits::clone(&bot.terms.limits()),
            log: bot.log.clone(),
        };
        let profile = match rehearse(rehearsal, &self.0.threads, &self.0.rehearsals).await {
            Ok(profile) => profile,
            Err(error) => {
                self.forget([received.digest]);
                return Err(error);
            }
        };
        let candidate = Candidate { received, compiled, profile, grant, by, progress };
        self.commit(move |bots| {
            // Again: the same bytes may have been deployed while these were compiled.
            if let Some(deployed) = bots.unchanged(&name, candidate.received.digest) {
                return Ok(deployed);
            }
            // As it is now; a new one keeps the log of its rehearsal.
            let bot = bots.get(&name).map_or(bot, Arc::unwrap_or_clone);
            bots.store(bot, candidate, activation)
        })
        .await
    }

    /// Makes a version the one that handles new turns.
    ///
    /// # Errors
    /// There is no such version, or it does not load.
    pub async fn activate(
        &self,
        name: &BotName,
        number: VersionNumber,
    ) -> Result<Arc<Bot>, DeployError> {
        // Loading may mean compiling: outside of the lock.
        let (record, program) = self.load(&*self.known(name)?, number).await?;
        let name = name.clone();
        self.commit(move |bots| {
            let bot = bots.known(&name)?;
            // The bot may have been removed meanwhile, and another uploaded under its name.
            let found = bot.version(number).filter(|found| found.digest == record.digest).is_some();
            if !found {
                return Err(DeployError::UnknownVersion { bot: name, number });
            }
            bots.switch(Arc::unwrap_or_clone(bot), record, program)
        })
        .await
    }

    /// Activates the version that was active before the current one.
    ///
    /// # Errors
    /// There is none, or it does not load.
    pub async fn rollback(&self, name: &BotName) -> Result<Arc<Bot>, DeployError> {
        let bot = self.known(name)?;
        let nothing = || DeployError::NothingToRollBack(name.clone());
        let number = bot.history.last().copied().ok_or_else(nothing)?;
        self.activate(name, number).await
    }

    /// Sets the limits of a bot: those that are named, under their names in the settings; the others are the server's. Every
    /// turn that begins from now on has them.
    ///
    /// # Errors
    /// There is no such bot, the limits are refused, or they cannot be stored.
    pub async fn set_limits(
        &self,
        name: &BotName,
        limits: Map<String, Value>,
    ) -> Result<Arc<Bot>, DeployError> {
        let name = name.clone();
        self.commit(move |bots| bots.agree(&name, |terms| terms.limits = limits)).await
    }

    /// Sets what the operator lets a bot use beyond what all bots may.
    ///
    /// # Errors
    /// There is no such bot or grant, the active version uses what would be taken away, or it cannot be stored.
    pub async fn set_grants(
        &self,
        name: &BotName,
        grants: Grants,
    ) -> Result<Arc<Bot>, DeployError> {
        let name = name.clone();
        self.commit(move |bots| bots.agree(&name, |terms| terms.grants = grants)).await
    }

    /// Removes a bot with all its versions and what it remembers. Turns that run finish, for as long as those of a replaced
    /// version may.
    ///
    /// # Errors
    /// There is no such bot, or its files cannot be removed.
    pub async fn remove(&self, name: &BotName) -> Result<(), DeployError> {
        let name = name.clone();
        let bot = self.commit(move |bots| bots.take_away(&name)).await?;
        bot.store.forget().await;
        Ok(())
    }

    /// Loads a stored version, compiling it if this host has not done so before.
    pub(super) async fn load(
        &self,
        bot: &Bot,
        number: VersionNumber,
    ) -> Result<(VersionRecord, Program), DeployError> {
        if let Some(active) = bot.active.as_ref().filter(|it| it.reference.number == number) {
            return Ok((active.record.clone(), active.program.clone()));
        }
        let unknown = || DeployError::UnknownVersion { bot: bot.name.clone(), number };
        let record = bot.version(number).ok_or_else(unknown)?.clone();
        let path = self.0.disk.component(&bot.name, number);
        let compiled = self.0.compiler.compile(&path, record.digest, || {}).await?;
        Ok((record, compiled.program))
    }

    fn unchanged(&self, name: &BotName, digest: Digest) -> Option<Deployed> {
        let bot = self.get(name)?;
        let active = bot.active.as_ref().filter(|active| active.record.digest == digest)?;
        let version = active.record.clone();
        Some(Deployed { bot, version, outcome: Outcome::Unchanged, asks: Grants::default() })
    }
}

impl Candidate {
    /// What is kept of it as version `number`.
    pub(super) fn record(&self, number: VersionNumber) -> VersionRecord {
        let Self { received, compiled, profile, by, .. } = self;
        VersionRecord {
            number,
            digest: received.digest,
            size: received.size,
            uploaded_at: Timestamp::now(),
            uploaded_by: by.clone(),
            compile_ms: u64::try_from(compiled.took.as_millis()).unwrap_or(u64::MAX),
            exports: compiled.surface.exports.clone(),
            imports: compiled.surface.imports.clone(),
            profile: profile.clone(),
        }
    }
}
