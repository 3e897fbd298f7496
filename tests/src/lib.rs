//! The words in which the tests tell their stories: a server of one's own, an operator, people with browsers, and what they see.
//!
//! Every test starts its own server on a free port with its own data folder; nothing is shared but what was built. Nobody
//! sleeps: whoever waits, waits for an event, and not for ever.

pub mod admin;
pub mod artifacts;
pub mod attach;
pub mod browser;
pub mod chat;
pub mod client;
pub mod components;
pub mod crowd;
pub mod healthy;
pub mod house;
pub mod kept;
pub mod machine;
pub mod metrics;
pub mod nonsense;
pub mod npm;
pub mod player;
pub mod provider;
pub mod raw;
pub mod react;
pub mod screen;
pub mod server;
pub mod sound;
pub mod stories;
pub mod trace;
pub mod upstream;
pub mod visitor;
pub mod vitals;

use std::{future::Future, time::Duration};

/// How long anything may take before a test says that it does not happen. Generous: machines that test are busy.
pub const PATIENCE: Duration = Duration::from_secs(45);

/// Waits for something, but not for ever.
///
/// # Panics
/// It does not happen in time.
pub async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, future).await {
        Ok(value) => value,
        Err(_) => panic!("{what}: not within {PATIENCE:?}"),
    }
}

/// A fresh id, as browsers make them.
#[must_use]
pub fn uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}
