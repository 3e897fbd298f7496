//! The `chinwag` binary: reads the command line, does what it says, and says what went wrong.

use std::process::ExitCode;

use chinwag::cli;
use mimalloc::MiMalloc;

/// The C library's allocator keeps what a thread has freed for that thread: after an hour of mixed load more than twice as much
/// memory was resident as was in use, and it went on growing.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::parse().execute().unwrap_or_else(|error| cli::report(&error))
}
