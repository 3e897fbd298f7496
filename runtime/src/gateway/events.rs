//! The Chainlit dialect, inward: the events of one socket, each handed on before the next is read.
//!
//! socketioxide's closures are futures that it spawns, which loses the order of events. So handlers here are types
//! that implement its traits: it calls them one by one on the task that reads the socket.
//!
//! **Invariant:** nothing here waits.

mod decode;
#[cfg(test)]
mod fuzz;

use std::sync::Arc;

use socketioxide::{
    adapter::Adapter,
    extract::AckSender,
    handler::{FromMessageParts, MessageHandler, Value},
    socket::Socket,
};
use tracing::debug;

use crate::domain::{AskId, AudioChunk, ClientAnswer, ElementId, Json, StepId, UserMessage};

pub(super) use self::decode::{DecodeError, answer};

/// What a client says once it is connected.
#[derive(Debug)]
pub(super) enum ClientEvent {
    Ready,
    /// A message, and the ids of the files that are attached to it.
    Message(UserMessage, Vec<ElementId>),
    Edit(StepId, String),
    /// A message is marked, or not any more.
    Favorite(StepId, bool),
    FetchFavorites,
    ChangeSettings(Json),
    EditSettings(Json),
    /// A question or a call is answered.
    Answer(AskId, ClientAnswer),
    /// A message that makes no sense. The user must hear of it: their text is on the screen already.
    BadMessage(DecodeError),
    Stop,
    Clear,
    WindowMessage(Json),
    AudioStart,
    AudioChunk(AudioChunk),
    AudioEnd,
}

/// Takes the events of one socket in the order in which the client sent them.
pub(super) type Receiver = Arc<dyn Fn(ClientEvent) + Send + Sync>;

/// Hands what `socket` receives to `receiver`, which must not keep the socket alive.
pub(super) fn listen<A: Adapter>(socket: &Socket<A>, receiver: &Receiver) {
    for name in Name::ALL {
        socket.on(name.as_str(), Inbound { name, receiver: Arc::clone(receiver) });
    }
}

/// The events that the server knows. Others are ignored, as Chainlit does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    ConnectionSuccessful,
    ClientMessage,
    Stop,
    ClearSession,
    WindowMessage,
    AudioStart,
    AudioChunk,
    AudioEnd,
    FetchFavorites,
    EditMessage,
    MessageFavorite,
    ChatSettingsChange,
    ChatSettingsEdit,
}

impl Name {
    const ALL: [Self; 13] = [
        Self::ConnectionSuccessful,
        Self::ClientMessage,
        Self::Stop,
        Self::ClearSession,
        Self::WindowMessage,
        Self::AudioStart,
        Self::AudioChunk,
        Self::AudioEnd,
        Self::FetchFavorites,
        Self::EditMessage,
        Self::MessageFavorite,
        Self::ChatSettingsChange,
        Self::ChatSettingsEdit,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::ConnectionSuccessful => "connection_successful",
            Self::ClientMessage => "client_message",
            Self::Stop => "stop",
            Self::ClearSession => "clear_session",
            Self::WindowMessage => "window_message",
            Self::AudioStart => "audio_start",
            Self::AudioChunk => "audio_chunk",
            Self::AudioEnd => "audio_end",
            Self::FetchFavorites => "fetch_favorites",
            Self::EditMessage => "edit_message",
            Self::MessageFavorite => "message_favorite",
            Self::ChatSettingsChange => "chat_settings_change",
            Self::ChatSettingsEdit => "chat_settings_edit",
        }
    }
}

/// The handler of one event of one socket.
struct Inbound {
    name: Name,
    receiver: Receiver,
}

/// Tells our handlers from socketioxide's closures.
pub(super) struct Direct;

impl<A: Adapter> MessageHandler<A, Direct> for Inbound {
    fn call(&self, socket: Arc<Socket<A>>, mut value: Value, ack: Option<i64>) {
        if let Some(event) = self.event(&mut value) {
            (self.receiver)(event);
        }
        acknowledge(&socket, &mut value, ack);
    }
}

impl Inbound {
    fn event(&self, value: &mut Value) -> Option<ClientEvent> {
        // The parser makes nothing but text with attachments.
        let Value::Str(text, attachments) = value else { return None };
        let event = match self.name {
            Name::ConnectionSuccessful => ClientEvent::Ready,
            Name::ClientMessage => {
                let message = decode::message(text);
                message.map_or_else(ClientEvent::BadMessage, |(it, files)| {
                    ClientEvent::Message(it, files)
                })
            }
            Name::EditMessage => decode::edit(text)
                .map_or_else(ClientEvent::BadMessage, |(id, text)| ClientEvent::Edit(id, text)),
            Name::MessageFavorite => {
                let (id, is_favorite) = self.kept(decode::favorite(text))?;
                ClientEvent::Favorite(id, is_favorite)
            }
            Name::ChatSettingsChange => {
                ClientEvent::ChangeSettings(self.kept(decode::settings(text))?)
            }
            Name::ChatSettingsEdit => ClientEvent::EditSettings(self.kept(decode::settings(text))?),
            Name::Stop => ClientEvent::Stop,
            Name::ClearSession => ClientEvent::Clear,
            Name::WindowMessage => ClientEvent::WindowMessage(self.kept(decode::json(text))?),
            Name::AudioStart => ClientEvent::AudioStart,
            Name::AudioChunk => {
                let data = attachments.as_mut().and_then(|all| all.pop_front());
                ClientEvent::AudioChunk(self.kept(decode::audio_chunk(text, data))?)
            }
            Name::AudioEnd => ClientEvent::AudioEnd,
            Name::FetchFavorites => ClientEvent::FetchFavorites,
        };
        Some(event)
    }

    /// What decoded. The rest is noise that no user waits for, such as half a second of sound.
    fn kept<T>(&self, decoded: Result<T, DecodeError>) -> Option<T> {
        decoded.inspect_err(|cause| debug!(event = self.name.as_str(), %cause, "ignored")).ok()
    }
}

/// Answers a client that asks whether its event arrived, with an empty list, as Chainlit does.
fn acknowledge<A: Adapter>(socket: &Arc<Socket<A>>, value: &mut Value, ack: Option<i64>) {
    const NOTHING: [(); 0] = [];
    if ack.is_none() {
        return;
    }
    let Ok(sender) = AckSender::from_message_parts(socket, value, &ack);
    if let Err(cause) = sender.send(&NOTHING) {
        debug!(%cause, "an acknowledgement is lost");
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use parking_lot::Mutex;
    use socketioxide::{SocketIo, extract::SocketRef, handler::ConnectHandler as _};

    use super::{super::polling::Client, *};

    /// A server that writes down what a client says.
    async fn listening() -> (Client, Arc<Mutex<Vec<ClientEvent>>>) {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let receiver: Receiver = Arc::new({
            let heard = Arc::clone(&heard);
            move |event| heard.lock().push(event)
        });
        let (layer, io) = SocketIo::builder().req_path("/ws/socket.io").build_layer();
        let listen = async move |socket: SocketRef| {
            listen(&socket, &receiver);
            Ok::<_, Infallible>(())
        };
        io.ns("/", (async || ()).with(listen));
        let mut client = Client::open(axum::Router::new().layer(layer)).await;
        let answer = client.connect("{}").await;
        assert!(answer.starts_with("40{\"sid\":"), "{answer}");
        (client, heard)
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn events_are_received_in_the_order_in_which_they_were_sent() {
        let (client, heard) = listening().await;
        for round in 0..10 {
            let events = (0..500).map(|n| format!("42[\"window_message\",{}]", round * 500 + n));
            client.post(&events.collect::<Vec<_>>().join("\u{1e}")).await;
        }
        let heard = heard.lock();
        let numbers = heard.iter().map(|event| match event {
            ClientEvent::WindowMessage(json) => json.get().parse().unwrap(),
            other => panic!("{other:?}"),
        });
        assert_eq!(numbers.collect::<Vec<usize>>(), (0..5_000).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn known_events_are_acknowledged_with_an_empty_list_and_unknown_ones_are_not() {
        let (client, heard) = listening().await;
        client.post("425[\"no_such_event\",1]\u{1e}427[\"stop\"]").await;
        assert_eq!(client.poll().await, "437[]");
        assert!(matches!(heard.lock().as_slice(), [ClientEvent::Stop]));
    }

    #[tokio::test]
    async fn a_chunk_of_sound_arrives_with_its_attachment() {
        let (client, heard) = listening().await;
        let event = r#"451-["audio_chunk",{"isStart":true,"mimeType":"pcm16","elapsedTime":170,"data":{"_placeholder":true,"num":0}}]"#;
        client.post(&format!("{event}\u{1e}bAQID")).await;
        let heard = heard.lock();
        let [ClientEvent::AudioChunk(chunk)] = heard.as_slice() else { panic!("{heard:?}") };
        assert!(chunk.is_start);
        assert_eq!((chunk.mime_type.as_str(), chunk.elapsed_ms), ("pcm16", 170));
        assert_eq!(chunk.data.as_ref(), [1, 2, 3]);
    }

    #[tokio::test]
    async fn noise_is_ignored_and_a_bad_message_is_not() {
        let (client, heard) = listening().await;
        for event in [
            r#"42["audio_chunk",{"isStart":true}]"#,
            r#"42["audio_chunk"]"#,
            r#"42["message_favorite",{"message":{}}]"#,
            r#"42["chat_settings_edit",[1]]"#,
            r#"42["client_message"]"#,
            r#"42["client_message",{"message":7}]"#,
            r#"42["stop",{"more":["than","expected"]},1,2]"#,
        ] {
            client.post(event).await;
        }
        let heard = heard.lock();
        use ClientEvent::{BadMessage, Stop};
        assert!(matches!(heard.as_slice(), [BadMessage(_), BadMessage(_), Stop]), "{heard:?}");
    }
}
