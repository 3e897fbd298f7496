//! What is measured, from outside and from `/metrics`.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use chinwag_tests::{machine, metrics::Metrics, server::TestServer};
use serde::Serialize;

/// One look at the server. Memory is in MiB.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Sample {
    /// Seconds since the load began.
    pub(crate) second: f64,
    /// Resident memory.
    pub(crate) rss: f64,
    /// What of it is no file's: where leaks are.
    pub(crate) anonymous: f64,
    /// Resident memory, where pages that others share count in part.
    pub(crate) pss: f64,
    /// Open descriptors.
    pub(crate) descriptors: f64,
    /// Threads.
    pub(crate) threads: f64,
    /// Tokio's tasks; none if the server does not say.
    pub(crate) tasks: Option<f64>,
    /// Live sessions.
    pub(crate) sessions: f64,
    /// Turns that run.
    pub(crate) running: f64,
    /// Series in `/metrics`.
    pub(crate) series: f64,
    /// The data folder, in MiB.
    pub(crate) data: f64,
    /// Seconds for which the server has computed, compilations included.
    pub(crate) computed: f64,
    /// Turns that ended.
    pub(crate) turns: f64,
    /// Turns that failed, by cause.
    pub(crate) failures: BTreeMap<String, f64>,
    /// Calls that were refused, by code.
    pub(crate) denials: BTreeMap<String, f64>,
    /// Uploads of bots, by outcome.
    pub(crate) uploads: BTreeMap<String, f64>,
}

impl Sample {
    /// Looks at a server that has been under load since `begin`; none if it is gone.
    pub(crate) async fn take(server: &TestServer, begin: Instant) -> Option<Self> {
        let pid = server.pid();
        let metrics = server.metrics().await;
        let mib = |file, name| Some(machine::number(pid, file, name)? as f64 / 1024.0);
        let folder = server.data_file("");
        // Thousands of files: not on a thread that has sockets to read.
        let data = tokio::task::spawn_blocking(move || machine::size(&folder)).await.ok()?;
        Some(Self {
            second: begin.elapsed().as_secs_f64(),
            rss: mib("smaps_rollup", "Rss")?,
            anonymous: mib("smaps_rollup", "Anonymous")?,
            pss: mib("smaps_rollup", "Pss")?,
            descriptors: machine::descriptors(pid)? as f64,
            threads: machine::number(pid, "status", "Threads")? as f64,
            data: data as f64 / f64::from(1 << 20),
            computed: machine::computed(pid)?,
            ..Self::told(&metrics)
        })
    }

    /// What the server says of itself.
    fn told(metrics: &Metrics) -> Self {
        let sum = |name| metrics.sum(name, &[]);
        let has_tasks = metrics.0.lines().any(|line| line.starts_with("chinwag_tasks"));
        Self {
            tasks: has_tasks.then(|| sum("chinwag_tasks")),
            sessions: sum("chinwag_sessions"),
            running: sum("chinwag_turns_running"),
            series: metrics.count() as f64,
            turns: sum("chinwag_turns_total"),
            failures: metrics.by("chinwag_turn_failures_total", "cause"),
            denials: metrics.by("chinwag_denials_total", "code"),
            uploads: metrics.by("chinwag_uploads_total", "outcome"),
            ..Self::default()
        }
    }
}

/// How often a run of this length is looked at: often enough for a line, at most each second, at least each ten.
pub(crate) fn period(length: Duration) -> Duration {
    (length / 60).clamp(Duration::from_secs(1), Duration::from_secs(10))
}
