//! Logs and metrics: how they are set up, and the names of all metrics. What is measured is decided where it happens.

use std::{error::Error, io::IsTerminal};

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use serde::{Deserialize, Serialize};
use tracing_subscriber::{
    EnvFilter, filter::ParseError, fmt::layer, layer::SubscriberExt, util::SubscriberInitExt,
    util::TryInitError,
};

/// Names of metrics. The labels of each are in its description.
pub mod names {
    /// Turns that ended; labels `bot`, `version`, `callback`, `outcome`.
    pub const TURNS: &str = "chinwag_turns_total";
    /// How long turns took, in seconds; labels `bot`, `version`, `callback`.
    pub const TURN_SECONDS: &str = "chinwag_turn_seconds";
    /// Memory that turns needed, in bytes; labels `bot`, `version`.
    pub const TURN_MEMORY: &str = "chinwag_turn_memory_bytes";
    /// Turns that failed; labels `bot`, `version`, `cause`.
    pub const TURN_FAILURES: &str = "chinwag_turn_failures_total";
    /// Turns that run now; no labels.
    pub const TURNS_RUNNING: &str = "chinwag_turns_running";
    /// What bots showed; labels `bot`, `version`.
    pub const EMITS: &str = "chinwag_emits_total";
    /// Calls of bots that the host refused; labels `bot`, `code`.
    pub const DENIALS: &str = "chinwag_denials_total";
    /// Live sessions, connected or not; no labels.
    pub const SESSIONS: &str = "chinwag_sessions";
    /// Live sessions with a client; no labels.
    pub const SESSIONS_CONNECTED: &str = "chinwag_sessions_connected";
    /// Tasks that are alive; label `runtime`: `main`, `turns`.
    pub const TASKS: &str = "chinwag_tasks";
    /// Events that wait for their turn, over all sessions; no labels.
    pub const MAILBOX_DEPTH: &str = "chinwag_mailbox_depth";
    /// How long compilations took, in seconds; no labels.
    pub const COMPILE_SECONDS: &str = "chinwag_compile_seconds";
    /// Uploads; label `outcome`.
    pub const UPLOADS: &str = "chinwag_uploads_total";
    /// Activations of a version; label `bot`.
    pub const ACTIVATIONS: &str = "chinwag_activations_total";
}

/// From ten microseconds, which a small bot takes, to the minutes of one that waits for a model. Seconds.
const TURN_BUCKETS: [f64; 18] = [
    0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05,
    0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0,
];
/// From a small Rust bot to the largest memory there is. Bytes.
const MEMORY_BUCKETS: [f64; 8] = [
    262_144.0,
    1_048_576.0,
    4_194_304.0,
    16_777_216.0,
    67_108_864.0,
    134_217_728.0,
    268_435_456.0,
    1_073_741_824.0,
];
/// From a small Rust bot to an interpreter with its libraries. Seconds.
const COMPILE_BUCKETS: [f64; 10] = [0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0, 180.0];

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// What is logged and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogSettings {
    /// Default: `text`.
    pub format: LogFormat,
    /// Which lines, in the syntax of `tracing`'s `EnvFilter`, for example `info,chinwag::session=debug`. Default: `info`.
    pub filter: String,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { format: LogFormat::default(), filter: "info".into() }
    }
}

/// Logs or metrics cannot be set up.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum TelemetryError {
    #[error("`{0}` is not a log filter; write it like `info` or `info,chinwag::session=debug`")]
    Filter(String, #[source] ParseError),
    #[error("this process writes logs elsewhere already")]
    Logs(#[source] TryInitError),
    #[error("metrics cannot be recorded")]
    Metrics(#[source] BuildError),
}

/// Sends the logs of this process to stderr. Once per process.
///
/// # Errors
/// The filter does not parse, or logs have been set up before.
pub fn init_logs(settings: &LogSettings) -> Result<(), TelemetryError> {
    let filter = EnvFilter::try_new(&settings.filter)
        .map_err(|error| TelemetryError::Filter(settings.filter.clone(), error))?;
    let lines = layer().with_writer(std::io::stderr);
    let registry = tracing_subscriber::registry().with(filter);
    let init = match settings.format {
        LogFormat::Text => {
            registry.with(lines.with_ansi(std::io::stderr().is_terminal())).try_init()
        }
        LogFormat::Json => registry.with(lines.json().flatten_event(true)).try_init(),
    };
    init.map_err(TelemetryError::Logs)
}

/// Records the metrics of this process from now on. Once per process. Somebody must call the handle's `run_upkeep` every few
/// seconds, or histograms that nobody scrapes grow.
///
/// # Errors
/// Metrics are recorded elsewhere already.
pub fn install_metrics() -> Result<PrometheusHandle, TelemetryError> {
    let handle =
        builder().and_then(PrometheusBuilder::install_recorder).map_err(TelemetryError::Metrics)?;
    describe();
    Ok(handle)
}

/// An error with all its causes on one line, for a log field: `error = %chain(&error)`.
#[must_use]
pub fn chain(error: &(dyn Error + 'static)) -> String {
    std::iter::successors(Some(error), |error| (*error).source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(names::TURN_SECONDS.into()), &TURN_BUCKETS)?
        .set_buckets_for_metric(Matcher::Full(names::COMPILE_SECONDS.into()), &COMPILE_BUCKETS)?
        .set_buckets_for_metric(Matcher::Full(names::TURN_MEMORY.into()), &MEMORY_BUCKETS)
}

fn describe() {
    describe_counter!(
        names::TURNS,
        Unit::Count,
        "turns that ended, by bot, version, callback and outcome"
    );
    describe_histogram!(
        names::TURN_SECONDS,
        Unit::Seconds,
        "how long turns took, by bot, version and callback"
    );
    describe_histogram!(
        names::TURN_MEMORY,
        Unit::Bytes,
        "memory that turns needed, by bot and version"
    );
    describe_counter!(
        names::TURN_FAILURES,
        Unit::Count,
        "turns that failed, by bot, version and cause"
    );
    describe_gauge!(names::TURNS_RUNNING, Unit::Count, "turns that run now");
    describe_counter!(names::EMITS, Unit::Count, "what bots showed, by bot and version");
    describe_counter!(
        names::DENIALS,
        Unit::Count,
        "calls of bots that were refused, by bot and code"
    );
    describe_gauge!(names::SESSIONS, Unit::Count, "live sessions");
    describe_gauge!(names::SESSIONS_CONNECTED, Unit::Count, "live sessions with a client");
    describe_gauge!(names::MAILBOX_DEPTH, Unit::Count, "events that wait for their turn");
    describe_gauge!(names::TASKS, Unit::Count, "tasks that are alive, by runtime: `main`, `turns`");
    describe_histogram!(names::COMPILE_SECONDS, Unit::Seconds, "how long compilations took");
    describe_counter!(names::UPLOADS, Unit::Count, "uploads, by outcome");
    describe_counter!(names::ACTIVATIONS, Unit::Count, "activations of a version, by bot");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turn_durations_are_counted_in_buckets_that_a_small_bot_and_a_slow_model_both_fit() {
        let recorder = builder().unwrap().build_recorder();
        let handle = recorder.handle();
        metrics::with_local_recorder(&recorder, || {
            describe();
            metrics::histogram!(names::TURN_SECONDS, "bot" => "echo").record(0.000_02);
            metrics::histogram!(names::TURN_SECONDS, "bot" => "echo").record(200.0);
        });
        let text = handle.render();
        assert!(text.contains("# HELP chinwag_turn_seconds how long turns took"), "{text}");
        assert!(
            text.contains(r#"chinwag_turn_seconds_bucket{bot="echo",le="0.000025"} 1"#),
            "{text}"
        );
        assert!(text.contains(r#"chinwag_turn_seconds_bucket{bot="echo",le="300"} 2"#), "{text}");
    }

    #[test]
    fn an_error_chain_names_every_cause() {
        let cause = std::io::Error::other("disk full");
        let error = anyhow::Error::new(cause).context("the version cannot be stored");
        assert_eq!(chain(&*error), "the version cannot be stored: disk full");
    }
}
