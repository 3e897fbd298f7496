//! A server to play with: the example bots, the page, one address.

use std::os::unix::process::CommandExt;

use anyhow::{Context, Result};
use clap::Args;

use crate::{
    bots,
    shell::{cargo, command, root, run, say, target},
    stock, ui,
};

/// Start a server with the example bots and the page: the chat at `/`, the console at `/console`
///
/// The bots' folder is watched: after a change to an example, `cargo xtask bots` in another terminal makes the running server
/// answer with the new version.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// The port to listen on, on this machine only; 0 picks a free one
    #[arg(long, default_value_t = 8000)]
    port: u16,
    /// Show the stock Chainlit page instead of Chinwag's own chat
    #[arg(long)]
    stock: bool,
    /// More arguments for `chinwag serve`
    #[arg(last = true)]
    more: Vec<String>,
}

impl Demo {
    pub(crate) fn run(self) -> Result<()> {
        bots::build()?;
        ui::build()?;
        say("building the server");
        run(cargo().args(["build", "--package", "chinwag"]))?;
        say("starting the server: open the address below in a browser, Ctrl-C ends it");
        let target = target();
        let mut serve = command(&target.join("debug/chinwag").to_string_lossy());
        serve.args(["serve", "--default-bot", "showcase"]);
        serve.args(["--listen", &format!("127.0.0.1:{}", self.port)]);
        serve.arg("--data").arg(target.join("demo"));
        if self.stock {
            serve.arg("--ui").arg(stock::fetch()?);
        }
        // The components that the showcase draws.
        serve.arg("--public").arg(root().join("examples/showcase/public"));
        serve.arg("--watch").arg(target.join("bots"));
        serve.args(self.more);
        // This process becomes the server, so that whatever ends the one ends the other.
        Err(serve.exec()).context("the server does not start")
    }
}
