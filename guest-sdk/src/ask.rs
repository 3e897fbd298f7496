//! Asks the user, or the page, and waits for the answer.
//!
//! ```
//! use std::time::Duration;
//!
//! use chinwag_sdk::{ask, call_function, emitter::{self, Component}, json};
//!
//! # fn wrap() -> chinwag_sdk::Result {
//! let Some(name) = ask("What is your name?").timeout(Duration::from_secs(30)).text()? else {
//!     return emitter::send("Another time, then.").map(drop);
//! };
//!
//! let buttons = [
//!     emitter::action("tea").label("Tea"),
//!     emitter::action("coffee").label("Coffee").payload(json!({ "milk": true })),
//! ];
//! if let Some(choice) = ask(format!("What may I bring, {name}?")).actions(buttons)? {
//!     emitter::send(format!("One {} is on its way.", choice.name))?;
//! }
//!
//! let files = ask("Your menu, please").file().accept("text/plain").max_size_mb(1).receive()?;
//! for file in files.unwrap_or_default() {
//!     emitter::send(file.read_to_string()?)?;
//! }
//!
//! let form = Component::new("Form").props(&json!({ "title": "Address" }));
//! let filled_in = ask("Where to?").element(form)?;
//!
//! let position = call_function("position", &json!({ "precise": true }))?;
//! # Ok(())
//! # }
//! ```
//!
//! A wait costs no computing time and does not count against the time limit of a call of the bot.
//! Every question returns none when nobody answered in time; stop ends the whole call. One question
//! at a time: code `busy` if the bot's other lane has one open.

use std::time::Duration;

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Error, Json, Result,
    emitter::{ActionDraft, Component},
    files::File,
    wit::{ask as host, emitter::MessageDraft},
};

/// A question, and how to ask it. Made by [`ask`](fn@ask).
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until it is said what for"]
pub struct Question {
    message: MessageDraft,
    timeout: Option<u32>,
}

/// A question to the user, Markdown.
///
/// ```
/// # fn wrap() -> chinwag_sdk::Result {
/// let name = chinwag_sdk::ask("What is your name?").text()?;
/// # Ok(())
/// # }
/// ```
pub fn ask(question: impl Into<String>) -> Question {
    let message = MessageDraft {
        content: question.into(),
        author: None,
        language: None,
        is_error: false,
        metadata: None,
        tags: Vec::new(),
    };
    Question { message, timeout: None }
}

impl Question {
    /// How long the question stays open, at most 24 hours. A minute for text, a minute and a half
    /// for everything else, unless it is said here.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(milliseconds(timeout));
        self
    }

    /// The name shown beside the question; the bot's display name by default.
    pub fn author(mut self, name: impl Into<String>) -> Self {
        self.message.author = Some(name.into());
        self
    }

    /// Asks for text, and waits.
    ///
    /// # Errors
    ///
    /// Codes `busy`, `too-large`.
    pub fn text(self) -> Result<Option<String>> {
        let answer = host::message(&self.message, self.timeout).map_err(Error::from_host)?;
        Ok(answer.map(|answer| answer.text))
    }

    /// Asks for one of these buttons, at most 64, and waits.
    ///
    /// # Errors
    ///
    /// Codes `busy`, `too-large`, `too-many`, `invalid-json` (a payload that does not parse).
    pub fn actions(self, actions: impl IntoIterator<Item = ActionDraft>) -> Result<Option<Choice>> {
        let actions: Vec<_> = actions.into_iter().map(ActionDraft::into_host).collect();
        let answer = host::action(&self.message, &actions, self.timeout);
        let choice = answer.map_err(Error::from_host)?;
        Ok(choice.map(|it| Choice {
            id: it.id,
            name: it.name,
            label: it.label,
            payload: it.payload,
        }))
    }

    /// Asks for files: one of at most 2 MiB, unless it is said otherwise.
    pub fn file(self) -> FileQuestion {
        let request =
            host::FileRequest { accept: Vec::new(), max_files: 1, max_bytes: 2 * MEBIBYTE };
        FileQuestion { question: self, request }
    }

    /// Shows a component, and waits for what the user enters there: an object, with `submitted`
    /// true, or `{"submitted": false}` if the user cancelled.
    ///
    /// # Errors
    ///
    /// Codes `busy`, `too-large`, `invalid-name`, `invalid-json` (props that are no object).
    pub fn element(self, component: Component) -> Result<Option<Json>> {
        let component = component.into_host()?;
        let answer = host::element(&self.message, &component, self.timeout);
        parse(answer.map_err(Error::from_host)?)
    }
}

const MEBIBYTE: u64 = 1 << 20;

/// A question for files. Made by [`Question::file`].
#[derive(Clone, Debug)]
#[must_use = "nothing is asked before `receive`"]
pub struct FileQuestion {
    question: Question,
    request: host::FileRequest,
}

impl FileQuestion {
    /// Adds a kind of file: a MIME type, also with a star as in `image/*`, or an extension such as
    /// `.csv`. Every file is accepted if no kind is added.
    pub fn accept(mut self, kind: impl Into<String>) -> Self {
        self.request.accept.push(kind.into());
        self
    }

    /// At most so many files, 1 to 100.
    pub fn max_files(mut self, count: u32) -> Self {
        self.request.max_files = count;
        self
    }

    /// At most so many MiB each.
    pub fn max_size_mb(self, mebibytes: u32) -> Self {
        self.max_size(u64::from(mebibytes) * MEBIBYTE)
    }

    /// At most so many bytes each.
    pub fn max_size(mut self, bytes: u64) -> Self {
        self.request.max_bytes = bytes;
        self
    }

    /// Asks, and waits for the files.
    ///
    /// # Errors
    ///
    /// Codes `busy`, `too-large`, `too-many` (kinds of files).
    pub fn receive(self) -> Result<Option<Vec<File>>> {
        let Question { message, timeout } = self.question;
        let files = host::file(&message, &self.request, timeout).map_err(Error::from_host)?;
        Ok(files.map(|files| files.into_iter().map(File::from_host).collect()))
    }
}

/// The button that the user chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The action's id, a UUID.
    pub id: String,
    /// The name that the bot gave it.
    pub name: String,
    /// The button's text.
    pub label: String,
    /// What the bot attached to it: JSON text, an object.
    pub payload: String,
}

impl Choice {
    /// What the bot attached to the button.
    ///
    /// # Errors
    ///
    /// If `T` does not fit.
    pub fn payload_as<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(&self.payload)?)
    }
}

/// Calls a function of the page that embeds the chat, and waits for what it answers, at most five
/// minutes. The arguments are whatever serializes to a JSON object. The answer is made by a script
/// of the page: do not trust it.
///
/// # Errors
///
/// Those of [`FunctionCall::call`].
pub fn call_function<T: Serialize + ?Sized>(
    name: impl Into<String>,
    arguments: &T,
) -> Result<Option<Json>> {
    function(name).call(arguments)
}

/// A call of a function of the page, to be made with a [timeout](FunctionCall::timeout) of its own.
pub fn function(name: impl Into<String>) -> FunctionCall {
    FunctionCall { name: name.into(), timeout: None }
}

/// A call of a function of the page. Made by [`function`].
#[derive(Clone, Debug)]
#[must_use = "nothing is called before `call`"]
pub struct FunctionCall {
    name: String,
    timeout: Option<u32>,
}

impl FunctionCall {
    /// How long the page has, at most 24 hours; five minutes unless it is said here.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(milliseconds(timeout));
        self
    }

    /// Calls it, and waits for the answer.
    ///
    /// # Errors
    ///
    /// Codes `busy`, `too-large`, `invalid-name` (1 to 256 bytes), `invalid-json` (arguments that are
    /// no object).
    pub fn call<T: Serialize + ?Sized>(self, arguments: &T) -> Result<Option<Json>> {
        let arguments = serde_json::to_string(arguments)?;
        let answer = host::call_function(&self.name, &arguments, self.timeout);
        parse(answer.map_err(Error::from_host)?)
    }
}

fn parse(answer: Option<String>) -> Result<Option<Json>> {
    Ok(answer.map(|text| serde_json::from_str(&text)).transpose()?)
}

/// What is too long for the host is as long as the host allows.
fn milliseconds(timeout: Duration) -> u32 {
    timeout.as_millis().try_into().unwrap_or(u32::MAX)
}
