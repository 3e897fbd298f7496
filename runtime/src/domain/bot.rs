//! Bots and versions by name.

use std::{collections::BTreeSet, fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::HostPattern;

/// A bot's name: 1 to 64 of `a-z`, `0-9`, `-` and `_`, beginning with a letter or digit. Safe as a file name and in a URL.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BotName(Arc<str>);

/// A text is not a bot's name.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` is not a bot name: use 1 to 64 of the characters a-z, 0-9, `-` and `_`, beginning with a letter or digit"
)]
pub struct BotNameError(String);

impl BotName {
    const MAX: usize = 64;

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BotName {
    type Err = BotNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_first = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
        let fits = text.len() <= Self::MAX
            && text.bytes().next().is_some_and(is_first)
            && text.bytes().all(|c| is_first(c) || c == b'-' || c == b'_');
        // Cut: the text may come from an attacker and ends up in an error message.
        if fits {
            Ok(Self(text.into()))
        } else {
            Err(BotNameError(text.chars().take(80).collect()))
        }
    }
}

impl TryFrom<String> for BotName {
    type Error = BotNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<BotName> for String {
    fn from(name: BotName) -> Self {
        name.0.as_ref().into()
    }
}

impl fmt::Display for BotName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The number of a version: 1, 2, … in the order of upload. Never reused while the bot is there.
pub type VersionNumber = u32;

/// The sha-256 of an uploaded component.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// A digest computed elsewhere, chunk by chunk.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl TryFrom<String> for Digest {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let hex = text.strip_prefix("sha256:").unwrap_or(&text);
        let mut bytes = [0; 32];
        hex::decode_to_slice(hex, &mut bytes).map_err(|error| format!("not a sha-256: {error}"))?;
        Ok(Self(bytes))
    }
}

/// Which version of which bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRef {
    /// The bot.
    pub bot: BotName,
    /// Its version.
    pub number: VersionNumber,
}

impl fmt::Display for VersionRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.bot, self.number)
    }
}

/// Whether a text can name something that the operator has for bots, a secret or a model: 1 to 128 of `A-Z`, `a-z`, `0-9`, `-`
/// and `_`.
#[must_use]
pub fn is_offered_name(text: &str) -> bool {
    let is_char = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
    (1..=128).contains(&text.len()) && text.bytes().all(is_char)
}

/// A suggestion for a first message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Starter {
    /// The button's text.
    pub label: String,
    /// The message that it sends.
    pub message: String,
    /// An icon's address.
    pub icon: Option<String>,
    /// The slash command that goes with the message.
    #[serde(default)]
    pub command: Option<String>,
}

/// Suggestions of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StarterCategory {
    /// What they have in common.
    pub label: String,
    /// An icon's address.
    pub icon: Option<String>,
    /// The suggestions.
    pub starters: Vec<Starter>,
}

/// How a bot presents itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// The name shown in the picker.
    pub display_name: Option<String>,
    /// What it is for, Markdown.
    pub description: Option<String>,
    /// An icon's address.
    pub icon: Option<String>,
    /// Suggestions for a first message.
    pub starters: Vec<Starter>,
    /// Suggestions by kind; clients show them instead.
    pub categories: Vec<StarterCategory>,
    /// Keys that the user must give before the first message, for example `OPENAI_API_KEY`.
    pub environment: Vec<String>,
    /// Hosts that it wants to send requests to.
    pub hosts: BTreeSet<HostPattern>,
    /// Secrets of the operator that it wants to have put into requests, by name.
    pub secrets: BTreeSet<String>,
    /// Models of the operator that it wants to ask, by name.
    pub models: BTreeSet<String>,
    /// Changes to the page's settings while the bot is chosen: a JSON object with `ui` and `features`, as text.
    pub overrides: Option<String>,
}
