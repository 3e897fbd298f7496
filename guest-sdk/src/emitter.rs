//! Shows things to the user of the session.
//!
//! ```
//! use chinwag_sdk::emitter::{self, element};
//!
//! # fn wrap() -> chinwag_sdk::Result {
//! // A message, and one with more to it.
//! let greeting = emitter::send("Hello!")?;
//! greeting.update("Hello again!")?;
//! emitter::message("The plan: plan.md")
//!     .author("Planner")
//!     .element(element::text("plan.md", "1. think\n2. act").side())
//!     .action(emitter::action("approve").label("Go ahead"))
//!     .send()?;
//!
//! // A message that appears piece by piece; it is finished when dropped.
//! let stream = emitter::stream()?;
//! for word in ["one ", "two ", "three"] {
//!     stream.token(word)?;
//! }
//! drop(stream);
//!
//! // Work that the user may watch; what is emitted inside appears inside.
//! let answer = emitter::step("search").tool().run(|step| {
//!     step.input("weather")?;
//!     step.output("sunny")?;
//!     Ok("sunny")
//! })?;
//! # Ok(())
//! # }
//! ```
//!
//! What is shown arrives in the order of the calls. A call waits while the client's connection is
//! full. Every function here may fail with the code `too-large` (1 MiB for one call, 16 MiB for an
//! element); the others are named where they occur. A turn that emits more than its limits is
//! ended.

mod action;
mod component;
mod draft;
pub mod element;
mod message;
mod step;
mod stream;
mod task_list;
pub mod toast;

use serde::Serialize;

pub use self::{
    action::{ActionDraft, ActionHandle},
    component::{Component, ComponentHandle},
    draft::Draft,
    message::MessageHandle,
    step::{Step, StepDraft},
    stream::MessageStream,
    task_list::{Task, TaskList, TaskListHandle, TaskStatus},
};
pub use crate::wit::emitter::StepKind;
use crate::{Error, Result, wit::emitter as host};

/// Shows a message: a text, or a [`Draft`].
///
/// # Errors
///
/// See the [module](self).
pub fn send(message: impl Into<Draft>) -> Result<MessageHandle> {
    message.into().send()
}

/// A message to be sent or streamed; its text is Markdown.
pub fn message(text: impl Into<String>) -> Draft {
    Draft::new(text)
}

/// Opens a message that appears piece by piece. Nothing is shown until there is text.
///
/// # Errors
///
/// Code `too-many-open`.
pub fn stream() -> Result<MessageStream> {
    message("").stream()
}

/// A step to be opened: a piece of work that the user may watch and unfold.
pub fn step(name: impl Into<String>) -> StepDraft {
    StepDraft::new(name)
}

/// A button to be put below a message. `name` tells the bot which button was clicked.
pub fn action(name: impl Into<String>) -> ActionDraft {
    ActionDraft::new(name)
}

/// Shows what the bot is doing right now, instead of what it was doing before. It is never stored,
/// and gone when the call of the bot returns.
///
/// # Errors
///
/// See the [module](self).
pub fn status(text: impl AsRef<str>) -> Result {
    host::status(text.as_ref()).map_err(Error::from_host)
}

/// Shows no status any more.
///
/// # Errors
///
/// See the [module](self).
pub fn clear_status() -> Result {
    status("")
}

/// Tells the client how many tokens a model has used, beside those that it was told of before.
///
/// # Errors
///
/// See the [module](self).
pub fn token_usage(tokens: u32) -> Result {
    host::token_usage(tokens).map_err(Error::from_host)
}

/// Posts data, as JSON, to the page that embeds the chat.
///
/// # Errors
///
/// If the data cannot be written as JSON.
pub fn window_message<T: Serialize + ?Sized>(data: &T) -> Result {
    host::window_message(&serde_json::to_string(data)?).map_err(Error::from_host)
}

pub(crate) fn remove_action(id: &str) -> Result {
    host::remove_action(id).map_err(Error::from_host)
}
