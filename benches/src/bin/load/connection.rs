//! One client: Engine.IO 4 and Socket.IO 5 as text frames of a websocket.

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::json;
use std::borrow::Cow;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Message, Utf8Bytes, protocol::WebSocketConfig},
};
use uuid::Uuid;

use crate::Server;

/// What a client keeps for reading: ten thousand of them fit into one process.
const BUFFER: usize = 4 << 10;

/// A connected client.
pub(crate) struct Connection {
    socket: WebSocketStream<TcpStream>,
}

/// An event of the server.
pub(crate) struct Packet(Utf8Bytes);

/// What counts of a step.
#[derive(Deserialize)]
pub(crate) struct Step<'a> {
    #[serde(borrow, default)]
    pub(crate) output: Cow<'a, str>,
    #[serde(borrow, default, rename = "type")]
    pub(crate) kind: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Token<'a> {
    #[serde(borrow)]
    token: Cow<'a, str>,
}

impl Packet {
    /// Name, number of the acknowledgement it wants, and arguments, if it is an event.
    fn parts(&self) -> Option<(&str, Option<u64>, &str)> {
        let rest = self.0.as_str().strip_prefix("42")?;
        let list = rest.trim_start_matches(|it: char| it.is_ascii_digit());
        let number = rest.get(..rest.len() - list.len())?.parse().ok();
        let (name, rest) = list.strip_prefix("[\"")?.split_once('"')?;
        Some((name, number, rest.strip_prefix(',').unwrap_or("").strip_suffix(']')?))
    }

    pub(crate) fn name(&self) -> &str {
        self.parts().map_or("", |(name, ..)| name)
    }

    /// The number of the acknowledgement that the server wants.
    pub(crate) fn number(&self) -> Option<u64> {
        self.parts()?.1
    }

    /// The step that it shows.
    pub(crate) fn step(&self) -> Option<Step<'_>> {
        serde_json::from_str(self.parts()?.2).ok()
    }

    /// The token that it brings.
    pub(crate) fn token(&self) -> Option<Cow<'_, str>> {
        let token: Token<'_> = serde_json::from_str(self.parts()?.2).ok()?;
        Some(token.token)
    }
}

impl Connection {
    /// Connects, and is let in.
    pub(crate) async fn open(server: &Server) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", server.port)).await?;
        stream.set_nodelay(true)?;
        let url = format!("ws://127.0.0.1:{}/ws/socket.io/?EIO=4&transport=websocket", server.port);
        let config = WebSocketConfig::default().read_buffer_size(BUFFER).write_buffer_size(0);
        let (socket, _) = client_async_with_config(url, stream, Some(config)).await?;
        let mut connection = Self { socket };
        let auth = server.auth.replace("{session}", &Uuid::new_v4().to_string());
        connection.write(format!("40{auth}")).await?;
        loop {
            let text = connection.text().await?;
            match text.get(..2) {
                Some("40") => break,
                Some("44") => bail!("the server refuses the connection: {text}"),
                _ => {}
            }
        }
        connection.write("42[\"connection_successful\"]".into()).await?;
        Ok(connection)
    }

    /// The next event. Cancel safe.
    pub(crate) async fn next(&mut self) -> Result<Packet> {
        loop {
            let text = self.text().await?;
            if text.starts_with("42") {
                return Ok(Packet(text));
            }
        }
    }

    async fn text(&mut self) -> Result<Utf8Bytes> {
        loop {
            match self.socket.next().await.context("the connection is closed")?? {
                Message::Text(text) if text == "2" => self.write("3".into()).await?,
                Message::Text(text) if text == "41" || text == "1" => bail!("the server hangs up"),
                Message::Text(text) => return Ok(text),
                Message::Close(_) => bail!("the server closes the connection"),
                _ => {}
            }
        }
    }

    async fn write(&mut self, text: String) -> Result<()> {
        Ok(self.socket.send(Message::text(text)).await?)
    }

    /// The user says something.
    pub(crate) async fn say(&mut self, text: &str) -> Result<()> {
        let id = Uuid::new_v4();
        let packet = format!(
            r#"42["client_message",{{"message":{{"id":"{id}","threadId":"","name":"user","type":"user_message","output":"{text}","createdAt":"2026-01-01T00:00:00.000Z"}},"fileReferences":[]}}]"#
        );
        self.write(packet).await
    }

    /// The user answers a question.
    pub(crate) async fn answer(&mut self, number: u64, text: &str) -> Result<()> {
        let answer = json!([{ "id": Uuid::new_v4(), "output": text }]);
        self.write(format!("43{number}{answer}")).await
    }

    /// Waits for an answer that carries this text.
    pub(crate) async fn answered(&mut self, text: &str) -> Result<()> {
        loop {
            let packet = self.next().await?;
            let is_answer =
                |step: Step<'_>| step.kind == "assistant_message" && step.output.contains(text);
            if packet.name() == "new_message" && packet.step().is_some_and(is_answer) {
                return Ok(());
            }
        }
    }

    /// Leaves as a page does.
    pub(crate) async fn leave(mut self) {
        // A server that is gone need not be told.
        self.write("41".into()).await.ok();
        self.socket.close(None).await.ok();
    }
}
