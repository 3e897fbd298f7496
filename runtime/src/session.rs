//! Live sessions: mailbox and lanes, turns and what they ask of the host, state, and the way back to the client.
//!
//! ```text
//! gateway ─► Session ─► mailbox ─► lane ─► turn (sandbox) ─► HostCall ─► Show ─► Outbox ─► Broadcaster (gateway)
//! ```
//!
//! **Invariant:** nothing here knows Socket.IO, HTTP, wasmtime or SQL.

mod ask;
mod denial;
mod elements;
mod favorites;
mod glance;
mod inbound;
mod keep;
mod lane;
mod live;
#[doc(hidden)]
pub mod measured;
mod outbox;
mod peers;
mod resume;
mod sessions;
mod show;
mod transcript;
mod turn;
mod upload;

use std::{sync::Arc, time::Duration};

pub use glance::Glance;
pub use inbound::ActionError;
pub use live::Session;
pub use resume::Opening;
pub use sessions::{ConnectError, Sessions};
pub use upload::{Upload, UploadError};

use crate::{
    domain::{BotName, ByteSize, Emit, SessionId, ThreadId, UploadSettings, User},
    sandbox::ClientInfo,
};

/// What a client says when it connects.
#[derive(Clone, Debug)]
pub struct Hello {
    /// The session, chosen by the client; the same after a reconnect.
    pub session_id: SessionId,
    /// The thread to write to; a fresh one if none is named.
    pub thread_id: Option<ThreadId>,
    /// The bot; the default one if none is named, or none of that name can answer.
    pub bot: Option<BotName>,
    /// Who signed in.
    pub user: Option<Arc<User>>,
    /// What the client says of itself.
    pub client: Arc<ClientInfo>,
}

/// Where a session's emits go: one connected socket.
pub trait Broadcaster: Send + Sync + 'static {
    /// Encodes an emit and hands it to the connection, without waiting.
    ///
    /// # Errors
    /// Nothing was sent.
    fn emit(&self, emit: &Emit) -> Result<(), EmitError>;
}

/// An emit was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmitError {
    /// The connection's buffer has no room right now.
    #[error("the client does not read as fast as it is written to")]
    Full,
    /// The connection is gone.
    #[error("the client is gone")]
    Closed,
}

/// How sessions behave.
#[derive(Clone, Debug)]
pub struct SessionSettings {
    /// How long a session outlives its last connection.
    pub timeout: Duration,
    /// Live sessions at once.
    pub max_sessions: usize,
    /// Events that may wait in one lane of a session.
    pub mailbox: usize,
    /// How long an emit waits for a client that does not read before turns go on without it.
    pub slow_client: Duration,
    /// Turns that run at once on this server.
    pub concurrent_turns: usize,
    /// Turns that wait for a person and so are not among those.
    pub waiting_turns: usize,
    /// What a session remembers of its messages, for clients that reconnect and bots that change what they sent.
    pub transcript: ByteSize,
    /// What users may attach.
    pub uploads: UploadSettings,
}

#[cfg(test)]
impl SessionSettings {
    /// Settings of a server on which little happens.
    pub(crate) fn small() -> Self {
        Self {
            timeout: Duration::from_secs(60),
            max_sessions: 10,
            mailbox: 8,
            slow_client: Duration::from_secs(1),
            concurrent_turns: 1,
            waiting_turns: 1,
            transcript: ByteSize::mib(1),
            uploads: UploadSettings::default(),
        }
    }
}
