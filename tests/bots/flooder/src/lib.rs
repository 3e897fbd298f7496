//! Emits without end: messages on `flood`, tokens of one message on `flood tokens`, lines of log on
//! `flood log`; echoes everything else.

use chinwag_sdk::{Bot, Message, Result, emitter, log};

struct Flooder;

#[chinwag_sdk::bot]
impl Bot for Flooder {
    fn on_message(message: Message) -> Result {
        match message.text.as_str() {
            "flood" => loop {
                emitter::send("more")?;
            },
            "flood tokens" => {
                let stream = emitter::stream()?;
                loop {
                    stream.token("more ")?;
                }
            }
            "flood log" => loop {
                log::info!("more");
            },
            _ => emitter::send(message.text).map(drop),
        }
    }
}
