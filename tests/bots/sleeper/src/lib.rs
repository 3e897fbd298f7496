//! Waits on `sleep MILLISECONDS`; logs on `log TEXT`, prints on `print TEXT`, and logs what else
//! happens to it; echoes everything else.

use std::{
    io::{self, Write},
    thread,
    time::Duration,
};

use chinwag_sdk::{Bot, Message, Result, emitter, log};

struct Sleeper;

#[chinwag_sdk::bot]
impl Bot for Sleeper {
    fn on_message(message: Message) -> Result {
        let answer = match message.text.split_once(' ') {
            Some(("sleep", milliseconds)) => sleep(milliseconds.parse()?),
            Some(("log", text)) => {
                log::info!("{text}");
                "logged".to_owned()
            }
            Some(("print", text)) => {
                writeln!(io::stdout(), "{text}")?;
                "printed".to_owned()
            }
            _ => message.text,
        };
        emitter::send(answer).map(drop)
    }

    fn on_chat_end() -> Result {
        log::info!("chat ended");
        Ok(())
    }

    fn on_stop() -> Result {
        log::info!("stopped");
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "a bot has a thread of its own")]
fn sleep(milliseconds: u64) -> String {
    thread::sleep(Duration::from_millis(milliseconds));
    format!("slept {milliseconds}")
}
