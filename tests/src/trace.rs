//! Recordings of Chainlit's own server and client, one JSON object a line: what was said, by whom, in which order.

use std::{fs, path::Path};

use serde_json::Value;

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
    /// A client sends an event.
    Sent(Event),
    /// The server sends an event.
    Received(Event),
    /// A client hangs up.
    HangUp,
    /// A request.
    Request {
        /// The path of a POST.
        path: String,
        /// Its body.
        body: Value,
    },
    /// The answer to the request before.
    Answer {
        /// The HTTP status.
        status: u16,
        /// The body.
        body: Value,
    },
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
    lines.filter_map(|line: Value| parse(&line)).collect()
}

fn parse(line: &Value) -> Option<Line> {
    let text = |field: &str| line[field].as_str().unwrap_or_default().to_owned();
    let event =
        || Event { name: text("ev"), args: line["args"].as_array().cloned().unwrap_or_default() };
    let words = match (text("dir").as_str(), text("ev").as_str()) {
        ("c>s", "<CONNECT>") => Words::Connect(line["auth"].clone()),
        // Every client of the tests sends these after CONNECT, as the recorded one did.
        ("c>s", "connection_successful" | "fetch_favorites") => return None,
        ("c>s", _) => Words::Sent(event()),
        ("s>c", "<CONNECT ok>") => return None,
        ("s>c", _) => Words::Received(event()),
        ("note", "<disconnect>") => Words::HangUp,
        ("http>", _) => Words::Request { path: text("path"), body: line["body"].clone() },
        ("http<", _) => {
            let status = line["status"].as_u64().and_then(|status| status.try_into().ok());
            Words::Answer { status: status?, body: line["body"].clone() }
        }
        _ => return None,
    };
    Some(Line { seq: line["seq"].as_u64()?, socket: text("conn"), words })
}
