//! Recordings of Chainlit 2.12.0, played to Chinwag: its clients say what they said then, and the server's events must have the
//! recorded names, order and fields. Where Chinwag differs on purpose, a table says where and why.

use std::collections::{BTreeMap, BTreeSet};

use chinwag_tests::{
    admin::Reply,
    browser::Browser,
    client::{Client, Event, Tab, bytes},
    server::TestServer,
    trace::{self, Line, Words},
};
use reqwest::Method;
use serde_json::{Value, json};

/// Where Chinwag differs from a recording on purpose. Lines are named by their numbers.
#[expect(dead_code, reason = "the reasons are for whoever reads the tables")]
enum Difference {
    /// It does not say this.
    Leaves(&'static [u64], &'static str),
    /// It says these as well, after the line.
    Adds(u64, &'static [&'static str], &'static str),
    /// It answers a request with another status.
    Answers(u64, u16, &'static str),
    /// Before the line there may be more tokens: clocks differ.
    Flows(u64),
    /// A client of this socket talks to another bot, because a bot decides here what a server's settings decide there.
    Picks(&'static str, &'static str, &'static str),
}

use Difference::{Adds, Answers, Flows, Leaves, Picks};

#[tokio::test]
async fn trace_01_connecting_starts_the_chat() {
    replay("01", &[]).await;
}

#[tokio::test]
async fn trace_02_connecting_by_websocket_only() {
    replay("02", &[]).await;
}

#[tokio::test]
async fn trace_04_messages() {
    replay("04", &[]).await;
}

#[tokio::test]
async fn trace_05_nested_steps() {
    replay("05", &[]).await;
}

#[tokio::test]
async fn trace_06_streams() {
    replay(
        "06",
        &[
            Leaves(&[29], "a message that is streamed appears with its first token, never empty"),
            Adds(32, &["new_message"], "a stream that rewrites itself ends like any other"),
        ],
    )
    .await;
}

#[tokio::test]
async fn trace_08_actions() {
    replay(
        "08",
        &[
            Adds(31, &["new_message"], "an error of a bot is shown in the chat"),
            Answers(33, 200, "whether an action has a callback is known to the bot alone"),
            Adds(33, &["new_message"], "an error of a bot is shown in the chat"),
            Answers(36, 404, "an unknown session is not the server's fault"),
        ],
    )
    .await;
}

#[tokio::test]
async fn trace_09_an_action_before_any_message() {
    replay(
        "09",
        &[
            Leaves(&[17], "the first interaction is announced when it begins …"),
            Adds(15, &["first_interaction"], "… and not after what came of it"),
        ],
    )
    .await;
}

#[tokio::test]
async fn trace_15_stop() {
    replay(
        "15",
        &[
            Flows(24),
            Adds(
                24,
                &["new_message"],
                "the stream is closed, or a page would show its cursor for ever",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn trace_19_coming_back_in_the_middle_of_a_stream() {
    replay(
        "19",
        &[
            Flows(20),
            Leaves(
                &[30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43],
                "tokens that come while the client is away come with the message …",
            ),
            Adds(
                29,
                &["new_message", "new_message", "new_message", "new_message", "task_start"],
                "… which is sent whole to whoever comes back, with what it is in; and the bot is shown to be at work",
            ),
            Flows(44),
        ],
    )
    .await;
}

#[tokio::test]
async fn trace_26_audio() {
    replay(
        "26",
        &[
            Leaves(&[0, 1, 11], "there is no sign-in yet, and so there are no favourites"),
            Leaves(&[26, 32], "one turn is framed once"),
            Picks("P", "echo", "there is no audio where the bot has none"),
            Leaves(&[44, 45, 46, 47], "this bot does nothing when a chat starts"),
        ],
    )
    .await;
}

#[tokio::test]
async fn trace_50_stop_while_nothing_runs() {
    replay("50", &[]).await;
}

async fn replay(number: &str, differences: &[Difference]) {
    let server = TestServer::with(&["showcase", "echo"]).await;
    let mut player =
        Player { server, differences, tabs: BTreeMap::new(), ids: BTreeMap::new(), answer: None };
    for line in trace::read(number) {
        player.play(line).await;
    }
    assert!(player.tabs.is_empty(), "in a recording everybody hangs up");
}

/// Plays the clients of a recording, and compares what the server says.
struct Player<'a> {
    server: TestServer,
    differences: &'a [Difference],
    tabs: BTreeMap<String, Browser>,
    /// Which of our ids stands for which recorded one.
    ids: BTreeMap<String, String>,
    answer: Option<Reply>,
}

impl Player<'_> {
    async fn play(&mut self, line: Line) {
        let Line { seq, mut socket, words } = line;
        if socket.is_empty() {
            // What comes of a request comes to whoever is connected.
            socket = self.tabs.keys().next_back().cloned().unwrap_or_default();
        }
        match words {
            Words::Connect(auth) => self.connect(&socket, &auth).await,
            Words::HangUp => {
                let mut browser = self.tabs.remove(&socket).expect("the socket is connected");
                let late = browser.settle().await;
                let is_fine = late.is_empty() || self.flows(seq);
                assert!(is_fine, "socket {socket}: the recording does not have {late:?}");
                drop(browser.hang_up());
            }
            Words::Sent(event) => self.send(&socket, event).await,
            Words::Received(event) => {
                if !self.leaves(seq) {
                    self.receive(seq, &socket, &event).await;
                }
            }
            Words::Request { path, body } if !self.leaves(seq) => {
                let request = self.server.admin().bare(Method::POST, &path);
                let reply = self.server.admin().send(request.json(&self.translated(body))).await;
                self.answer = Some(reply);
            }
            Words::Answer { status, body } if !self.leaves(seq) => {
                self.compare_answer(seq, status, &body);
            }
            Words::Request { .. } | Words::Answer { .. } => {}
        }
        for difference in self.differences {
            let Adds(after, events, _) = difference else { continue };
            if *after == seq {
                for name in *events {
                    let event = self.next(seq, &socket).await;
                    assert_eq!(event.name, *name, "after line {seq}: {event:?}");
                }
            }
        }
    }

    fn leaves(&self, seq: u64) -> bool {
        self.differences.iter().any(|it| matches!(it, Leaves(lines, _) if lines.contains(&seq)))
    }

    fn flows(&self, seq: u64) -> bool {
        self.differences.iter().any(|it| matches!(it, Flows(line) if *line == seq))
    }

    async fn connect(&mut self, socket: &str, auth: &Value) {
        let bot = self.differences.iter().find_map(|it| match it {
            Picks(whose, bot, _) if whose == &socket => Some(*bot),
            _ => None,
        });
        let session = auth["sessionId"].as_str().expect("a client names its session");
        let tab = Tab { session: session.into(), ..Tab::new(bot.unwrap_or("showcase")) };
        // The recorder had no screen: whatever is below a message of before is all right.
        let browser = Browser::knock(&self.server.url, tab).await.expect("it is let in");
        self.tabs.insert(socket.into(), browser);
    }

    async fn send(&mut self, socket: &str, event: Event) {
        let browser = self.tabs.get_mut(socket).expect("the socket is connected");
        if event.name == "client_message" {
            browser.screen().show(event.arg()["message"].clone());
        }
        let args: Vec<Value> = event.args.into_iter().map(with_bytes).collect();
        browser.emit(&event.name, &args).await;
    }

    async fn next(&mut self, seq: u64, socket: &str) -> Event {
        let browser = self.tabs.get_mut(socket).expect("the socket is connected");
        let what = format!("what line {seq} has");
        browser.until_that(&what, |_| true).await.pop().expect("there is an event")
    }

    async fn receive(&mut self, seq: u64, socket: &str, recorded: &Event) {
        let mut event = self.next(seq, socket).await;
        while self.flows(seq) && event.name == "stream_token" {
            event = self.next(seq, socket).await;
        }
        assert_eq!(event.name, recorded.name, "line {seq} has {recorded:?}, found {event:?}");
        let (theirs, ours) = (recorded.arg(), event.arg());
        if ours["$bytes"].is_null() {
            assert_eq!(fields(ours), fields(theirs), "line {seq}: the fields of `{}`", event.name);
        }
        for field in [
            "type",
            "isError",
            "streaming",
            "isSequence",
            "isInput",
            "interaction",
            "waitForAnswer",
        ] {
            assert_eq!(ours[field], theirs[field], "line {seq}: `{field}` of {ours}");
        }
        // Chainlit lets a message end before it is streamed.
        let fields =
            if event.name == "stream_start" { &["parentId"][..] } else { &["parentId", "end"] };
        for field in fields {
            let is_null = (ours[field].is_null(), theirs[field].is_null());
            assert_eq!(is_null.0, is_null.1, "line {seq}: `{field}` of {ours}");
        }
        for field in ["id", "parentId", "forId", "threadId", "thread_id"] {
            self.identify(seq, &theirs[field], &ours[field]);
        }
    }

    /// The same thing has the same id everywhere.
    fn identify(&mut self, seq: u64, theirs: &Value, ours: &Value) {
        let (Some(theirs), Some(ours)) = (theirs.as_str(), ours.as_str()) else { return };
        let known = self.ids.entry(theirs.into()).or_insert_with(|| ours.into());
        assert_eq!(known, ours, "line {seq}: another thing than before");
    }

    fn compare_answer(&mut self, seq: u64, status: u16, body: &Value) {
        let reply = self.answer.take().expect("there was a request");
        let other = self.differences.iter().find_map(|it| match it {
            Answers(line, status, _) if *line == seq => Some(*status),
            _ => None,
        });
        assert_eq!(reply.status, other.unwrap_or(status), "line {seq}: {reply:?}");
        if other.is_none() {
            assert_eq!(reply.body, self.translated(body.clone()), "line {seq}");
        }
    }

    /// A recorded value with our ids.
    fn translated(&self, value: Value) -> Value {
        match value {
            Value::String(text) => self.ids.get(&text).map_or(json!(text), |ours| json!(ours)),
            Value::Array(list) => list.into_iter().map(|item| self.translated(item)).collect(),
            Value::Object(map) => {
                map.into_iter().map(|(key, item)| (key, self.translated(item))).collect()
            }
            other => other,
        }
    }
}

fn fields(value: &Value) -> BTreeSet<&str> {
    value.as_object().into_iter().flatten().map(|(field, _)| field.as_str()).collect()
}

/// Recorded bytes are known by their number only.
fn with_bytes(value: Value) -> Value {
    match value {
        Value::Object(map) if map.contains_key("__binary__") => {
            let count = map["bytes"].as_u64().and_then(|count| usize::try_from(count).ok());
            bytes(&vec![7; count.expect("a number of bytes")])
        }
        Value::Object(map) => map.into_iter().map(|(key, item)| (key, with_bytes(item))).collect(),
        other => other,
    }
}
