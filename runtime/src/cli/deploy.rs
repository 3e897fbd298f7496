//! `chinwag deploy`: uploads a component.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context;
use clap::Args;
use futures_util::TryStreamExt;
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::{Body, Method, header::CONTENT_LENGTH};
use serde::Deserialize;
use tokio::fs::File;
use tokio_util::io::ReaderStream;

use super::{
    client::{Connection, block_on, read},
    error::Advice,
    output,
};
use crate::domain::BotName;

/// How often the progress bar moves.
const TICK: Duration = Duration::from_millis(100);

/// Upload a bot and make it answer
///
/// The next message of every conversation is answered by the new version; turns that run finish with the old one. A
/// component that does not fit is refused with the reason, and nothing changes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chinwag deploy target/bots/echo.wasm
  chinwag deploy build/bot.wasm --name support
  chinwag deploy build/bot.wasm --grant     Let it have what it asks for: hosts, secrets, users' words and files
  chinwag deploy echo.wasm --no-activate    Store it; `chinwag activate` makes it answer")]
pub(super) struct Deploy {
    /// The component
    #[arg(value_name = "FILE.wasm")]
    file: PathBuf,
    /// The bot's name [default: the file's, `my_bot.wasm` is `my-bot`]
    #[arg(long, value_name = "NAME")]
    name: Option<BotName>,
    /// Store the version without making it answer
    #[arg(long)]
    no_activate: bool,
    /// Let the bot have what this version asks for, instead of holding it until that is granted
    #[arg(long)]
    grant: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Deserialize)]
struct Uploaded {
    name: String,
    version: u32,
    digest: String,
    size: u64,
    active: bool,
    compile_ms: u64,
    #[serde(default)]
    grants_needed: Vec<String>,
}

impl Deploy {
    pub(super) fn execute(self) -> anyhow::Result<()> {
        let name = self.name.clone().map_or_else(|| name_of(&self.file), Ok)?;
        block_on(self.upload(&name))
    }

    async fn upload(&self, name: &BotName) -> anyhow::Result<()> {
        let client = self.connection.open()?;
        let unreadable = || format!("`{}` cannot be read", self.file.display());
        let file = File::open(&self.file).await.with_context(unreadable)?;
        let size = file.metadata().await.with_context(unreadable)?.len();

        let progress =
            ProgressBar::new(size).with_style(uploading()).with_message(name.to_string());
        progress.enable_steady_tick(TICK);
        let bar = progress.clone();
        let chunks = ReaderStream::new(file).inspect_ok(move |chunk| {
            bar.inc(chunk.len() as u64);
            if bar.position() >= size {
                bar.set_style(compiling());
            }
        });
        let mut request = client
            .request(Method::PUT, &["bots", name.as_str()])
            .header(CONTENT_LENGTH, size)
            .body(Body::wrap_stream(chunks));
        if self.no_activate {
            request = request.query(&[("activate", "false")]);
        }
        if self.grant {
            request = request.query(&[("grant", "true")]);
        }
        let response = client.send(request).await;
        progress.finish_and_clear();
        let response = response?;
        let is_new = response.status() == reqwest::StatusCode::CREATED;
        let answer = response.json().await.context("the server's answer is no JSON")?;
        if self.connection.json {
            return output::json(&answer);
        }
        read::<Uploaded>(&answer)?.show(is_new)
    }
}

impl Uploaded {
    fn show(&self, is_new: bool) -> anyhow::Result<()> {
        let Self { name, version, digest, size, active, compile_ms, grants_needed } = self;
        let size = output::size(*size);
        if !is_new {
            output::line(format!("`{name}` runs this component already, as version {version}"))?;
        } else if !grants_needed.is_empty() {
            output::line(format!(
                "version {version} of `{name}` is held: it asks for {}, which nobody has granted; a version that answers already \
                 goes on. Let it have that with `chinwag grant {name}`",
                grants_needed.join(", ")
            ))?;
        } else if *active {
            output::line(format!("`{name}` is answered by version {version} now"))?;
        } else {
            output::line(format!(
                "version {version} of `{name}` waits; make it answer with `chinwag activate {name} {version}`"
            ))?;
        }
        Ok(output::line(format!("  {size}, compiled in {compile_ms} ms, {digest}"))?)
    }
}

/// The name of a bot whose file has no other: cargo makes `my_bot.wasm` of a crate `my-bot`.
fn name_of(file: &Path) -> Result<BotName, Advice> {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let name = stem.to_lowercase().replace('_', "-");
    name.parse().map_err(|error| {
        Advice::new(format!("`{}` does not name a bot: {error}", file.display()))
            .hint("name it with `--name NAME`")
    })
}

fn uploading() -> ProgressStyle {
    ProgressStyle::with_template("{spinner} uploading {msg} {wide_bar} {bytes}/{total_bytes}")
        .expect("the template parses")
}

fn compiling() -> ProgressStyle {
    ProgressStyle::with_template("{spinner} checking and compiling {msg} … {elapsed}")
        .expect("the template parses")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bot_is_named_after_its_file() {
        for (file, name) in [
            ("echo.wasm", "echo"),
            ("target/wasm32-wasip2/release/My_Bot.wasm", "my-bot"),
            ("./a-1", "a-1"),
        ] {
            assert_eq!(name_of(Path::new(file)).unwrap().as_str(), name);
        }
        for file in ["", "..", "für.wasm", "_x.wasm", "two words.wasm"] {
            assert!(name_of(Path::new(file)).is_err(), "`{file}` names a bot");
        }
    }

    #[test]
    fn the_progress_bars_templates_parse() {
        let (_, _) = (uploading(), compiling());
    }
}
