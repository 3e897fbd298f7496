//! What is asked of the bench.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Measure Chinwag beside its peers
#[derive(Clone, Debug, Parser)]
pub(crate) struct Order {
    /// Rounds; medians are told
    #[arg(long, default_value_t = 3)]
    pub(crate) rounds: u32,
    /// Seconds of each load that is measured
    #[arg(long, default_value_t = 5.0)]
    pub(crate) seconds: f64,
    /// Only this; may be said more than once
    #[arg(long, value_name = "WHAT")]
    pub(crate) only: Vec<What>,
    /// A program with the flags of this one's `load`, which puts the load on instead
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) loadgen: Option<PathBuf>,
    /// Where to write all that was measured
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Where to write the picture
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,
    /// A page in Markdown in which to replace the table
    #[arg(long, value_name = "FILE")]
    pub(crate) page: Option<PathBuf>,
    /// The server of Chinwag
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) chinwag: PathBuf,
    /// The folder of built bots
    #[arg(long, value_name = "DIR")]
    pub(crate) bots: PathBuf,
    /// The folder of the peers in JavaScript and Python
    #[arg(long, value_name = "DIR")]
    pub(crate) peers: PathBuf,
    /// The Python in which Chainlit is installed
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) python: PathBuf,
}

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// A message and its answer, 100 connections
    Echo,
    /// Tokens, 20 connections
    Stream,
    /// Memory of sessions that do nothing
    Idle,
    /// 100 sessions that chat beside 10,000 that do not
    Crowd,
    /// Questions that wait for a person
    Ask,
    /// Activations under load
    Swap,
    /// Uploads
    Upload,
    /// Start of a server that has bots
    Start,
    /// More bots, more sessions
    Scale,
}

impl Order {
    pub(crate) fn wants(&self, what: What) -> bool {
        self.only.is_empty() || self.only.contains(&what)
    }
}
