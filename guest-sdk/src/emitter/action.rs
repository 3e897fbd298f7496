//! Buttons below messages.

use serde::{Deserialize, Serialize};

use crate::{Error, Json, Result, json, wit::emitter as host};

/// A button before it is shown. Made by [`action`](super::action); a click arrives at
/// [`Bot::on_action`](crate::Bot::on_action).
#[derive(Clone, Debug)]
#[must_use = "nothing is shown until it is attached to a message"]
pub struct ActionDraft {
    button: host::ActionButton,
}

impl ActionDraft {
    pub(super) fn new(name: impl Into<String>) -> Self {
        let button = host::ActionButton {
            name: name.into(),
            label: String::new(),
            tooltip: String::new(),
            icon: None,
            payload: json!({}).to_string(),
        };
        Self { button }
    }

    /// The button's text; the name is shown if there is neither label nor icon.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.button.label = label.into();
        self
    }

    /// Shown when the pointer rests on it.
    pub fn tooltip(mut self, tooltip: impl Into<String>) -> Self {
        self.button.tooltip = tooltip.into();
        self
    }

    /// A Lucide icon's name.
    pub fn icon(mut self, name: impl Into<String>) -> Self {
        self.button.icon = Some(name.into());
        self
    }

    /// A JSON object that comes back with the click; `json!(value)` makes one of anything
    /// serializable, and [`Action::payload_as`](crate::Action::payload_as) reads it.
    pub fn payload(mut self, payload: Json) -> Self {
        self.button.payload = payload.to_string();
        self
    }

    /// For questions, which bring their buttons along.
    pub(crate) fn into_host(self) -> host::ActionButton {
        self.button
    }

    pub(super) fn send(self, message_id: &str) -> Result<ActionHandle> {
        let id = host::send_action(message_id, &self.button).map_err(Error::from_host)?;
        Ok(ActionHandle { id })
    }
}

/// A button that is shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActionHandle {
    id: String,
}

impl ActionHandle {
    /// The action's id, a UUID; a click carries it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Removes the button.
    ///
    /// # Errors
    ///
    /// Code `unknown-action`.
    pub fn remove(&self) -> Result {
        super::remove_action(&self.id)
    }
}
