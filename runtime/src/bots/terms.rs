//! What the operator lets one bot use, whichever of its versions is active.

use std::{collections::BTreeMap, sync::Arc};

use arc_swap::ArcSwap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Grants;
use crate::{
    domain::{ByteSize, Limits, MAX_TIME},
    models::Models,
    outbound::{HeldSecret, Reach},
    sandbox::MAX_MEMORY,
};

/// What the server has for its bots.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    /// What each may use, unless its own limits say otherwise.
    pub limits: Limits,
    /// Secrets that can be granted, by name.
    pub secrets: BTreeMap<String, HeldSecret>,
    /// Models that can be granted.
    pub models: Arc<Models>,
}

/// What is kept of a bot's terms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct TermsRecord {
    /// The limits that differ from the server's, under their names in the settings.
    pub(super) limits: Map<String, Value>,
    /// What the operator lets it use.
    pub(super) grants: Grants,
}

/// Terms that no bot can have.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum TermsError {
    #[error("the limits do not parse: {0}; `GET` the bot to see all limits as they are written")]
    Parse(#[from] serde_json::Error),
    #[error(
        "`{0}` is zero, so no turn could ever end well; give it some, or leave it out for the default"
    )]
    Zero(&'static str),
    #[error("`{0}` is longer than a year; a year will do for ever")]
    Long(&'static str),
    #[error("`memory` is {found}; it can be from {least} to {MAX_MEMORY}")]
    Memory { found: ByteSize, least: ByteSize },
    #[error("`{name}` is nothing that can be granted; there is {}", Grants::all())]
    Unknown { name: String },
    #[error(
        "{0:?} names no secret or model: names have 1 to 128 of `A-Z`, `a-z`, `0-9`, `-` and `_`"
    )]
    BadName(String),
    #[error("the active version uses {0}; activate another one, or leave it granted")]
    InUse(Grants),
}

/// The terms of a bot at this moment. Cheap to clone; reading takes no lock.
#[derive(Clone, Debug)]
pub struct Terms(Arc<ArcSwap<Agreed>>);

#[derive(Debug)]
struct Agreed {
    record: TermsRecord,
    limits: Arc<Limits>,
    defaults: Limits,
    reach: Arc<Reach>,
    models: Arc<Models>,
}

impl Agreed {
    fn new(record: TermsRecord, limits: Limits, offer: &Offer) -> Self {
        let held = record.grants.secrets.iter();
        let held = held.filter_map(|name| Some((name.clone(), offer.secrets.get(name)?.clone())));
        let reach = Arc::new(Reach::new(record.grants.hosts.clone(), held));
        let (limits, defaults) = (Arc::new(limits), offer.limits.clone());
        Self { record, limits, defaults, reach, models: offer.models.clone() }
    }
}

impl Terms {
    /// The terms that a record makes of what the server has.
    pub(super) fn new(record: TermsRecord, offer: &Offer) -> Result<Self, TermsError> {
        let limits = merged(&record.limits, &offer.limits)?;
        if let Some(name) = record.grants.stranger() {
            return Err(TermsError::Unknown { name: name.to_owned() });
        }
        if let Some(name) = record.grants.bad_name() {
            return Err(TermsError::BadName(name.chars().take(80).collect()));
        }
        Ok(Self(Arc::new(ArcSwap::from_pointee(Agreed::new(record, limits, offer)))))
    }

    /// The terms of a bot that nobody has set any for.
    pub(super) fn plain(offer: &Offer) -> Self {
        let agreed = Agreed::new(TermsRecord::default(), offer.limits.clone(), offer);
        Self(Arc::new(ArcSwap::from_pointee(agreed)))
    }

    /// What a turn may use.
    #[must_use]
    pub fn limits(&self) -> Arc<Limits> {
        self.0.load().limits.clone()
    }

    /// Where requests of a turn may go.
    #[must_use]
    pub fn reach(&self) -> Arc<Reach> {
        self.0.load().reach.clone()
    }

    /// The models of the server.
    #[must_use]
    pub fn models(&self) -> Arc<Models> {
        self.0.load().models.clone()
    }

    /// What a turn may use of a bot that nobody has set limits for.
    #[must_use]
    pub fn defaults(&self) -> Limits {
        self.0.load().defaults.clone()
    }

    /// The limits that differ from the server's.
    #[must_use]
    pub fn overrides(&self) -> Map<String, Value> {
        self.0.load().record.limits.clone()
    }

    /// What the operator lets it use.
    #[must_use]
    pub fn grants(&self) -> Grants {
        self.0.load().record.grants.clone()
    }

    pub(super) fn record(&self) -> TermsRecord {
        self.0.load().record.clone()
    }

    /// Other terms from now on, for every version: the next turn has them.
    pub(super) fn replace(&self, other: &Self) {
        self.0.store(other.0.load_full());
    }
}

/// The server's limits with those of a bot in their places.
fn merged(overrides: &Map<String, Value>, defaults: &Limits) -> Result<Limits, TermsError> {
    let mut all = serde_json::to_value(defaults)?;
    if let Value::Object(all) = &mut all {
        all.extend(overrides.clone());
    }
    let limits: Limits = serde_json::from_value(all)?;
    let zero = [
        ("cpu", limits.cpu.is_zero()),
        ("wall", limits.wall.is_zero()),
        ("emits", limits.emits == 0),
        ("http_timeout", limits.http_timeout.is_zero()),
        ("concurrent_turns", limits.concurrent_turns == 0),
    ];
    if let Some((name, _)) = zero.into_iter().find(|(_, is_zero)| *is_zero) {
        return Err(TermsError::Zero(name));
    }
    let times = [("cpu", limits.cpu), ("wall", limits.wall), ("http_timeout", limits.http_timeout)];
    if let Some((name, _)) = times.into_iter().find(|(_, time)| *time > MAX_TIME) {
        return Err(TermsError::Long(name));
    }
    let least = ByteSize::mib(1);
    if limits.memory < least || limits.memory > MAX_MEMORY {
        return Err(TermsError::Memory { found: limits.memory, least });
    }
    Ok(limits)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn terms(limits: &Value) -> Result<Terms, TermsError> {
        let limits = limits.as_object().cloned().unwrap();
        Terms::new(TermsRecord { limits, ..TermsRecord::default() }, &Offer::default())
    }

    #[test]
    fn a_limit_that_is_set_replaces_the_servers_and_others_stay() {
        let terms = terms(&json!({ "cpu": "500ms", "memory": "16 MiB" })).unwrap();
        let limits = terms.limits();
        assert_eq!(limits.cpu.as_millis(), 500);
        assert_eq!(limits.memory, ByteSize::mib(16));
        assert_eq!(limits.emits, Limits::default().emits);
        assert_eq!(terms.overrides().len(), 2);
    }

    #[test]
    fn limits_with_which_no_bot_could_work_are_refused_in_words() {
        let refused = |limits: &Value| terms(limits).unwrap_err().to_string();
        insta::assert_snapshot!(refused(&json!({ "cpu": "0s" })), @"`cpu` is zero, so no turn could ever end well; give it some, or leave it out for the default");
        insta::assert_snapshot!(refused(&json!({ "memory": 128 })), @"`memory` is 128 bytes; it can be from 1 MiB to 1024 MiB");
        insta::assert_snapshot!(refused(&json!({ "wall": "5000000000000000h" })), @"`wall` is longer than a year; a year will do for ever");
        assert!(refused(&json!({ "cup": "1s" })).contains("unknown field `cup`"));
        assert!(refused(&json!({ "emits": -1 })).contains("do not parse"));
    }
}
