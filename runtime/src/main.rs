//! The `chinwag` binary: reads the command line, does what it says, and says what went wrong.

use std::process::ExitCode;

use chinwag::cli;
use tikv_jemallocator::Jemalloc;

/// Turns allocate on some threads and free on others. The C library's allocator keeps a heap for each thread, which then grow for
/// hours; this one gives memory back, and is faster.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    cli::parse().execute().unwrap_or_else(|error| cli::report(&error))
}
