//! Speaks first, with a button: the first thing that a user does may be a click.

use chinwag_sdk::{Action, Bot, Json, Result, emitter, json};

struct Greeter;

#[chinwag_sdk::bot]
impl Bot for Greeter {
    fn on_chat_start() -> Result {
        let ping = emitter::action("ping").label("Ping me").payload(json!({ "v": 9 }));
        emitter::message("Welcome!").action(ping).send().map(drop)
    }

    fn on_action(action: Action) -> Result<Option<Json>> {
        emitter::send(format!("action {} got {}", action.name, action.payload))?;
        Ok(Some(json!({ "pong": action.payload_as::<Json>()? })))
    }
}
