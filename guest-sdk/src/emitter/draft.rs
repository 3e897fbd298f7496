//! A message before it is shown.

use super::{ActionDraft, Component, MessageHandle, MessageStream, element::Element};
use crate::{Error, Json, Result, wit::emitter as host};

/// A message before it is shown, with what is attached to it. Made by [`message`](super::message),
/// or from a text.
#[derive(Clone, Debug)]
#[must_use = "nothing is shown until it is sent"]
pub struct Draft {
    message: host::MessageDraft,
    actions: Vec<ActionDraft>,
    elements: Vec<Element>,
    components: Vec<Component>,
}

impl Draft {
    pub(super) fn new(text: impl Into<String>) -> Self {
        let message = host::MessageDraft {
            content: text.into(),
            author: None,
            language: None,
            is_error: false,
            metadata: None,
            tags: Vec::new(),
        };
        Self { message, actions: Vec::new(), elements: Vec::new(), components: Vec::new() }
    }

    /// The name shown beside the message; the bot's display name by default.
    pub fn author(mut self, name: impl Into<String>) -> Self {
        self.message.author = Some(name.into());
        self
    }

    /// Shows the whole text as a code block of this language.
    pub fn language(mut self, language: impl Into<String>) -> Self {
        self.message.language = Some(language.into());
        self
    }

    /// Shows the message as an error.
    pub fn error(mut self) -> Self {
        self.message.is_error = true;
        self
    }

    /// A JSON object that is kept with the message.
    pub fn metadata(mut self, metadata: Json) -> Self {
        self.message.metadata = Some(metadata.to_string());
        self
    }

    /// Adds a word to find the message by.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.message.tags.push(tag.into());
        self
    }

    /// Adds a button below the message.
    pub fn action(mut self, action: ActionDraft) -> Self {
        self.actions.push(action);
        self
    }

    /// Adds a picture, a file, a table.
    pub fn element(mut self, element: Element) -> Self {
        self.elements.push(element);
        self
    }

    /// Adds a component of the page.
    pub fn component(mut self, component: Component) -> Self {
        self.components.push(component);
        self
    }

    /// Shows the message, then its buttons, then its elements and components.
    ///
    /// # Errors
    ///
    /// Codes `invalid-json` (metadata that is no object) and those of elements.
    pub fn send(self) -> Result<MessageHandle> {
        let id = host::send_message(&self.message).map_err(Error::from_host)?;
        let handle = MessageHandle::from_id(id);
        self.attach_to(&handle)?;
        Ok(handle)
    }

    /// Opens the message as a stream that begins with its text.
    ///
    /// # Errors
    ///
    /// Codes `too-many-open`, and those of [`send`](Self::send). `unknown-message` if there are
    /// buttons or elements but no text: nothing is shown yet that they could belong to.
    pub fn stream(self) -> Result<MessageStream> {
        let stream = host::stream_message(&self.message).map_err(Error::from_host)?;
        let stream = MessageStream::new(stream);
        self.attach_to(stream.handle())?;
        Ok(stream)
    }

    /// Puts this in the place of a message that is shown.
    pub(super) fn replace(self, handle: &MessageHandle) -> Result {
        host::update_message(handle.id(), &self.message).map_err(Error::from_host)?;
        self.attach_to(handle)
    }

    fn attach_to(self, handle: &MessageHandle) -> Result {
        for action in self.actions {
            handle.action(action)?;
        }
        for element in self.elements {
            handle.element(element)?;
        }
        for component in self.components {
            handle.component(component)?;
        }
        Ok(())
    }
}

impl From<&str> for Draft {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Draft {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}
