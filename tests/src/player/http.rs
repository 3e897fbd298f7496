//! The requests of a recording, and their answers.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::{Difference, Player};
use crate::{
    client,
    trace::{Answer, Request, bytes_in},
    visitor::Visitor,
};

const BOUNDARY: &str = "a-boundary";

/// What a form holds, which recordings do not tell.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// A file: its name, its type, its content.
    File(&'static str, &'static str, &'static [u8]),
    /// Name and password.
    Login(&'static str, &'static str),
    /// JSON after all.
    Json(&'static str),
}

impl Form {
    fn body(self) -> Vec<u8> {
        let part = |head: &str, content: &[u8]| {
            let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n");
            [head.as_bytes(), content, b"\r\n"].concat()
        };
        let parts = match self {
            Self::File(name, mime, content) => {
                let head = format!("name=\"file\"; filename=\"{name}\"\r\nContent-Type: {mime}");
                part(&head, content)
            }
            Self::Login(name, password) => [
                part("name=\"username\"", name.as_bytes()),
                part("name=\"password\"", password.as_bytes()),
            ]
            .concat(),
            Self::Json(text) => return text.into(),
        };
        [parts, format!("--{BOUNDARY}--\r\n").into_bytes()].concat()
    }
}

impl Player {
    pub(super) async fn ask(&mut self, seq: u64, request: Request) {
        let method = Method::from_bytes(request.method.as_bytes()).expect("a method");
        let path = self.ids.text(&request.path);
        let body = self.ids.translated(request.body);
        let form = self.forms.iter().find(|(line, _)| *line == seq).map(|(_, form)| *form);
        let mut headers: Vec<_> = request.headers.into_iter().collect();
        for (_, value) in &mut headers {
            *value = self.ids.text(value);
        }
        let is_with_token = headers.iter().any(|(name, _)| name == "Authorization");
        let fill = |mut builder: RequestBuilder| {
            for (name, value) in headers {
                builder = builder.header(name, value);
            }
            match (form, body) {
                (Some(form), _) => builder
                    .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"))
                    .body(form.body()),
                (None, Value::Null) => builder,
                (None, Value::String(text)) => {
                    assert!(!text.starts_with("<multipart"), "line {seq}: say what its form holds");
                    builder.header("content-type", "text/plain;charset=UTF-8").body(text)
                }
                (None, body) => builder.json(&body),
            }
        };
        // Who comes with a token needs no cookies.
        let mut other = Visitor::new(&self.server.url);
        let visitor = if is_with_token { &mut other } else { &mut self.visitor };
        self.answer = Some(visitor.send(method, &path, fill).await);
    }

    pub(super) fn compare_answer(&mut self, seq: u64, recorded: Answer) {
        let ours = self.answer.take().unwrap_or_else(|| panic!("line {seq}: nobody asked"));
        let differs = self.differences.iter().find_map(|it| match it {
            Difference::Answers(line, status, detail, _) if *line == seq => {
                Some((*status, *detail))
            }
            _ => None,
        });
        if let Some((status, detail)) = differs {
            let found = &ours.body["detail"];
            if ours.status != status || !(detail.is_empty() || found == detail) {
                self.found.push(format!("line {seq}: {} {}", ours.status, ours.body));
            }
            return;
        }
        let header = |name: &str| ours.headers.get(name).and_then(|it| it.to_str().ok());
        let mut theirs = json!({
            "status": recorded.status,
            "cors": recorded.cors,
            "location": recorded.location.map(|it| path_of(&it)),
        });
        let cors = theirs["cors"].as_object().into_iter().flatten();
        let cors = cors.map(|(name, _)| (name.clone(), json!(header(name))));
        let mut found = json!({
            "status": ours.status,
            "cors": serde_json::Map::from_iter(cors),
            "location": ours.location.as_ref().map(|it| path_of(it.as_str())),
        });
        if let Some(kind) = recorded.content_type {
            theirs["content_type"] = json!(essence(&kind));
            found["content_type"] = json!(essence(header("content-type").unwrap_or_default()));
        }
        if let Some(cookies) = recorded.cookies {
            for (ours, theirs) in ours.cookies.iter().zip(&cookies) {
                if let (Some(ours), Some(theirs)) = (token(ours), token(theirs)) {
                    self.ids.is_same(ours, theirs);
                }
            }
            theirs["cookies"] = cookies.iter().map(|it| attributes(it)).collect();
            found["cookies"] = ours.cookies.iter().map(|it| attributes(it)).collect();
        }
        if let Some(body) = recorded.body {
            let is_polled = packets(&body).is_some();
            found["body"] = match (bytes_in(&body), packets(&body)) {
                (Some(_), _) => client::bytes(&ours.bytes),
                (_, Some(_)) => packets(&ours.body).unwrap_or(ours.body),
                _ => ours.body,
            };
            theirs["body"] = packets(&body).unwrap_or(body);
            if let (Some(packets), Some(found)) =
                (theirs["body"].as_array_mut(), found["body"].as_array())
                && is_polled
            {
                // What is not there yet comes with the next poll.
                packets.truncate(found.len().max(1));
            }
        }
        self.compare(seq, found, theirs);
    }
}

/// Servers listen at different addresses.
fn path_of(address: &str) -> String {
    let path = reqwest::Url::parse(address).map(|url| match url.host_str() {
        Some("127.0.0.1") => [url.path(), url.query().unwrap_or_default()].join("?"),
        _ => address.to_owned(),
    });
    path.unwrap_or_else(|_| address.to_owned())
}

/// A content type without its parameters.
fn essence(kind: &str) -> &str {
    kind.split(';').next().unwrap_or(kind).trim()
}

/// A cookie's name and attributes: what it says, and when that ends, is the server's own.
fn attributes(cookie: &str) -> Value {
    let mut parts = cookie.split("; ");
    let name = parts.next().and_then(|it| it.split('=').next());
    let mut rest: Vec<_> = parts.filter(|it| !it.starts_with("expires=")).collect();
    rest.sort_unstable();
    json!([name, rest])
}

/// The token in a cookie that has one.
fn token(cookie: &str) -> Option<&str> {
    let token = cookie.strip_prefix("access_token=")?.split(';').next()?;
    (token.len() > 2).then_some(token)
}

/// The packets in an answer of the socket's path.
fn packets(body: &Value) -> Option<Value> {
    let packet = |text: &str| {
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let kind = &text[..text.len() - rest.len()];
        let json = serde_json::from_str::<Value>(rest).ok()?;
        (!kind.is_empty()).then(|| json!([kind, json]))
    };
    // The pings of the server come when they come.
    let texts = body.as_str()?.split('\u{1e}').filter(|text| *text != "2");
    texts.map(packet).collect::<Option<Vec<_>>>().filter(|all| !all.is_empty()).map(Value::Array)
}
