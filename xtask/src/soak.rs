//! Hours of mixed load on the server, and a report about it.

use std::{os::unix::process::CommandExt, path::PathBuf};

use anyhow::{Context, Result};
use clap::Args;

use crate::{
    bots,
    shell::{cargo, command, run, say, target},
};

/// Run mixed load on the server for a long time, and write a report
///
/// Healthy people, an operator and villains at once; the report says whether memory, descriptors and threads stay as they are, and whether
/// every answer came once and in order. Ctrl-C ends it early, and the report says so.
#[derive(Debug, Args)]
pub(crate) struct Soak {
    /// How long
    #[arg(long, default_value_t = 60.0)]
    minutes: f64,
    /// Where to write the report; its picture lies beside it
    #[arg(long, value_name = "FILE", default_value = "docs/soak.md")]
    report: PathBuf,
    /// Where to write all that was measured
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Only this role, to see what makes something grow; may be said more than once
    #[arg(long, value_name = "ROLE")]
    only: Vec<String>,
}

impl Soak {
    pub(crate) fn run(self) -> Result<()> {
        bots::build()?;
        // In one go, so that what both need is built once.
        say("building the server and the load");
        run(cargo().args([
            "build",
            "--package",
            "chinwag",
            "--package",
            "chinwag-tests",
            "--bins",
        ]))?;
        say(format!("{} minutes of load begin", self.minutes));
        let mut soak = command(&target().join("debug/soak").to_string_lossy());
        soak.arg(self.minutes.to_string()).arg(self.report);
        if let Some(json) = self.json {
            soak.arg("--json").arg(json);
        }
        for role in self.only {
            soak.arg("--only").arg(role);
        }
        // This process becomes the load, so that Ctrl-C ends the one and nothing else.
        Err(soak.exec()).context("the load does not start")
    }
}
