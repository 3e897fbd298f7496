//! Recordings of Chainlit's own server and client, one JSON object a line: what was said, by whom, in which order.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::{Value, json};

use crate::client::Event;

/// A line of a recording.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its number in the recording.
    pub seq: u64,
    /// The socket on which it was said; empty for HTTP.
    pub socket: String,
    /// What was said.
    pub words: Words,
}

/// What was said.
#[derive(Clone, Debug)]
pub enum Words {
    /// A client connects with this payload.
    Connect(Value),
    /// The server does not let it in, and says this.
    Refused(Value),
    /// A client sends an event.
    Sent {
        /// The event.
        event: Event,
        /// Whether the client asks for an acknowledgement.
        is_for_ack: bool,
    },
    /// The server acknowledges an event of this name, or does not.
    Acknowledged {
        /// The name of the event.
        event: String,
        /// Whether it does.
        is_there: bool,
    },
    /// The server sends an event.
    Received {
        /// The event.
        event: Event,
        /// Whether the server waits for the client's answer.
        is_asking: bool,
    },
    /// A client answers an event of this name.
    Answered {
        /// The name of the event.
        event: String,
        /// The answer.
        value: Value,
    },
    /// A client hangs up.
    HangUp,
    /// A request.
    Request(Request),
    /// The answer to the request before.
    Answer(Answer),
}

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// Headers that not every request has.
    pub headers: BTreeMap<String, String>,
    /// The body: JSON, or a text that stands for something else; null for none.
    pub body: Value,
}

/// The answer to a request.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The content type, if it was recorded.
    pub content_type: Option<String>,
    /// The cookies that it sets, if they were recorded.
    pub cookies: Option<Vec<String>>,
    /// Where it sends the client to.
    pub location: Option<String>,
    /// What it permits pages of other sites, if that was recorded.
    pub cors: BTreeMap<String, String>,
    /// The body, if it was recorded: JSON, text, or how many bytes it has.
    pub body: Option<Value>,
}

/// Reads a recording by the begin of its name.
///
/// # Panics
/// There is none, or it is none.
#[must_use]
pub fn read(number: &str) -> Vec<Line> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("traces");
    let files = fs::read_dir(folder).expect("the recordings are there").filter_map(Result::ok);
    let mut files = files.filter(|file| file.file_name().to_string_lossy().starts_with(number));
    let file = files.next().unwrap_or_else(|| panic!("there is no recording {number}"));
    let text = fs::read_to_string(file.path()).expect("a recording is text");
    let lines = text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON"));
    let mut read: Vec<Line> = Vec::new();
    for line in lines {
        let line: Value = line;
        let is_asked = matches!(read.last(), Some(Line { words: Words::Request(_), .. }));
        if line["dir"] == "http<" && line["path"].is_string() && !is_asked && !waits(&read) {
            // Some answers were recorded without their requests.
            let seq = line["seq"].as_u64().expect("lines are numbered");
            let request = Request { body: Value::Null, ..request(&line) };
            read.push(Line { seq, socket: String::new(), words: Words::Request(request) });
        }
        read.extend(parse(&line));
    }
    read
}

/// Whether a request has no answer yet.
fn waits(read: &[Line]) -> bool {
    let http = read.iter().rev().find_map(|line| match line.words {
        Words::Request(_) => Some(true),
        Words::Answer(_) => Some(false),
        _ => None,
    });
    http.unwrap_or(false)
}

fn parse(line: &Value) -> Option<Line> {
    let text = |field: &str| line[field].as_str().unwrap_or_default().to_owned();
    let event =
        || Event { name: text("ev"), args: line["args"].as_array().cloned().unwrap_or_default() };
    let name = text("ev");
    let answered = name.strip_prefix("<ACK of ").map(|name| name.trim_end_matches('>').to_owned());
    let words = match (text("dir").as_str(), name.as_str()) {
        ("c>s", "<CONNECT>") => Words::Connect(line["auth"].clone()),
        // Every client of the tests sends these after CONNECT, as the recorded one did.
        (_, "connection_successful" | "fetch_favorites" | "<CONNECT ok>") => return None,
        ("c>s", _) => match answered {
            Some(event) => Words::Answered { event, value: line["args"][0].clone() },
            None => Words::Sent { event: event(), is_for_ack: line["ack"].is_string() },
        },
        ("s>c", "<CONNECT_ERROR>") => Words::Refused(line["message"].clone()),
        ("s>c", "<ACK of connection_successful>" | "<ACK of fetch_favorites>") => return None,
        ("s>c", _) => match answered {
            Some(event) => Words::Acknowledged { event, is_there: line["error"].is_null() },
            None => Words::Received { event: event(), is_asking: line["ack_requested"] == true },
        },
        ("note", "<disconnect>") => Words::HangUp,
        ("http>", _) => Words::Request(request(line)),
        ("http<", _) => Words::Answer(answer(line)),
        _ => return None,
    };
    Some(Line { seq: line["seq"].as_u64()?, socket: text("conn"), words })
}

fn request(line: &Value) -> Request {
    let text = |field: &str| line[field].as_str().unwrap_or_default().to_owned();
    let headers = line.get("headers").or_else(|| line.get("req_headers"));
    Request {
        method: text("method"),
        path: text("path"),
        headers: headers.map(texts).unwrap_or_default(),
        body: line["body"].clone(),
    }
}

fn answer(line: &Value) -> Answer {
    let status = line["status"].as_u64().and_then(|status| status.try_into().ok());
    let cookies = line["set_cookie"].as_array();
    let cookies =
        cookies.map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    Answer {
        status: status.expect("an answer has a status"),
        content_type: line["content_type"].as_str().map(str::to_owned),
        cookies,
        location: line["location"].as_str().map(str::to_owned),
        cors: line.get("cors").map(texts).unwrap_or_default(),
        body: line.get("body").cloned(),
    }
}

fn texts(map: &Value) -> BTreeMap<String, String> {
    let map = map.as_object().into_iter().flatten();
    map.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect()
}

/// How the recorder writes bytes that are no text.
#[must_use]
pub fn bytes_in(value: &Value) -> Option<u64> {
    (value["__binary__"] == json!(true)).then(|| value["bytes"].as_u64())?
}
