//! `chinwag serve`: turns flags into settings and runs the server until it is told to stop.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use serde::Serialize;
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    config::{Config, Store},
    domain::BotName,
    server,
    telemetry::{self, LogFormat},
};

/// Start a server
///
/// Every setting can also stand in the environment (`CHINWAG_LISTEN`, nested ones with `__`: `CHINWAG_LIMITS__CPU`) or in
/// the file `chinwag.toml` of the working directory. Flags go first, then the environment, then the file.
#[derive(Debug, Args, Serialize)]
#[command(after_help = "Examples:
  chinwag serve
  chinwag serve --listen 127.0.0.1:0 --data /var/lib/chinwag
  chinwag serve --watch target/bots        Deploy every NAME.wasm there, again on every change
  CHINWAG_LIMITS__MEMORY='64 MiB' chinwag serve

The file chinwag.toml, with some of what only it and the environment can say:
  session_timeout = \"1h\"
  [limits]
  memory = \"128 MiB\"
  cpu = \"2s\"
  wall = \"2m\"")]
pub(super) struct Serve {
    /// Where to listen; port 0 picks a free one [default: 127.0.0.1:8000]
    #[arg(long, value_name = "ADDRESS:PORT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    listen: Option<SocketAddr>,
    /// Allow `--listen` on an address that other machines reach although nobody signs in: anyone there may chat
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    allow_remote: bool,
    /// Where versions, files and the admin token are kept [default: .chinwag]
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<PathBuf>,
    /// Where conversations are kept: `sqlite`, or `off` to forget them with their sessions [default: sqlite]
    #[arg(long, value_name = "KIND", value_parser = store)]
    #[serde(skip_serializing_if = "Option::is_none")]
    store: Option<Store>,
    /// A built chat page to serve at `/`
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    ui: Option<PathBuf>,
    /// Files to serve at `/public`
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    public: Option<PathBuf>,
    /// Deploy every `NAME.wasm` of a folder, again on every change
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    watch: Option<PathBuf>,
    /// The bot for clients that choose none [default: the first by name]
    #[arg(long, value_name = "NAME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    default_bot: Option<BotName>,
    /// The token of the admin API; better in `CHINWAG_ADMIN_TOKEN`, since others on this machine see command lines
    /// [default: made at first start, in the data folder]
    #[arg(long, value_name = "TOKEN")]
    #[serde(skip_serializing_if = "Option::is_none")]
    admin_token: Option<String>,
    /// An origin of another site whose pages may connect; may be given more than once
    #[arg(long = "allowed-origin", value_name = "ORIGIN")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allowed_origins: Vec<String>,
    /// A file with settings [default: chinwag.toml, if it is there]
    #[arg(long, value_name = "FILE", env = "CHINWAG_CONFIG")]
    #[serde(skip)]
    config: Option<PathBuf>,
    #[command(flatten)]
    log: Log,
}

#[derive(Debug, Args, Serialize)]
struct Log {
    /// What is logged, for example `debug` or `info,chinwag::session=debug` [default: info]
    #[arg(long = "log", value_name = "FILTER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<String>,
    /// How it is logged: `text` or `json` [default: text]
    #[arg(long = "log-format", value_name = "FORMAT", value_parser = format)]
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<LogFormat>,
}

impl Serve {
    pub(super) fn execute(self) -> anyhow::Result<()> {
        let config = Config::load(self.config.as_deref(), &self)?;
        telemetry::init_logs(&config.log)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            // Before anything else: a signal that comes early counts too.
            let mut terminate = signal(SignalKind::terminate())?;
            let mut interrupt = signal(SignalKind::interrupt())?;
            let told_to_stop = async move {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
            };
            server::run(config, told_to_stop).await
        })
    }
}

fn store(text: &str) -> Result<Store, &'static str> {
    match text {
        "sqlite" => Ok(Store::Sqlite),
        "off" => Ok(Store::Off),
        _ => Err("use `sqlite` or `off`"),
    }
}

fn format(text: &str) -> Result<LogFormat, &'static str> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err("use `text` or `json`"),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use figment::Jail;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        serve: Serve,
    }

    #[test]
    #[expect(clippy::result_large_err, reason = "figment's jail wants its own error")]
    fn a_flag_that_is_not_given_leaves_the_setting_alone() {
        let load = |arguments: &[&str]| {
            let line = Line::parse_from(["serve"].iter().chain(arguments));
            Config::load(None, &line.serve).map_err(|error| error.to_string())
        };
        Jail::expect_with(|jail| {
            let defaults = load(&[])?;
            assert_eq!(format!("{defaults:?}"), format!("{:?}", Config::default()));

            jail.create_file("chinwag.toml", "ui = 'page'\nlog = { filter = 'warn' }")?;
            let config = load(&["--listen", "[::]:1", "--allow-remote", "--log-format", "json"])?;
            assert_eq!(config.listen.port(), 1);
            assert_eq!(config.ui, Some("page".into()));
            assert_eq!((config.log.filter.as_str(), config.log.format), ("warn", LogFormat::Json));
            Ok(())
        });
    }
}
