//! Guessing passwords is slow: after some failures in a row, each further one makes the next attempt wait longer.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use parking_lot::Mutex;

/// Failures in a row that cost nothing: people mistype.
const FREE: u32 = 10;
/// The longest wait between two attempts.
const LONGEST: Duration = Duration::from_secs(30);
/// Names whose failures are remembered. When there are more, the one that failed longest ago is forgotten: to make room in
/// this way, somebody must have had that many wrong passwords checked.
const NAMES: usize = 10_000;

/// Failures by name, of names that are there and of names that are not.
#[derive(Debug, Default)]
pub(super) struct Throttle(Mutex<HashMap<String, Failures>>);

#[derive(Debug)]
struct Failures {
    count: u32,
    last: Instant,
}

impl Failures {
    fn wait(&self) -> Duration {
        match self.count.checked_sub(FREE) {
            Some(more) => Duration::from_secs(1 << more.min(5)).min(LONGEST),
            None => Duration::ZERO,
        }
    }
}

impl Throttle {
    /// How long this name has to wait; none if it may try now.
    pub(super) fn wait(&self, name: &str, now: Instant) -> Option<Duration> {
        let failures = self.0.lock();
        let failures = failures.get(name)?;
        let left = failures.wait().checked_sub(now.saturating_duration_since(failures.last))?;
        (!left.is_zero()).then_some(left)
    }

    /// The password was wrong.
    pub(super) fn failed(&self, name: &str, now: Instant) {
        let mut names = self.0.lock();
        if names.len() >= NAMES && !names.contains_key(name) {
            let oldest = names.iter().min_by_key(|(_, failures)| failures.last);
            if let Some(oldest) = oldest.map(|(name, _)| name.clone()) {
                names.remove(&oldest);
            }
        }
        let failures = names.entry(name.to_owned()).or_insert(Failures { count: 0, last: now });
        failures.count = failures.count.saturating_add(1);
        failures.last = now;
    }

    /// The password was right.
    pub(super) fn succeeded(&self, name: &str) {
        self.0.lock().remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_failures_are_free_then_the_wait_grows_to_its_limit_and_ends() {
        let throttle = Throttle::default();
        let mut now = Instant::now();
        let mut waits = Vec::new();
        for _ in 0..FREE + 7 {
            let wait = throttle.wait("ada", now).unwrap_or_default();
            waits.push(wait.as_secs());
            now += wait;
            throttle.failed("ada", now);
        }
        assert_eq!(waits, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(throttle.wait("ada", now + LONGEST), None);
        assert_eq!(throttle.wait("bob", now), None);
        throttle.succeeded("ada");
        assert_eq!(throttle.wait("ada", now), None);
    }

    #[test]
    fn what_is_remembered_is_bounded_and_the_newest_stays() {
        let throttle = Throttle::default();
        let start = Instant::now();
        for n in 0..NAMES + 10 {
            let now = start + Duration::from_millis(u64::try_from(n).unwrap());
            throttle.failed(&n.to_string(), now);
        }
        let names = throttle.0.lock();
        assert_eq!(names.len(), NAMES);
        assert!(names.contains_key(&(NAMES + 9).to_string()) && !names.contains_key("0"));
    }
}
