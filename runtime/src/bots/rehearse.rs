//! The first instantiation of a version, before anybody depends on it.

use std::{collections::VecDeque, io, sync::Arc, time::Duration};

use tokio::{
    runtime::Handle,
    sync::{Semaphore, mpsc},
};
use tokio_util::task::AbortOnDropHandle;

use super::{BotLog, DeployError, LogLine, log::printable};
use crate::{
    domain::{BotName, Limits, Profile, VersionNumber},
    sandbox::{HostCall, Program, TurnContext},
};

/// Calls that wait while the rehearsal's host is busy; a rehearsal only logs.
const BACKLOG: usize = 16;
/// A version that cannot introduce itself in this time is not fit for a conversation.
const WALL: Duration = Duration::from_secs(10);
/// Lines of the log that are told with a failure, and characters of each: a bot's first version has no log to look at.
const LAST_LINES: usize = 5;
const LAST_CHARS: usize = 500;

/// A version that is to show that it works.
pub(super) struct Rehearsal {
    pub(super) program: Program,
    pub(super) bot: BotName,
    /// The number that it gets if it does.
    pub(super) version: VersionNumber,
    pub(super) limits: Limits,
    pub(super) log: BotLog,
}

/// Instantiates a program and asks it to describe itself, on `threads`, once there is a place.
///
/// Cancel safe: the rehearsal ends when nobody waits for it any longer.
pub(super) async fn rehearse(
    rehearsal: Rehearsal,
    threads: &Handle,
    places: &Semaphore,
) -> Result<Profile, DeployError> {
    let _place = places.acquire().await.expect("the places are never closed");
    let run = AbortOnDropHandle::new(threads.spawn(rehearsal.run()));
    run.await.map_err(io::Error::from)?
}

impl Rehearsal {
    async fn run(self) -> Result<Profile, DeployError> {
        let limits = Arc::new(Limits { wall: WALL, ..self.limits.clone() });
        let (calls_tx, calls) = mpsc::channel(BACKLOG);
        let guest = self.program.rehearse(TurnContext::for_nobody(&self.bot), limits, calls_tx);
        let (profile, log) = tokio::join!(guest, self.serve(calls));
        let log = log?;
        profile.map_err(|error| DeployError::Rehearsal { error, log })
    }

    /// Serves the guest's calls until it has ended. Returns the last lines that it logged.
    async fn serve(&self, mut calls: mpsc::Receiver<HostCall>) -> Result<Vec<String>, DeployError> {
        let mut last = VecDeque::new();
        while let Some(call) = calls.recv().await {
            let HostCall::Log { level, text } = call else {
                // Closing the channel ends the guest at its next call.
                calls.close();
                return Err(DeployError::EmitsInRehearsal);
            };
            if last.len() == LAST_LINES {
                last.pop_front();
            }
            last.push_back(printable(&text).chars().take(LAST_CHARS).collect());
            let at = jiff::Timestamp::now();
            let line = LogLine { at, level, version: self.version, turn: None, text };
            self.log.write(line, self.limits.log_lines_per_second);
        }
        Ok(last.into())
    }
}
