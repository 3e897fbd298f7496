//! A session and the client on the other end of one socket: what the client says becomes calls of the session.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tracing::debug;

use crate::{
    domain::{Emit, Step, StepKind, ThreadId},
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
    /// Whether the session gave the client up, which then read on after all.
    given_up: Arc<AtomicBool>,
}

impl Connection {
    pub(super) fn new(
        session: Session,
        client: Arc<dyn Broadcaster>,
        given_up: Arc<AtomicBool>,
    ) -> Self {
        Self { session, client, given_up }
    }

    /// Hands one event to the session.
    pub(super) fn receive(&self, event: ClientEvent) {
        if self.given_up.swap(false, Ordering::AcqRel) {
            // As if it had come back by a new connection: it gets what it missed.
            self.session.ready(&self.client);
        }
        match event {
            ClientEvent::Ready => self.session.ready(&self.client),
            ClientEvent::Message(mut message) => {
                if let Some(user) = self.session.user() {
                    // Whoever signed in does not get to choose another name.
                    message.author.clone_from(&user.identifier);
                }
                self.session.message(message);
            }
            ClientEvent::BadMessage(cause) => self.refuse(&cause),
            ClientEvent::Stop => self.session.stop(),
            ClientEvent::Clear => self.session.clear(),
            ClientEvent::WindowMessage(json) => self.session.window_message(json),
            ClientEvent::AudioStart => self.session.audio_start(),
            ClientEvent::AudioChunk(chunk) => self.session.audio_chunk(chunk),
            ClientEvent::AudioEnd => self.session.audio_end(),
        }
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
        let mut step = Step::new(ThreadId::random(), StepKind::AssistantMessage, "Error");
        step.output =
            format!("your message was not understood: {cause}; reload the page and send it again");
        step.is_error = true;
        step.end = Some(step.start);
        for emit in [Emit::TurnStart, Emit::StepCreated(Arc::new(step)), Emit::TurnEnd] {
            if self.client.emit(&emit).is_err() {
                // A client with no room for an answer gets none.
                return;
            }
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.end();
    }
}
