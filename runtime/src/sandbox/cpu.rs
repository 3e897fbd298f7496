//! The CPU time of one turn, over all threads that its future is polled on.
//!
//! To read a thread's clock is a call of the kernel, which costs as much as a tenth of a small turn. So short polls are taken at
//! what the wall clock says, and only longer ones, which may have been interrupted, at what the thread's clock says.

use std::{
    cell::Cell,
    future::poll_fn,
    pin::Pin,
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use rustix::time::{ClockId, clock_gettime};

/// A poll that is over so soon was not interrupted: it used the time that passed.
const SHORT: Duration = Duration::from_micros(50);
/// How old a reading of the thread's clock may be when a poll begins. No poll is charged with more than this of what its thread did
/// before it.
const FRESH: Duration = Duration::from_millis(1);

thread_local! {
    /// When this thread's clock was read last, and what it showed. It is only ever true, whoever reads it.
    static LAST: Cell<Option<Reading>> = const { Cell::new(None) };
}

/// What a thread's clock showed.
#[derive(Clone, Copy)]
struct Reading {
    at: Instant,
    cpu: Duration,
}

impl Reading {
    /// Reads the clock of this thread.
    fn take(at: Instant) -> Self {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        let (seconds, nanos) = (u64::try_from(time.tv_sec), u32::try_from(time.tv_nsec));
        let reading = Self { at, cpu: Duration::new(seconds.unwrap_or(0), nanos.unwrap_or(0)) };
        LAST.set(Some(reading));
        reading
    }

    /// The last reading of this thread's clock, if it is not too old.
    fn fresh(now: Instant) -> Self {
        let last = LAST.get().filter(|it| now.saturating_duration_since(it.at) <= FRESH);
        last.unwrap_or_else(|| Self::take(now))
    }
}

/// A poll that is under way.
#[derive(Clone, Copy, Debug)]
struct Poll {
    began: Instant,
    /// What the thread had used shortly before.
    before: Duration,
}

impl Poll {
    fn begin() -> Self {
        let began = Instant::now();
        Self { began, before: Reading::fresh(began).cpu }
    }

    /// The time that it has used so far.
    fn used(&self) -> Duration {
        let now = Instant::now();
        let passed = now.saturating_duration_since(self.began);
        if passed < SHORT {
            return passed;
        }
        passed.min(Reading::take(now).cpu.saturating_sub(self.before))
    }
}

/// CPU time used. One turn's future writes it; its epoch callback, on the same thread, reads it.
#[derive(Debug, Default)]
pub(super) struct CpuMeter(Mutex<Used>);

#[derive(Debug, Default)]
struct Used {
    /// By polls that are over.
    before: Duration,
    poll: Option<Poll>,
}

impl Used {
    fn sum(&self) -> Duration {
        self.before + self.poll.as_ref().map_or(Duration::ZERO, Poll::used)
    }
}

impl CpuMeter {
    /// Runs a future and counts the CPU time of its polls. Epoch ticks would not do: each wait that is longer than a tick
    /// ends in one, and long calls of the host hide many.
    pub(super) async fn count<F: Future + Unpin>(&self, mut future: F) -> F::Output {
        poll_fn(|context| {
            self.0.lock().poll = Some(Poll::begin());
            let poll = Pin::new(&mut future).poll(context);
            let mut used = self.0.lock();
            *used = Used { before: used.sum(), poll: None };
            poll
        })
        .await
    }

    /// The time used so far. Only right when called from within a poll, or when none is under way.
    pub(super) fn used(&self) -> Duration {
        self.0.lock().sum()
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;

    /// Computes until its thread has used so much.
    fn compute(time: Duration) {
        let begin = Reading::take(Instant::now()).cpu;
        let mut n = 0_u64;
        while Reading::take(Instant::now()).cpu < begin + time {
            n = std::hint::black_box(n + 1);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_costs_nothing_and_computing_does() {
        let meter = CpuMeter::default();
        let used = meter
            .count(pin!(async {
                tokio::time::sleep(Duration::from_secs(3_600)).await;
                let waited = meter.used();
                compute(Duration::from_millis(20));
                (waited, meter.used())
            }))
            .await;
        assert!(used.0 < Duration::from_secs(1), "{used:?}");
        assert!(used.1 >= Duration::from_millis(20), "{used:?}");
        assert!(meter.used() >= used.1, "{meter:?}");
    }

    #[tokio::test]
    async fn many_short_polls_add_up() {
        let meter = CpuMeter::default();
        let polls = async {
            for _ in 0..100 {
                compute(Duration::from_micros(20));
                tokio::task::yield_now().await;
            }
        };
        meter.count(pin!(polls)).await;
        assert!(meter.used() >= Duration::from_millis(2), "{meter:?}");
    }

    #[tokio::test]
    async fn what_the_thread_does_not_compute_is_not_counted_however_long_the_poll_takes() {
        let meter = CpuMeter::default();
        let (told, hear) = std::sync::mpsc::channel();
        let other = std::thread::spawn(move || {
            compute(Duration::from_millis(100));
            told.send(()).unwrap();
        });
        // A poll that is interrupted: it blocks its thread while another one computes.
        meter.count(pin!(async { hear.recv().unwrap() })).await;
        other.join().unwrap();
        // Whatever the thread did in the millisecond before may be counted, and no more.
        assert!(meter.used() < Duration::from_millis(50), "{meter:?}");
    }
}
