//! The pages that are part of this program: the chat and the operator's console. Their source is `runtime/ui`.

use std::borrow::Cow;

use axum::{
    body::Body,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
    },
    response::{Html, IntoResponse, Response},
};
use rust_embed::RustEmbed;

use super::fill;

/// What Vite made of the pages; empty if this program was built without them.
#[derive(RustEmbed)]
#[folder = "ui/dist"]
#[allow_missing = true]
struct Dist;

/// Where the pages' scripts, styles and fonts are.
pub(super) const ASSETS: &str = "/_chinwag/";

/// One of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    /// For users.
    Chat,
    /// For operators.
    Console,
}

impl Page {
    fn file(self) -> &'static str {
        match self {
            Self::Chat => "index.html",
            Self::Console => "console.html",
        }
    }

    /// What the page may load. Scripts are our own; the components of a site (`/public/elements`) are compiled in the page, which
    /// takes `unsafe-eval`. What bots show may lie anywhere.
    fn policy(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Chat => {
                "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; \
                 img-src * data: blob:; media-src * data: blob:; font-src 'self' data:; connect-src * data: blob:; \
                 frame-src *; object-src 'none'; worker-src 'self' blob:; base-uri 'none'; form-action 'self'"
            }
            Self::Console => {
                "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; \
                 object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
            }
        })
    }

    /// The page; none if this program was built without it.
    pub(super) fn html(self, name: &str) -> Option<Response> {
        let file = Dist::get(self.file())?;
        let html = fill(&String::from_utf8_lossy(&file.data), name);
        let headers = [
            (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (CONTENT_SECURITY_POLICY, self.policy()),
        ];
        Some((headers, Html(html)).into_response())
    }
}

/// A file that a page loads; none if there is no such file. `path` begins with a slash.
pub(super) fn file(path: &str, headers: &HeaderMap) -> Option<Response> {
    let name = path.trim_start_matches('/');
    let file = Dist::get(name).filter(|_| !name.is_empty() && !is_page(name))?;
    let hash = hex::encode(file.metadata.sha256_hash());
    let etag = HeaderValue::try_from(format!("\"{hash}\"")).ok()?;
    // The names of assets carry a hash of their content.
    let is_asset = path.starts_with(ASSETS);
    let cache = if is_asset { "public, max-age=31536000, immutable" } else { "no-cache" };
    let cache = HeaderValue::from_static(cache);
    if headers.get(IF_NONE_MATCH) == Some(&etag) {
        let headers = [(CACHE_CONTROL, cache), (ETAG, etag)];
        return Some((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let mime = mime_guess::from_path(name).first_or_octet_stream();
    let mime = HeaderValue::try_from(mime.essence_str()).ok()?;
    let body = match file.data {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    Some(([(CACHE_CONTROL, cache), (ETAG, etag), (CONTENT_TYPE, mime)], body).into_response())
}

/// Pages are served under their own addresses alone.
fn is_page(name: &str) -> bool {
    [Page::Chat, Page::Console].iter().any(|page| page.file() == name)
}
