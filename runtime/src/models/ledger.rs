//! What a bot has asked of models lately, over all its sessions.

use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio_util::task::TaskTracker;

use crate::{domain::Limits, sandbox::CallError};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);

/// Calls of this minute and tokens of this hour. A minute begins with its first call, an hour too.
#[derive(Debug, Default)]
pub struct Ledger {
    spent: Mutex<Spent>,
    /// Calls that are being made: each is paid for, also if nobody waits for its end.
    calls: TaskTracker,
}

#[derive(Debug, Default)]
struct Spent {
    minute: Option<Instant>,
    calls: u32,
    hour: Option<Instant>,
    tokens: u64,
}

impl Ledger {
    /// Notes one more call, if the bot may make it.
    ///
    /// # Errors
    /// It has made too many in this minute, or used too many tokens in this hour.
    pub fn begin(&self, limits: &Limits) -> Result<(), CallError> {
        let (now, mut spent) = (Instant::now(), self.spent.lock());
        spent.turn_pages(now);
        let over = |text: String| Err(CallError::new("model-budget", text));
        if spent.calls >= limits.model_calls_per_minute {
            let most = limits.model_calls_per_minute;
            return over(format!(
                "the bot has asked models {most} times in this minute, as often as it may"
            ));
        }
        if spent.tokens >= limits.model_tokens_per_hour {
            let most = limits.model_tokens_per_hour;
            return over(format!(
                "the bot has used {most} tokens of models in this hour, as many as it may"
            ));
        }
        spent.calls += 1;
        Ok(())
    }

    /// Makes a call, beside whoever asked for it.
    pub fn run(&self, call: impl Future<Output = ()> + Send + 'static) {
        drop(self.calls.spawn(call));
    }

    /// Notes what a call has cost.
    pub(super) fn spend(&self, tokens: u64) {
        let mut spent = self.spent.lock();
        spent.tokens = spent.tokens.saturating_add(tokens);
    }
}

impl Spent {
    fn turn_pages(&mut self, now: Instant) {
        let is_over = |since: Option<Instant>, length| since.is_none_or(|it| now - it >= length);
        if is_over(self.minute, MINUTE) {
            (self.minute, self.calls) = (Some(now), 0);
        }
        if is_over(self.hour, HOUR) {
            (self.hour, self.tokens) = (Some(now), 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_of_a_minute_and_tokens_of_an_hour_are_limited_and_come_back() {
        let limits =
            Limits { model_calls_per_minute: 2, model_tokens_per_hour: 10, ..Limits::default() };
        let ledger = Ledger::default();
        ledger.begin(&limits).unwrap();
        ledger.begin(&limits).unwrap();
        let error = ledger.begin(&limits).unwrap_err();
        assert_eq!(error.code, "model-budget");
        assert!(error.message.contains("2 times in this minute"), "{}", error.message);
        let later = Instant::now() + MINUTE;
        ledger.spent.lock().turn_pages(later);
        assert_eq!(ledger.spent.lock().calls, 0);
        ledger.spend(10);
        let error = ledger.begin(&limits).unwrap_err();
        assert!(error.message.contains("10 tokens"), "{}", error.message);
        ledger.spent.lock().turn_pages(later + HOUR);
        ledger.spent.lock().minute = Some(Instant::now());
        ledger.begin(&limits).unwrap();
    }
}
