//! CONNECT: from the client's first words to a session with this socket as its client.
//!
//! All of it happens before the server answers, so that a refusal is a `CONNECT_ERROR` and no event comes too early.

use std::{fmt::Display, future::ready, pin::Pin, sync::Arc};

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use socketioxide::{
    adapter::Adapter,
    extract::TryData,
    handler::{ConnectHandler, DisconnectHandler, FromConnectParts, Value},
    socket::{DisconnectReason, Socket},
};
use tracing::{debug, info};

use crate::{
    domain::{BotName, ThreadId},
    session::{Broadcaster, ConnectError, Hello, Sessions},
};

use super::{
    connection::Connection,
    events::{self, Direct},
    socket::ClientSocket,
};

/// What a refused client is told, whatever the reason; the reason is in the log.
const REFUSED: &str = "Connection refused by server";

/// Connects sockets to sessions.
#[derive(Clone)]
pub(super) struct Handshake {
    pub(super) sessions: Sessions,
}

/// What a client says of itself. What else it says (its kind, keys of its own) is not used yet.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Auth {
    session_id: String,
    thread_id: Option<String>,
    chat_profile: Option<String>,
}

#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("the CONNECT payload is malformed: {0}")]
    Malformed(String),
    #[error("`{0}` is not a session id: it must be a UUID")]
    SessionId(String),
    #[error("`{0}` is not a thread id: it must be a UUID")]
    ThreadId(String),
    #[error(transparent)]
    Connect(#[from] ConnectError),
}

impl Handshake {
    fn open<A: Adapter>(
        &self,
        socket: &Arc<Socket<A>>,
        auth: &Option<Value>,
    ) -> Result<(), Refusal> {
        let Ok(TryData(auth)) = TryData::<Auth>::from_connect_parts(socket, auth);
        let hello = hello(auth.map_err(|error| Refusal::Malformed(cut(&error.to_string())))?)?;
        let client_socket = Arc::new(ClientSocket::new(socket));
        let client: Arc<dyn Broadcaster> = client_socket.clone();
        let session = self.sessions.connect(hello, &client)?;
        let connection = Arc::new(Connection::new(session, client));
        let receiver: events::Receiver = Arc::new({
            let connection = Arc::clone(&connection);
            move |event| connection.receive(event)
        });
        events::listen(socket, &receiver);
        socket.on_disconnect(Goodbye { client: client_socket, connection });
        Ok(())
    }
}

fn hello(auth: Auth) -> Result<Hello, Refusal> {
    let thread = auth.thread_id.filter(|id| !id.is_empty());
    Ok(Hello {
        session_id: parse(&auth.session_id, Refusal::SessionId)?,
        thread_id: thread.map(|id| parse::<ThreadId>(&id, Refusal::ThreadId)).transpose()?,
        bot: auth.chat_profile.as_deref().and_then(bot),
        user: None,
    })
}

/// The bot that a client names, URL-encoded. Whether it is there is for the sessions to say: a page may still know one that
/// is gone.
fn bot(name: &str) -> Option<BotName> {
    percent_decode_str(name).decode_utf8().ok()?.parse().ok()
}

fn parse<T: std::str::FromStr>(text: &str, refusal: fn(String) -> Refusal) -> Result<T, Refusal> {
    text.parse().map_err(|_| refusal(cut(text)))
}

/// What a client wrote, short enough for the log.
fn cut(text: &str) -> String {
    text.chars().take(200).collect()
}

impl<A: Adapter> ConnectHandler<A, Direct> for Handshake {
    /// The client has its answer; it speaks next.
    fn call(&self, socket: Arc<Socket<A>>, _: Option<Value>) {
        debug!(socket = %socket.id, "a client is connected");
    }

    fn call_middleware<'a>(
        &'a self,
        socket: Arc<Socket<A>>,
        auth: &'a Option<Value>,
    ) -> Pin<Box<dyn Future<Output = Result<(), Box<dyn Display + Send>>> + Send + 'a>> {
        let opened = self.open(&socket, auth).map_err(|reason| {
            info!(%reason, "a client was refused");
            Box::new(REFUSED) as Box<dyn Display + Send>
        });
        Box::pin(ready(opened))
    }
}

/// Tells the session that its client is gone.
struct Goodbye<A: Adapter> {
    client: Arc<ClientSocket<A>>,
    connection: Arc<Connection>,
}

impl<A: Adapter> DisconnectHandler<A, Direct> for Goodbye<A> {
    fn call_with_defer(
        &self,
        socket: Arc<Socket<A>>,
        reason: DisconnectReason,
        defer: fn(Arc<Socket<A>>),
    ) {
        debug!(socket = %socket.id, %reason, "a client is gone");
        self.client.close();
        self.connection.end();
        defer(socket);
    }
}
