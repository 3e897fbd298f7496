//! Fails in every way; echoes everything else.

use std::{hint, process};

use chinwag_sdk::{Bot, Error, Message, Result, emitter};

struct Crasher;

#[chinwag_sdk::bot]
impl Bot for Crasher {
    fn on_message(message: Message) -> Result {
        match message.text.as_str() {
            "err" => Err(Error::new("this went wrong")),
            "trap" => process::abort(),
            "trap-stream" => trap_in_a_stream(),
            "panic" => panic(),
            "exit" => exit(),
            "recurse" => emitter::send(depth(0).to_string()).map(drop),
            _ => emitter::send(message.text).map(drop),
        }
    }
}

/// Leaves a message and a step open, the message inside the step.
fn trap_in_a_stream() -> Result {
    let step = emitter::step("doomed").tool().open()?;
    step.input("in")?;
    let stream = emitter::stream()?;
    stream.token("half a sen")?;
    process::abort()
}

#[expect(clippy::panic, reason = "how a bot fails by mistake")]
fn panic() -> Result {
    panic!("this must not happen")
}

#[expect(clippy::exit, reason = "how a bot fails in a library")]
fn exit() -> Result {
    process::exit(3)
}

/// Deeper than any stack.
fn depth(n: u64) -> u64 {
    let frame = hint::black_box([n; 32]);
    if n == u64::MAX { 0 } else { depth(n + 1) + frame.iter().sum::<u64>() }
}
