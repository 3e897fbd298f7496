//! Errors of the admin API as RFC 9457 problems. The `code` is stable; texts are for people and may change.

use std::{any::Any, borrow::Cow};

use axum::{
    extract::rejection::{BytesRejection, QueryRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    bots::{DeployError, Fault},
    domain::BotNameError,
    telemetry::chain,
};

/// What went wrong, as the answer to a request.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    code: Cow<'static, str>,
    detail: Cow<'static, str>,
}

#[derive(Serialize)]
struct Body<'a> {
    /// `about:blank`: the title says no more than the status, the code says which case it is.
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: &'a str,
    code: &'a str,
}

impl Problem {
    /// A problem with a stable, kebab-case code and a text for people.
    pub fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { status, code: code.into(), detail: detail.into() }
    }

    /// The request says nothing of who it is from.
    pub(super) fn no_token() -> Self {
        let detail = "this needs the admin token in the header `Authorization: Bearer TOKEN`; it is what the server was \
                      started with as `CHINWAG_ADMIN_TOKEN`, else it is in the file `admin-token` of its data folder";
        Self::new(StatusCode::UNAUTHORIZED, "no-token", detail)
    }

    /// The token is not ours.
    pub(super) fn wrong_token() -> Self {
        let detail = "this is not the admin token; it is what the server was started with as `CHINWAG_ADMIN_TOKEN`, else it \
                      is in the file `admin-token` of its data folder";
        Self::new(StatusCode::UNAUTHORIZED, "wrong-token", detail)
    }

    pub(super) fn no_route(path: &str) -> Self {
        // Cut: it is the client's text.
        let path: String = path.chars().take(80).collect();
        let detail = format!("there is nothing at `{path}`; the admin API begins at `/api/bots`");
        Self::new(StatusCode::NOT_FOUND, "unknown-route", detail)
    }

    pub(super) fn method_not_allowed() -> Self {
        let detail = "this path does not know the method; the header `Allow` lists those it knows";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail)
    }

    pub(super) fn cut() -> Self {
        let detail = "the upload ended before it was whole; nothing was stored, send it again";
        Self::new(StatusCode::BAD_REQUEST, "upload-cut", detail)
    }

    /// The problem as it is written: one line of JSON.
    pub(super) fn to_json(&self) -> String {
        let body = Body {
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Unknown"),
            status: self.status.as_u16(),
            detail: &self.detail,
            code: &self.code,
        };
        serde_json::to_string(&body).expect("texts and numbers serialise")
    }

    pub(super) fn internal() -> Self {
        let detail = "the server failed to do this, which is its own fault; its log says more";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = self.to_json();
        let json = HeaderValue::from_static("application/problem+json");
        let mut response = (self.status, [(header::CONTENT_TYPE, json)], body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self.status {
            StatusCode::UNAUTHORIZED => {
                let scheme = HeaderValue::from_static("Bearer realm=\"chinwag\"");
                headers.insert(header::WWW_AUTHENTICATE, scheme);
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        response
    }
}

impl From<DeployError> for Problem {
    fn from(error: DeployError) -> Self {
        let status = match error.fault() {
            Fault::NotFound => StatusCode::NOT_FOUND,
            Fault::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Fault::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Fault::Timeout => StatusCode::REQUEST_TIMEOUT,
            Fault::Conflict => StatusCode::CONFLICT,
            Fault::Disk => {
                tracing::error!(error = %chain(&error), "a deployment is not stored");
                let detail = "the server's disk is full or may only be read, so nothing is stored or changed; once there is \
                              room, do it again";
                return Self::new(StatusCode::INSUFFICIENT_STORAGE, "not-stored", detail);
            }
            Fault::Internal => {
                tracing::error!(code = error.code(), error = %chain(&error), "a deployment failed");
                return Self::internal();
            }
        };
        Self::new(status, error.code().to_owned(), error.to_string())
    }
}

impl From<BotNameError> for Problem {
    fn from(error: BotNameError) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-bot-name", error.to_string())
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-query", rejection.body_text())
    }
}

impl From<BytesRejection> for Problem {
    fn from(rejection: BytesRejection) -> Self {
        Self::new(rejection.status(), "bad-body", rejection.body_text())
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        let detail = format!("the body is not the JSON that is expected here: {error}");
        Self::new(StatusCode::BAD_REQUEST, "bad-body", detail)
    }
}

/// Answers a request whose handler panicked with a problem, and logs the panic.
#[must_use]
pub fn panic_layer() -> CatchPanicLayer<fn(Box<dyn Any + Send>) -> Response> {
    CatchPanicLayer::custom(panicked as fn(_) -> _)
}

#[expect(clippy::needless_pass_by_value, reason = "the layer hands the panic over")]
fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a text");
    tracing::error!(panic = text, "a handler panicked");
    Problem::internal().into_response()
}
