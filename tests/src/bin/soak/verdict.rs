//! What is flat and what is not, and whether anything else went wrong.

use crate::{
    fit::{Point, slope},
    sample::Sample,
    tally::Tally,
};

/// The part of the time in which caches fill and pools grow: it is not judged.
const WARM_UP: f64 = 0.2;
/// Measurements without which no line can be drawn.
const LEAST: usize = 20;

/// How long pools and the heap grow under any load before they have found their size, in hours. In a short run the warm-up is over sooner.
const YOUTH: f64 = 1.0 / 6.0;

/// What is measured, and by how much it may rise.
pub(crate) struct Quantity {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) read: fn(&Sample) -> Option<f64>,
    pub(crate) may: May,
}

/// By how much something may rise.
#[derive(Clone, Copy, Default)]
pub(crate) struct May {
    /// What comes and goes: a line through it is that uncertain.
    noise: f64,
    /// What may stay for each hour.
    per_hour: f64,
    /// What more may come in the first ten minutes; as much of it as what is judged has of them.
    youth: f64,
}

impl May {
    /// By how much it may rise from one moment to another, in hours since the load began.
    fn rise(self, from: f64, to: f64) -> f64 {
        let youth = (1.0 - from / YOUTH).max(0.0);
        self.noise + self.per_hour * (to - from) + self.youth * youth
    }
}

/// Few MiB an hour, because `malloc` scatters. A session that stayed each time one ends would cost many times as much, and so would a
/// sandbox.
const MEMORY: May = May { noise: 4.0, per_hour: 4.0, youth: 24.0 };

pub(crate) const QUANTITIES: [Quantity; 6] = [
    Quantity { name: "resident memory", unit: "MiB", read: |it| Some(it.rss), may: MEMORY },
    Quantity { name: "anonymous memory", unit: "MiB", read: |it| Some(it.anonymous), may: MEMORY },
    Quantity {
        name: "descriptors",
        unit: "",
        read: |it| Some(it.descriptors),
        may: May { noise: 4.0, per_hour: 0.0, youth: 20.0 },
    },
    Quantity {
        name: "threads",
        unit: "",
        read: |it| Some(it.threads),
        may: May { noise: 4.0, per_hour: 0.0, youth: 4.0 },
    },
    Quantity {
        name: "tasks",
        unit: "",
        read: |it| it.tasks,
        may: May { noise: 10.0, per_hour: 0.0, youth: 40.0 },
    },
    Quantity {
        name: "live sessions",
        unit: "",
        read: |it| Some(it.sessions),
        may: May { noise: 6.0, per_hour: 0.0, youth: 40.0 },
    },
];

/// How a quantity went, after the warm-up.
#[derive(Clone, Debug)]
pub(crate) struct Trend {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    /// By how much the line rises in an hour.
    pub(crate) per_hour: f64,
    /// By how much it has risen.
    pub(crate) rise: f64,
    /// By how much it may have.
    pub(crate) allowed: f64,
}

impl Trend {
    pub(crate) fn is_flat(&self) -> bool {
        self.rise <= self.allowed
    }
}

/// The samples that are judged.
pub(crate) fn judged(samples: &[Sample]) -> &[Sample] {
    let end = samples.last().map_or(0.0, |sample| sample.second);
    let first = samples.partition_point(|sample| sample.second < end * WARM_UP);
    &samples[first..]
}

/// How all quantities went that were measured.
pub(crate) fn trends(samples: &[Sample]) -> Vec<Trend> {
    let samples = judged(samples);
    let trend = |quantity: &Quantity| {
        let point = |it: &Sample| Some((it.second / 3600.0, (quantity.read)(it)?));
        let points: Vec<Point> = samples.iter().filter_map(point).collect();
        let (from, to) = (points.first()?.0, points.last()?.0);
        let per_hour = slope(&points);
        Some(Trend {
            name: quantity.name,
            unit: quantity.unit,
            per_hour,
            rise: per_hour * (to - from),
            allowed: quantity.may.rise(from, to),
        })
    };
    QUANTITIES.iter().filter_map(trend).collect()
}

/// All that is wrong; nothing if the soak is passed.
pub(crate) fn complaints(samples: &[Sample], tally: &Tally) -> Vec<String> {
    let mut found = Vec::new();
    if judged(samples).len() < LEAST {
        found.push(format!(
            "too short: {} measurements after the warm-up, of which no line can be drawn; {LEAST} are the least",
            judged(samples).len()
        ));
    }
    for trend in trends(samples).into_iter().filter(|trend| !trend.is_flat()) {
        let Trend { name, unit, rise, allowed, .. } = trend;
        found.push(format!(
            "{name} is not flat: it rose by {rise:.1} {unit}, and may rise by {allowed:.1}"
        ));
    }
    if tally.wrong > 0 {
        found.push(format!("{} stories had a bad end", tally.wrong));
    }
    for (name, ended) in &tally.stories {
        if *ended == 0 {
            found.push(format!("no story of `{name}` came to its end: it proves nothing"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An hour in which memory and descriptors go as told, with the noise of a real server.
    fn hour(memory: impl Fn(f64) -> f64, descriptors: impl Fn(f64) -> f64) -> Vec<Sample> {
        let sample = |n: u32| {
            let second = f64::from(n) * 10.0;
            let noise = f64::from((n * 7_919) % 31) / 31.0;
            let spike = if n % 15 == 3 { 60.0 } else { 0.0 };
            let rss = 120.0 + memory(second) + 6.0 * noise + spike;
            let descriptors = (60.0 + descriptors(second) + 10.0 * noise).round();
            Sample { second, rss, anonymous: rss - 40.0, descriptors, ..Sample::default() }
        };
        (0..=360).map(sample).collect()
    }

    fn well() -> Tally {
        let mut tally = Tally::default();
        tally.stories.insert("chats", 3);
        tally
    }

    #[test]
    fn noise_and_spikes_are_flat() {
        let samples = hour(|_| 0.0, |_| 0.0);
        assert_eq!(complaints(&samples, &well()), [] as [String; 0]);
    }

    #[test]
    fn what_grows_in_the_warm_up_alone_is_flat() {
        let samples = hour(|second| 80.0 * (second / 600.0).min(1.0), |_| 0.0);
        assert_eq!(complaints(&samples, &well()), [] as [String; 0]);
    }

    #[test]
    fn a_leak_of_memory_is_found() {
        let complaints = complaints(&hour(|second| 20.0 * second / 3600.0, |_| 0.0), &well());
        assert_eq!(complaints.len(), 2, "{complaints:?}");
        assert!(complaints[0].starts_with("resident memory is not flat"), "{complaints:?}");
    }

    #[test]
    fn a_descriptor_that_stays_every_five_minutes_is_found() {
        let complaints = complaints(&hour(|_| 0.0, |second| second / 300.0), &well());
        assert_eq!(complaints.len(), 1, "{complaints:?}");
        assert!(complaints[0].starts_with("descriptors is not flat"), "{complaints:?}");
    }

    #[test]
    fn memory_that_is_given_back_is_no_complaint() {
        let samples = hour(|second| -40.0 * second / 3600.0, |_| 0.0);
        assert_eq!(complaints(&samples, &well()), [] as [String; 0]);
    }

    #[test]
    fn one_wrong_answer_one_idle_role_and_a_run_without_measurements_are_each_a_complaint() {
        let samples = hour(|_| 0.0, |_| 0.0);
        let mut tally = well();
        tally.wrong = 1;
        assert_eq!(complaints(&samples, &tally).len(), 1);
        let mut tally = well();
        tally.stories.insert("swaps", 0);
        assert_eq!(complaints(&samples, &tally).len(), 1);
        assert_eq!(complaints(&samples[..20], &well()).len(), 1);
        assert_eq!(complaints(&[], &well()).len(), 1);
    }

    #[test]
    fn a_short_run_may_grow_a_little_and_a_leak_in_it_is_found() {
        let minute = |grown: f64| -> Vec<Sample> {
            let sample = |n: u32| Sample {
                second: f64::from(n),
                rss: 180.0 + grown * f64::from(n) / 60.0,
                ..Sample::default()
            };
            (0..=60).map(sample).collect()
        };
        assert_eq!(complaints(&minute(20.0), &well()), [] as [String; 0]);
        assert_eq!(complaints(&minute(60.0), &well()).len(), 1);
    }

    #[test]
    fn tasks_are_judged_if_the_server_counts_them() {
        let mut samples = hour(|_| 0.0, |_| 0.0);
        assert!(!trends(&samples).iter().any(|trend| trend.name == "tasks"));
        for sample in &mut samples {
            sample.tasks = Some(100.0 + sample.second / 36.0);
        }
        assert_eq!(complaints(&samples, &well()).len(), 1);
    }
}
