//! What outlives a turn: session state.

use chinwag_sdk::{Result, emitter, session};
use serde::Serialize;

use crate::python;

pub(crate) fn begin() -> Result {
    session::set("counter", &0)
}

pub(crate) fn count() -> Result {
    session::update("counter", |counter: &mut u32| *counter += 1).map(drop)
}

pub(crate) fn stopped() -> Result {
    session::set("stopped", &true)
}

pub(crate) fn tell() -> Result {
    #[derive(Serialize)]
    struct Told {
        counter: Option<u32>,
        id: String,
        thread: String,
        profile: String,
        user: Option<String>,
        stopped: Option<bool>,
    }
    let told = Told {
        counter: session::get("counter")?,
        id: session::id(),
        thread: session::thread_id(),
        profile: session::chat_profile(),
        user: session::user().map(|user| user.identifier),
        stopped: session::get("stopped")?,
    };
    emitter::send(python::dumps(&told)?).map(drop)
}
