//! `GET /api/stats` and `GET /api/sessions`: the server at this moment, for whoever watches it. Counters count from the start
//! of the server; rates and percentiles are what the difference of two answers says.

use std::{collections::BTreeMap, fs};

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::Serialize;

use super::{Api, samples::Sample};
use crate::{session::Glance, telemetry::names};

/// Sessions that are listed; there may be far more.
const LISTED: usize = 500;

/// What does not change while the server runs.
#[derive(Clone, Debug, Serialize)]
pub struct Facts {
    /// The version of Chinwag.
    pub version: &'static str,
    /// When the server started.
    pub started_at: Timestamp,
    /// Where conversations are kept: `sqlite`, or `off`.
    pub store: &'static str,
    /// Whether users sign in.
    pub sign_in: bool,
    /// Turns that may run at once.
    pub turns_max: usize,
}

#[derive(Serialize)]
pub(super) struct Stats {
    at: Timestamp,
    server: ServerStats,
    versions: Vec<VersionStats>,
}

#[derive(Serialize)]
struct ServerStats {
    #[serde(flatten)]
    facts: Facts,
    /// Bytes of memory that the server's process has in use.
    resident_bytes: u64,
    sessions: usize,
    sessions_connected: u64,
    turns_running: u64,
    mailbox_depth: u64,
}

/// What one version has done.
#[derive(Default, Serialize)]
struct VersionStats {
    bot: String,
    version: u64,
    turns: u64,
    failures: u64,
    emits: u64,
    /// Calls that were refused, over all versions of the bot.
    denials: u64,
    seconds: Histogram,
    memory: Histogram,
}

#[derive(Default, Serialize)]
struct Histogram {
    sum: f64,
    count: u64,
    /// How many were at most `le`; the last, without one, counts all.
    buckets: Vec<Bucket>,
}

#[derive(Serialize)]
struct Bucket {
    le: Option<f64>,
    count: u64,
}

#[derive(Serialize)]
pub(super) struct SessionList {
    total: usize,
    sessions: Vec<Glance>,
}

pub(super) async fn sessions(State(api): State<Api>) -> Json<SessionList> {
    let (total, sessions) = api.sessions.glance(LISTED);
    Json(SessionList { total, sessions })
}

pub(super) async fn stats(State(api): State<Api>) -> Json<Stats> {
    let metrics = api.settings.metrics.render();
    let gauge = |name| Sample::all(&metrics).find(|it| it.name == name).map_or(0, |it| it.count());
    let server = ServerStats {
        facts: api.settings.facts.clone(),
        resident_bytes: resident_bytes().unwrap_or(0),
        sessions: api.sessions.len(),
        sessions_connected: gauge(names::SESSIONS_CONNECTED),
        turns_running: gauge(names::TURNS_RUNNING),
        mailbox_depth: gauge(names::MAILBOX_DEPTH),
    };
    Json(Stats { at: Timestamp::now(), server, versions: versions(&metrics) })
}

fn versions(metrics: &str) -> Vec<VersionStats> {
    let mut denials: BTreeMap<&str, u64> = BTreeMap::new();
    let mut versions: BTreeMap<(&str, u64), VersionStats> = BTreeMap::new();
    for sample in Sample::all(metrics) {
        let Some(bot) = sample.label("bot") else { continue };
        if sample.name == names::DENIALS {
            *denials.entry(bot).or_default() += sample.count();
        }
        let Some(number) = sample.label("version").and_then(|it| it.parse().ok()) else { continue };
        versions.entry((bot, number)).or_default().add(&sample);
    }
    let named = versions.into_iter().map(|((bot, version), stats)| VersionStats {
        bot: bot.to_owned(),
        version,
        denials: denials.get(bot).copied().unwrap_or_default(),
        ..stats
    });
    named.collect()
}

impl VersionStats {
    fn add(&mut self, sample: &Sample<'_>) {
        match sample.name {
            names::TURNS => self.turns += sample.count(),
            names::TURN_FAILURES => self.failures += sample.count(),
            names::EMITS => self.emits += sample.count(),
            name => match name.strip_prefix(names::TURN_SECONDS) {
                Some(part) => self.seconds.add(part, sample),
                None => {
                    if let Some(part) = name.strip_prefix(names::TURN_MEMORY) {
                        self.memory.add(part, sample);
                    }
                }
            },
        }
    }
}

impl Histogram {
    /// Adds a part of a histogram: callbacks are counted one by one, and asked for together.
    fn add(&mut self, part: &str, sample: &Sample<'_>) {
        match part {
            "_sum" => self.sum += sample.value,
            "_count" => self.count += sample.count(),
            "_bucket" => {
                let le = sample
                    .label("le")
                    .and_then(|le| le.parse().ok())
                    .filter(|it| f64::is_finite(*it));
                match self.buckets.iter_mut().find(|bucket| bucket.le == le) {
                    Some(bucket) => bucket.count += sample.count(),
                    None => self.buckets.push(Bucket { le, count: sample.count() }),
                }
            }
            _ => {}
        }
    }
}

/// Bytes of memory of this process that are in use.
fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_callbacks_of_a_version_are_summed_bucket_by_bucket() {
        let metrics = "\
            chinwag_turns_total{bot=\"a\",version=\"2\",callback=\"on-message\",outcome=\"ok\"} 3\n\
            chinwag_turns_total{bot=\"a\",version=\"2\",callback=\"on-action\",outcome=\"failed\"} 1\n\
            chinwag_turn_failures_total{bot=\"a\",version=\"2\",cause=\"trap\"} 1\n\
            chinwag_denials_total{bot=\"a\",code=\"too-large\"} 5\n\
            chinwag_turn_seconds_bucket{bot=\"a\",version=\"2\",callback=\"on-message\",le=\"0.001\"} 2\n\
            chinwag_turn_seconds_bucket{bot=\"a\",version=\"2\",callback=\"on-message\",le=\"+Inf\"} 3\n\
            chinwag_turn_seconds_bucket{bot=\"a\",version=\"2\",callback=\"on-action\",le=\"0.001\"} 1\n\
            chinwag_turn_seconds_sum{bot=\"a\",version=\"2\",callback=\"on-message\"} 0.5\n\
            chinwag_turn_seconds_count{bot=\"a\",version=\"2\",callback=\"on-message\"} 3\n";
        let found = serde_json::to_value(versions(metrics)).unwrap();
        assert_eq!(
            found,
            serde_json::json!([{
                "bot": "a", "version": 2, "turns": 4, "failures": 1, "emits": 0, "denials": 5,
                "seconds": { "sum": 0.5, "count": 3, "buckets": [
                    { "le": 0.001, "count": 3 }, { "le": null, "count": 3 },
                ] },
                "memory": { "sum": 0.0, "count": 0, "buckets": [] },
            }])
        );
    }
}
