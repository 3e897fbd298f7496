//! `chinwag bots`: what is deployed.

use clap::Args;
use jiff::Timestamp;
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use super::{
    client::{Connection, block_on, read},
    output::{self, printable},
};
use crate::domain::BotName;

/// List the bots, or the versions of one
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chinwag bots
  chinwag bots echo
  chinwag bots --json | jq -r '.[].name'")]
pub(super) struct Bots {
    /// Only this one, with all its versions
    #[arg(value_name = "NAME")]
    name: Option<BotName>,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Deserialize)]
struct Summary {
    name: String,
    active: Option<u32>,
    version_count: usize,
    display_name: Option<String>,
    size: Option<u64>,
    uploaded_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Bot {
    name: String,
    active: Option<u32>,
    versions: Vec<Version>,
    counters: Option<Counters>,
}

#[derive(Deserialize)]
struct Version {
    number: u32,
    digest: String,
    size: u64,
    uploaded_at: Timestamp,
    uploaded_by: String,
    #[serde(default)]
    held: bool,
}

#[derive(Deserialize)]
struct Counters {
    turns: u64,
    turn_failures: u64,
}

impl Bots {
    pub(super) fn execute(self) -> anyhow::Result<()> {
        match &self.name {
            Some(name) => block_on(show(name, &self.connection)),
            None => block_on(list(&self.connection)),
        }
    }
}

async fn list(connection: &Connection) -> anyhow::Result<()> {
    let client = connection.open()?;
    let answer = client.ask(client.request(Method::GET, &["bots"])).await?;
    if connection.json {
        return output::json(&answer);
    }
    let bots: Vec<Summary> = read(&answer)?;
    if bots.is_empty() {
        return Ok(output::line("no bots yet; upload one with `chinwag deploy FILE.wasm`")?);
    }
    let mut table = output::table(["NAME", "ACTIVE", "VERSIONS", "SIZE", "UPLOADED", "SHOWN AS"]);
    for bot in bots {
        table.add_row([
            bot.name,
            bot.active.map_or("none".into(), |number| number.to_string()),
            bot.version_count.to_string(),
            bot.size.map(output::size).unwrap_or_default(),
            bot.uploaded_at.map(output::moment).unwrap_or_default(),
            bot.display_name.map(|name| printable(&name)).unwrap_or_default(),
        ]);
    }
    Ok(output::line(table.trim_fmt())?)
}

/// Shows one bot with its versions.
pub(super) async fn show(name: &BotName, connection: &Connection) -> anyhow::Result<()> {
    let client = connection.open()?;
    let answer = client.ask(client.request(Method::GET, &["bots", name.as_str()])).await?;
    show_answer(&answer, connection.json)
}

/// Shows a bot as a server described it.
pub(super) fn show_answer(answer: &Value, json: bool) -> anyhow::Result<()> {
    if json {
        return output::json(answer);
    }
    let bot: Bot = read(answer)?;
    let active = bot.active.map_or("no version".into(), |number| format!("version {number}"));
    output::line(format!("`{}` is answered by {active}", bot.name))?;
    if let Some(Counters { turns, turn_failures }) = bot.counters {
        output::line(format!("{turns} turns since the server started, {turn_failures} failed"))?;
    }
    let mut table = output::table(["VERSION", "UPLOADED", "BY", "SIZE", "DIGEST"]);
    for version in bot.versions {
        let mark = match version.held {
            true => " (held)",
            false if bot.active == Some(version.number) => " *",
            false => "",
        };
        table.add_row([
            format!("{}{mark}", version.number),
            output::moment(version.uploaded_at),
            printable(&version.uploaded_by),
            output::size(version.size),
            printable(&version.digest),
        ]);
    }
    Ok(output::line(table.trim_fmt())?)
}
