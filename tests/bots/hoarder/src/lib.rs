//! Grows without end on `hoard`; `hoard 64` holds 64 MiB and says so; echoes everything else.

use std::hint;

use chinwag_sdk::{Bot, Message, Result, emitter};

const MIB: usize = 1 << 20;

struct Hoarder;

#[chinwag_sdk::bot]
impl Bot for Hoarder {
    fn on_message(message: Message) -> Result {
        let Some(mebibytes) = message.text.strip_prefix("hoard") else {
            return emitter::send(message.text).map(drop);
        };
        let mebibytes = if mebibytes.is_empty() { usize::MAX } else { mebibytes.trim().parse()? };
        let mut hoard = Vec::new();
        for _ in 0..mebibytes {
            // Written to, so that every page is there.
            hoard.push(hint::black_box(vec![1_u8; MIB]));
        }
        emitter::send(format!("held {} MiB", hoard.len())).map(drop)
    }
}
