//! `GET /project/file/{id}`: what a bot showed or a user uploaded. Others wrote it, so no browser may run it as a page of
//! this server.

use std::ops::Range;

use axum::{
    body::Body,
    extract::{Path, Query, rejection::QueryRejection},
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{
            ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
            CONTENT_SECURITY_POLICY, CONTENT_TYPE,
        },
    },
    response::{IntoResponse, Response},
};
use mime_guess::{Mime, mime::APPLICATION_OCTET_STREAM};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use crate::domain::{Element, ElementContent, ElementId, FileInfo, ThreadId};

use super::{
    CurrentUser, HttpError, Shared, State,
    range::{self, Part},
};

#[derive(Deserialize)]
pub(super) struct Reader {
    /// A session that shows the file.
    session_id: Option<String>,
    /// The thread that the file belongs to, for whoever may read it.
    thread_id: Option<String>,
}

pub(super) async fn get(
    state: Shared,
    user: Result<CurrentUser, HttpError>,
    Path(id): Path<String>,
    reader: Result<Query<Reader>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let Query(reader) = reader?;
    let id = id.parse::<ElementId>().ok();
    let (thread, shown) = match (reader.session_id, reader.thread_id) {
        (Some(session), _) => {
            let session = state.session(&session, user?.0.as_deref());
            let session = session.map_err(|_| HttpError::unauthorized())?;
            (session.thread_id(), id.and_then(|id| session.file_info(id)))
        }
        (None, Some(thread)) => {
            // What is shared, strangers may read too.
            let user = user.unwrap_or(CurrentUser(None));
            (state.readable_thread(&thread, &user).await?.id, None)
        }
        (None, None) => {
            return Err(HttpError::unprocessable("`session_id` or `thread_id` is missing"));
        }
    };
    let missing = || HttpError::not_found("File not found");
    let info = match shown {
        Some(info) => info,
        None => kept(&state, thread, id.ok_or_else(missing)?).await?.ok_or_else(missing)?,
    };
    let part = range::wanted(&headers, info.size);
    let range = match &part {
        Part::Whole => None,
        Part::Some(range) => Some(range.clone()),
        Part::None => return Ok(beyond(info.size)),
    };
    let body = state.kept.files.get(thread, info.id, range.clone()).await.map_err(|error| {
        tracing::warn!(%thread, file = %info.id, %error, "a file cannot be read");
        missing()
    })?;
    Ok(respond(&info, range, Body::from_stream(body)))
}

/// What is known of a file that no session shows.
async fn kept(
    state: &State,
    thread: ThreadId,
    id: ElementId,
) -> Result<Option<FileInfo>, HttpError> {
    let Some(db) = &state.kept.db else { return Ok(None) };
    // What was uploaded has the id of its element; what a bot showed has a key of its own.
    let uploaded = db.element(thread, id).await?.and_then(|element| file_of(&element, id));
    if uploaded.is_some() {
        return Ok(uploaded);
    }
    Ok(db.content(thread).await?.elements.iter().find_map(|element| file_of(element, id)))
}

/// The file of an element, if it is the one that is looked for.
fn file_of(element: &Element, id: ElementId) -> Option<FileInfo> {
    match element.content {
        ElementContent::Stored(key, size) if key == id => {
            let (name, mime) = (element.name.clone(), element.mime.clone());
            Some(FileInfo { id, name, mime, size })
        }
        ElementContent::Stored(..) | ElementContent::Url(_) | ElementContent::Nothing => None,
    }
}

fn respond(file: &FileInfo, range: Option<Range<u64>>, body: Body) -> Response {
    // Of a list of types browsers may believe the last one: what is not exactly one type is none.
    let mime: Option<Mime> = file.mime.parse().ok().filter(|_| !file.mime.contains(','));
    let mime = mime.unwrap_or(APPLICATION_OCTET_STREAM);
    let is_inline = is_inert(mime.as_ref());
    let kind = HeaderValue::try_from(mime.as_ref()).expect("a MIME type is a header value");
    let len = range.as_ref().map_or(file.size, |range| range.end - range.start);
    let headers: [(HeaderName, HeaderValue); 5] = [
        (CONTENT_TYPE, kind),
        (CONTENT_LENGTH, len.into()),
        (CONTENT_DISPOSITION, disposition(&file.name, is_inline)),
        (ACCEPT_RANGES, HeaderValue::from_static("bytes")),
        // A changed element gets a new address.
        (CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600, immutable")),
    ];
    let mut response = (headers, body).into_response();
    if let Some(range) = range {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let text = format!("bytes {}-{}/{}", range.start, range.end - 1, file.size);
        response.headers_mut().insert(CONTENT_RANGE, ascii(text));
    }
    if !is_inline {
        let sandbox = HeaderValue::from_static("default-src 'none'; sandbox");
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, sandbox);
    }
    response
}

/// The part that is asked for lies beyond the end.
fn beyond(size: u64) -> Response {
    let detail = HttpError::new(StatusCode::RANGE_NOT_SATISFIABLE, "Range Not Satisfiable");
    ([(CONTENT_RANGE, ascii(format!("bytes */{size}")))], detail).into_response()
}

fn ascii(text: String) -> HeaderValue {
    HeaderValue::try_from(text).expect("digits and signs are a header value")
}

/// Whether a browser that opens the type cannot be made to run a script by it.
fn is_inert(mime: &str) -> bool {
    let mime = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match mime.split_once('/') {
        Some(("image", kind)) => !kind.contains("xml"),
        Some(("audio" | "video", _)) => true,
        _ => matches!(mime.as_str(), "text/plain" | "application/json" | "application/pdf"),
    }
}

/// What may stand unencoded in a file name of RFC 5987.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

fn disposition(name: &str, is_inline: bool) -> HeaderValue {
    let way = if is_inline { "inline" } else { "attachment" };
    let text = format!("{way}; filename*=UTF-8''{}", utf8_percent_encode(name, NAME));
    HeaderValue::try_from(text).expect("percent-encoded text is ASCII without control characters")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_types_is_no_type() {
        for mime in ["image/png, text/html", "text/plain;x=y, text/html", "text/plain\r\nx: y"] {
            let id = ElementId::random();
            let file = FileInfo { id, mime: mime.into(), name: "a".into(), size: 0 };
            let response = respond(&file, None, Body::empty());
            assert_eq!(response.headers()[CONTENT_TYPE], "application/octet-stream");
            assert!(response.headers().contains_key(CONTENT_SECURITY_POLICY));
        }
    }

    #[test]
    fn what_could_run_a_script_is_downloaded() {
        for mime in [
            "text/html",
            "TEXT/HTML; charset=utf-8",
            "image/svg+xml",
            "application/xhtml+xml",
            "text/xml",
            "application/javascript",
            "",
            "nonsense",
        ] {
            assert!(!is_inert(mime), "{mime}");
        }
        for mime in ["image/png", "text/plain; charset=utf-8", "application/pdf", "video/mp4"] {
            assert!(is_inert(mime), "{mime}");
        }
    }

    #[test]
    fn a_hostile_file_name_is_only_a_name() {
        let header = disposition("a\"\r\nSet-Cookie: x=1; é.html", false);
        assert_eq!(
            header.to_str().unwrap(),
            "attachment; filename*=UTF-8''a%22%0D%0ASet-Cookie%3A%20x%3D1%3B%20%C3%A9.html"
        );
    }
}
