//! How a server is: whether it has lived through something, and how much memory that took.

use crate::{machine, server::TestServer};

/// Whether the server has lived through it without a panic, and answers.
///
/// # Panics
/// It has not.
pub async fn is_well(server: &TestServer) {
    assert_eq!(server.get("/healthz").await.0, 200);
    let log = server.log().tail(usize::MAX);
    let panic = log.lines().find(|line| line.contains("panicked"));
    assert!(panic.is_none(), "{panic:?}");
}

/// Memory of the server's process in KiB: `VmRSS` now, `VmHWM` at most since [`forget_peak`].
///
/// # Panics
/// The server does not run.
#[must_use]
pub fn memory(server: &TestServer, which: &str) -> u64 {
    let number = machine::number(server.pid(), "status", which);
    number.unwrap_or_else(|| panic!("no `{which}` of the server"))
}

/// From now on the peak is counted anew.
///
/// # Panics
/// The server is not ours.
pub fn forget_peak(server: &TestServer) {
    let file = format!("/proc/{}/clear_refs", server.pid());
    std::fs::write(file, "5").expect("whoever started a process may reset its peak");
}
