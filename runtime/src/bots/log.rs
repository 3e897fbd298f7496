//! A bot's log: the last lines, and a way to follow it. In memory, bounded in size and rate, safe to print.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use parking_lot::Mutex;
use serde::Serialize;
use tokio::sync::broadcast;

use crate::{
    domain::{TurnId, VersionNumber},
    sandbox::LogLevel,
};

/// Lines that are kept, and bytes of their texts: long lines are fewer.
const KEPT: usize = 1_000;
const KEPT_BYTES: usize = 512 << 10;
/// Lines that a follower may lag behind before it loses some.
const BACKLOG: usize = 256;
/// Bytes of a line.
const MAX_LINE: usize = 8 << 10;

/// A line of a bot's log.
#[derive(Clone, Debug, Serialize)]
pub struct LogLine {
    /// When it was written.
    pub at: Timestamp,
    /// How much it matters.
    pub level: LogLevel,
    /// The version that wrote it.
    pub version: VersionNumber,
    /// The turn in which it was written; none while a version is rehearsed.
    pub turn: Option<TurnId>,
    /// What it says; control characters are escaped.
    pub text: String,
}

/// A bot's log. Cheap to clone.
#[derive(Clone, Debug)]
pub struct BotLog(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    // A lock rather than a task: writers hold it for a few instructions.
    lines: Mutex<Lines>,
    followers: broadcast::Sender<LogLine>,
}

#[derive(Debug)]
struct Lines {
    kept: VecDeque<LogLine>,
    /// Bytes of their texts.
    bytes: usize,
    /// The second that is being counted, and the lines in it.
    second: Instant,
    written: u32,
    dropped: u32,
}

impl Default for BotLog {
    fn default() -> Self {
        let (kept, second) = (VecDeque::new(), Instant::now());
        let lines = Lines { kept, bytes: 0, second, written: 0, dropped: 0 };
        let (followers, _) = broadcast::channel(BACKLOG);
        Self(Arc::new(Shared { lines: Mutex::new(lines), followers }))
    }
}

impl BotLog {
    /// Writes a line, unless there were `per_second` in this second already.
    pub fn write(&self, mut line: LogLine, per_second: u32) {
        line.text = printable(&line.text);
        let mut lines = self.0.lines.lock();
        if lines.second.elapsed() >= Duration::from_secs(1) {
            let dropped = std::mem::take(&mut lines.dropped);
            lines.second = Instant::now();
            lines.written = 0;
            if dropped > 0 {
                let text =
                    format!("{dropped} lines were dropped: more than {per_second} in a second");
                let LogLine { at, version, turn, .. } = line;
                let notice = LogLine { at, level: LogLevel::Warn, version, turn, text };
                self.keep(&mut lines, notice);
            }
        }
        if lines.written >= per_second {
            lines.dropped = lines.dropped.saturating_add(1);
            return;
        }
        lines.written += 1;
        self.keep(&mut lines, line);
    }

    /// The last lines, oldest first.
    #[must_use]
    pub fn recent(&self) -> Vec<LogLine> {
        self.0.lines.lock().kept.iter().cloned().collect()
    }

    /// The last lines, and all that come after them.
    #[must_use]
    pub fn follow(&self) -> (Vec<LogLine>, broadcast::Receiver<LogLine>) {
        // Under one lock, so that no line is in both or in neither.
        let lines = self.0.lines.lock();
        let recent = lines.kept.iter().cloned().collect();
        (recent, self.0.followers.subscribe())
    }

    fn keep(&self, lines: &mut Lines, line: LogLine) {
        lines.bytes += line.text.len();
        lines.kept.push_back(line.clone());
        while lines.kept.len() > KEPT || lines.bytes > KEPT_BYTES {
            let Some(oldest) = lines.kept.pop_front() else { break };
            lines.bytes -= oldest.text.len();
        }
        // Nobody follows: the line is kept all the same.
        drop(self.0.followers.send(line));
    }
}

/// A text that no terminal takes for a command: control characters and direction overrides are escaped.
pub(super) fn printable(text: &str) -> String {
    let text = text.get(..text.floor_char_boundary(MAX_LINE)).unwrap_or_default();
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        let is_bidi = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if (c.is_control() && c != '\t') || is_bidi {
            clean.extend(c.escape_unicode());
        } else {
            clean.push(c);
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> LogLine {
        let text = text.to_owned();
        LogLine { at: Timestamp::now(), level: LogLevel::Info, version: 1, turn: None, text }
    }

    #[test]
    fn control_characters_and_direction_overrides_are_escaped() {
        assert_eq!(printable("a\u{1b}[31mb\u{202e}c\td\0"), "a\\u{1b}[31mb\\u{202e}c\td\\u{0}");
    }

    #[test]
    fn a_flood_is_cut_at_the_rate() {
        let log = BotLog::default();
        for n in 0..50 {
            log.write(line(&n.to_string()), 10);
        }
        assert!(log.recent().len() <= 20, "at most two seconds' worth: {}", log.recent().len());
    }

    #[test]
    fn the_last_lines_are_kept_and_of_long_ones_fewer() {
        let log = BotLog::default();
        for n in 0..1_500 {
            log.write(line(&n.to_string()), u32::MAX);
        }
        let recent = log.recent();
        assert_eq!((recent.len(), recent[0].text.as_str()), (KEPT, "500"));
        for _ in 0..1_000 {
            // Each character becomes six.
            log.write(line(&"\u{1}".repeat(MAX_LINE)), u32::MAX);
        }
        let bytes: usize = log.recent().iter().map(|line| line.text.len()).sum();
        assert!((KEPT_BYTES / 2..=KEPT_BYTES).contains(&bytes), "{bytes} bytes are kept");
    }

    #[tokio::test]
    async fn a_follower_gets_what_is_there_and_what_comes() {
        let log = BotLog::default();
        log.write(line("before"), 10);
        let (recent, mut coming) = log.follow();
        log.write(line("after"), 10);
        assert_eq!(recent.len(), 1);
        assert_eq!(coming.recv().await.map(|line| line.text), Ok("after".to_owned()));
    }
}
