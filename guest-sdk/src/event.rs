//! What happens to a bot: the arguments of its callbacks.

use serde::de::DeserializeOwned;

pub use crate::wit::types::{Action, AudioChunk, Message};
use crate::{Result, emitter::MessageHandle};

impl Message {
    /// What the client attached to the message.
    ///
    /// # Errors
    ///
    /// If `T` does not fit.
    pub fn metadata_as<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(&self.metadata)?)
    }
}

impl Action {
    /// The message that the button belongs to; none if a script of the page made the action up.
    #[must_use]
    pub fn message(&self) -> Option<MessageHandle> {
        self.message_id.as_deref().map(MessageHandle::from_id)
    }

    /// What the bot attached to the button. It comes back from the user's browser: check what
    /// matters.
    ///
    /// ```
    /// # use chinwag_sdk::{Action, Result, emitter};
    /// #[derive(serde::Deserialize)]
    /// struct Order {
    ///     dish: String,
    /// }
    ///
    /// # fn clicked(action: Action) -> Result {
    /// let order: Order = action.payload_as()?;
    /// emitter::send(format!("One {} is on its way.", order.dish))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If `T` does not fit.
    pub fn payload_as<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(&self.payload)?)
    }

    /// Removes the button that was clicked.
    ///
    /// # Errors
    ///
    /// Code `unknown-action` if it is gone already.
    pub fn remove(&self) -> Result {
        crate::emitter::remove_action(&self.id)
    }
}

impl AudioChunk {
    /// The samples of a `pcm16` chunk, at 24,000 Hz. Empty for any other format.
    pub fn samples(&self) -> impl Iterator<Item = i16> {
        let data: &[u8] = if self.mime_type == "pcm16" { &self.data } else { &[] };
        data.chunks_exact(2).filter_map(|pair| Some(i16::from_le_bytes(pair.try_into().ok()?)))
    }
}

/// What the page that embeds the chat posted.
#[derive(Clone, Debug)]
pub struct WindowMessage {
    /// JSON text.
    pub data: String,
}

impl WindowMessage {
    /// The message as a `T`. Pages post much noise, so a message that does not fit is one to
    /// ignore:
    ///
    /// ```
    /// # use chinwag_sdk::{Result, WindowMessage, emitter};
    /// #[derive(serde::Deserialize)]
    /// struct Selected {
    ///     product: String,
    /// }
    ///
    /// # fn on_window_message(message: WindowMessage) -> Result {
    /// if let Ok(Selected { product }) = message.data_as() {
    ///     emitter::send(format!("You are looking at {product}."))?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If `T` does not fit.
    pub fn data_as<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(&self.data)?)
    }
}

/// The values of the chat settings.
#[derive(Clone, Debug)]
pub struct SettingsValues {
    /// JSON text: an object with a member for each setting.
    pub values: String,
}

impl SettingsValues {
    /// The values as a `T`, whose fields are called like the settings.
    ///
    /// ```
    /// # use chinwag_sdk::{Result, SettingsValues, emitter};
    /// #[derive(serde::Deserialize)]
    /// struct Style {
    ///     model: String,
    ///     temperature: f64,
    /// }
    ///
    /// # fn on_settings_update(values: SettingsValues) -> Result {
    /// let style: Style = values.values_as()?;
    /// emitter::send(format!("From now on: {} at {}", style.model, style.temperature))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If `T` does not fit. A setting that the user emptied is `null`.
    pub fn values_as<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(&self.values)?)
    }
}

/// What a user thinks of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    /// Its id, a UUID; the same when the user changes it.
    pub id: String,
    /// The id of the step that holds the answer, a UUID: the run of one call of the bot.
    pub step_id: String,
    /// Thumbs up, or down.
    pub is_positive: bool,
    /// What the user wrote about it.
    pub comment: Option<String>,
}
