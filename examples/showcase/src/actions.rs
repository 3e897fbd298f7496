//! Buttons, and what a click does.

use chinwag_sdk::{Action, Error, Json, Result, emitter, json};

use crate::python;

pub(crate) fn offer() -> Result {
    let ping = emitter::action("ping").label("Ping me").tooltip("sends ping").icon("zap");
    emitter::message("Pick an action")
        .action(ping.payload(json!({ "v": 1 })))
        .action(emitter::action("remove_me").label("Remove me"))
        .action(emitter::action("boom").label("Boom"))
        .action(emitter::action("missing_cb").label("No callback"))
        .send()
        .map(drop)
}

pub(crate) fn withdraw() -> Result {
    let message = emitter::send("with actions")?;
    message.action(emitter::action("ping").label("P"))?.remove()
}

pub(crate) fn clicked(action: &Action) -> Result<Option<Json>> {
    match action.name.as_str() {
        "ping" => {
            let payload: Json = action.payload_as()?;
            emitter::send(format!("action ping got {}", python::dumps(&payload)?))?;
            Ok(Some(json!({ "pong": payload })))
        }
        "remove_me" => action.remove().map(|()| None),
        "boom" => Err(Error::new("boom in action")),
        name => Err(Error::new(format!("no callback found for action {name}"))),
    }
}
