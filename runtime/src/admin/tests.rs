//! Stories of the routes that need no bot; those with bots are told end to end.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Request, StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use futures_util::{StreamExt, stream};
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

use super::*;
use crate::{
    bots::DeployError,
    files::{Files, FilesSettings},
    session::SessionSettings,
};

const TOKEN: &str = "secret";

pub(super) struct Server {
    router: Router,
    data: Arc<TempDir>,
}

pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
}

impl Server {
    pub(super) async fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let bots = Bots::sample(data.path()).await;
        let threads = tokio::runtime::Handle::current();
        let files = FilesSettings { dir: data.path().join("files"), url: None, is_durable: false };
        let files = Files::open(files).await.unwrap();
        let sessions = Sessions::new(bots.clone(), None, files, SessionSettings::small(), threads);
        let settings = AdminSettings {
            upload_timeout: Duration::from_millis(20),
            shutdown: CancellationToken::new(),
            metrics: PrometheusBuilder::new().build_recorder().handle(),
            facts: Facts {
                version: "0.0.0",
                started_at: jiff::Timestamp::UNIX_EPOCH,
                store: "off",
                sign_in: false,
                turns_max: 1,
            },
        };
        let token = TOKEN.to_owned().try_into().unwrap();
        Self { router: router(bots, sessions, token, settings), data: Arc::new(data) }
    }

    /// Asks as somebody who holds the token.
    pub(super) async fn ask(&self, method: &str, path: &str, body: impl Into<Body>) -> Reply {
        let bearer = format!("Bearer {TOKEN}");
        let request = Request::builder().method(method).uri(path);
        self.send(request.header(header::AUTHORIZATION, bearer).body(body.into()).unwrap()).await
    }

    async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        let body = serde_json::from_slice(&body).unwrap_or_default();
        Reply { status: parts.status, headers: parts.headers, body }
    }

    /// Names of files and folders that an upload left behind.
    fn leftovers(&self) -> Vec<String> {
        fn walk(dir: &std::path::Path, found: &mut Vec<String>) {
            for entry in std::fs::read_dir(dir).unwrap().map(Result::unwrap) {
                match entry.path().is_dir() {
                    true => walk(&entry.path(), found),
                    false => found.push(entry.file_name().to_string_lossy().into()),
                }
            }
        }
        let mut found = Vec::new();
        walk(self.data.path(), &mut found);
        found.retain(|name| name != "artifact-key");
        found
    }
}

impl Reply {
    fn code(&self) -> &str {
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(self.body["status"], self.status.as_u16());
        self.body["code"].as_str().unwrap()
    }
}

#[tokio::test]
async fn nobody_without_the_token_learns_or_changes_anything() {
    let server = Server::start().await;
    for (authorization, code) in [
        (None, "no-token"),
        (Some(TOKEN), "no-token"),
        (Some("Basic secret"), "no-token"),
        (Some("Bearer "), "wrong-token"),
        (Some("Bearer secre"), "wrong-token"),
        (Some("Bearer secret2"), "wrong-token"),
    ] {
        for (method, path) in [
            ("GET", "/api/bots"),
            ("PUT", "/api/bots/echo?token=secret&access_token=secret"),
            ("DELETE", "/api/bots/echo"),
            ("GET", "/api/anything"),
        ] {
            let request = Request::builder().method(method).uri(path);
            let request = match authorization {
                Some(text) => request.header(header::AUTHORIZATION, text),
                None => request,
            };
            let reply = server.send(request.body(Body::from("body")).unwrap()).await;
            assert_eq!((reply.status, reply.code()), (StatusCode::UNAUTHORIZED, code));
            assert_eq!(reply.headers[header::WWW_AUTHENTICATE], "Bearer realm=\"chinwag\"");
        }
    }
}

#[tokio::test]
async fn whoever_holds_the_token_is_let_in() {
    let server = Server::start().await;
    let reply = server.ask("GET", "/api/bots", "").await;
    assert_eq!((reply.status, reply.body), (StatusCode::OK, Value::Array(Vec::new())));
    let request = Request::get("/api/bots").header(header::AUTHORIZATION, "bearer secret");
    assert_eq!(server.send(request.body(Body::empty()).unwrap()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_refusal_has_a_status_and_a_stable_code() {
    let server = Server::start().await;
    let mut refusals = Vec::new();
    for (method, path, body) in [
        ("GET", "/api", ""),
        ("GET", "/api/models", ""),
        ("POST", "/api/bots", ""),
        ("PATCH", "/api/bots/echo", ""),
        ("GET", "/api/bots/echo", ""),
        ("GET", "/api/bots/Echo", ""),
        ("GET", "/api/bots/..%2F..%2Fetc", ""),
        ("GET", "/api/bots/%ff", ""),
        ("GET", "/api/bots/echo/logs", ""),
        ("GET", "/api/bots/echo/logs?follow=maybe", ""),
        ("DELETE", "/api/bots/echo", ""),
        ("POST", "/api/bots/echo/rollback", ""),
        ("POST", "/api/bots/echo/activate", r#"{"version":1}"#),
        ("POST", "/api/bots/echo/activate", "version=1"),
        ("POST", "/api/bots/echo/activate", r#"{"version":-1}"#),
        ("POST", "/api/bots/echo/activate", r#"{"version":1.0}"#),
        ("POST", "/api/bots/echo/activate", r#"{"version":1.5}"#),
        ("POST", "/api/bots/echo/activate", "[1]"),
        ("PUT", "/api/bots/echo/grants", "[]"),
        ("PUT", "/api/bots/echo/limits", "[]"),
        ("PUT", "/api/bots/echo?activate=maybe", "body"),
        ("PUT", "/api/bots/echo?acitvate=false", "body"),
        ("PUT", "/api/bots/-echo", "body"),
    ] {
        let reply = server.ask(method, path, body).await;
        refusals.push(format!("{method} {path}: {} {}", reply.status.as_u16(), reply.code()));
    }
    insta::assert_snapshot!(refusals.join("\n"), @r"
    GET /api: 404 unknown-route
    GET /api/models: 404 unknown-route
    POST /api/bots: 405 method-not-allowed
    PATCH /api/bots/echo: 405 method-not-allowed
    GET /api/bots/echo: 404 unknown-bot
    GET /api/bots/Echo: 400 bad-bot-name
    GET /api/bots/..%2F..%2Fetc: 400 bad-bot-name
    GET /api/bots/%ff: 400 bad-bot-name
    GET /api/bots/echo/logs: 404 unknown-bot
    GET /api/bots/echo/logs?follow=maybe: 400 bad-query
    DELETE /api/bots/echo: 404 unknown-bot
    POST /api/bots/echo/rollback: 404 unknown-bot
    POST /api/bots/echo/activate: 404 unknown-bot
    POST /api/bots/echo/activate: 400 bad-body
    POST /api/bots/echo/activate: 400 bad-body
    POST /api/bots/echo/activate: 404 unknown-bot
    POST /api/bots/echo/activate: 400 bad-body
    POST /api/bots/echo/activate: 400 bad-body
    PUT /api/bots/echo/grants: 400 bad-body
    PUT /api/bots/echo/limits: 400 bad-body
    PUT /api/bots/echo?activate=maybe: 400 bad-query
    PUT /api/bots/echo?acitvate=false: 400 bad-query
    PUT /api/bots/-echo: 400 bad-bot-name
    ");
    assert_eq!(server.leftovers(), [""; 0]);
}

#[tokio::test]
async fn an_upload_that_is_too_large_stalls_or_breaks_off_leaves_nothing_behind() {
    let server = Server::start().await;
    let reply = server.ask("PUT", "/api/bots/echo", vec![0; 5_000]).await;
    assert_eq!((reply.status, reply.code()), (StatusCode::PAYLOAD_TOO_LARGE, "upload-too-large"));

    let begin = || stream::iter([Ok::<_, std::io::Error>(Bytes::from("begin"))]);
    let stalled = Body::from_stream(begin().chain(stream::pending()));
    let reply = server.ask("PUT", "/api/bots/echo", stalled).await;
    assert_eq!((reply.status, reply.code()), (StatusCode::REQUEST_TIMEOUT, "upload-stalled"));

    let end = stream::iter([Err(std::io::Error::other("gone"))]);
    let reply = server.ask("PUT", "/api/bots/echo", Body::from_stream(begin().chain(end))).await;
    assert_eq!((reply.status, reply.code()), (StatusCode::BAD_REQUEST, "upload-cut"));

    assert_eq!(server.leftovers(), [""; 0]);
}

#[tokio::test]
async fn a_method_that_a_path_does_not_know_is_answered_with_those_it_knows() {
    let server = Server::start().await;
    let reply = server.ask("POST", "/api/bots/echo", "").await;
    assert_eq!(reply.code(), "method-not-allowed");
    let allowed = reply.headers[header::ALLOW].to_str().unwrap();
    assert!(allowed.contains("PUT") && allowed.contains("DELETE"), "{allowed}");
}

#[tokio::test]
async fn a_problem_looks_like_this() {
    let reply = async |problem: Problem| {
        let body = problem.into_response().into_body();
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    };
    let unknown = DeployError::UnknownBot("echo".parse().unwrap());
    insta::assert_snapshot!(reply(unknown.into()).await, @r#"{"type":"about:blank","title":"Not Found","status":404,"detail":"there is no bot `echo`; `chinwag bots` lists what is deployed","code":"unknown-bot"}"#);
    let internal = DeployError::Io(std::io::Error::other("/secret/path: disk full"));
    insta::assert_snapshot!(reply(internal.into()).await, @r#"{"type":"about:blank","title":"Internal Server Error","status":500,"detail":"the server failed to do this, which is its own fault; its log says more","code":"internal"}"#);
}

#[tokio::test]
async fn a_panic_is_answered_with_a_problem() {
    let server = Router::new()
        .route("/", get(async || -> &'static str { panic!("a secret") }))
        .layer(panic_layer());
    let response = server.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["code"], "internal");
    assert!(!body.to_string().contains("a secret"));
}

#[tokio::test]
async fn a_server_is_ready_when_it_says_so() {
    let readiness = Readiness::default();
    let recorder = PrometheusBuilder::new().build_recorder();
    metrics::with_local_recorder(&recorder, || metrics::counter!("chinwag_x_total").increment(1));
    let server = probes(recorder.handle(), readiness.clone());
    let status = async |path: &str| {
        let request = Request::get(path).body(Body::empty()).unwrap();
        server.clone().oneshot(request).await.unwrap().status()
    };
    assert_eq!(status("/healthz").await, StatusCode::OK);
    assert_eq!(status("/metrics").await, StatusCode::OK);
    assert_eq!(status("/readyz").await, StatusCode::SERVICE_UNAVAILABLE);
    readiness.set(true);
    assert_eq!(status("/readyz").await, StatusCode::OK);
    readiness.set(false);
    assert_eq!(status("/readyz").await, StatusCode::SERVICE_UNAVAILABLE);
}
