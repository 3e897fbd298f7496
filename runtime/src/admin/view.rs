//! The JSON of the admin API. Scripts read it: a field may be added, none may change or go.

use serde::Serialize;

use super::counters::Counters;
use crate::{
    bots::{Bot, Deployed, VersionRecord},
    domain::{BotName, Digest, VersionNumber},
};

/// What became of an upload.
#[derive(Debug, Serialize)]
pub(super) struct UploadView {
    name: BotName,
    version: VersionNumber,
    digest: Digest,
    size: u64,
    active: bool,
    compile_ms: u64,
    exports: Vec<String>,
    imports: Vec<String>,
    /// What the operator must permit first; always empty while nothing needs a permit.
    grants_needed: Vec<String>,
}

impl UploadView {
    pub(super) fn of(deployed: &Deployed) -> Self {
        let record = &deployed.version;
        Self {
            name: deployed.bot.name.clone(),
            version: record.number,
            digest: record.digest,
            size: record.size,
            active: active_number(&deployed.bot) == Some(record.number),
            compile_ms: record.compile_ms,
            exports: record.exports.clone(),
            imports: record.imports.clone(),
            grants_needed: Vec::new(),
        }
    }
}

/// A bot in a list.
#[derive(Debug, Serialize)]
pub(super) struct BotSummary {
    name: BotName,
    /// The active version's number; none while all are staged.
    active: Option<VersionNumber>,
    version_count: usize,
    display_name: Option<String>,
    digest: Option<Digest>,
    size: Option<u64>,
    uploaded_at: Option<jiff::Timestamp>,
}

impl BotSummary {
    pub(super) fn of(bot: &Bot) -> Self {
        let active = bot.active.as_ref().map(|version| &version.record);
        Self {
            name: bot.name.clone(),
            active: active.map(|record| record.number),
            version_count: bot.versions.len(),
            display_name: active.and_then(|record| record.profile.display_name.clone()),
            digest: active.map(|record| record.digest),
            size: active.map(|record| record.size),
            uploaded_at: active.map(|record| record.uploaded_at),
        }
    }
}

/// A bot with all its versions.
#[derive(Debug, Serialize)]
pub(super) struct BotView {
    name: BotName,
    /// The active version's number; none while all are staged.
    active: Option<VersionNumber>,
    versions: Vec<VersionRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counters: Option<Counters>,
}

impl BotView {
    pub(super) fn of(bot: &Bot) -> Self {
        Self {
            name: bot.name.clone(),
            active: active_number(bot),
            versions: bot.versions.clone(),
            counters: None,
        }
    }

    /// A bot together with what it has done.
    pub(super) fn counted(bot: &Bot, counters: Counters) -> Self {
        Self { counters: Some(counters), ..Self::of(bot) }
    }
}

fn active_number(bot: &Bot) -> Option<VersionNumber> {
    bot.active.as_ref().map(|version| version.record.number)
}
