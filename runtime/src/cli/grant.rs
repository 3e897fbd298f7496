//! `chinwag grant`: lets a held version have what it asks for, and makes it answer.

use clap::Args;
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::{
    bots::show_answer,
    client::{Client, Connection, block_on, read},
    error::Advice,
    output,
};
use crate::{
    bots::Grants,
    domain::{BotName, VersionNumber},
};

/// Let a held version have what it asks for, and make it answer
///
/// A version that asks for more than its bot has been granted is stored and held, and the version before goes on. What needs a
/// grant are the interfaces that read the words and files of users (`chinwag:bot/files` and `chinwag:bot/history`), hosts that
/// the bot sends requests to, and secrets that are put into them.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chinwag grant support
  chinwag grant support --version 4")]
pub(super) struct Grant {
    /// The bot
    #[arg(value_name = "NAME")]
    name: BotName,
    /// The held version [default: the newest]
    #[arg(long, value_name = "NUMBER")]
    version: Option<VersionNumber>,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Deserialize)]
struct Bot {
    versions: Vec<Version>,
    grants: Grants,
}

#[derive(Deserialize)]
struct Version {
    number: VersionNumber,
    needs: Grants,
    held: bool,
}

impl Grant {
    pub(super) fn execute(self) -> anyhow::Result<()> {
        let client = self.connection.open()?;
        block_on(self.admit(&client))
    }

    async fn admit(&self, client: &Client) -> anyhow::Result<()> {
        let name = self.name.as_str();
        let bot: Bot = read(&client.ask(client.request(Method::GET, &["bots", name])).await?)?;
        let version = self.held(bot.versions)?;
        if !self.connection.json {
            let new = version.needs.beyond(&bot.grants);
            output::line(format!("`{name}` is granted {}", new.items().join(", ")))?;
        }
        let grants = bot.grants.with(version.needs);
        let request = client.request(Method::PUT, &["bots", name, "grants"]);
        client.ask(request.json(&grants)).await?;
        let request = client.request(Method::POST, &["bots", name, "activate"]);
        let answer = client.ask(request.json(&json!({ "version": version.number }))).await?;
        show_answer(&answer, self.connection.json)
    }

    /// The version to admit.
    fn held(&self, versions: Vec<Version>) -> anyhow::Result<Version> {
        let is_wanted = |it: &Version| self.version.is_none_or(|number| number == it.number);
        let found = versions.into_iter().rev().find(|it| it.held && is_wanted(it));
        found.ok_or_else(|| {
            let which = self.version.map_or_else(
                || format!("no version of `{}`", self.name),
                |number| format!("no version {number} of `{}`", self.name),
            );
            Advice::new(format!("{which} is held: there is nothing to grant"))
                .hint("`chinwag bots NAME` lists the versions")
                .into()
        })
    }
}
