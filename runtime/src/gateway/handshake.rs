//! CONNECT: from the client's first words to a session with this socket as its client.
//!
//! All of it happens before the server answers, so that a refusal is a `CONNECT_ERROR` and no event comes too early.

use std::{collections::BTreeMap, fmt::Display, pin::Pin, sync::Arc};

use axum::http::{HeaderMap, header::ACCEPT_LANGUAGE};
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
    auth::{Auth as SignIn, SignInError},
    domain::{BotName, ThreadId, User},
    sandbox::ClientInfo,
    session::{Broadcaster, ConnectError, Hello, Sessions},
};

use super::{
    connection::Connection,
    events::{self, Direct},
    http,
    socket::ClientSocket,
};

/// What a refused client is told, whatever the reason; the reason is in the log.
const REFUSED: &str = "Connection refused by server";
/// Characters of a language tag.
const MAX_TAG: usize = 64;
/// Keys that a user may give.
const MAX_KEYS: usize = 64;

/// Connects sockets to sessions.
#[derive(Clone)]
pub(super) struct Handshake {
    pub(super) sessions: Sessions,
    pub(super) auth: SignIn,
}

/// What a client says of itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Auth {
    session_id: String,
    thread_id: Option<String>,
    chat_profile: Option<String>,
    client_type: Option<String>,
    /// Keys of the user: JSON text, an object of texts.
    user_env: Option<String>,
}

#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("the CONNECT payload is malformed: {0}")]
    Malformed(String),
    #[error("`{0}` is not a session id: it must be a UUID")]
    SessionId(String),
    #[error("`{0}` is not a thread id: it must be a UUID")]
    ThreadId(String),
    #[error("the keys of the user are malformed or too many")]
    Environment,
    #[error("nobody is signed in")]
    Stranger,
    #[error(transparent)]
    SignIn(#[from] SignInError),
    #[error(transparent)]
    Connect(#[from] ConnectError),
}

impl Handshake {
    /// Who is signed in, by the cookie that the socket's first request came with. Nothing has been opened yet, so it does no
    /// harm if the client does not stay to hear the answer.
    async fn user<A: Adapter>(&self, socket: &Socket<A>) -> Result<Option<Arc<User>>, Refusal> {
        if !self.auth.is_required() {
            return Ok(None);
        }
        let token = http::token(&socket.req_parts().headers).ok_or(Refusal::Stranger)?;
        Ok(self.auth.verify(&token).await?)
    }

    async fn open<A: Adapter>(
        &self,
        socket: &Arc<Socket<A>>,
        auth: &Option<Value>,
    ) -> Result<(), Refusal> {
        let Ok(TryData(auth)) = TryData::<Auth>::from_connect_parts(socket, auth);
        let auth = auth.map_err(|error| Refusal::Malformed(cut(&error.to_string())))?;
        let user = self.user(socket).await?;
        let hello = Hello { user, ..hello(auth, locale(&socket.req_parts().headers))? };
        let opening = self.sessions.find(&hello).await?;
        // From here on nothing waits: a handshake that is given up leaves no session behind.
        let client_socket = Arc::new(ClientSocket::new(socket));
        let client: Arc<dyn Broadcaster> = client_socket.clone();
        let session = self.sessions.connect(hello, opening, &client)?;
        let connection = Arc::new(Connection::new(session, client));
        let receiver: events::Receiver = Arc::new({
            let connection = Arc::clone(&connection);
            move |event| connection.receive(event)
        });
        client_socket.answer_to(&receiver);
        events::listen(socket, &receiver);
        socket.on_disconnect(Goodbye { client: client_socket, connection });
        Ok(())
    }
}

fn hello(auth: Auth, locale: Option<String>) -> Result<Hello, Refusal> {
    let thread = auth.thread_id.filter(|id| !id.is_empty());
    let client = ClientInfo {
        kind: auth.client_type.map_or_else(|| "webapp".to_owned(), |kind| cut(&kind)),
        locale,
        environment: environment(auth.user_env.as_deref().unwrap_or_default())?,
    };
    Ok(Hello {
        session_id: parse(&auth.session_id, Refusal::SessionId)?,
        thread_id: thread.map(|id| parse::<ThreadId>(&id, Refusal::ThreadId)).transpose()?,
        bot: auth.chat_profile.as_deref().and_then(bot),
        user: None,
        client: Arc::new(client),
    })
}

/// The language that the client prefers.
fn locale(headers: &HeaderMap) -> Option<String> {
    let header = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
    let tag = header.split([',', ';']).next()?.trim();
    (!tag.is_empty() && tag.len() <= MAX_TAG).then(|| tag.to_owned())
}

/// Keys that the user gave.
fn environment(text: &str) -> Result<BTreeMap<String, String>, Refusal> {
    if text.is_empty() {
        return Ok(BTreeMap::new());
    }
    let keys: BTreeMap<String, String> =
        serde_json::from_str(text).map_err(|_| Refusal::Environment)?;
    if keys.len() <= MAX_KEYS { Ok(keys) } else { Err(Refusal::Environment) }
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
        Box::pin(async move {
            self.open(&socket, auth).await.map_err(|reason| {
                info!(%reason, "a client was refused");
                Box::new(REFUSED) as Box<dyn Display + Send>
            })
        })
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
