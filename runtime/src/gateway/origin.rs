//! Which pages may use the server: those that it serves itself, and those of the configured origins.
//!
//! Programs that are no browsers send no origin and are not held back by this.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode, Uri,
        header::{HOST, ORIGIN},
        request::Parts,
    },
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};
use tracing::info;

use super::http::HttpError;

/// The origins of other pages that may use the server.
#[derive(Clone, Debug)]
pub(super) struct Origins(Arc<[String]>);

impl Origins {
    /// `*` stands for all.
    pub(super) fn new(origins: Vec<String>) -> Self {
        Self(origins.into_iter().map(|origin| origin.trim_end_matches('/').to_owned()).collect())
    }

    fn allow(&self, origin: &HeaderValue) -> bool {
        let same = |allowed: &String| {
            allowed == "*" || allowed.as_bytes().eq_ignore_ascii_case(origin.as_bytes())
        };
        self.0.iter().any(same)
    }

    /// What lets the pages of other origins read answers, as Chainlit does: the origin is mirrored, with credentials.
    pub(super) fn cors(&self) -> CorsLayer {
        let origins = self.clone();
        let methods = [
            Method::DELETE,
            Method::GET,
            Method::HEAD,
            Method::OPTIONS,
            Method::PATCH,
            Method::POST,
            Method::PUT,
        ];
        CorsLayer::new()
            .allow_origin(AllowOrigin::predicate(move |origin, _: &Parts| origins.allow(origin)))
            .allow_credentials(true)
            .allow_methods(methods)
            .allow_headers(AllowHeaders::mirror_request())
            .max_age(Duration::from_secs(600))
    }
}

/// Refuses requests that a foreign page makes in a visitor's browser. A websocket is not held back by CORS.
pub(super) async fn check(
    State(origins): State<Origins>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    match headers.get(ORIGIN) {
        Some(origin) if !is_own(origin, host(headers, request.uri())) && !origins.allow(origin) => {
            info!(?origin, "a page of a foreign origin was refused");
            let detail = "this origin may not use the server: add it to the allowed origins";
            HttpError::new(StatusCode::FORBIDDEN, detail).into_response()
        }
        _ => next.run(request).await,
    }
}

fn host<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    let header = headers.get(HOST).and_then(|host| host.to_str().ok());
    header.or_else(|| uri.authority().map(|authority| authority.as_str()))
}

/// Whether the page came from this server. Its scheme does not count: TLS may end before us.
fn is_own(origin: &HeaderValue, host: Option<&str>) -> bool {
    let authority = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    let (Some((_, authority)), Some(host)) = (authority, host) else { return false };
    authority.eq_ignore_ascii_case(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_and_configured_origins_are_allowed() {
        let origin = HeaderValue::from_static;
        assert!(is_own(&origin("http://127.0.0.1:8000"), Some("127.0.0.1:8000")));
        assert!(is_own(&origin("https://chat.example.com"), Some("chat.example.com")));
        for foreign in [
            "http://127.0.0.1:9000",
            "http://evil.example",
            "null",
            "",
            "http://chat.example.com.evil",
        ] {
            assert!(!is_own(&origin(foreign), Some("chat.example.com")), "{foreign}");
            assert!(!is_own(&origin(foreign), None), "{foreign}");
        }
        let origins = Origins::new(vec!["https://app.example/".into()]);
        assert!(origins.allow(&origin("https://app.example")));
        assert!(!origins.allow(&origin("http://app.example")));
        assert!(Origins::new(vec!["*".into()]).allow(&origin("http://any.example")));
        assert!(!Origins::new(Vec::new()).allow(&origin("null")));
    }
}
