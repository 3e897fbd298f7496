//! `chinwag compile`: what a server starts for each upload, not a command for people.

use std::process::ExitCode;

use clap::Args;

use crate::sandbox::run_child;

/// Compile one upload, as a child of a server.
#[derive(Debug, Args)]
pub(super) struct Compile {
    /// What to compile; the child reads it by itself
    #[arg(required = true)]
    _order: String,
}

impl Compile {
    #[expect(clippy::unused_self, reason = "the child reads its order by itself")]
    pub(super) fn execute(self) -> ExitCode {
        run_child()
    }
}
