//! What a turn, a session and an upload may use. Every limit is on by default.

use std::{fmt, str::FromStr, time::Duration};

use jiff::fmt::serde::unsigned_duration::friendly::compact::required as duration;
use serde::{Deserialize, Serialize};

/// A number of bytes. Written as a number or as text: `67108864`, `"64 MiB"`, `"512 KiB"`, `"1 GiB"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "WrittenSize", into = "String")]
pub struct ByteSize(pub u64);

/// A text is not a number of bytes.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` is not a number of bytes: write it as `64 MiB`, `512 KiB`, `1 GiB` or a plain number"
)]
pub struct ByteSizeError(String);

#[derive(Deserialize)]
#[serde(untagged, expecting = "a number of bytes, for example `64 MiB` or 67108864")]
enum WrittenSize {
    Number(u64),
    Text(String),
}

impl ByteSize {
    /// `n` times 1,024 bytes.
    #[must_use]
    pub const fn kib(n: u64) -> Self {
        Self(n << 10)
    }

    /// `n` times 1,048,576 bytes.
    #[must_use]
    pub const fn mib(n: u64) -> Self {
        Self(n << 20)
    }

    /// The number of bytes as a length in memory.
    #[must_use]
    pub fn as_usize(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            n if n >= 1 << 20 && n.is_multiple_of(1 << 20) => write!(f, "{} MiB", n >> 20),
            n if n >= 1 << 10 && n.is_multiple_of(1 << 10) => write!(f, "{} KiB", n >> 10),
            n => write!(f, "{n} bytes"),
        }
    }
}

impl FromStr for ByteSize {
    type Err = ByteSizeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        // Not `MB`: half of the world means 1,000,000 by it and the other half 1,048,576.
        let factor = match unit.trim().to_ascii_lowercase().as_str() {
            "" | "b" | "bytes" => Some(1),
            "kib" => Some(1 << 10),
            "mib" => Some(1 << 20),
            "gib" => Some(1 << 30),
            _ => None,
        };
        let bytes = number.parse::<u64>().ok().zip(factor).and_then(|(n, f)| n.checked_mul(f));
        bytes.map(Self).ok_or_else(|| ByteSizeError(text.into()))
    }
}

impl TryFrom<WrittenSize> for ByteSize {
    type Error = ByteSizeError;

    fn try_from(written: WrittenSize) -> Result<Self, Self::Error> {
        match written {
            WrittenSize::Number(bytes) => Ok(Self(bytes)),
            WrittenSize::Text(text) => text.trim().parse(),
        }
    }
}

impl From<ByteSize> for String {
    fn from(size: ByteSize) -> Self {
        size.to_string()
    }
}

/// The longest time that a setting may say: what is meant to be for ever must not overflow a clock.
pub const MAX_TIME: Duration = Duration::from_hours(366 * 24);

/// What one bot may use. Times are written as `2s`, `1m 30s` or `1h`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Memory of a turn, summed over the component's linear memories and tables.
    pub memory: ByteSize,
    /// Time in which a turn's own code runs; waiting does not count.
    #[serde(with = "duration")]
    pub cpu: Duration,
    /// Time from a turn's begin to its end, waiting included, but not for answers to its questions.
    #[serde(with = "duration")]
    pub wall: Duration,
    /// Emits of a turn.
    pub emits: u32,
    /// Bytes of all emits of a turn.
    pub emit_bytes: ByteSize,
    /// Bytes of one emit, elements excepted.
    pub emit_size: ByteSize,
    /// Bytes of one element's content.
    pub element_size: ByteSize,
    /// Streams and steps that a turn has open at once.
    pub open_resources: usize,
    /// Bytes of all keys and values of a session.
    pub state: ByteSize,
    /// Bytes of all keys and values of a bot's store, which its sessions share.
    pub store: ByteSize,
    /// Bytes of all files of a session.
    pub files: ByteSize,
    /// HTTP requests of a turn.
    pub http_requests: u32,
    /// Bytes of the bodies of all HTTP requests and answers of a turn.
    pub http_bytes: ByteSize,
    /// How long an HTTP request waits for the head of the answer, and then for each piece of its body.
    #[serde(with = "duration")]
    pub http_timeout: Duration,
    /// Times that a bot may ask models in a minute, over all sessions.
    pub model_calls_per_minute: u32,
    /// Tokens of models that a bot may use in an hour, over all sessions. A call that is under way when they are used up goes on.
    pub model_tokens_per_hour: u64,
    /// Turns of a bot that run at once, over all sessions.
    pub concurrent_turns: u32,
    /// Log lines of a bot in a second.
    pub log_lines_per_second: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: ByteSize::mib(128),
            cpu: Duration::from_secs(2),
            wall: Duration::from_secs(120),
            emits: 50_000,
            emit_bytes: ByteSize::mib(32),
            emit_size: ByteSize::mib(1),
            element_size: ByteSize::mib(16),
            open_resources: 256,
            state: ByteSize::mib(1),
            store: ByteSize::mib(16),
            files: ByteSize::mib(128),
            http_requests: 64,
            http_bytes: ByteSize::mib(16),
            http_timeout: Duration::from_secs(30),
            model_calls_per_minute: 120,
            model_tokens_per_hour: 2_000_000,
            concurrent_turns: 500,
            log_lines_per_second: 200,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_reads_back_as_it_is_written() {
        for size in [
            ByteSize(0),
            ByteSize(1_000),
            ByteSize::kib(3),
            ByteSize::mib(64),
            ByteSize::mib(4_096),
        ] {
            assert_eq!(size.to_string().parse::<ByteSize>().unwrap(), size);
        }
    }

    #[test]
    fn a_size_without_a_known_unit_or_beyond_64_bits_is_refused() {
        for text in ["", "MiB", "64 MB", "-1", "1.5 GiB", "99999999999999999999", "99999999999 GiB"]
        {
            assert!(text.parse::<ByteSize>().is_err(), "`{text}` was accepted");
        }
    }
}
