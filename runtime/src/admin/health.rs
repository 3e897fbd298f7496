//! What machines ask: is the process alive, should it get traffic, what does it count.
//!
//! These routes need no token, as is the custom: `/metrics` names bots and counts, never what anybody wrote. The server
//! listens on loopback by default; a proxy that opens it to the world keeps these paths to itself.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use metrics_exporter_prometheus::PrometheusHandle;

use super::Problem;

/// The content type of Prometheus' text format.
const EXPOSITION: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Whether the server wants traffic. Cheap to clone; not ready at first.
#[derive(Clone, Debug, Default)]
pub struct Readiness(Arc<AtomicBool>);

impl Readiness {
    /// From now on the server wants traffic, or wants it no more (it shuts down).
    pub fn set(&self, ready: bool) {
        self.0.store(ready, Ordering::Relaxed);
    }

    /// Whether the server wants traffic.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The routes `/healthz` (200 while the process serves at all), `/readyz` (200, or 503 while it shuts down) and `/metrics`
/// (Prometheus' text format). The server listens when its bots are loaded, so until then none of them answers.
pub fn probes(metrics: PrometheusHandle, readiness: Readiness) -> Router {
    let probes = table(metrics, readiness).into_iter();
    probes.fold(Router::new(), |router, (path, route)| router.route(path, route))
}

/// The probes by their paths. `openapi.json` describes each.
pub(super) fn table(
    metrics: PrometheusHandle,
    readiness: Readiness,
) -> [(&'static str, MethodRouter); 3] {
    [
        ("/healthz", get(async || "ok")),
        ("/readyz", get(ready).with_state(readiness)),
        ("/metrics", get(exposition).with_state(metrics)),
    ]
}

async fn ready(State(readiness): State<Readiness>) -> Response {
    if readiness.is_ready() {
        return "ready".into_response();
    }
    let detail = "the server is shutting down";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not-ready", detail).into_response()
}

async fn exposition(State(metrics): State<PrometheusHandle>) -> Response {
    ([(header::CONTENT_TYPE, EXPOSITION)], metrics.render()).into_response()
}
