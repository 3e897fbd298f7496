//! A message that is shown.

use serde::{Deserialize, Serialize};

use super::{
    ActionDraft, ActionHandle, Component, ComponentHandle, Draft,
    element::{Element, ElementHandle},
};
use crate::{Error, Result, wit::emitter as host};

/// A message that this bot sent in this session. Keep it in [`session`](crate::session) state to
/// change the message later:
///
/// ```
/// use chinwag_sdk::{emitter::{self, MessageHandle}, session};
///
/// # fn wrap() -> chinwag_sdk::Result {
/// session::set("score", &emitter::send("0 points")?)?;
///
/// // In a later call:
/// if let Some(score) = session::get::<MessageHandle>("score")? {
///     score.update("1 point")?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageHandle {
    id: String,
}

impl MessageHandle {
    /// The message with this id, which may not exist: its methods say so.
    #[must_use]
    pub fn from_id(id: impl Into<String>) -> Self {
        Self { id: id.into() }
    }

    /// The message's id, a UUID.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Shows another text, or [`Draft`], in its place. Buttons and elements stay; those of the
    /// draft are added.
    ///
    /// # Errors
    ///
    /// Code `unknown-message`, and those of [`Draft::send`].
    pub fn update(&self, message: impl Into<Draft>) -> Result {
        message.into().replace(self)
    }

    /// Removes the message with what is attached to it.
    ///
    /// # Errors
    ///
    /// Code `unknown-message`.
    pub fn remove(&self) -> Result {
        host::remove_message(&self.id).map_err(Error::from_host)
    }

    /// Adds a button below the message.
    ///
    /// # Errors
    ///
    /// Codes `unknown-message`, `invalid-json` (a payload that is no object).
    pub fn action(&self, action: ActionDraft) -> Result<ActionHandle> {
        action.send(&self.id)
    }

    /// Adds an element to the message.
    ///
    /// # Errors
    ///
    /// Codes `unknown-message`, `invalid-url`, `storage-full`, `too-large`.
    pub fn element(&self, element: Element) -> Result<ElementHandle> {
        element.send(&self.id)
    }

    /// Adds a component of the page to the message.
    ///
    /// # Errors
    ///
    /// Codes `unknown-message`, and those of [`Component::show`].
    pub fn component(&self, component: Component) -> Result<ComponentHandle> {
        component.show_below(Some(self.id.clone()))
    }
}
