//! All bots of this server: opening them at start, and looking at them. What changes them is in `deploy` and `commit`.

use std::{
    collections::{BTreeSet, HashSet},
    io,
    path::Path,
    sync::Arc,
    time::Duration,
};

use tokio::{
    runtime::Handle,
    sync::{Mutex, Semaphore},
};
use tokio_util::task::TaskTracker;

use super::{
    Bot, BotLog, DeployError, Offer, Terms, Upload, Version, VersionRecord,
    commit::version,
    disk::{ActiveRecord, BotRecord, Disk},
    registry::Registry,
    terms::TermsRecord,
};
use crate::{
    db::Database,
    domain::{BotName, ByteSize, Digest, Limits},
    sandbox::Compiler,
    telemetry::chain,
};

/// Rehearsals at the same time; further ones wait. They run beside turns and must not crowd them out.
const REHEARSALS: usize = 4;

/// All bots of this server. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Bots(pub(super) Arc<Shared>);

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) registry: Registry,
    pub(super) disk: Disk,
    pub(super) compiler: Compiler,
    pub(super) offer: Offer,
    /// Where bots' stores are kept; none if nothing is.
    db: Option<Arc<dyn Database>>,
    /// Where guests run.
    pub(super) threads: Handle,
    pub(super) rehearsals: Semaphore,
    /// Versions that start up, finish their turns, or are shut down.
    pub(super) lives: TaskTracker,
    /// How long turns of a version that was replaced may go on.
    pub(super) swap_drain: Duration,
    /// Held while disk and registry change together; compiling happens outside of it.
    pub(super) commit: Arc<Mutex<()>>,
    /// Bots whose folders do not parse. They are left alone, whatever is uploaded under their names.
    damaged: BTreeSet<BotName>,
    upload_max: ByteSize,
    default: Option<BotName>,
}

/// What uploads may use, and who answers when nobody is named.
#[derive(Clone, Debug)]
pub struct BotsSettings {
    /// What there is for bots.
    pub offer: Offer,
    /// Where bots' stores are kept; none keeps them for as long as the server runs.
    pub db: Option<Arc<dyn Database>>,
    /// The largest upload.
    pub upload_max: ByteSize,
    /// The bot of sessions that name none.
    pub default: Option<BotName>,
    /// How long turns of a version that was replaced may go on.
    pub swap_drain: Duration,
    /// Where versions are rehearsed: guests stay away from the threads of sockets.
    pub threads: Handle,
}

impl Bots {
    /// Opens the bots below `data` and loads every active version. One that does not load is reported and left inactive,
    /// one whose records are damaged is reported and left out: neither must keep the others from serving.
    ///
    /// Rehearsals of later uploads run guests on the threads of the runtime on which this is called.
    ///
    /// # Errors
    /// The data directory cannot be read or written.
    pub async fn open(data: &Path, compiler: Compiler, settings: BotsSettings) -> io::Result<Self> {
        let disk = Disk::open(data)?;
        let records = disk.load()?;
        if records.damaged.is_empty() {
            sweep(&compiler, records.bots.values());
        }
        let bots = Self(Arc::new(Shared {
            registry: Registry::default(),
            disk,
            compiler,
            offer: settings.offer,
            db: settings.db,
            threads: settings.threads,
            rehearsals: Semaphore::new(REHEARSALS),
            lives: TaskTracker::new(),
            swap_drain: settings.swap_drain,
            commit: Arc::default(),
            damaged: records.damaged,
            upload_max: settings.upload_max,
            default: settings.default,
        }));
        for (name, record) in records.bots {
            bots.add(name, record).await;
        }
        Ok(bots)
    }

    async fn add(&self, name: BotName, record: BotRecord) {
        let ActiveRecord { active, history } = record.active;
        let terms = record.terms.unwrap_or_else(|| {
            // It was deployed before there were grants: it goes on with what it has.
            let active = record.versions.iter().find(|version| Some(version.number) == active);
            let grants = active.map(VersionRecord::needs).unwrap_or_default();
            TermsRecord { grants, ..TermsRecord::default() }
        });
        let terms = Terms::new(terms, &self.0.offer).unwrap_or_else(|error| {
            tracing::error!(bot = %name, %error, "its limits are not those that were set, but the server's");
            Terms::plain(&self.0.offer)
        });
        let mut bot = Bot { versions: record.versions, history, terms, ..self.unborn(name) };
        if let Some(number) = active {
            match self.load(&bot, number).await {
                Ok((record, program)) => {
                    let version = version(&bot, record, program);
                    bot.active = Some(version.clone());
                    self.start_up(version);
                }
                Err(error) => {
                    let error = chain(&error);
                    tracing::error!(bot = %bot.name, number, %error, "the active version does not load");
                }
            }
        }
        self.0.registry.put(Arc::new(bot));
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

    /// What a bot may use; the server's limits if there is no such bot.
    #[must_use]
    pub fn limits(&self, name: &BotName) -> Arc<Limits> {
        self.get(name)
            .map_or_else(|| Arc::new(self.0.offer.limits.clone()), |bot| bot.terms.limits())
    }

    /// A bot before its first version.
    pub(super) fn unborn(&self, name: BotName) -> Bot {
        Bot::empty(name, Terms::plain(&self.0.offer), self.0.db.clone())
    }

    /// Begins an upload.
    ///
    /// # Errors
    /// The data directory cannot be written.
    pub fn upload(&self) -> Result<Upload, DeployError> {
        Ok(Upload::create(self.0.disk.incoming()?, self.0.upload_max))
    }

    /// A bot that must be there.
    pub(super) fn known(&self, name: &BotName) -> Result<Arc<Bot>, DeployError> {
        self.get(name).ok_or_else(|| DeployError::UnknownBot(name.clone()))
    }

    /// Refuses names whose folders are damaged: whoever repairs them must find them as they were.
    pub(super) fn usable(&self, name: &BotName) -> Result<(), DeployError> {
        match self.0.damaged.contains(name) {
            true => Err(DeployError::Damaged(name.clone())),
            false => Ok(()),
        }
    }
}

/// Deletes compiled code that no version has: a server that ends in the middle of an upload leaves some behind.
fn sweep<'a>(compiler: &Compiler, bots: impl Iterator<Item = &'a BotRecord>) {
    let versions = bots.flat_map(|bot| &bot.versions);
    let digests: HashSet<Digest> = versions.map(|version| version.digest).collect();
    if let Err(error) = compiler.sweep(&digests) {
        tracing::warn!(%error, "old compiled code cannot be removed");
    }
}
