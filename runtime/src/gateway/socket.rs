//! One connected Socket.IO socket as the session's [`Broadcaster`].
//!
//! Emits wait in a bounded queue, which a task of the I/O threads empties once the poll that showed them is over: so that a turn
//! wakes those threads once, and one write takes all that it showed.
//!
//! The adapter's type ends here: nothing else that outlives a call names it.

mod waiting;

use std::{
    fmt,
    sync::{
        Arc, OnceLock, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use parking_lot::Mutex;
use serde_json::value::RawValue;
use socketioxide::{SendError, adapter::Adapter, socket::Socket};
use tokio::{runtime::Handle, task::yield_now, time::sleep};
use tokio_util::task::TaskTracker;
use tracing::{debug, error};

use crate::{
    domain::{AskId, AskKind, Emit},
    session::{Broadcaster, EmitError},
};

use self::waiting::Waiting;
use super::{
    events::{self, ClientEvent, Receiver},
    wire,
};

/// How much longer than the session a connection waits for an answer: the session says when it is too late.
const GRACE: Duration = Duration::from_secs(5);

/// Packets that wait in the connection itself.
pub(super) const BUFFERED_PACKETS: usize = 64;
/// Packets that the connection is given before it may send them: not all its room, because Engine.IO closes a connection that has
/// none for its ping.
const BURST: usize = BUFFERED_PACKETS - 8;
/// How soon a connection that is full is tried again, at first and at last.
const RETRY: [Duration; 2] = [Duration::from_millis(2), Duration::from_millis(50)];

/// One connected socket.
///
/// **Invariant:** it does not keep the socket alive: the socket owns the handlers, which own the session's client.
pub(super) struct ClientSocket<A: Adapter>(Arc<Inner<A>>);

struct Inner<A: Adapter> {
    socket: Weak<Socket<A>>,
    closed: AtomicBool,
    /// Takes the client's answers to questions; it must not be kept alive by the socket that it listens to.
    receiver: OnceLock<Weak<dyn Fn(ClientEvent) + Send + Sync>>,
    /// Questions that wait for the client; each ends with the connection or in time.
    asking: TaskTracker,
    waiting: Mutex<Waiting>,
    /// The threads that the connection is served on.
    io: Handle,
}

impl<A: Adapter> ClientSocket<A> {
    /// To be called on the threads that serve the connection.
    pub(super) fn new(socket: &Arc<Socket<A>>) -> Self {
        Self(Arc::new(Inner {
            socket: Arc::downgrade(socket),
            closed: AtomicBool::new(false),
            receiver: OnceLock::new(),
            asking: TaskTracker::new(),
            waiting: Mutex::default(),
            io: Handle::current(),
        }))
    }

    /// Says who takes the client's answers.
    pub(super) fn answer_to(&self, receiver: &Receiver) {
        // Once, by the handshake.
        self.0.receiver.set(Arc::downgrade(receiver)).ok();
    }

    /// Says that the connection is gone for good.
    pub(super) fn close(&self) {
        self.0.closed.store(true, Ordering::Release);
        *self.0.waiting.lock() = Waiting::default();
    }
}

impl<A: Adapter> Broadcaster for ClientSocket<A> {
    fn emit(&self, emit: &Emit) -> Result<(), EmitError> {
        if self.0.is_gone() {
            return Err(EmitError::Closed);
        }
        let mut waiting = self.0.waiting.lock();
        if !waiting.push(emit) {
            return Err(EmitError::Full);
        }
        if waiting.begin_work() {
            self.0.clone().begin();
        }
        Ok(())
    }
}

impl<A: Adapter> Inner<A> {
    fn is_gone(&self) -> bool {
        self.closed.load(Ordering::Acquire) || self.socket.strong_count() == 0
    }

    /// Has the queue emptied. A task that is begun in the middle of another's poll runs after it: until then more may come.
    fn begin(self: Arc<Self>) {
        match Handle::try_current() {
            Ok(here) if here.id() != self.io.id() => {
                let io = self.io.clone();
                drop(here.spawn(async move { drop(io.spawn(self.empty())) }));
            }
            _ => drop(self.io.clone().spawn(self.empty())),
        }
    }

    /// Hands over what waits as fast as the client reads.
    async fn empty(self: Arc<Self>) {
        let (mut burst, mut pause) = (BURST, None);
        loop {
            let Some(emit) = self.waiting.lock().next() else { return };
            match self.send(&emit) {
                Ok(()) => pause = None,
                Err(EmitError::Full) => {
                    self.waiting.lock().put_back(emit);
                    // First the connection is given a chance to send what it has.
                    match pause {
                        None => yield_now().await,
                        Some(time) => sleep(time).await,
                    }
                    let [first, last] = RETRY;
                    pause = Some(pause.map_or(first, |time| last.min(time * 2)));
                    burst = BURST;
                    continue;
                }
                Err(EmitError::Closed) => {
                    *self.waiting.lock() = Waiting::default();
                    return;
                }
            }
            burst -= 1;
            if burst == 0 {
                yield_now().await;
                burst = BURST;
            }
        }
    }

    /// Encodes an emit and hands it to the connection.
    fn send(&self, emit: &Emit) -> Result<(), EmitError> {
        let socket = self.socket.upgrade().filter(|_| !self.closed.load(Ordering::Acquire));
        let Some(socket) = socket else { return Err(EmitError::Closed) };
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
            // A socket that is not connected waits for its CONNECT to be answered, which is a matter of microseconds, or is gone,
            // and will be said to be closed.
            Err(SendError::Socket(_)) => Err(EmitError::Full),
            Err(SendError::Serialize(cause)) => {
                // No later try would do better, so the session is not asked for one.
                error!(event, %cause, "an emit could not be encoded and is lost");
                Ok(())
            }
        }
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
}

impl<A: Adapter> fmt::Debug for ClientSocket<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSocket").field("closed", &self.0.closed).finish_non_exhaustive()
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

    type Made = Arc<ClientSocket<LocalAdapter>>;

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
            client.emit(&Emit::ClearCallFn).unwrap();
            *self.0.lock() = Some(client);
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
        (client, maker.0.lock().take().unwrap())
    }

    #[tokio::test]
    async fn what_is_shown_before_the_client_is_let_in_comes_afterwards() {
        let (client, _socket) = connected().await;
        assert_eq!(client.poll().await, "42[\"clear_call_fn\",{}]");
    }

    #[tokio::test]
    async fn what_a_client_does_not_read_waits_in_order_until_there_is_no_room() {
        let (client, socket) = connected().await;
        // Engine.IO's first ping comes just after connecting, and ends a connection that has no room for it.
        let mut read = Vec::new();
        while !read.contains(&"2".to_owned()) {
            read.extend(client.poll().await.split('\u{1e}').map(str::to_owned));
        }
        read.retain(|it| it != "2");
        let mut expected = vec!["42[\"clear_call_fn\",{}]".to_owned()];
        let cause = loop {
            let text = expected.len().to_string();
            match socket.emit(&Emit::SidebarTitle(text.clone())) {
                Ok(()) => expected.push(format!("42[\"set_sidebar_title\",\"{text}\"]")),
                Err(cause) => break cause,
            }
            // What can be handed over is.
            yield_now().await;
        };
        assert_eq!(cause, EmitError::Full);
        while read.len() < expected.len() {
            // Engine.IO's own ping comes between.
            let packets = client.poll().await;
            read.extend(packets.split('\u{1e}').filter(|it| *it != "2").map(str::to_owned));
        }
        assert!(read == expected, "{read:?}");
        socket.emit(&Emit::TurnStart).unwrap();
        assert_eq!(client.poll().await, "42[\"task_start\",{}]");
    }

    #[tokio::test]
    async fn a_socket_that_the_client_left_is_closed_and_freed() {
        let (client, socket) = connected().await;
        client.post("41").await;
        assert!(matches!(socket.emit(&Emit::TurnEnd), Err(EmitError::Closed)));
        while socket.0.socket.strong_count() > 0 {
            yield_now().await;
        }
    }

    #[tokio::test]
    async fn bytes_and_json_survive_the_connections_serializer() {
        let (client, socket) = connected().await;
        assert_eq!(client.poll().await, "42[\"clear_call_fn\",{}]");
        let json = crate::domain::parse_json("[1, {\"a\": null}]".into()).unwrap();
        socket.emit(&Emit::WindowMessage(json)).unwrap();
        let data = bytes::Bytes::from_static(&[1, 2, 3]);
        let chunk = Emit::AudioChunk { mime_type: "pcm16".into(), track: "t".into(), data };
        socket.emit(&chunk).unwrap();
        let mut packets = Vec::new();
        while packets.len() < 3 {
            let polled = client.poll().await;
            packets.extend(polled.split('\u{1e}').filter(|it| *it != "2").map(str::to_owned));
        }
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
