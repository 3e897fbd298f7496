//! The JSON of the admin API. Scripts read it: a field may be added, none may change or go.

use serde::Serialize;
use serde_json::{Map, Value};

use super::counters::Counters;
use crate::{
    bots::{Bot, Deployed, Grants, Outcome, SwapRecord, VersionRecord},
    domain::{BotName, Digest, Limits, VersionNumber},
};

/// What became of an upload.
#[derive(Debug, Serialize)]
pub(super) struct UploadView {
    name: BotName,
    version: VersionNumber,
    digest: Digest,
    size: u64,
    active: bool,
    /// Whether there is a new version; else the same bytes were active already.
    created: bool,
    compile_ms: u64,
    exports: Vec<String>,
    imports: Vec<String>,
    /// What the operator must grant first; the version is held until then.
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
            created: deployed.outcome == Outcome::Created,
            compile_ms: record.compile_ms,
            exports: record.exports.clone(),
            imports: record.imports.clone(),
            grants_needed: deployed.asks.items(),
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
    uploaded_by: Option<String>,
    /// Versions that wait for a grant.
    held: usize,
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
            uploaded_by: active.map(|record| record.uploaded_by.clone()),
            held: bot.versions.iter().filter(|record| !bot.asks(record).is_empty()).count(),
        }
    }
}

/// A version, and whether it may be activated.
#[derive(Debug, Serialize)]
struct VersionView {
    #[serde(flatten)]
    record: VersionRecord,
    /// What it asks for that needs a grant.
    needs: Grants,
    /// Whether something of that is not granted.
    held: bool,
}

impl VersionView {
    fn of(bot: &Bot, record: &VersionRecord) -> Self {
        let held = !bot.asks(record).is_empty();
        Self { record: record.clone(), needs: record.needs(), held }
    }
}

/// A bot with all its versions.
#[derive(Debug, Serialize)]
pub(super) struct BotView {
    name: BotName,
    /// The active version's number; none while all are staged.
    active: Option<VersionNumber>,
    versions: Vec<VersionView>,
    /// What the operator lets it use beyond what all bots may.
    grants: Grants,
    /// What its turns may use.
    limits: Limits,
    /// Those of them that are not the server's.
    limits_set: Map<String, Value>,
    /// The server's.
    limits_default: Limits,
    /// Its last activations, the newest first.
    swaps: Vec<SwapRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counters: Option<Counters>,
}

impl BotView {
    pub(super) fn of(bot: &Bot) -> Self {
        Self {
            name: bot.name.clone(),
            active: active_number(bot),
            versions: bot.versions.iter().map(|record| VersionView::of(bot, record)).collect(),
            grants: bot.terms.grants(),
            limits: Limits::clone(&bot.terms.limits()),
            limits_set: bot.terms.overrides(),
            limits_default: bot.terms.defaults(),
            swaps: bot.swaps.recent(),
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
