//! `GET /project/file/{id}`: an element's content. Bots write it, so no browser may run it as a page of this server.

use axum::{
    body::Body,
    extract::{Path, Query, rejection::QueryRejection},
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY,
            CONTENT_TYPE,
        },
    },
    response::{IntoResponse, Response},
};
use mime_guess::{Mime, mime::APPLICATION_OCTET_STREAM};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use crate::{
    domain::{ElementId, SessionId},
    session::StoredFile,
};

use super::{HttpError, Shared};

#[derive(Deserialize)]
pub(super) struct Reader {
    session_id: String,
}

pub(super) async fn get(
    state: Shared,
    Path(id): Path<String>,
    reader: Result<Query<Reader>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(Reader { session_id }) = reader?;
    let session = session_id.parse::<SessionId>().ok().and_then(|id| state.sessions.get(id));
    let session =
        session.ok_or_else(|| HttpError::new(StatusCode::UNAUTHORIZED, "Unauthorized"))?;
    let missing = || HttpError::not_found("File not found");
    let id: ElementId = id.parse().map_err(|_| missing())?;
    let file = session.file(id).await.ok_or_else(missing)?;
    Ok(respond(file))
}

fn respond(file: StoredFile) -> Response {
    // Of a list of types browsers may believe the last one: what is not exactly one type is none.
    let mime: Option<Mime> = file.mime.parse().ok().filter(|_| !file.mime.contains(','));
    let mime = mime.unwrap_or(APPLICATION_OCTET_STREAM);
    let is_inline = is_inert(mime.as_ref());
    let kind = HeaderValue::try_from(mime.as_ref()).expect("a MIME type is a header value");
    let headers: [(HeaderName, HeaderValue); 4] = [
        (CONTENT_TYPE, kind),
        (CONTENT_LENGTH, file.size.into()),
        (CONTENT_DISPOSITION, disposition(&file.name, is_inline)),
        // A changed element gets a new address.
        (CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600, immutable")),
    ];
    let mut response = (headers, Body::from_stream(file.body)).into_response();
    if !is_inline {
        let sandbox = HeaderValue::from_static("default-src 'none'; sandbox");
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, sandbox);
    }
    response
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
            let body = futures_util::StreamExt::boxed(futures_util::stream::empty());
            let file = StoredFile { mime: mime.into(), name: "a".into(), size: 0, body };
            let response = respond(file);
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
