//! What a load has seen.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use hdrhistogram::Histogram;
use serde_json::{Value, json};

/// Ten minutes in nanoseconds.
const LONGEST: u64 = 600_000_000_000;

/// What all connections have seen while it was measured; what went wrong counts always.
pub(crate) struct Tally {
    pub(crate) latency: Histogram<u64>,
    pub(crate) replies: u64,
    pub(crate) events: u64,
    pub(crate) tokens: u64,
    pub(crate) lost: u64,
    pub(crate) duplicated: u64,
    pub(crate) reordered: u64,
    pub(crate) misrouted: u64,
    pub(crate) token_errors: u64,
    pub(crate) disconnects: u64,
    pub(crate) first_error: Option<String>,
}

impl Tally {
    pub(crate) fn new() -> Self {
        Self {
            latency: Histogram::new_with_bounds(1, LONGEST, 3).expect("the bounds are in order"),
            replies: 0,
            events: 0,
            tokens: 0,
            lost: 0,
            duplicated: 0,
            reordered: 0,
            misrouted: 0,
            token_errors: 0,
            disconnects: 0,
            first_error: None,
        }
    }

    pub(crate) fn took(&mut self, time: Duration) {
        self.latency.saturating_record(u64::try_from(time.as_nanos()).unwrap_or(LONGEST));
    }

    pub(crate) fn broke(&mut self, error: &anyhow::Error) {
        self.disconnects += 1;
        self.first_error.get_or_insert_with(|| format!("{error:#}"));
    }

    pub(crate) fn latency(&self) -> Value {
        let at = |quantile| {
            u32::try_from(self.latency.value_at_quantile(quantile)).map_or(f64::MAX, f64::from)
                / 1e3
        };
        json!({ "p50": at(0.5), "p90": at(0.9), "p99": at(0.99), "p999": at(0.999), "max": at(1.0) })
    }
}

/// What one connection has said and not heard back, oldest first.
#[derive(Default)]
pub(crate) struct Open(VecDeque<(u64, Instant)>);

impl Open {
    pub(crate) fn said(&mut self, number: u64, at: Instant) {
        self.0.push_back((number, at));
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// An answer came: when its message was said, and whether it is its turn; none if nothing is open under this number.
    pub(crate) fn heard(&mut self, number: u64) -> Option<(Instant, bool)> {
        let place = self.0.iter().position(|(it, _)| *it == number)?;
        let (_, at) = self.0.remove(place)?;
        Some((at, place == 0))
    }
}

/// A text that carries who said it and its number.
pub(crate) fn marked(connection: u32, number: u64) -> String {
    format!("[[{connection}.{number}]] lorem ipsum dolor sit")
}

/// What [`marked`] put into a text.
pub(crate) fn mark(text: &str) -> Option<(u32, u64)> {
    let (mark, _) = text.split_once("[[")?.1.split_once("]]")?;
    let (connection, number) = mark.split_once('.')?;
    Some((connection.parse().ok()?, number.parse().ok()?))
}
