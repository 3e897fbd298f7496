//! `chinwag grant`: lets a held version have what it asks for, and makes it answer.

use std::collections::BTreeSet;

use clap::Args;
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    bots::show_answer,
    client::{Client, Connection, block_on, read},
    error::Advice,
    output,
};
use crate::domain::{BotName, VersionNumber};

/// Let a held version have what it asks for, and make it answer
///
/// A version that asks for more than its bot has been granted is stored and held, and the version before goes on. What needs a
/// grant are the interfaces that read the words and files of users: `chinwag:bot/files` and `chinwag:bot/history`.
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

#[derive(Deserialize, Serialize)]
struct Grants {
    imports: BTreeSet<String>,
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
        let new: Vec<&str> =
            version.needs.imports.difference(&bot.grants.imports).map(String::as_str).collect();
        if !self.connection.json {
            output::line(format!("`{name}` is granted {}", new.join(", ")))?;
        }
        let imports: BTreeSet<&String> = bot.grants.imports.union(&version.needs.imports).collect();
        let request = client.request(Method::PUT, &["bots", name, "grants"]);
        client.ask(request.json(&json!({ "imports": imports }))).await?;
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
