//! What tests of other modules need: bots of which there are none yet, and a version whose code does nothing.

use std::{path::Path, sync::Arc, time::Duration};

use super::{Bot, Bots, BotsSettings, Offer, Version, VersionRecord, commit};
use crate::{
    domain::ByteSize,
    sandbox::{ArtifactKey, CompileSettings, Compiler, Program, Sandbox},
};

impl Bots {
    /// No bots yet, to be kept below `data`. Uploads may have 4 KiB.
    pub(crate) async fn sample(data: &Path) -> Self {
        let sandbox = Sandbox::new(1, 0).unwrap();
        let key = ArtifactKey::open(&data.join("artifact-key")).unwrap();
        let compiled = data.join("compiled");
        let compiler = Compiler::open(sandbox, compiled, key, CompileSettings::default()).unwrap();
        let settings = BotsSettings {
            offer: Offer::default(),
            db: None,
            upload_max: ByteSize::kib(4),
            default: None,
            swap_drain: Duration::from_secs(1),
            threads: tokio::runtime::Handle::current(),
        };
        Self::open(data, compiler, settings).await.unwrap()
    }

    /// As [`Bots::sample`], with a bot whose active version handles nothing.
    pub(crate) async fn with_sample(data: &Path) -> (Self, Arc<Version>) {
        Self::with(data, Program::sample()).await
    }

    /// As [`Bots::sample`], with a bot of this code.
    pub(crate) async fn with(data: &Path, program: Program) -> (Self, Arc<Version>) {
        let bots = Self::sample(data).await;
        let bot = bots.unborn("sample".parse().unwrap());
        let version = commit::version(&bot, VersionRecord::sample(1), program);
        bots.0.registry.put(Arc::new(Bot { active: Some(version.clone()), ..bot }));
        (bots, version)
    }
}
