//! A bot's counters.

use serde::Serialize;

use super::samples::Sample;
use crate::{domain::BotName, telemetry::names};

/// What a bot has done since the server started.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Counters {
    turns: u64,
    turn_failures: u64,
    emits: u64,
    denials: u64,
}

impl Counters {
    /// Sums over versions, callbacks, causes and codes.
    pub(super) fn read(metrics: &str, bot: &BotName) -> Self {
        let mut counters = Self::default();
        for sample in Sample::all(metrics).filter(|it| it.label("bot") == Some(bot.as_str())) {
            let counter = match sample.name {
                names::TURNS => &mut counters.turns,
                names::TURN_FAILURES => &mut counters.turn_failures,
                names::EMITS => &mut counters.emits,
                names::DENIALS => &mut counters.denials,
                _ => continue,
            };
            *counter += sample.count();
        }
        counters
    }
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
            metrics::counter!(names::DENIALS, "bot" => "echo", "code" => "mailbox-full")
                .increment(2);
        });
        let counters = Counters::read(&handle.render(), &"echo".parse().unwrap());
        assert_eq!(counters, Counters { turns: 7, turn_failures: 0, emits: 0, denials: 2 });
    }
}
