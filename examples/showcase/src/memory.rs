//! What outlives a turn: session state.

use std::collections::BTreeMap;

use chinwag_sdk::{Json, Result, emitter, session, settings};
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
        env: BTreeMap<String, String>,
        profile: String,
        client: String,
        settings: Json,
        user: Option<String>,
        resumed: Option<bool>,
        stopped: Option<bool>,
    }
    // This bot asks for no keys, so whatever somebody gives it is no secret.
    let keys = session::environment_keys().into_iter();
    let told = Told {
        counter: session::get("counter")?,
        id: session::id(),
        env: keys.filter_map(|key| session::environment(&key).map(|it| (key, it))).collect(),
        profile: session::chat_profile(),
        client: session::client_type(),
        settings: settings::values()?,
        user: session::user().map(|user| user.identifier),
        resumed: session::get("resumed")?,
        stopped: session::get("stopped")?,
    };
    emitter::send(python::dumps(&told)?).map(drop)
}
