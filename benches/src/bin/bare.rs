//! The ceiling: an echo and a stream of tokens on socketioxide and axum alone, with the events that Chinwag sends for them and
//! nothing of what it does: no sandbox, no session, no limits, no resync.
//!
//! `bare PORT`

use anyhow::Context;
use axum::Router;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use socketioxide::{
    SendError, SocketError, SocketIo,
    extract::{Data, SocketRef},
};
use tokio::{net::TcpListener, task::yield_now};
use uuid::Uuid;

/// Packets that wait for a socket.
const BUFFER: usize = 4_096;

#[derive(Deserialize)]
struct Said {
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    id: Uuid,
    output: String,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let port = std::env::args().nth(1).context("`bare PORT`")?;
    let (layer, io) =
        SocketIo::builder().req_path("/ws/socket.io").max_buffer_size(BUFFER).build_layer();
    io.ns("/", async |socket: SocketRef| {
        let thread = Uuid::new_v4();
        socket.on("client_message", move |socket: SocketRef, Data::<Said>(said)| async move {
            // It fails when the client has gone, as it does after each run.
            Answer { socket, thread }.to(&said.message).await.ok();
        });
    });
    let listener = TcpListener::bind(format!("127.0.0.1:{}", port.parse::<u16>()?)).await?;
    axum::serve(listener, Router::new().layer(layer)).await?;
    Ok(())
}

struct Answer {
    socket: SocketRef,
    thread: Uuid,
}

impl Answer {
    async fn to(&self, message: &Message) -> Result<(), SendError> {
        let (run, answer) = (Uuid::new_v4(), Uuid::new_v4());
        let begin = Timestamp::now();
        self.emit("task_start", &json!({})).await?;
        self.emit("new_message", &Run::new(self.thread, message, run, begin, None)).await?;
        let tokens = message.output.strip_prefix("stream ");
        let tokens = tokens.and_then(|rest| rest.split(' ').next()?.parse::<u32>().ok());
        let text = match tokens {
            Some(tokens) => self.stream(tokens, run, answer).await?,
            None => message.output.clone(),
        };
        let end = Some(Timestamp::now());
        self.emit("new_message", &Step::new((self.thread, run, answer), &text, begin, end)).await?;
        self.emit("update_message", &Run::new(self.thread, message, run, begin, end)).await?;
        self.emit("task_end", &json!({})).await
    }

    async fn stream(&self, tokens: u32, run: Uuid, id: Uuid) -> Result<String, SendError> {
        let mut text = String::from("t0 ");
        let first = Step::new((self.thread, run, id), &text, Timestamp::now(), None);
        self.emit("stream_start", &first).await?;
        for n in 1..tokens {
            let token = format!("t{n} ");
            text.push_str(&token);
            let token = Token { id, token: &token, is_sequence: false, is_input: false };
            self.emit("stream_token", &token).await?;
        }
        Ok(text)
    }

    /// Waits while the socket's buffer is full.
    async fn emit<T: Serialize>(&self, event: &str, data: &T) -> Result<(), SendError> {
        loop {
            match self.socket.emit(event, data) {
                Err(SendError::Socket(SocketError::InternalChannelFull)) => yield_now().await,
                sent => return sent,
            }
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Token<'a> {
    id: Uuid,
    token: &'a str,
    is_sequence: bool,
    is_input: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Step<'a> {
    id: Uuid,
    thread_id: Uuid,
    parent_id: Uuid,
    created_at: Timestamp,
    command: Option<&'a str>,
    modes: Option<Value>,
    start: Timestamp,
    end: Option<Timestamp>,
    output: &'a str,
    name: &'a str,
    r#type: &'a str,
    language: Option<&'a str>,
    streaming: bool,
    is_error: bool,
    wait_for_answer: bool,
    metadata: Value,
    tags: Option<Value>,
}

impl<'a> Step<'a> {
    fn new(
        (thread_id, parent_id, id): (Uuid, Uuid, Uuid),
        output: &'a str,
        begin: Timestamp,
        end: Option<Timestamp>,
    ) -> Self {
        Self {
            id,
            thread_id,
            parent_id,
            created_at: begin,
            command: None,
            modes: None,
            start: begin,
            end,
            output,
            name: "Assistant",
            r#type: "assistant_message",
            language: None,
            streaming: end.is_none(),
            is_error: false,
            wait_for_answer: false,
            metadata: json!({}),
            tags: None,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    name: &'a str,
    r#type: &'a str,
    id: Uuid,
    thread_id: Uuid,
    parent_id: Uuid,
    streaming: bool,
    metadata: Value,
    tags: Option<Value>,
    input: &'a str,
    is_error: bool,
    output: &'a str,
    created_at: Timestamp,
    start: Timestamp,
    end: Option<Timestamp>,
    language: Option<&'a str>,
    default_open: bool,
    auto_collapse: bool,
    show_input: &'a str,
    generation: Option<Value>,
}

impl<'a> Run<'a> {
    fn new(
        thread_id: Uuid,
        message: &'a Message,
        id: Uuid,
        begin: Timestamp,
        end: Option<Timestamp>,
    ) -> Self {
        Self {
            name: "on_message",
            r#type: "run",
            id,
            thread_id,
            parent_id: message.id,
            streaming: false,
            metadata: json!({ "bot": "echo", "turn": id, "version": 1 }),
            tags: None,
            input: if end.is_some() { &message.output } else { "" },
            is_error: false,
            output: "",
            created_at: begin,
            start: begin,
            end,
            language: None,
            default_open: false,
            auto_collapse: false,
            show_input: "json",
            generation: None,
        }
    }
}
