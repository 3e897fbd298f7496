//! Says everything twice: the smallest turn that shows more than one thing, for benches.

use chinwag_sdk::{Bot, Message, Result, emitter};

struct Twice;

#[chinwag_sdk::bot]
impl Bot for Twice {
    fn on_message(message: Message) -> Result {
        emitter::send(message.text.as_str())?;
        emitter::send(message.text).map(drop)
    }
}
