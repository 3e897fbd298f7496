//! The command line: one file per command, each a struct with `execute`. The only home of clap; what a command does on a
//! server is done by the server.

mod activate;
mod bots;
mod client;
mod compile;
mod deploy;
mod error;
mod grant;
mod inspect;
mod logs;
mod output;
mod remove;
mod rollback;
mod serve;
mod users;

use std::process::ExitCode;

use clap::{
    Parser, Subcommand,
    builder::styling::{AnsiColor, Styles},
};

pub use error::report;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// What was said on the command line.
///
/// A chat server whose bots are sandboxed WebAssembly components.
#[derive(Debug, Parser)]
#[command(
    name = "chinwag",
    version,
    about = "A chat server whose bots are sandboxed WebAssembly components",
    long_about = None,
    styles = STYLES,
    arg_required_else_help = true,
    after_help = "Examples:
  chinwag serve                      Start a server on http://127.0.0.1:8000
  chinwag deploy target/bots/echo.wasm
                                     Upload a bot; the next message is answered by it
  chinwag bots                       See what is deployed
  chinwag logs echo --follow         See what it logs
  chinwag rollback echo              Go back to the version before"
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(Box<serve::Serve>),
    Deploy(deploy::Deploy),
    Bots(bots::Bots),
    Activate(activate::Activate),
    Grant(grant::Grant),
    Rollback(rollback::Rollback),
    Remove(remove::Remove),
    Logs(logs::Logs),
    Inspect(inspect::Inspect),
    Users(users::Users),
    #[command(hide = true)]
    Compile(compile::Compile),
}

/// Reads the command line of this process. Ends the process after `--help` and `--version` (exit code 0) and after a usage
/// error (exit code 2).
#[must_use]
pub fn parse() -> Cli {
    Cli::parse()
}

impl Cli {
    /// Does what was said.
    ///
    /// # Errors
    /// Whatever went wrong, in words for [`report`].
    pub fn execute(self) -> anyhow::Result<ExitCode> {
        match self.command {
            Command::Serve(command) => command.execute(),
            Command::Deploy(command) => command.execute(),
            Command::Bots(command) => command.execute(),
            Command::Activate(command) => command.execute(),
            Command::Grant(command) => command.execute(),
            Command::Rollback(command) => command.execute(),
            Command::Remove(command) => command.execute(),
            Command::Logs(command) => command.execute(),
            Command::Inspect(command) => command.execute(),
            Command::Users(command) => command.execute(),
            Command::Compile(command) => return Ok(command.execute()),
        }?;
        Ok(ExitCode::SUCCESS)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn verify_cli() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_says_what_it_does() {
        for command in Cli::command().get_subcommands().filter(|command| !command.is_hide_set()) {
            assert!(command.get_about().is_some(), "{} says nothing", command.get_name());
            for argument in command.get_arguments() {
                assert!(
                    argument.get_help().is_some(),
                    "{} {}",
                    command.get_name(),
                    argument.get_id()
                );
            }
        }
    }
}
