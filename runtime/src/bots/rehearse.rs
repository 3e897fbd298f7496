//! The first instantiation of a version, before anybody depends on it.

use std::time::Duration;

use tokio::sync::mpsc;

use super::{BotLog, DeployError, LogLine};
use crate::{
    domain::{BotName, Limits, Profile, SessionId, ThreadId, TurnId, VersionNumber},
    sandbox::{HostCall, Program, TurnContext},
};

/// Calls that wait while the rehearsal's host is busy; a rehearsal only logs.
const BACKLOG: usize = 16;
/// A version that cannot introduce itself in this time is not fit for a conversation.
const WALL: Duration = Duration::from_secs(10);

/// Instantiates a program and asks it to describe itself.
pub(super) async fn rehearse(
    program: &Program,
    bot: &BotName,
    version: VersionNumber,
    limits: &Limits,
    log: &BotLog,
) -> Result<Profile, DeployError> {
    let context = TurnContext {
        turn_id: TurnId::random(),
        session_id: SessionId::random(),
        thread_id: ThreadId::random(),
        bot: bot.clone(),
        user: None,
    };
    let per_second = limits.log_lines_per_second;
    let limits = Limits { wall: WALL, ..limits.clone() };
    let (calls_tx, mut calls) = mpsc::channel(BACKLOG);
    let guest = program.rehearse(context, &limits, calls_tx);
    let host = async {
        while let Some(call) = calls.recv().await {
            let HostCall::Log { level, text } = call else {
                // Closing the channel ends the guest at its next call.
                calls.close();
                return Err(DeployError::EmitsInRehearsal);
            };
            let at = jiff::Timestamp::now();
            log.write(LogLine { at, level, version, turn: None, text }, per_second);
        }
        Ok(())
    };
    let (profile, logged) = tokio::join!(guest, host);
    logged?;
    Ok(profile?)
}
