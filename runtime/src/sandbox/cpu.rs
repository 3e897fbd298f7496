//! The CPU time of one turn, over all threads that its future is polled on.

use std::{
    future::poll_fn,
    pin::pin,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use rustix::time::{ClockId, clock_gettime};

/// CPU time used, in nanoseconds. One turn's future writes it; its epoch callback, on the same thread, reads it.
#[derive(Debug, Default)]
pub(super) struct CpuMeter {
    used: AtomicU64,
    /// What this thread's clock showed when the poll that is under way began.
    poll_began: AtomicU64,
}

impl CpuMeter {
    /// Runs a future and counts the CPU time of its polls. Epoch ticks would not do: each wait that is longer than a tick
    /// ends in one, and long calls of the host hide many.
    pub(super) async fn count<F: Future>(&self, future: F) -> F::Output {
        let mut future = pin!(future);
        poll_fn(|context| {
            let began = thread_time();
            self.poll_began.store(began, Ordering::Relaxed);
            let poll = future.as_mut().poll(context);
            self.used.fetch_add(thread_time().saturating_sub(began), Ordering::Relaxed);
            poll
        })
        .await
    }

    /// The time used so far. Only right when called from within a poll.
    pub(super) fn used(&self) -> Duration {
        let this_poll = thread_time().saturating_sub(self.poll_began.load(Ordering::Relaxed));
        Duration::from_nanos(self.used.load(Ordering::Relaxed).saturating_add(this_poll))
    }
}

/// The CPU time of this thread in nanoseconds.
fn thread_time() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    seconds.saturating_mul(1_000_000_000).saturating_add(u64::try_from(time.tv_nsec).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn waiting_costs_nothing_and_computing_does() {
        let meter = CpuMeter::default();
        let used = meter
            .count(async {
                tokio::time::sleep(Duration::from_secs(3_600)).await;
                let waited = meter.used();
                let mut n = 0_u64;
                while meter.used() < waited + Duration::from_millis(20) {
                    n = std::hint::black_box(n + 1);
                }
                (waited, meter.used())
            })
            .await;
        assert!(used.0 < Duration::from_secs(1), "{used:?}");
        assert!(used.1 >= Duration::from_millis(20), "{used:?}");
    }
}
