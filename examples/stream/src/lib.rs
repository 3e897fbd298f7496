//! Answers piece by piece, as a language model does.

use chinwag_sdk::{Bot, Message, Profile, Result, emitter};

struct Stream;

#[chinwag_sdk::bot]
impl Bot for Stream {
    /// `stream 3` is answered by `t0 t1 t2`; anything else comes back word by word.
    fn on_message(message: Message) -> Result {
        let answer = emitter::stream()?;
        let mut words = message.text.split_whitespace();
        if words.next() == Some("stream") {
            let count = words.next().map_or(Ok(12), str::parse)?;
            (0..count).try_for_each(|n: u32| answer.token(format!("t{n} ")))?;
        } else {
            message.text.split_inclusive(' ').try_for_each(|word| answer.token(word))?;
        }
        answer.finish().map(drop)
    }

    fn describe() -> Result<Profile> {
        Ok(Profile::new()
            .display_name("Stream")
            .description("Answers piece by piece: `stream 100` for a hundred pieces.")
            .starter("A hundred pieces", "stream 100"))
    }
}
