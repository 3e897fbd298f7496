//! `chinwag activate`: makes a stored version answer.

use clap::Args;
use reqwest::Method;
use serde_json::json;

use super::{
    bots::show_answer,
    client::{Connection, block_on},
};
use crate::domain::{BotName, VersionNumber};

/// Make a version answer, an older or a newer one
#[derive(Debug, Args)]
#[command(after_help = "Example:
  chinwag activate echo 3")]
pub(super) struct Activate {
    /// The bot
    #[arg(value_name = "NAME")]
    name: BotName,
    /// The number of the version; `chinwag bots NAME` lists them
    #[arg(value_name = "VERSION")]
    version: VersionNumber,
    #[command(flatten)]
    connection: Connection,
}

impl Activate {
    pub(super) fn execute(self) -> anyhow::Result<()> {
        let client = self.connection.open()?;
        let request = client
            .request(Method::POST, &["bots", self.name.as_str(), "activate"])
            .json(&json!({ "version": self.version }));
        show_answer(&block_on(client.ask(request))?, self.connection.json)
    }
}
