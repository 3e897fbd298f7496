//! A message that appears piece by piece.

use super::MessageHandle;
use crate::{Error, Result, wit::emitter as host};

/// A message that appears piece by piece. Dropping it finishes it; if the turn fails or is stopped,
/// the host does.
#[derive(Debug)]
#[must_use = "a stream is finished when dropped"]
pub struct MessageStream {
    stream: host::MessageStream,
    handle: MessageHandle,
}

impl MessageStream {
    pub(super) fn new(stream: host::MessageStream) -> Self {
        let handle = MessageHandle::from_id(stream.id());
        Self { stream, handle }
    }

    pub(crate) fn host(&self) -> &host::MessageStream {
        &self.stream
    }

    /// The message: for buttons and elements once there is text, and to change it after the stream
    /// is finished.
    #[must_use]
    pub fn handle(&self) -> &MessageHandle {
        &self.handle
    }

    /// Appends text.
    ///
    /// # Errors
    ///
    /// See the [module](super).
    pub fn token(&self, text: impl AsRef<str>) -> Result {
        self.stream.token(text.as_ref()).map_err(Error::from_host)
    }

    /// Replaces all text so far.
    ///
    /// # Errors
    ///
    /// See the [module](super).
    pub fn replace(&self, text: impl AsRef<str>) -> Result {
        self.stream.replace(text.as_ref()).map_err(Error::from_host)
    }

    /// Shows the message as complete.
    ///
    /// # Errors
    ///
    /// See the [module](super).
    pub fn finish(self) -> Result<MessageHandle> {
        self.stream.finish().map_err(Error::from_host)?;
        Ok(self.handle)
    }
}
