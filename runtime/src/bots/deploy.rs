//! Deploying, activating, rolling back and removing.

use std::{io, path::Path, sync::Arc};

use jiff::Timestamp;
use tokio::sync::Mutex;

use super::{
    Bot, BotLog, DeployError, Fault, Upload, Version, VersionRecord,
    disk::{ActiveRecord, Disk},
    registry::Registry,
    rehearse::rehearse,
    upload::Received,
};
use crate::{
    domain::{BotName, ByteSize, Limits, VersionNumber, VersionRef},
    sandbox::{Compiled, Compiler, Program},
    telemetry::{chain, names},
};

/// How far back a rollback can go.
const HISTORY: usize = 32;

/// Whether an upload serves at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// The next turn is its.
    Now,
    /// It is stored, and waits to be activated.
    Staged,
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
}

/// All bots of this server. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Bots(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    registry: Registry,
    disk: Disk,
    compiler: Compiler,
    limits: Limits,
    upload_max: ByteSize,
    default: Option<BotName>,
    /// Held while disk and registry change together; compiling happens outside of it.
    commit: Mutex<()>,
}

/// What uploads may use, and who answers when nobody is named.
#[derive(Clone, Debug)]
pub struct BotsSettings {
    /// Limits of a bot.
    pub limits: Limits,
    /// The largest upload.
    pub upload_max: ByteSize,
    /// The bot of sessions that name none.
    pub default: Option<BotName>,
}

impl Bots {
    /// Opens the bots below `data` and loads every active version. One that does not load is reported and left inactive: it
    /// must not keep the others from serving.
    ///
    /// # Errors
    /// The data directory cannot be read.
    pub async fn open(data: &Path, compiler: Compiler, settings: BotsSettings) -> io::Result<Self> {
        let disk = Disk::open(data)?;
        let records = disk.load()?;
        let bots = Self(Arc::new(Shared {
            registry: Registry::default(),
            disk,
            compiler,
            limits: settings.limits,
            upload_max: settings.upload_max,
            default: settings.default,
            commit: Mutex::new(()),
        }));
        for (name, record) in records {
            let ActiveRecord { active, history } = record.active;
            let log = BotLog::default();
            let mut bot = Bot { name, versions: record.versions, active: None, history, log };
            if let Some(number) = active {
                match bots.load(&bot, number).await {
                    Ok(version) => bot.active = Some(version),
                    Err(error) => {
                        let error = chain(&error);
                        tracing::error!(bot = %bot.name, number, %error, "the active version does not load");
                    }
                }
            }
            bots.0.registry.put(Arc::new(bot));
        }
        Ok(bots)
    }

    /// All bots by name.
    #[must_use]
    pub fn list(&self) -> Vec<Arc<Bot>> {
        self.0.registry.list()
    }

    /// One bot.
    #[must_use]
    pub fn get(&self, name: &BotName) -> Option<Arc<Bot>> {
        self.0.registry.get(name)
    }

    /// The version that handles the next turn of a bot.
    #[must_use]
    pub fn lease(&self, name: &BotName) -> Option<Arc<Version>> {
        self.get(name)?.active.clone()
    }

    /// The bot of sessions that name none: the configured one if it is there, else the first that can answer.
    #[must_use]
    pub fn default_bot(&self) -> Option<BotName> {
        let configured = self.0.default.as_ref().filter(|name| self.lease(name).is_some());
        let first =
            || self.list().iter().find(|bot| bot.active.is_some()).map(|bot| bot.name.clone());
        configured.cloned().or_else(first)
    }

    /// A bot's log.
    #[must_use]
    pub fn log(&self, name: &BotName) -> Option<BotLog> {
        self.get(name).map(|bot| bot.log.clone())
    }

    /// What every bot may use.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Begins an upload.
    ///
    /// # Errors
    /// The data directory cannot be written.
    pub fn upload(&self) -> Result<Upload, DeployError> {
        Ok(Upload::create(self.0.disk.incoming()?, self.0.upload_max))
    }

    /// Makes a version of an upload: check, compile, rehearse, store, and activate unless it is staged.
    ///
    /// # Errors
    /// The component is refused, or cannot be stored; nothing has changed then.
    pub async fn deploy(
        &self,
        name: BotName,
        upload: Upload,
        activation: Activation,
        by: &str,
    ) -> Result<Deployed, DeployError> {
        let deployed = self.try_deploy(name, upload, activation, by).await;
        let outcome = match &deployed {
            Ok(Deployed { outcome: Outcome::Created, .. }) => "created",
            Ok(Deployed { outcome: Outcome::Unchanged, .. }) => "unchanged",
            Err(error) if error.fault() == Fault::Internal => "failed",
            Err(_) => "refused",
        };
        metrics::counter!(names::UPLOADS, "outcome" => outcome).increment(1);
        deployed
    }

    async fn try_deploy(
        &self,
        name: BotName,
        upload: Upload,
        activation: Activation,
        by: &str,
    ) -> Result<Deployed, DeployError> {
        let received = upload.finish().await?;
        if let Some(deployed) = self.unchanged(&name, &received) {
            return Ok(deployed);
        }
        let compiled = self.0.compiler.compile(&received.path, received.digest).await?;
        let log = self.log(&name).unwrap_or_default();
        let next = self.get(&name).map_or(1, |bot| bot.next_number());
        let profile = rehearse(&compiled.program, &name, next, &self.0.limits, &log).await?;

        let commit = self.0.commit.lock().await;
        // Again: the same bytes may have been deployed while these were compiled.
        if let Some(deployed) = self.unchanged(&name, &received) {
            return Ok(deployed);
        }
        let bot = self.get(&name).map_or_else(|| Bot::empty(name, log), |bot| Bot::clone(&bot));
        let Compiled { program, surface, took } = compiled;
        let version = VersionRecord {
            number: bot.next_number(),
            digest: received.digest,
            size: received.size,
            uploaded_at: Timestamp::now(),
            uploaded_by: by.to_owned(),
            compile_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            exports: surface.exports,
            imports: surface.imports,
            profile,
        };
        self.0.disk.store(&bot.name, &version, received.path)?;
        let bot = self.stored(bot, version.clone(), program, activation)?;
        drop(commit);
        tracing::info!(bot = %bot.name, version = version.number, digest = %version.digest, ?activation, "deployed");
        Ok(Deployed { bot, version, outcome: Outcome::Created })
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
        let unknown = || DeployError::UnknownBot(name.clone());
        // Loading may mean compiling: outside of the lock.
        let version = self.load(&*self.get(name).ok_or_else(unknown)?, number).await?;
        let _commit = self.0.commit.lock().await;
        let bot = self.get(name).ok_or_else(unknown)?;
        self.switch(Bot::clone(&bot), version)
    }

    /// Activates the version that was active before the current one.
    ///
    /// # Errors
    /// There is none, or it does not load.
    pub async fn rollback(&self, name: &BotName) -> Result<Arc<Bot>, DeployError> {
        let bot = self.get(name).ok_or_else(|| DeployError::UnknownBot(name.clone()))?;
        let nothing = || DeployError::NothingToRollBack(name.clone());
        let number = bot.history.last().copied().ok_or_else(nothing)?;
        self.activate(name, number).await
    }

    /// Removes a bot with all its versions. Turns that run finish.
    ///
    /// # Errors
    /// There is no such bot, or its files cannot be removed.
    pub async fn remove(&self, name: &BotName) -> Result<(), DeployError> {
        let _commit = self.0.commit.lock().await;
        if self.get(name).is_none() {
            return Err(DeployError::UnknownBot(name.clone()));
        }
        self.0.disk.remove(name)?;
        self.0.registry.remove(name);
        tracing::info!(bot = %name, "removed");
        Ok(())
    }

    fn unchanged(&self, name: &BotName, received: &Received) -> Option<Deployed> {
        let bot = self.get(name)?;
        let active = bot.active.as_ref().filter(|it| it.record.digest == received.digest)?;
        let version = active.record.clone();
        Some(Deployed { bot, version, outcome: Outcome::Unchanged })
    }

    /// Adds a version that is on disk to the registry.
    fn stored(
        &self,
        mut bot: Bot,
        record: VersionRecord,
        program: Program,
        activation: Activation,
    ) -> Result<Arc<Bot>, DeployError> {
        let version = version(&bot, record.clone(), program);
        bot.versions.push(record);
        if activation == Activation::Now {
            return self.switch(bot, version);
        }
        let bot = Arc::new(bot);
        self.0.registry.put(bot.clone());
        Ok(bot)
    }

    /// Activates a loaded version: on disk first, then with one pointer store.
    fn switch(&self, mut bot: Bot, version: Arc<Version>) -> Result<Arc<Bot>, DeployError> {
        let number = version.reference.number;
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
        let record = ActiveRecord { active: Some(number), history: bot.history.clone() };
        self.0.disk.activate(&bot.name, &record)?;
        bot.active = Some(version);
        let bot = Arc::new(bot);
        self.0.registry.put(bot.clone());
        metrics::counter!(names::ACTIVATIONS, "bot" => bot.name.to_string()).increment(1);
        tracing::info!(bot = %bot.name, version = number, "activated");
        Ok(bot)
    }

    /// Loads a stored version, compiling it if this host has not done so before.
    async fn load(&self, bot: &Bot, number: VersionNumber) -> Result<Arc<Version>, DeployError> {
        if let Some(active) = bot.active.as_ref().filter(|it| it.reference.number == number) {
            return Ok(active.clone());
        }
        let unknown = || DeployError::UnknownVersion { bot: bot.name.clone(), number };
        let record = bot.version(number).ok_or_else(unknown)?.clone();
        let path = self.0.disk.component(&bot.name, number);
        let compiled = self.0.compiler.compile(&path, record.digest).await?;
        Ok(version(bot, record, compiled.program))
    }
}

fn version(bot: &Bot, record: VersionRecord, program: Program) -> Arc<Version> {
    let reference = VersionRef { bot: bot.name.clone(), number: record.number };
    Arc::new(Version { reference, record, program, log: bot.log.clone() })
}

impl Bot {
    fn empty(name: BotName, log: BotLog) -> Self {
        Self { name, versions: Vec::new(), active: None, history: Vec::new(), log }
    }
}
