//! What is inside a turn: a turn in process, beside a loop of bare wasmtime with the same settings and the same component; a call of
//! the host; the dialect and the way to the client; session state; the look at an upload.
//!
//! `cargo bench -p chinwag --bench turn`, after `cargo xtask bots`.

/// The least that wasmtime needs to answer a message.
mod bare;
/// A bot, loaded as a server loads it.
mod ours;
/// What is beside the sandbox.
mod parts;

use std::process::ExitCode;

use chinwag::{
    domain::{ByteSize, Json, parse_json},
    memory::Memory,
    sandbox::{MemoryCall, inspect, run_child},
};
use divan::{
    Bencher,
    counter::{BytesCount, ItemsCount},
};
use tokio::sync::oneshot;

use self::{bare::Bare, ours::Ours};

/// Bytes of a token.
const TOKEN: usize = 64;

fn main() -> ExitCode {
    // The sandbox compiles in a child, which is this program.
    if std::env::args().nth(1).as_deref() == Some("compile") {
        return run_child();
    }
    divan::main();
    ExitCode::SUCCESS
}

/// Bots that show one thing and two.
const BOTS: [&str; 2] = ["echo", "tests/twice"];

#[divan::bench(args = BOTS)]
fn turn(bencher: Bencher<'_, '_>, bot: &str) {
    let ours = Ours::load(bot);
    bencher.bench_local(|| ours.turn("hello"));
}

#[divan::bench(args = BOTS)]
fn turn_of_bare_wasmtime(bencher: Bencher<'_, '_>, bot: &str) {
    let bare = Bare::load(bot);
    bencher.bench_local(|| bare.turn("hello"));
}

/// A turn that shows so many tokens of 64 bytes: the difference of two, by that of their counts, is what a call of the host costs.
#[divan::bench(args = [1, 1_001])]
fn turn_of_tokens(bencher: Bencher<'_, '_>, tokens: usize) {
    let ours = Ours::load("stream");
    let text = format!("{} ", "x".repeat(TOKEN - 1)).repeat(tokens);
    bencher.counter(ItemsCount::new(tokens)).bench_local(|| ours.turn(&text));
}

#[divan::bench(args = [64, 65_536])]
fn state_set_and_get(bencher: Bencher<'_, '_>, bytes: usize) {
    let mut memory = Memory::new(ByteSize::mib(1), false);
    let value: Json = parse_json(format!("\"{}\"", "x".repeat(bytes))).expect("it is JSON");
    bencher.bench_local(|| {
        let (reply, mut done) = oneshot::channel();
        memory.serve(MemoryCall::Set { key: "key".into(), value: value.clone(), reply });
        done.try_recv().expect("it was served").expect("it fits");
        let (reply, mut done) = oneshot::channel();
        memory.serve(MemoryCall::Get { key: "key".into(), reply });
        done.try_recv().expect("it was served").expect("it is there")
    });
}

#[divan::bench(args = ["echo", "showcase"])]
fn look_at_an_upload(bencher: Bencher<'_, '_>, bot: &str) {
    let component = std::fs::read(ours::path(bot)).expect("`cargo xtask bots` has built it");
    let bytes = BytesCount::new(component.len());
    bencher.counter(bytes).bench_local(|| inspect(&component).expect("it is a bot"));
}
