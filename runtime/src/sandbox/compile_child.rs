//! The child process that compiles one upload: the only place where bytes of a stranger meet a parser or a compiler.
//!
//! It bounds itself before it reads anything, gets nothing of our environment, and answers in two lines of JSON.

use std::{
    fs::File,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use rlimit::Resource;
use serde::{Deserialize, Serialize};
use wasmtime::Engine;

use super::{
    contract::{Refusal, Surface, check},
    engine::settings,
};
use crate::domain::Digest;

/// How the child ends when the disk has no room for the code.
pub(super) const NO_ROOM: u8 = 3;

/// What the child is told on its command line, as one JSON argument.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    /// The component.
    pub(super) input: PathBuf,
    /// Its digest, under which the code is kept: nothing else is compiled.
    pub(super) digest: Digest,
    /// Where the compiled code goes.
    pub(super) output: PathBuf,
    /// CPU time over all threads.
    pub(super) cpu_seconds: u64,
    /// Address space.
    pub(super) memory_bytes: u64,
    /// The largest file it may write.
    pub(super) output_bytes: u64,
}

/// What the child answers in its first line: whether the component fits.
pub(super) type Checked = Result<Surface, Refusal>;
/// And in its second, if it does: whether it has become code.
pub(super) type Translated = Result<(), Refusal>;

/// Compiles what the order (the last argument of this process) names.
///
/// Exits with 0 if it reports, be it a refusal; with 1, 2 or 3 if it could not do its work (3: the disk is full), for a reason that it
/// writes to standard error. Anything else means that it was cut short.
#[must_use]
pub fn run_child() -> ExitCode {
    let order = std::env::args().next_back().unwrap_or_default();
    let order = match serde_json::from_str::<Order>(&order) {
        Ok(order) => order,
        Err(error) => {
            drop(writeln!(io::stderr(), "the order does not parse: {error}"));
            return ExitCode::from(2);
        }
    };
    let done = bound(&order).and_then(|()| {
        let wasm = read(&order)?;
        let checked: Checked = check(&wasm);
        say(&checked)?;
        match checked {
            Ok(_) => say(&compile(&order, &wasm)?),
            Err(_) => Ok(()),
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The parent reads what its child says here.
            drop(writeln!(io::stderr(), "{error}"));
            match error.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => NO_ROOM.into(),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

fn bound(order: &Order) -> io::Result<()> {
    Resource::CORE.set(0, 0)?;
    Resource::CPU.set(order.cpu_seconds, order.cpu_seconds)?;
    Resource::AS.set(order.memory_bytes, order.memory_bytes)?;
    Resource::FSIZE.set(order.output_bytes, order.output_bytes)?;
    Resource::NOFILE.set(64, 64)
}

/// One line for the parent.
fn say(report: &impl Serialize) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    serde_json::to_writer(&mut stdout, report)?;
    stdout.write_all(b"\n")?;
    stdout.flush()
}

fn read(order: &Order) -> io::Result<Vec<u8>> {
    let wasm = std::fs::read(&order.input)?;
    let found = Digest::of(&wasm);
    if found != order.digest {
        let message = format!(
            "`{}` has changed: expected `{}`, found `{found}`",
            order.input.display(),
            order.digest
        );
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    Ok(wasm)
}

fn compile(order: &Order, wasm: &[u8]) -> io::Result<Translated> {
    let engine = Engine::new(&settings()).map_err(io::Error::other)?;
    match engine.precompile_component(wasm) {
        Ok(code) => {
            // The parent has made the file. Should the parent be gone, and its next start have swept the file away, this
            // must not bring it back.
            File::options().write(true).truncate(true).open(&order.output)?.write_all(&code)?;
            Ok(Ok(()))
        }
        Err(error) => {
            let message = format!("the component does not compile: {error:#}");
            Ok(Err(Refusal::new("does-not-compile", message)))
        }
    }
}
