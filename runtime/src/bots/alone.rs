//! Calls of a version that belong to no conversation: starting up, shutting down, a name, a look at somebody's thread.

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::mpsc;

use super::{LogLine, Version};
use crate::{
    domain::{Event, Limits, TurnId},
    sandbox::{Answer, CallError, HostCall, LogLevel, TurnContext, TurnError, answer},
    telemetry::names,
};

/// Calls of the guest that wait for its host.
const BACKLOG: usize = 16;
/// How long such a call may take: somebody waits for each, and nobody sees why.
const WALL: Duration = Duration::from_secs(10);

impl Version {
    /// Calls the bot beside any conversation: it may log, what it shows reaches nobody, and what needs a session is refused.
    /// The context says for whom it is, as far as that is known; its requests go as far as the bot reaches now.
    ///
    /// # Errors
    /// The bot failed or met a limit, which is in its log.
    pub fn call_alone(
        &self,
        context: TurnContext,
        event: Event,
    ) -> BoxFuture<'_, Result<Answer, TurnError>> {
        // Boxed: the future of a turn is large, and turns call this.
        Box::pin(async move {
            let context = TurnContext { reach: self.reach(), ..context };
            let (turn, callback) = (context.turn_id, event.callback());
            let allowed = self.limits();
            let limits = Limits { wall: allowed.wall.min(WALL), ..Limits::clone(&allowed) };
            let limits = Arc::new(limits);
            let (calls_tx, calls) = mpsc::channel(BACKLOG);
            let guest = self.program.turn(context, event, limits, calls_tx);
            let (result, ()) = tokio::join!(guest, self.serve_alone(turn, calls));
            if let Err(error) = &result {
                tracing::warn!(version = %self.reference, %callback, %error, "a call beside conversations failed");
                let text = format!("{callback} failed: {error} ({})", error.code());
                self.write_log(u32::MAX, turn, (LogLevel::Error, text));
            }
            result
        })
    }

    async fn serve_alone(&self, turn: TurnId, mut calls: mpsc::Receiver<HostCall>) {
        while let Some(call) = calls.recv().await {
            match call {
                HostCall::Log { level, text } => self.write_text(turn, level, &text),
                HostCall::Complete { model, request, reply } => {
                    answer(reply, self.complete(model, &request));
                }
                HostCall::Store(call) => self.serve_store(turn, *call).await,
                HostCall::Denied { code, text } => {
                    let bot = self.reference.bot.to_string();
                    metrics::counter!(names::DENIALS, "bot" => bot, "code" => code).increment(1);
                    self.write_log(u32::MAX, turn, (LogLevel::Warn, refused(code, &text)));
                }
                // Nobody is there to answer.
                HostCall::Ask { reply, .. } => drop(reply.send(Ok(None))),
                call => call.refuse(CallError::new(
                    "no-session",
                    "this callback belongs to no conversation: there is nobody to show this to, and no state",
                )),
            }
        }
    }

    /// Writes what the bot says in a turn into its log, line by line, as far as its limit allows.
    pub fn write_text(&self, turn: TurnId, level: LogLevel, text: &str) {
        let per_second = self.limits().log_lines_per_second;
        for line in text.lines().filter(|line| !line.is_empty()) {
            self.write_log(per_second, turn, (level, line.to_owned()));
        }
    }

    /// Writes a line into the bot's log, unless there were `per_second` in this second already.
    pub fn write_log(&self, per_second: u32, turn: TurnId, (level, text): (LogLevel, String)) {
        let (at, version) = (Timestamp::now(), self.reference.number);
        self.log.write(LogLine { at, level, version, turn: Some(turn), text }, per_second);
    }
}

/// What the log says of what was refused.
#[must_use]
pub fn refused(code: &str, text: &str) -> String {
    format!("refused ({code}): {text}")
}
