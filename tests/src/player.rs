//! Plays the clients of a recording to a server of one's own, and compares what the server says: its events must have the recorded
//! names, order and contents, its answers the recorded status, headers and bodies.

mod compare;
mod difference;
mod http;
mod setup;

pub use difference::Difference;
pub use http::Form;
pub use setup::Replay;

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Map, Value, json};

use crate::{
    browser::Browser,
    client::{Client, Event, Tab, bytes},
    screen::Screen,
    server::TestServer,
    trace::{Line, Words},
    visitor::{Answer, Visitor},
};
use compare::Ids;

const SOME_TIME: &str = "2026-11-21T08:00:00.000000Z";

/// Plays a recording.
struct Player {
    server: TestServer,
    differences: Vec<Difference>,
    forms: Vec<(u64, Form)>,
    expiries: Vec<u64>,
    /// What every client gives as a key, instead of what is recorded.
    key: Option<&'static str>,
    visitor: Visitor,
    sockets: BTreeMap<String, Listener>,
    /// What tabs showed when they hung up.
    screens: BTreeMap<String, Screen>,
    /// A client whom the server does not let in, and what it said.
    refused: Option<Value>,
    ids: Ids,
    answer: Option<Answer>,
    /// Where what the server says is not what the recording has.
    found: Vec<String>,
}

/// A connected client.
struct Listener {
    browser: Browser,
    /// Events that came before those that the recording has next.
    early: VecDeque<Event>,
    /// The acknowledgements that it asked for.
    acks: BTreeMap<String, u64>,
}

impl Player {
    async fn play(&mut self, line: Line) {
        let Line { seq, mut socket, words } = line;
        if socket.is_empty() {
            // What comes of a request comes to whoever is connected.
            socket = self.sockets.keys().next_back().cloned().unwrap_or_default();
        }
        if self.expiries.contains(&seq) {
            self.server.no_session_is_left().await;
        }
        if !self.leaves(seq) {
            self.hear(seq, &socket, words).await;
        }
        for difference in self.differences.clone() {
            let Difference::Adds(after, events, _) = difference else { continue };
            if after == seq {
                for name in events {
                    let added = Event { name: (*name).to_owned(), args: Vec::new() };
                    let event = self.next(seq, &socket, &added).await;
                    self.must_be(seq, &socket, &event, name).await;
                }
            }
        }
    }

    async fn hear(&mut self, seq: u64, socket: &str, words: Words) {
        match words {
            Words::Connect(auth) => self.connect(socket, &auth).await,
            Words::Refused(message) => {
                let refusal = self.refused.take();
                let refusal = refusal.unwrap_or_else(|| panic!("line {seq}: it is let in"));
                assert_eq!(refusal["message"], message, "line {seq}");
            }
            Words::HangUp => self.hang_up(seq, socket).await,
            Words::Sent { event, is_for_ack } => self.send(socket, event, is_for_ack).await,
            Words::Acknowledged { event, is_there } => {
                let listener = self.listener(socket);
                let number = listener.acks[&event];
                let events = listener.browser.settle().await;
                listener.early.extend(events);
                let found = listener.browser.is_acknowledged(number);
                assert_eq!(found, is_there, "line {seq}: the acknowledgement of `{event}`");
            }
            Words::Answered { event, value } => {
                let value = self.ids.translated(value);
                self.listener(socket).browser.answer(&event, &value).await;
            }
            Words::Received { event, is_asking } => {
                self.receive(seq, socket, &event, is_asking).await;
            }
            Words::Request(request) => self.ask(seq, request).await,
            Words::Answer(answer) => self.compare_answer(seq, answer),
        }
    }

    fn leaves(&self, seq: u64) -> bool {
        self.any(|it| matches!(it, Difference::Leaves(lines, _) if lines.contains(&seq)))
    }

    fn flows(&self, seq: u64) -> bool {
        self.any(|it| matches!(it, Difference::Flows(line) if *line == seq))
    }

    fn any(&self, fits: impl Fn(&Difference) -> bool) -> bool {
        self.differences.iter().any(fits)
    }

    fn listener(&mut self, socket: &str) -> &mut Listener {
        self.sockets.get_mut(socket).unwrap_or_else(|| panic!("`{socket}` is not connected"))
    }

    async fn connect(&mut self, socket: &str, auth: &Value) {
        let Value::Object(mut says) = self.ids.translated(auth.clone()) else {
            panic!("a client says what it is: {auth}");
        };
        let bot = self.differences.iter().find_map(|it| match it {
            Difference::Picks(whose, bot, _) if *whose == socket => Some(*bot),
            _ => None,
        });
        if let Some(key) = self.key {
            says.insert("userEnv".into(), json!({ "API_KEY": key }).to_string().into());
        }
        says.extend(bot.map(|bot| ("chatProfile".to_owned(), bot.into())));
        let session = says["sessionId"].as_str().expect("a client names its session").to_owned();
        for listener in self.sockets.values_mut() {
            let tab = listener.browser.tab();
            self.screens.insert(tab.session.clone(), tab.screen.clone());
        }
        let screen = self.screens.get(&session).cloned().unwrap_or_default();
        let tab = Tab { session, says, screen, ..self.visitor.tab("") };
        match Browser::knock(&self.server.url, tab).await {
            Ok(browser) => {
                let listener = Listener { browser, early: VecDeque::new(), acks: BTreeMap::new() };
                self.sockets.insert(socket.into(), listener);
            }
            Err(refusal) => self.refused = Some(refusal),
        }
    }

    async fn hang_up(&mut self, seq: u64, socket: &str) {
        let mut listener = self.sockets.remove(socket).expect("the socket is connected");
        let mut late = listener.browser.settle().await;
        // The question that settles things is answered with it.
        if let Some(at) = late.iter().rposition(|event| event.name == "set_favorites") {
            late.remove(at);
        }
        late.extend(listener.early);
        let is_fine = late.is_empty() || self.flows(seq);
        assert!(is_fine, "socket {socket}: the recording does not have {late:?}");
        let tab = listener.browser.hang_up();
        self.screens.insert(tab.session, tab.screen);
    }

    async fn send(&mut self, socket: &str, event: Event, is_for_ack: bool) {
        let args = event.args.into_iter().map(|arg| with_bytes(self.ids.translated(arg)));
        let args: Vec<Value> = args.collect();
        let listener = self.listener(socket);
        if event.name == "client_message" {
            listener.browser.screen().show(args[0]["message"].clone());
        }
        if is_for_ack {
            let number = listener.browser.emit_for_ack(&event.name, &args).await;
            listener.acks.insert(event.name, number);
        } else {
            listener.browser.emit(&event.name, &args).await;
        }
    }

    /// The event that the recording has next, or else the next one.
    async fn next(&mut self, seq: u64, socket: &str, recorded: &Event) -> Event {
        let listener = self.listener(socket);
        let fits = |event: &Event| {
            if is_free(&recorded.name) {
                return is_alike(event, recorded);
            }
            event.name != "set_favorites"
        };
        if let Some(at) = listener.early.iter().position(&fits) {
            return listener.early.remove(at).expect("it is there");
        }
        loop {
            let what = format!("what line {seq} has");
            let event = listener.browser.until_that(&what, |_| true).await.pop();
            let event = event.expect("there is an event");
            let may_be_early = match event.name.as_str() {
                "element" => recorded.name == "element",
                "set_favorites" => true,
                _ => recorded.name == "set_favorites",
            };
            if fits(&event) || !may_be_early {
                return event;
            }
            listener.early.push_back(event);
        }
    }

    async fn must_be(&mut self, seq: u64, socket: &str, event: &Event, name: &str) {
        if event.name != name {
            let late = self.listener(socket).browser.settle().await;
            let found = &self.found;
            panic!("line {seq} has {name}, found {event:?}; before: {found:#?}; then: {late:#?}");
        }
    }

    async fn receive(&mut self, seq: u64, socket: &str, recorded: &Event, is_asking: bool) {
        let mut event = self.next(seq, socket, recorded).await;
        while self.flows(seq) && event.name == "stream_token" && recorded.name != event.name {
            event = self.next(seq, socket, recorded).await;
        }
        self.must_be(seq, socket, &event, &recorded.name).await;
        assert_eq!(event.args.len(), recorded.args.len(), "line {seq}");
        if is_asking {
            let is_asked = self.listener(socket).browser.is_asked(&event.name);
            assert!(is_asked, "line {seq}: `{}` waits for an answer", event.name);
        }
        let (ours, mut theirs) = (event.arg().clone(), recorded.arg().clone());
        if event.name == "stream_start" {
            // What is streamed has begun, and has not ended; Chainlit says neither.
            for time in ["createdAt", "start", "end"] {
                theirs[time] = if time == "end" { Value::Null } else { json!(SOME_TIME) };
            }
        }
        if event.name == "delete_message" {
            // Clients read nothing else of it, and Chinwag says nothing else.
            theirs = json!({ "id": theirs["id"] });
        }
        self.compare(seq, ours, theirs);
    }
}

/// Whether the order of these events is not said by the protocol.
fn is_free(name: &str) -> bool {
    matches!(name, "element" | "set_favorites")
}

fn is_alike(event: &Event, recorded: &Event) -> bool {
    event.name == recorded.name && event.arg()["name"] == recorded.arg()["name"]
}

/// Recorded bytes are known by their number only.
fn with_bytes(value: Value) -> Value {
    match value {
        Value::Object(map) if map.contains_key("__binary__") => {
            let count = map["bytes"].as_u64().and_then(|count| usize::try_from(count).ok());
            bytes(&vec![7; count.expect("a number of bytes")])
        }
        Value::Object(map) => {
            map.into_iter().map(|(key, item)| (key, with_bytes(item))).collect::<Map<_, _>>().into()
        }
        other => other,
    }
}
