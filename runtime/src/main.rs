//! The `chinwag` binary: reads the command line, does what it says, and says what went wrong.

use std::process::ExitCode;

use chinwag::cli;

fn main() -> ExitCode {
    cli::parse().execute().unwrap_or_else(|error| cli::report(&error))
}
