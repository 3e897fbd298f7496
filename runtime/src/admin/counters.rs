//! A bot's counters, read from the text that `/metrics` shows: so there is one place that counts.

use serde::Serialize;

use crate::{domain::BotName, telemetry::names};

/// What a bot has done since the server started.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Counters {
    turns: u64,
    turn_failures: u64,
    emits: u64,
    denials: u64,
}

impl Counters {
    /// Sums over versions, callbacks, causes and codes.
    pub(super) fn read(metrics: &str, bot: &BotName) -> Self {
        Self {
            turns: sum(metrics, names::TURNS, bot),
            turn_failures: sum(metrics, names::TURN_FAILURES, bot),
            emits: sum(metrics, names::EMITS, bot),
            denials: sum(metrics, names::DENIALS, bot),
        }
    }
}

fn sum(metrics: &str, name: &str, bot: &BotName) -> u64 {
    // Safe to look for as text: a bot's name needs no escaping.
    let label = format!("bot=\"{bot}\"");
    let series = metrics.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix('{'));
    series
        .filter_map(|line| line.rsplit_once("} "))
        .filter(|(labels, _)| labels.split(',').any(|one| one == label))
        .filter_map(|(_, value)| value.parse::<u64>().ok())
        .sum()
}

#[cfg(test)]
mod tests {
    use metrics_exporter_prometheus::PrometheusBuilder;

    use super::*;

    #[test]
    fn a_bots_counters_are_summed_and_those_of_others_left_out() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        metrics::with_local_recorder(&recorder, || {
            for (bot, version, count) in [("echo", "1", 3), ("echo", "2", 4), ("echo-2", "1", 9)] {
                metrics::counter!(names::TURNS, "bot" => bot, "version" => version)
                    .increment(count);
            }
            metrics::counter!(names::DENIALS, "bot" => "echo", "code" => "a,bot=\"x\"")
                .increment(2);
        });
        let counters = Counters::read(&handle.render(), &"echo".parse().unwrap());
        assert_eq!(counters, Counters { turns: 7, turn_failures: 0, emits: 0, denials: 2 });
    }
}
