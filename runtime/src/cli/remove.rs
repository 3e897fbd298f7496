//! `chinwag remove`: removes a bot with all its versions.

use clap::Args;
use reqwest::Method;
use serde_json::json;

use super::{
    client::{Connection, block_on},
    output,
};
use crate::domain::BotName;

/// Remove a bot with all its versions; this cannot be undone
#[derive(Debug, Args)]
#[command(after_help = "Example:
  chinwag remove echo")]
pub(super) struct Remove {
    /// The bot
    #[arg(value_name = "NAME")]
    name: BotName,
    #[command(flatten)]
    connection: Connection,
}

impl Remove {
    pub(super) fn execute(self) -> anyhow::Result<()> {
        let client = self.connection.open()?;
        let request = client.request(Method::DELETE, &["bots", self.name.as_str()]);
        block_on(client.send(request))?;
        if self.connection.json {
            return output::json(&json!({ "removed": self.name }));
        }
        Ok(output::line(format!("`{}` and all its versions are removed", self.name))?)
    }
}
