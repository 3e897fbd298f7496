//! Loops for ever on `spin`, in a chat and nowhere else; echoes everything else.

use std::hint;

use chinwag_sdk::{Bot, Message, Result, emitter};

struct Spinner;

#[chinwag_sdk::bot]
impl Bot for Spinner {
    fn on_message(message: Message) -> Result {
        if message.text == "spin" {
            loop {
                hint::black_box(());
            }
        }
        emitter::send(message.text).map(drop)
    }
}
