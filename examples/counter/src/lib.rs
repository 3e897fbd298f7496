//! Counts your messages: what must outlive a call is session state.

use chinwag_sdk::{Bot, Message, Profile, Result, emitter, session};

struct Counter;

#[chinwag_sdk::bot]
impl Bot for Counter {
    fn on_message(message: Message) -> Result {
        if message.text.trim() == "reset" {
            session::remove("count")?;
        }
        let count = session::update("count", |count: &mut u32| *count += 1)?;
        emitter::send(format!("message {count}")).map(drop)
    }

    fn describe() -> Result<Profile> {
        Ok(Profile::new()
            .display_name("Counter")
            .description("Counts your messages. Say `reset` to begin again.")
            .starter("Count", "one more")
            .starter("Begin again", "reset"))
    }
}
