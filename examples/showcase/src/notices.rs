//! What is shown but not kept: toasts, the status, messages to the page around the chat.

use chinwag_sdk::{
    Json, Result, WindowMessage,
    emitter::{self, toast},
    json,
};

use crate::{python, wait};

pub(crate) fn toasts() -> Result {
    toast::info("toast info")?;
    toast::success("toast success")?;
    toast::warning("toast warning")?;
    toast::error("toast error")?;
    emitter::send("toasts sent").map(drop)
}

pub(crate) fn status() -> Result {
    emitter::status("Looking around")?;
    wait(1_000);
    emitter::status("Looking closer")?;
    wait(1_000);
    emitter::clear_status()?;
    emitter::send("status shown").map(drop)
}

pub(crate) fn tokens() -> Result {
    emitter::token_usage(42)?;
    emitter::send("tokens sent").map(drop)
}

pub(crate) fn window() -> Result {
    emitter::window_message(&json!({ "hello": "host" }))?;
    emitter::send("window message sent").map(drop)
}

pub(crate) fn window_said(message: &WindowMessage) -> Result {
    let data: Json = message.data_as()?;
    emitter::send(format!("window said {}", python::dumps(&data)?)).map(drop)
}
