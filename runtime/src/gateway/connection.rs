//! A session and the client on the other end of one socket: what the client says becomes calls of the session.

use std::sync::Arc;

use tracing::debug;

use crate::{
    domain::{ClientAnswer, UserMessage},
    session::{Broadcaster, Session},
};

use super::events::{ClientEvent, DecodeError};

/// One client of one session.
///
/// When it is dropped the session knows that the client is gone, also if its socket never got as far as being
/// connected.
pub(super) struct Connection {
    session: Session,
    client: Arc<dyn Broadcaster>,
}

impl Connection {
    pub(super) fn new(session: Session, client: Arc<dyn Broadcaster>) -> Self {
        Self { session, client }
    }

    /// Hands one event to the session.
    pub(super) fn receive(&self, event: ClientEvent) {
        match event {
            ClientEvent::Ready => self.session.ready(&self.client),
            ClientEvent::Message(message, files) => {
                self.session.message(self.signed(message), &files);
            }
            ClientEvent::Edit(id, text) => self.session.edit(id, text),
            ClientEvent::Favorite(id, is_favorite) => self.session.set_favorite(id, is_favorite),
            ClientEvent::FetchFavorites => self.session.fetch_favorites(),
            ClientEvent::ChangeSettings(values) => self.session.change_settings(&values),
            ClientEvent::EditSettings(values) => self.session.edit_settings(values),
            ClientEvent::Answer(id, ClientAnswer::Text(message)) => {
                self.session.answer(id, ClientAnswer::Text(self.signed(message)));
            }
            ClientEvent::Answer(id, answer) => self.session.answer(id, answer),
            ClientEvent::BadMessage(cause) => self.refuse(&cause),
            ClientEvent::Stop => self.session.stop(),
            ClientEvent::Clear => self.session.clear(),
            ClientEvent::WindowMessage(json) => self.session.window_message(json),
            ClientEvent::AudioStart => self.session.audio_start(),
            ClientEvent::AudioChunk(chunk) => self.session.audio_chunk(chunk),
            ClientEvent::AudioEnd => self.session.audio_end(),
        }
    }

    /// Whoever signed in does not get to choose another name.
    fn signed(&self, mut message: UserMessage) -> UserMessage {
        if let Some(user) = self.session.user() {
            message.author.clone_from(&user.identifier);
        }
        message
    }

    /// The connection is over. Saying it twice does no harm.
    pub(super) fn end(&self) {
        self.session.disconnected(&self.client);
    }

    /// Says in the chat that a message was not understood.
    fn refuse(&self, cause: &DecodeError) {
        // Cut: it quotes the client.
        let cause: String = cause.to_string().chars().take(200).collect();
        debug!(session = %self.session.id(), %cause, "a message was refused");
        let text =
            format!("your message was not understood: {cause}; reload the page and send it again");
        self.session.refuse(text);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.end();
    }
}
