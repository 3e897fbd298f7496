//! `chinwag logs`: what a bot logs.

use std::time::Duration;

use anyhow::Context;
use clap::{
    Args,
    builder::styling::{AnsiColor, Style},
};
use jiff::Timestamp;
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;
use tokio::time::timeout;

use super::{
    client::{Client, Connection, block_on, read},
    error::Advice,
    output::{self, printable},
};
use crate::domain::{BotName, DataLines};

/// A server says something every 15 s, if only that it is there.
const SILENCE: Duration = Duration::from_secs(60);

const FAINT: Style = Style::new().dimmed();

/// Show what a bot logs, prints and is refused
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chinwag logs echo
  chinwag logs echo --follow
  chinwag logs echo --json | jq -r 'select(.level == \"error\").text'")]
pub(super) struct Logs {
    /// The bot
    #[arg(value_name = "NAME")]
    name: BotName,
    /// Go on with every line that comes
    #[arg(long, short)]
    follow: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Deserialize)]
struct Line {
    at: Timestamp,
    level: String,
    version: u32,
    turn: Option<String>,
    text: String,
}

impl Logs {
    pub(super) fn execute(self) -> anyhow::Result<()> {
        let client = self.connection.open()?;
        block_on(async {
            if self.follow {
                return self.follow(&client).await;
            }
            let answer = client.ask(client.request(Method::GET, &self.path())).await?;
            read::<Vec<Value>>(&answer)?.iter().try_for_each(|line| self.show(line))
        })
    }

    async fn follow(&self, client: &Client) -> anyhow::Result<()> {
        let request = client.endless(Method::GET, &self.path()).query(&[("follow", "true")]);
        let mut response = timeout(SILENCE, client.send(request)).await.map_err(|_| silent())??;
        let mut lines = DataLines::default();
        while let Some(chunk) = timeout(SILENCE, response.chunk()).await.map_err(|_| silent())?? {
            for line in lines.push(&chunk) {
                let line = serde_json::from_slice(&line).context("a line of the log is no JSON")?;
                self.show(&line)?;
            }
        }
        Err(Advice::new(format!("the log of `{}` has ended", self.name))
            .hint("the server has shut down, or the bot was removed")
            .into())
    }

    fn path(&self) -> [&str; 3] {
        ["bots", self.name.as_str(), "logs"]
    }

    fn show(&self, line: &Value) -> anyhow::Result<()> {
        if self.connection.json {
            return output::json(line);
        }
        let Line { at, level, version, turn, text } = read(line)?;
        let style = match level.as_str() {
            "error" => AnsiColor::Red.on_default(),
            "warn" => AnsiColor::Yellow.on_default(),
            "info" => AnsiColor::Green.on_default(),
            _ => FAINT,
        };
        let at = at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ");
        let turn = turn.map(|turn| format!(" {}", printable(&turn))).unwrap_or_default();
        let (level, text) = (printable(&level).to_uppercase(), printable(&text));
        Ok(output::line(format!(
            "{FAINT}{at}{FAINT:#} {style}{level:5}{style:#} {FAINT}v{version}{turn}{FAINT:#} {text}"
        ))?)
    }
}

fn silent() -> Advice {
    Advice::new("the server has gone silent").hint("is it still there? `chinwag bots` tells")
}
