//! Names its version in every answer: `v1:hello`.
//!
//! A test makes as many components of it as it needs by writing another number of six digits into
//! the only `VERSION=000001` of the built file: each has a digest of its own, and all else is the
//! same.

use std::{hint, str};

use chinwag_sdk::{Bot, Message, Result, emitter};

/// Kept whole in the data of the component.
static VERSION: [u8; 14] = *b"VERSION=000001";

struct Versioned;

#[chinwag_sdk::bot]
impl Bot for Versioned {
    fn on_message(message: Message) -> Result {
        emitter::send(format!("v{}:{}", version()?, message.text)).map(drop)
    }
}

fn version() -> Result<u32> {
    // The compiler must not see what the number is: the file may say another one.
    let marker = hint::black_box(&VERSION);
    let digits = str::from_utf8(marker)?.trim_start_matches("VERSION=");
    Ok(digits.parse()?)
}
