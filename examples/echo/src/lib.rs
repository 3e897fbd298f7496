//! Says back what you say.

use chinwag_sdk::{Bot, Message, Result, emitter};

struct Echo;

#[chinwag_sdk::bot]
impl Bot for Echo {
    fn on_message(message: Message) -> Result {
        emitter::send(message.text).map(drop)
    }
}
