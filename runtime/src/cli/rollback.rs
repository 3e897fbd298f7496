//! `chinwag rollback`: goes back to the version that answered before.

use clap::Args;
use reqwest::Method;

use super::{
    bots::show_answer,
    client::{Connection, block_on},
};
use crate::domain::BotName;

/// Go back to the version that answered before this one
#[derive(Debug, Args)]
#[command(after_help = "Example:
  chinwag rollback echo")]
pub(super) struct Rollback {
    /// The bot
    #[arg(value_name = "NAME")]
    name: BotName,
    #[command(flatten)]
    connection: Connection,
}

impl Rollback {
    pub(super) fn execute(self) -> anyhow::Result<()> {
        let client = self.connection.open()?;
        let request = client.request(Method::POST, &["bots", self.name.as_str(), "rollback"]);
        show_answer(&block_on(client.ask(request))?, self.connection.json)
    }
}
