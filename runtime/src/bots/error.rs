//! Why a bot or version cannot be had, deployed or activated.

use std::{io, time::Duration};

use super::{Grants, TermsError};
use crate::{
    domain::{BotName, BotNameError, ByteSize, VersionNumber, takes_nothing},
    sandbox::{CompileError, TurnError},
};

/// A deployment, or a change of what is deployed, has not happened.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum DeployError {
    #[error(transparent)]
    BadName(#[from] BotNameError),
    #[error("there is no bot `{0}`; `chinwag bots` lists what is deployed")]
    UnknownBot(BotName),
    #[error("`{bot}` has no version {number}; `chinwag bots {bot}` lists its versions")]
    UnknownVersion { bot: BotName, number: VersionNumber },
    #[error("`{0}` has no earlier version to roll back to")]
    NothingToRollBack(BotName),
    #[error(
        "what is stored of `{0}` is damaged, as the server's log says in detail; repair or remove its folder below `bots` in \
         the data directory, and start the server again"
    )]
    Damaged(BotName),
    #[error(
        "version {number} of `{bot}` asks for {asks}, which nobody has granted; the running version goes on. Look at it with \
         `chinwag bots {bot}`, admit it with `chinwag grant {bot}`"
    )]
    NeedsConsent { bot: BotName, number: VersionNumber, asks: Grants },
    #[error(transparent)]
    Terms(#[from] TermsError),
    #[error("the upload is larger than {0}; strip the component, or raise `upload_max`")]
    TooLarge(ByteSize),
    #[error("the upload sent nothing for {}; check the connection and try again", humantime::format_duration(*.0))]
    Stalled(Duration),
    #[error(transparent)]
    Compile(#[from] CompileError),
    #[error("the component failed its rehearsal (instantiate and `describe`): {error}{}", told(.log))]
    Rehearsal { error: TurnError, log: Vec<String> },
    #[error(
        "the component called the host for more than its log while it was rehearsed; `describe` may only fill in the profile"
    )]
    EmitsInRehearsal,
    #[error("the server could not read or write a file")]
    Io(#[from] io::Error),
}

/// Whose fault an error is, and so what a caller can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The bot or version is not there.
    NotFound,
    /// The component, or the request, is wrong.
    Invalid,
    /// The upload is too large.
    TooLarge,
    /// The upload took too long.
    Timeout,
    /// The state of the bot does not allow it.
    Conflict,
    /// The disk takes nothing: it is full, or may only be read.
    Disk,
    /// The server's.
    Internal,
}

impl DeployError {
    /// A stable code for programs.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::BadName(_) => "bad-bot-name",
            Self::UnknownBot(_) => "unknown-bot",
            Self::UnknownVersion { .. } => "unknown-version",
            Self::NothingToRollBack(_) => "nothing-to-roll-back",
            Self::Damaged(_) => "damaged-bot",
            Self::TooLarge(_) => "upload-too-large",
            Self::Stalled(_) => "upload-stalled",
            Self::Compile(CompileError::Refused(refusal)) => &refusal.code,
            Self::Compile(CompileError::TooSlow(_) | CompileError::Killed { .. }) => {
                "compile-limit"
            }
            Self::Compile(CompileError::Load(_)) => "does-not-link",
            Self::Compile(CompileError::Io(error)) | Self::Io(error) if takes_nothing(error) => {
                "not-stored"
            }
            Self::Compile(CompileError::Io(_)) | Self::Io(_) => "internal",
            Self::Rehearsal { .. } | Self::EmitsInRehearsal => "rehearsal-failed",
            Self::NeedsConsent { .. } => "needs-consent",
            Self::Terms(TermsError::Unknown { .. } | TermsError::BadName(_)) => "unknown-grant",
            Self::Terms(TermsError::InUse(_)) => "grant-in-use",
            Self::Terms(_) => "bad-limits",
        }
    }

    /// Whose fault it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::UnknownBot(_) | Self::UnknownVersion { .. } => Fault::NotFound,
            Self::NothingToRollBack(_)
            | Self::Damaged(_)
            | Self::NeedsConsent { .. }
            | Self::Terms(TermsError::InUse(_)) => Fault::Conflict,
            Self::TooLarge(_) => Fault::TooLarge,
            Self::Stalled(_) => Fault::Timeout,
            Self::Compile(CompileError::Io(error)) | Self::Io(error) if takes_nothing(error) => {
                Fault::Disk
            }
            Self::Compile(CompileError::Io(_)) | Self::Io(_) => Fault::Internal,
            Self::BadName(_)
            | Self::Compile(_)
            | Self::Rehearsal { .. }
            | Self::Terms(_)
            | Self::EmitsInRehearsal => Fault::Invalid,
        }
    }

    /// As what an upload is counted that ended with this.
    #[must_use]
    pub fn outcome(&self) -> &'static str {
        if matches!(self.fault(), Fault::Disk | Fault::Internal) { "failed" } else { "refused" }
    }
}

/// What a bot logged before it failed, as the end of a sentence.
fn told(log: &[String]) -> String {
    if log.is_empty() {
        return String::new();
    }
    let lines: Vec<_> = log.iter().map(|line| format!("`{line}`")).collect();
    format!("; before that it logged {}", lines.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_rehearsal_tells_what_the_bot_logged() {
        let failed = |log: &[&str]| {
            let log = log.iter().copied().map(str::to_owned).collect();
            DeployError::Rehearsal { error: TurnError::Bot("no key".into()), log }.to_string()
        };
        let begin = "the component failed its rehearsal (instantiate and `describe`): no key";
        assert_eq!(failed(&[]), begin);
        let told = format!("{begin}; before that it logged `one`, `two`");
        assert_eq!(failed(&["one", "two"]), told);
    }
}
