//! Buttons below messages.

use super::{ActionId, Json, StepId};

/// What a bot says of a button.
#[derive(Clone, Debug)]
pub struct ActionDraft {
    /// Tells the bot which button was clicked.
    pub name: String,
    /// The button's text.
    pub label: String,
    /// Shown on hover.
    pub tooltip: String,
    /// A Lucide icon's name.
    pub icon: Option<String>,
    /// Comes back with the click: a JSON object.
    pub payload: Json,
}

/// A button below a message.
#[derive(Clone, Debug)]
pub struct Action {
    /// Its id.
    pub id: ActionId,
    /// The message it belongs to.
    pub message_id: StepId,
    /// What the bot said of it.
    pub draft: ActionDraft,
}
