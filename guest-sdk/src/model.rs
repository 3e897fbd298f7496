//! Models that the operator has set up: [`Profile::request_model`](crate::Profile::request_model) asks for them, the operator
//! grants them. Address and key of the provider stay with the host.
//!
//! ```
//! use chinwag_sdk::{emitter, history, json, model};
//!
//! # fn wrap() -> chinwag_sdk::Result {
//! let messages: Vec<_> = history::messages(20)
//!     .into_iter()
//!     .map(|it| json!({ "role": it.role.as_str(), "content": it.content }))
//!     .collect();
//! let completion = model::complete("small", &json!({ "messages": messages }))?;
//! completion.stream_into(&emitter::stream()?)?;
//! # Ok(())
//! # }
//! ```
//!
//! The request is what providers that speak the protocol of `OpenAI` take: `messages`, and if wanted `tools`, `temperature`,
//! `max_tokens`, …; the host sets `model` and `stream`. How much a bot may ask is limited over all its sessions: 120 calls in a
//! minute and 2,000,000 tokens in an hour unless the operator says otherwise (code `model-budget`).

use serde::{Deserialize, Serialize};

use crate::{Error, Json, Result, emitter::MessageStream, wit::model as host};

/// An answer that is being made. Dropping it breaks it off.
#[derive(Debug)]
#[must_use = "the answer breaks off when it is dropped"]
pub struct Completion(host::Completion);

/// A complete answer.
#[derive(Clone, Debug, Deserialize)]
pub struct Answer {
    /// All of the text.
    pub content: String,
    /// Tools that the model wants called.
    #[serde(default)]
    pub tool_calls: Vec<ToolCall>,
    /// Why it ended, in the provider's words: `stop`, `length`, `tool_calls`, …
    pub finish_reason: Option<String>,
    /// What it cost, as the provider tells it.
    pub usage: Option<Json>,
}

/// A tool that a model wants called.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ToolCall {
    /// What the answer to the call is known by.
    pub id: String,
    /// The tool, and its arguments.
    pub function: Function,
}

/// A tool, and its arguments.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Function {
    /// The tool's name.
    pub name: String,
    /// The arguments as the model wrote them: JSON text, if it did well.
    pub arguments: String,
}

/// Asks a model, by the operator's name for it.
///
/// # Errors
///
/// Codes `model-not-granted`, `model-budget`, `too-large` (the request has more than 4 MiB), `too-many-open`, and if the
/// request cannot be written as JSON.
pub fn complete<T: Serialize + ?Sized>(model: &str, request: &T) -> Result<Completion> {
    let request = serde_json::to_string(request)?;
    host::complete(model, &request).map(Completion).map_err(Error::from_host)
}

impl Completion {
    /// The next piece of text; none when the answer is complete.
    ///
    /// # Errors
    ///
    /// Code `model-failed`: the provider refused, or broke off.
    pub fn next_piece(&self) -> Result<Option<String>> {
        self.0.next().map_err(Error::from_host)
    }

    /// Has the pieces that are still to come put into a streamed message as they arrive, without a hop through the bot, and
    /// returns the complete answer.
    ///
    /// # Errors
    ///
    /// As [`next_piece`](Self::next_piece), and as [`MessageStream::token`].
    pub fn stream_into(self, message: &MessageStream) -> Result<Answer> {
        self.0.stream_into(message.host()).map_err(Error::from_host)?;
        self.answer()
    }

    /// The complete answer, once it is there.
    ///
    /// # Errors
    ///
    /// As [`next_piece`](Self::next_piece).
    pub fn answer(self) -> Result<Answer> {
        Ok(serde_json::from_str(&self.0.answer().map_err(Error::from_host)?)?)
    }
}
