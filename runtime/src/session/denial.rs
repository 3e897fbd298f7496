//! What is refused: each has a code, is counted, and is told to the bot's author, however much the bot itself logs.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use parking_lot::Mutex;

use super::live::Live;
use crate::{
    bots::{LogLine, refused},
    domain::TurnId,
    sandbox::LogLevel,
    telemetry::names,
};

/// How often a session tells of what it refuses. What a second has more of is counted alone.
const TELLING: Duration = Duration::from_secs(1);
/// Refusals that are told in that time.
const TOLD: u32 = 20;

/// How much a session has told of lately.
#[derive(Debug, Default)]
pub(super) struct Telling(Mutex<Option<(Instant, u32)>>);

impl Telling {
    /// Whether one more may be told.
    fn has_room(&self) -> bool {
        let mut told = self.0.lock();
        let now = Instant::now();
        let (since, count) = told.filter(|(since, _)| now - *since < TELLING).unwrap_or((now, 0));
        *told = Some((since, count.saturating_add(1)));
        count < TOLD
    }
}

impl Live {
    /// Takes note of something that was refused: an event of the client, or a call of the guest in a turn.
    pub(super) fn deny(&self, code: &'static str, turn: Option<TurnId>, text: &str) {
        let bot = self.bot.to_string();
        metrics::counter!(names::DENIALS, "bot" => bot, "code" => code).increment(1);
        if !self.telling.has_room() {
            return;
        }
        let Some(log) = self.context.bots.log(&self.bot) else { return };
        let version = self.last_version.load(Ordering::Relaxed);
        let text = refused(code, text);
        let line = LogLine { at: Timestamp::now(), level: LogLevel::Warn, version, turn, text };
        // Not within what the bot may log: it must not hide what it is refused.
        log.write(line, u32::MAX);
    }

    /// The client sent more than the bot can keep up with.
    pub(super) fn deny_mailbox_full(&self) {
        self.deny("mailbox-full", None, "the client sent more than the bot has kept up with");
    }
}
