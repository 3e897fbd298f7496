//! Requests to other servers, as far as the operator has granted their hosts:
//! [`Profile::request_host`](crate::Profile::request_host) asks for them.
//!
//! ```no_run
//! use chinwag_sdk::{Bot, Message, Profile, Result, emitter, http};
//!
//! struct Weather;
//!
//! #[chinwag_sdk::bot]
//! impl Bot for Weather {
//!     fn describe() -> Result<Profile> {
//!         Ok(Profile::new().request_host("api.example.com").request_secret("weather"))
//!     }
//!
//!     fn on_message(message: Message) -> Result {
//!         let answer = http::post("https://api.example.com/forecast")
//!             .header("authorization", "Bearer {{secret:weather}}")
//!             .json(&chinwag_sdk::json!({ "place": message.text }))
//!             .send()?;
//!         emitter::send(answer.text()?)?;
//!         Ok(())
//!     }
//! }
//! ```
//!
//! A request waits for its answer, and the turn's clock runs meanwhile. Redirects are not followed: the answer is the
//! redirect. How many requests a turn may make, how many bytes they may have, and how long each may be silent, are limits of
//! the bot (64 requests, 16 MiB, 30 s).

use std::io::{self, Read};

use serde::{Serialize, de::DeserializeOwned};
use wasip2::{
    http::{
        outgoing_handler::handle,
        types::{
            ErrorCode, Fields, IncomingBody, IncomingResponse, Method, OutgoingBody,
            OutgoingRequest, Scheme,
        },
    },
    io::streams::{InputStream, OutputStream, StreamError},
};

use crate::{Error, Result};

/// Bytes that are read or written at once; the host takes 64 KiB.
const CHUNK: usize = 32 << 10;

/// A request that is being put together; [`send`](Self::send) makes it.
#[derive(Clone, Debug)]
#[must_use = "it is not made until it is sent"]
pub struct Request {
    method: String,
    url: String,
    headers: Vec<(String, Vec<u8>)>,
    body: std::result::Result<Vec<u8>, String>,
}

/// The head of an answer, and a body that is read as it comes.
#[derive(Debug)]
pub struct Response {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
    // Dropped in this order: what belongs to another goes first.
    stream: InputStream,
    _body: IncomingBody,
    _response: IncomingResponse,
}

/// A request that reads: `GET`.
pub fn get(url: impl Into<String>) -> Request {
    Request::new("GET", url)
}

/// A request that brings something: `POST`.
pub fn post(url: impl Into<String>) -> Request {
    Request::new("POST", url)
}

impl Request {
    /// A request of any method, for example `PUT`, to `https://HOST[:PORT]/PATH?QUERY` (or `http://`).
    pub fn new(method: impl Into<String>, url: impl Into<String>) -> Self {
        Self { method: method.into(), url: url.into(), headers: Vec::new(), body: Ok(Vec::new()) }
    }

    /// Adds a header. `{{secret:NAME}}` in its value stands for a secret of the operator, which the host puts in.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Ok(body.into());
        self
    }

    /// Sets the body to a value as JSON, and its type. Sending fails if the value is none in JSON, such as a map whose keys
    /// are no texts.
    pub fn json(mut self, value: &impl Serialize) -> Self {
        self.body = serde_json::to_vec(value).map_err(|error| error.to_string());
        self.header("content-type", "application/json")
    }

    /// Makes the request, and waits for the head of the answer, whatever its status.
    ///
    /// # Errors
    /// The URL or a header is malformed; the host is not granted (`http-request-denied`), or its addresses are inside
    /// (`destination-ip-prohibited`); the server does not answer, or not in time. [`Error::code`] tells them apart.
    pub fn send(self) -> Result<Response> {
        let body = self.body.map_err(Error::new)?;
        let request = OutgoingRequest::new(fields(&self.headers)?);
        let malformed = |what: &str| Error::new(format!("the request's {what} is malformed"));
        let target = Target::of(&self.url).ok_or_else(|| malformed("address"))?;
        let method = method(&self.method);
        request.set_method(&method).map_err(|()| malformed("method"))?;
        request.set_scheme(Some(&target.scheme)).map_err(|()| malformed("scheme"))?;
        request.set_authority(Some(target.authority)).map_err(|()| malformed("host"))?;
        request.set_path_with_query(Some(&target.path)).map_err(|()| malformed("path"))?;
        let outgoing = request.body().map_err(|()| malformed("body"))?;
        let answer = handle(request, None).map_err(failed)?;
        write(outgoing, &body)?;
        answer.subscribe().block();
        let response = answer.get().ok_or_else(nothing)?.map_err(|()| nothing())?;
        Response::new(response.map_err(failed)?)
    }
}

impl Response {
    fn new(response: IncomingResponse) -> Result<Self> {
        let body = response.consume().map_err(|()| nothing())?;
        Ok(Self {
            status: response.status(),
            headers: response.headers().entries(),
            stream: body.stream().map_err(|()| nothing())?,
            _body: body,
            _response: response,
        })
    }

    /// The status, for example 200.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The first header of this name, if there is one and it is text. Case does not matter.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name));
        found.and_then(|(_, value)| std::str::from_utf8(value).ok())
    }

    /// The whole body.
    ///
    /// # Errors
    /// It breaks off, pauses for too long, or is larger than the bot may read.
    pub fn bytes(mut self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// The whole body as text; what is no UTF-8 in it is replaced.
    ///
    /// # Errors
    /// As [`bytes`](Self::bytes).
    pub fn text(self) -> Result<String> {
        Ok(String::from_utf8_lossy(&self.bytes()?).into_owned())
    }

    /// The whole body as a value.
    ///
    /// # Errors
    /// As [`bytes`](Self::bytes), and if it is not the JSON of such a value.
    pub fn json<T: DeserializeOwned>(self) -> Result<T> {
        Ok(serde_json::from_slice(&self.bytes()?)?)
    }
}

/// Reads the body as it comes, for streams: `BufReader::new(response).lines()`.
impl Read for Response {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match self.stream.blocking_read(buffer.len().min(CHUNK) as u64) {
                // The host may wake us for nothing.
                Ok(bytes) if bytes.is_empty() => {}
                Ok(bytes) => {
                    let (start, _) = buffer.split_at_mut(bytes.len().min(buffer.len()));
                    start.copy_from_slice(&bytes);
                    return Ok(bytes.len());
                }
                Err(StreamError::Closed) => return Ok(0),
                Err(StreamError::LastOperationFailed(error)) => {
                    let text = format!("the answer broke off: {}", error.to_debug_string());
                    return Err(io::Error::other(text));
                }
            }
        }
    }
}

/// Where a request goes.
struct Target<'a> {
    scheme: Scheme,
    authority: &'a str,
    path: String,
}

impl<'a> Target<'a> {
    fn of(url: &'a str) -> Option<Self> {
        let url = url.split('#').next()?;
        let (scheme, rest) = url.split_once("://")?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "https" => Scheme::Https,
            "http" => Scheme::Http,
            _ => return None,
        };
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        (!authority.is_empty()).then_some(Self { scheme, authority, path })
    }
}

fn fields(headers: &[(String, Vec<u8>)]) -> Result<Fields> {
    Fields::from_list(headers).map_err(|error| Error::new(format!("a header is refused: {error}")))
}

fn method(name: &str) -> Method {
    match name {
        "GET" => Method::Get,
        "HEAD" => Method::Head,
        "POST" => Method::Post,
        "PUT" => Method::Put,
        "DELETE" => Method::Delete,
        "PATCH" => Method::Patch,
        "OPTIONS" => Method::Options,
        other => Method::Other(other.to_owned()),
    }
}

fn write(outgoing: OutgoingBody, body: &[u8]) -> Result {
    if !body.is_empty() {
        let stream = outgoing.write().map_err(|()| Error::new("the body cannot be written"))?;
        body.chunks(CHUNK).try_for_each(|chunk| write_chunk(&stream, chunk))?;
    }
    OutgoingBody::finish(outgoing, None).map_err(failed)
}

fn write_chunk(stream: &OutputStream, mut chunk: &[u8]) -> Result {
    while !chunk.is_empty() {
        stream.subscribe().block();
        let broken = |_| Error::new("the server does not take the request's body");
        let room = usize::try_from(stream.check_write().map_err(broken)?).unwrap_or(CHUNK);
        let (now, later) = chunk.split_at(room.min(chunk.len()));
        stream.write(now).map_err(broken)?;
        chunk = later;
    }
    stream.flush().map_err(|_| Error::new("the server does not take the request's body"))
}

fn nothing() -> Error {
    Error::new("the server gave no answer")
}

/// The host's reason, with its name as the code: `destination-ip-prohibited`.
fn failed(error: ErrorCode) -> Error {
    let text = format!("{error:?}");
    // `ErrorCode::HttpRequestDenied`, or with details in brackets.
    let name = text.trim_start_matches("ErrorCode::").split('(').next().unwrap_or_default();
    let mut code = String::new();
    for c in name.trim().chars() {
        if c.is_ascii_uppercase() && !code.is_empty() {
            code.push('-');
        }
        code.push(c.to_ascii_lowercase());
    }
    let message = match &error {
        ErrorCode::HttpRequestDenied => {
            "the request is refused: its host or a secret in it is not granted, or it is one too many; the bot's log tells \
             which"
                .to_owned()
        }
        ErrorCode::DestinationIpProhibited => {
            "the request is refused: the host's addresses are inside, and not granted".to_owned()
        }
        ErrorCode::InternalError(Some(text)) => format!("the request failed: {text}"),
        _ => format!("the request failed: {}", code.replace('-', " ")),
    };
    Error::with_code(code, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart() {
        let parts = |url| Target::of(url).map(|it| (it.authority, it.path));
        let parted = |url| parts(url).unwrap();
        assert_eq!(parted("https://a.example"), ("a.example", "/".to_owned()));
        assert_eq!(parted("http://a.example:80/b?c=d#e"), ("a.example:80", "/b?c=d".to_owned()));
        assert_eq!(parted("HTTPS://a.example?c"), ("a.example", "/?c".to_owned()));
        for url in ["", "a.example/b", "ftp://a.example/", "https:///b", "https://"] {
            assert!(parts(url).is_none(), "{url}");
        }
    }

    #[test]
    fn a_failure_has_the_hosts_name_for_it_as_its_code() {
        let error = failed(ErrorCode::DestinationIpProhibited);
        assert_eq!(error.code(), Some("destination-ip-prohibited"));
        let error = failed(ErrorCode::InternalError(Some("no route".to_owned())));
        assert_eq!(
            (error.code(), error.to_string().as_str()),
            (Some("internal-error"), "the request failed: no route")
        );
    }
}
