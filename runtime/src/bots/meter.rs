//! What a version's turns are counted by. Each counter is looked up once: its labels are texts, and turns are many.

use std::{sync::OnceLock, time::Duration};

use metrics::{Counter, Histogram};

use crate::{
    domain::{Callback, VersionRef},
    sandbox::TurnError,
    telemetry::names,
};

/// How a turn ended, and what it used.
#[derive(Debug)]
pub struct TurnRecord<'a> {
    /// What it was.
    pub callback: Callback,
    /// Why it did not end well, if so.
    pub error: Option<&'a TurnError>,
    /// From its begin to its end.
    pub took: Duration,
    /// Bytes of its memories and tables.
    pub memory: usize,
    /// How much it showed.
    pub emits: u64,
}

/// Counts the turns of one version.
#[derive(Default)]
pub(super) struct Meter {
    memory: OnceLock<Histogram>,
    emits: OnceLock<Counter>,
    callbacks: [OfCallback; Callback::ALL.len()],
}

#[derive(Default)]
struct OfCallback {
    seconds: OnceLock<Histogram>,
    ok: OnceLock<Counter>,
    cancelled: OnceLock<Counter>,
    failed: OnceLock<Counter>,
}

impl std::fmt::Debug for Meter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Meter")
    }
}

impl Meter {
    pub(super) fn count(&self, version: &VersionRef, turn: &TurnRecord<'_>) {
        let labels = || (version.bot.to_string(), version.number.to_string());
        let memory = self.memory.get_or_init(|| {
            let (bot, version) = labels();
            metrics::histogram!(names::TURN_MEMORY, "bot" => bot, "version" => version)
        });
        memory.record(f64::from(u32::try_from(turn.memory).unwrap_or(u32::MAX)));
        let emits = self.emits.get_or_init(|| {
            let (bot, version) = labels();
            metrics::counter!(names::EMITS, "bot" => bot, "version" => version)
        });
        emits.increment(turn.emits);
        let callback = turn.callback.name();
        let Some(of_callback) = self.callbacks.get(turn.callback as usize) else { return };
        let seconds = of_callback.seconds.get_or_init(|| {
            let (bot, version) = labels();
            metrics::histogram!(
                names::TURN_SECONDS, "bot" => bot, "version" => version, "callback" => callback
            )
        });
        seconds.record(turn.took);
        let (outcome, counter) = match turn.error {
            None => ("ok", &of_callback.ok),
            Some(TurnError::Cancelled) => ("cancelled", &of_callback.cancelled),
            Some(_) => ("failed", &of_callback.failed),
        };
        let turns = counter.get_or_init(|| {
            let (bot, version) = labels();
            metrics::counter!(
                names::TURNS,
                "bot" => bot, "version" => version, "callback" => callback, "outcome" => outcome
            )
        });
        turns.increment(1);
        if let Some(error) = turn.error.filter(|error| !matches!(error, TurnError::Cancelled)) {
            let ((bot, version), cause) = (labels(), error.code());
            metrics::counter!(
                names::TURN_FAILURES, "bot" => bot, "version" => version, "cause" => cause
            )
            .increment(1);
        }
    }
}
