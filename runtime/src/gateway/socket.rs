//! One connected Socket.IO socket as the session's [`Broadcaster`].
//!
//! The adapter's type ends here: nothing else that outlives a call names it.

use std::{
    fmt,
    sync::{
        Arc, OnceLock, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde_json::value::RawValue;
use socketioxide::{SendError, SocketError, adapter::Adapter, socket::Socket};
use tokio_util::task::TaskTracker;
use tracing::{debug, error};

use crate::{
    domain::{AskId, AskKind, Emit},
    session::{Broadcaster, EmitError},
};

use super::{
    events::{self, ClientEvent, Receiver},
    wire,
};

/// How much longer than the session a connection waits for an answer: the session says when it is too late.
const GRACE: Duration = Duration::from_secs(5);

/// The emits that wait for one connection before the session is told that it is full.
pub(super) const BUFFERED_EMITS: usize = 64;

/// One connected socket.
///
/// **Invariant:** it does not keep the socket alive: the socket owns the handlers, which own the session's client.
pub(super) struct ClientSocket<A: Adapter> {
    socket: Weak<Socket<A>>,
    closed: AtomicBool,
    /// Takes the client's answers to questions; it must not be kept alive by the socket that it listens to.
    receiver: OnceLock<Weak<dyn Fn(ClientEvent) + Send + Sync>>,
    /// Questions that wait for the client; each ends with the connection or in time.
    asking: TaskTracker,
}

impl<A: Adapter> ClientSocket<A> {
    pub(super) fn new(socket: &Arc<Socket<A>>) -> Self {
        Self {
            socket: Arc::downgrade(socket),
            closed: AtomicBool::new(false),
            receiver: OnceLock::new(),
            asking: TaskTracker::new(),
        }
    }

    /// Says who takes the client's answers.
    pub(super) fn answer_to(&self, receiver: &Receiver) {
        // Once, by the handshake.
        self.receiver.set(Arc::downgrade(receiver)).ok();
    }

    /// Asks the client, and hands on what it answers in time.
    fn ask(
        &self,
        socket: &Socket<A>,
        (event, payload): (&str, &wire::Payload<'_>),
        (id, kind): (AskId, Option<AskKind>),
        limit: Duration,
    ) -> Result<(), SendError> {
        let answer =
            socket.timeout(limit + GRACE).emit_with_ack::<_, (Box<RawValue>,)>(event, payload)?;
        let Some(receiver) = self.receiver.get().cloned() else { return Ok(()) };
        drop(self.asking.spawn(async move {
            let answer = match answer.await {
                Ok((text,)) => events::answer(kind.as_ref(), &text),
                Err(cause) => return debug!(%cause, "a question has no answer"),
            };
            match (answer, receiver.upgrade()) {
                (Ok(answer), Some(receiver)) => receiver(ClientEvent::Answer(id, answer)),
                (Err(cause), _) => debug!(%cause, "an answer was not understood"),
                (Ok(_), None) => {}
            }
        }));
        Ok(())
    }

    /// Says that the connection is gone for good.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    /// A socket that is not connected either waits for its CONNECT to be answered, which is a matter of
    /// microseconds, or is gone.
    fn not_connected(&self) -> EmitError {
        if self.closed.load(Ordering::Acquire) { EmitError::Closed } else { EmitError::Full }
    }
}

impl<A: Adapter> Broadcaster for ClientSocket<A> {
    fn emit(&self, emit: &Emit) -> Result<(), EmitError> {
        let Some(socket) = self.socket.upgrade() else { return Err(EmitError::Closed) };
        let (event, payload) = wire::encode(emit);
        let sent = match emit {
            Emit::Ask(ask) => {
                self.ask(&socket, (event, &payload), (ask.id, Some(ask.kind.clone())), ask.timeout)
            }
            Emit::FunctionCalled(call) => {
                self.ask(&socket, (event, &payload), (call.id, None), call.timeout)
            }
            _ => socket.emit(event, &payload),
        };
        match sent {
            Ok(()) => Ok(()),
            Err(SendError::Socket(SocketError::InternalChannelFull)) => Err(EmitError::Full),
            Err(SendError::Socket(SocketError::Closed)) => Err(self.not_connected()),
            Err(SendError::Serialize(cause)) => {
                // No later try would do better, so the session is not asked for one.
                error!(event, %cause, "an emit could not be encoded and is lost");
                Ok(())
            }
        }
    }
}

impl<A: Adapter> fmt::Debug for ClientSocket<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSocket").field("closed", &self.closed).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{fmt::Display, future::ready, pin::Pin};

    use parking_lot::Mutex;
    use socketioxide::{
        SocketIo,
        adapter::LocalAdapter,
        handler::{ConnectHandler, Value},
    };

    use super::{
        super::{events::Direct, polling::Client},
        *,
    };

    type Made = (Arc<ClientSocket<LocalAdapter>>, Result<(), EmitError>);

    /// Makes a client socket before CONNECT is answered, as the handshake does, and tries it at once.
    #[derive(Clone, Default)]
    struct Maker(Arc<Mutex<Option<Made>>>);

    impl ConnectHandler<LocalAdapter, Direct> for Maker {
        fn call(&self, _: Arc<Socket>, _: Option<Value>) {}

        fn call_middleware<'a>(
            &'a self,
            socket: Arc<Socket>,
            _: &'a Option<Value>,
        ) -> Pin<Box<dyn Future<Output = Result<(), Box<dyn Display + Send>>> + Send + 'a>>
        {
            let client = Arc::new(ClientSocket::new(&socket));
            let closer = Arc::clone(&client);
            socket.on_disconnect(move || {
                closer.close();
                ready(())
            });
            let early = client.emit(&Emit::TurnStart);
            *self.0.lock() = Some((client, early));
            Box::pin(ready(Ok(())))
        }
    }

    /// A connected client whose connection has room for four emits.
    async fn connected() -> (Client, Made) {
        let maker = Maker::default();
        let builder = SocketIo::builder().req_path("/ws/socket.io").max_buffer_size(4);
        let (layer, io) = builder.build_layer();
        io.ns("/", maker.clone());
        let mut client = Client::open(axum::Router::new().layer(layer)).await;
        client.connect("{}").await;
        // The answer is sent just before the socket counts as connected.
        let made = maker.0.lock().take().unwrap();
        while made.0.socket.upgrade().is_some_and(|socket| !socket.connected()) {
            tokio::task::yield_now().await;
        }
        (client, made)
    }

    #[tokio::test]
    async fn a_socket_that_is_not_yet_connected_is_full_and_not_closed() {
        let (_, (_, early)) = connected().await;
        assert!(matches!(early, Err(EmitError::Full)));
    }

    #[tokio::test]
    async fn a_full_connection_takes_nothing_until_the_client_reads() {
        let (client, (socket, _)) = connected().await;
        for _ in 0..4 {
            socket.emit(&Emit::ClearAsk).unwrap();
        }
        assert!(matches!(socket.emit(&Emit::TurnEnd), Err(EmitError::Full)));
        assert_eq!(client.poll().await, ["42[\"clear_ask\",{}]"; 4].join("\u{1e}"));
        socket.emit(&Emit::TurnStart).unwrap();
        assert_eq!(client.poll().await, "42[\"task_start\",{}]");
    }

    #[tokio::test]
    async fn a_socket_that_the_client_left_is_closed_and_freed() {
        let (client, (socket, _)) = connected().await;
        client.post("41").await;
        assert!(matches!(socket.emit(&Emit::TurnEnd), Err(EmitError::Closed)));
        while socket.socket.strong_count() > 0 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn bytes_and_json_survive_the_connections_serializer() {
        let (client, (socket, _)) = connected().await;
        let json = crate::domain::parse_json("[1, {\"a\": null}]".into()).unwrap();
        socket.emit(&Emit::WindowMessage(json)).unwrap();
        let data = bytes::Bytes::from_static(&[1, 2, 3]);
        let chunk = Emit::AudioChunk { mime_type: "pcm16".into(), track: "t".into(), data };
        socket.emit(&chunk).unwrap();
        let packets = client.poll().await;
        let packets: Vec<_> = packets.split('\u{1e}').collect();
        assert_eq!(
            packets,
            [
                "42[\"window_message\",[1, {\"a\": null}]]",
                "451-[\"audio_chunk\",{\"mimeType\":\"pcm16\",\"track\":\"t\",\
                 \"data\":{\"_placeholder\":true,\"num\":0}}]",
                "bAQID",
            ]
        );
    }
}
