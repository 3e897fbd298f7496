//! A chat page that speaks Socket.IO over a websocket by itself, frame by frame: for tests that need the wire in their hands. It reads
//! only when it is asked to, so it also is the client that does not read.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine, prelude::BASE64_STANDARD};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use crate::{
    client::{Client, Event, Tab},
    uuid, within,
};

/// A connected page.
#[derive(Debug)]
pub struct Browser {
    tab: Tab,
    url: String,
    socket: WebSocketStream<TcpStream>,
    acks: u64,
    /// The acknowledgements that have come.
    acknowledged: BTreeSet<u64>,
    /// The number under which the server waits for the answer to its last event of a name.
    asked: BTreeMap<String, u64>,
}

/// What a packet of the server is.
enum Packet {
    Event(Event),
    Ack(u64),
    Connected,
    Refused(Value),
    Disconnected,
    Other,
}

impl Browser {
    /// Connects a tab, says that it listens, as the stock page does, and waits until what an older connection left is cleared.
    ///
    /// # Panics
    /// The server does not let it in.
    pub async fn connect(url: &str, tab: Tab) -> Self {
        match Self::knock(url, tab).await {
            Ok(mut browser) => {
                browser.until("clear_call_fn").await;
                browser
            }
            Err(refusal) => panic!("the server does not let the tab in: {refusal}"),
        }
    }

    /// As [`Browser::connect`], for tabs that may be refused; reads nothing of what the server says then.
    ///
    /// # Errors
    /// What the server says then.
    ///
    /// # Panics
    /// The server does not speak Socket.IO.
    pub async fn knock(url: &str, tab: Tab) -> Result<Self, Value> {
        let auth = tab.auth();
        let mut browser = Self::dial(url, tab).await;
        browser.write(format!("40{auth}")).await;
        loop {
            match within("the answer to CONNECT", browser.packet()).await {
                Packet::Connected => break,
                Packet::Refused(refusal) => return Err(refusal),
                _ => {}
            }
        }
        browser.emit("connection_successful", &[]).await;
        browser.emit("fetch_favorites", &[]).await;
        Ok(browser)
    }

    async fn dial(url: &str, tab: Tab) -> Self {
        let host = url.strip_prefix("http://").expect("test servers speak HTTP");
        let path = format!("ws://{host}/ws/socket.io/?EIO=4&transport=websocket");
        let stream = within("a connection", TcpStream::connect(host)).await;
        let stream = stream.expect("the server listens");
        let mut request = path.into_client_request().expect("the address is one");
        if !tab.cookies.is_empty() {
            let cookies = tab.cookies.parse().expect("cookies are the text of a header");
            request.headers_mut().insert("cookie", cookies);
        }
        let (socket, _) =
            within("the websocket", client_async(request, stream)).await.expect("a websocket");
        Self {
            tab,
            url: url.into(),
            socket,
            acks: 0,
            acknowledged: BTreeSet::new(),
            asked: BTreeMap::new(),
        }
    }

    /// The connection breaks; the tab remains.
    #[must_use]
    pub fn hang_up(self) -> Tab {
        self.tab
    }

    /// Waits until the server has taken all that was sent so far. Returns what it said meanwhile.
    ///
    /// # Panics
    /// The connection is closed.
    pub async fn settle(&mut self) -> Vec<Event> {
        self.try_settle().await.expect("the server has closed the connection")
    }

    /// As [`Browser::settle`], for servers that may die: none if the connection is closed.
    pub async fn try_settle(&mut self) -> Option<Vec<Event>> {
        self.acks += 1;
        let ack = self.acks;
        self.write(format!("42{ack}[\"fetch_favorites\"]")).await;
        let mut events = Vec::new();
        loop {
            match within("an acknowledgement", self.packet()).await {
                Packet::Ack(number) => {
                    self.acknowledged.insert(number);
                    if number == ack {
                        return Some(events);
                    }
                }
                Packet::Event(event) => {
                    self.tab.screen.apply(&event);
                    events.push(event);
                }
                Packet::Disconnected => return None,
                _ => {}
            }
        }
    }

    /// The next event, which changes the screen; none if the connection is closed.
    pub async fn listen(&mut self) -> Option<Event> {
        loop {
            match within("an event", self.packet()).await {
                Packet::Event(event) => {
                    self.tab.screen.apply(&event);
                    return Some(event);
                }
                Packet::Disconnected => return None,
                _ => {}
            }
        }
    }

    /// Answers the server's last event of this name, which waits for it: `ask` or `call_fn`.
    ///
    /// # Panics
    /// The server waits for no answer.
    pub async fn answer(&mut self, event: &str, value: &Value) {
        let number = self.asked.remove(event);
        let number =
            number.unwrap_or_else(|| panic!("the server waits for no answer to `{event}`"));
        self.write(format!("43{number}[{value}]")).await;
    }

    /// The user answers the bot's last question with a text.
    pub async fn reply(&mut self, text: &str) {
        self.answer("ask", &json!({ "id": uuid(), "output": text })).await;
    }

    /// Whether the server waits for an answer to an event of this name.
    #[must_use]
    pub fn is_asked(&self, event: &str) -> bool {
        self.asked.contains_key(event)
    }

    /// Sends an event that the server is to acknowledge. Returns the number of the acknowledgement.
    pub async fn emit_for_ack(&mut self, event: &str, args: &[Value]) -> u64 {
        self.acks += 1;
        let mut packet = json!([event]);
        packet.as_array_mut().expect("it is a list").extend(args.iter().cloned());
        self.write(format!("42{}{packet}", self.acks)).await;
        self.acks
    }

    /// Whether an acknowledgement has come.
    #[must_use]
    pub fn is_acknowledged(&self, number: u64) -> bool {
        self.acknowledged.contains(&number)
    }

    /// Waits until the server closes the connection.
    pub async fn closed(&mut self) {
        let closed = async { while !matches!(self.packet().await, Packet::Disconnected) {} };
        within("the end of the connection", closed).await;
    }

    async fn write(&mut self, text: String) {
        // Whoever reads next is told if the connection is closed.
        self.socket.send(Message::text(text)).await.ok();
    }

    /// The next packet. A dead connection says that it is disconnected.
    async fn packet(&mut self) -> Packet {
        loop {
            let Some(text) = self.text().await else { return Packet::Disconnected };
            if text == "2" {
                self.write("3".into()).await;
                continue;
            }
            return self.parse(&text).await;
        }
    }

    async fn text(&mut self) -> Option<String> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => return Some(text.as_str().to_owned()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(other)) if !other.is_close() => panic!("an unexpected frame: {other:?}"),
                _ => return None,
            }
        }
    }

    async fn parse(&mut self, text: &str) -> Packet {
        let json = |text: &str| serde_json::from_str::<Value>(text).expect("a packet holds JSON");
        let is_digit = |c: char| c.is_ascii_digit();
        match text.get(..2) {
            Some("40") => Packet::Connected,
            Some("41") => Packet::Disconnected,
            Some("42") => {
                let packet = text[2..].trim_start_matches(is_digit);
                let number = text[2..text.len() - packet.len()].parse().ok();
                let event = event(json(packet));
                self.asked.extend(number.map(|number| (event.name.clone(), number)));
                Packet::Event(event)
            }
            Some("43") => {
                let number = &text[2..text.find('[').expect("an acknowledgement has a list")];
                Packet::Ack(number.parse().expect("an acknowledgement has a number"))
            }
            Some("44") => Packet::Refused(json(&text[2..])),
            Some("45") => {
                let (count, rest) = text[2..].split_once('-').expect("a count of attachments");
                let mut args = json(rest.trim_start_matches(is_digit));
                for _ in 0..count.parse().expect("a number of attachments") {
                    let bytes = self.attachment().await;
                    fill(&mut args, &bytes);
                }
                Packet::Event(event(args))
            }
            _ => Packet::Other,
        }
    }

    async fn attachment(&mut self) -> Vec<u8> {
        match self.socket.next().await {
            Some(Ok(Message::Binary(bytes))) => bytes.to_vec(),
            other => panic!("an attachment is missing: {other:?}"),
        }
    }
}

impl Client for Browser {
    fn tab(&mut self) -> &mut Tab {
        &mut self.tab
    }

    fn url(&self) -> &str {
        &self.url
    }

    async fn receive(&mut self) -> Event {
        loop {
            match self.packet().await {
                Packet::Event(event) => return event,
                Packet::Disconnected => panic!("the server has closed the connection"),
                Packet::Ack(number) => {
                    self.acknowledged.insert(number);
                }
                _ => {}
            }
        }
    }

    async fn emit(&mut self, event: &str, args: &[Value]) {
        let mut packet = json!([event]);
        packet.as_array_mut().expect("it is a list").extend(args.iter().cloned());
        let attachments = take(&mut packet, 0);
        if attachments.is_empty() {
            self.write(format!("42{packet}")).await;
            return;
        }
        self.write(format!("45{}-{packet}", attachments.len())).await;
        for bytes in attachments {
            self.socket.send(Message::binary(bytes)).await.expect("the connection is open");
        }
    }
}

fn event(packet: Value) -> Event {
    let Value::Array(mut args) = packet else { panic!("an event is a list: {packet}") };
    let name = args.remove(0).as_str().expect("an event has a name").to_owned();
    Event { name, args }
}

/// Puts an attachment where the first placeholder is.
fn fill(value: &mut Value, bytes: &[u8]) -> bool {
    if value["_placeholder"] == true {
        *value = crate::client::bytes(bytes);
        return true;
    }
    match value {
        Value::Array(list) => list.iter_mut().any(|item| fill(item, bytes)),
        Value::Object(map) => map.values_mut().any(|item| fill(item, bytes)),
        _ => false,
    }
}

/// Takes bytes out and leaves placeholders, numbered from `first`.
fn take(value: &mut Value, first: usize) -> Vec<Vec<u8>> {
    if let Some(text) = value.get("$bytes").and_then(Value::as_str) {
        let bytes = BASE64_STANDARD.decode(text).expect("the bytes are base64");
        *value = json!({ "_placeholder": true, "num": first });
        return vec![bytes];
    }
    let mut found = Vec::new();
    let items: Vec<&mut Value> = match value {
        Value::Array(list) => list.iter_mut().collect(),
        Value::Object(map) => map.values_mut().collect(),
        _ => Vec::new(),
    };
    for item in items {
        let more = take(item, first + found.len());
        found.extend(more);
    }
    found
}

/// For clients that no page would be.
impl Browser {
    /// Sends a text frame as it is.
    pub async fn write_text(&mut self, text: impl Into<String>) {
        self.write(text.into()).await;
    }

    /// Sends a binary frame as it is.
    pub async fn write_bytes(&mut self, bytes: Vec<u8>) {
        // Whoever reads next is told if the connection is closed.
        self.socket.send(Message::binary(bytes)).await.ok();
    }
}
