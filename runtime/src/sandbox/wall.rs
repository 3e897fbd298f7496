//! The wall-clock limit of one turn, which does not count the time in which the turn waits for a person.

use std::time::Duration;

use parking_lot::Mutex;
use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};

/// When a turn's time is over.
#[derive(Debug)]
pub(super) struct WallClock {
    /// None while the clock stands still.
    deadline: Mutex<Option<Instant>>,
    /// The deadline is another one. One future looks at it.
    changed: Notify,
}

impl WallClock {
    /// A clock that runs from now on.
    pub(super) fn new(limit: Duration) -> Self {
        Self { deadline: Mutex::new(Some(Instant::now() + limit)), changed: Notify::new() }
    }

    /// Runs a future until the time is over. Returns none if that comes first.
    pub(super) async fn limit<F: Future>(&self, future: F) -> Option<F::Output> {
        tokio::select! {
            biased;
            output = future => Some(output),
            () = self.over() => None,
        }
    }

    /// Waits for a future while the clock stands still. A turn waits for one thing at a time, so pauses do not nest.
    pub(super) async fn pause<F: Future>(&self, wait: F) -> F::Output {
        let deadline = self.set(None);
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let output = wait.await;
        self.set(left.map(|left| Instant::now() + left));
        output
    }

    /// Returns the deadline before.
    fn set(&self, deadline: Option<Instant>) -> Option<Instant> {
        let before = std::mem::replace(&mut *self.deadline.lock(), deadline);
        self.changed.notify_one();
        before
    }

    async fn over(&self) {
        loop {
            let now = *self.deadline.lock();
            let over = async {
                match now {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = over => return,
                () = self.changed.notified() => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::time::sleep;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn a_turn_ends_when_its_time_is_over() {
        let began = Instant::now();
        let clock = WallClock::new(10 * SECOND);
        assert_eq!(clock.limit(pending::<()>()).await, None);
        assert!(began.elapsed() >= 10 * SECOND, "{:?}", began.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn time_in_which_the_clock_stands_still_does_not_count() {
        let clock = WallClock::new(10 * SECOND);
        let turn = async {
            sleep(6 * SECOND).await;
            clock.pause(sleep(3_600 * SECOND)).await;
            sleep(3 * SECOND).await;
            clock.pause(sleep(3_600 * SECOND)).await;
        };
        assert_eq!(clock.limit(turn).await, Some(()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_gives_no_time_back() {
        let began = Instant::now();
        let clock = WallClock::new(10 * SECOND);
        let turn = async {
            sleep(6 * SECOND).await;
            clock.pause(sleep(100 * SECOND)).await;
            sleep(5 * SECOND).await;
        };
        assert_eq!(clock.limit(turn).await, None);
        assert!(began.elapsed() >= 110 * SECOND, "{:?}", began.elapsed());
    }
}
