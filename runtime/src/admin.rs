//! The routes under `/api` by which an operator deploys and watches bots, and the probes. It owns HTTP, not bots: every
//! decision is made in [`crate::bots`].

mod auth;
mod counters;
mod health;
mod logs;
mod openapi;
mod problem;
mod routes;
mod samples;
mod stats;
mod token;
mod upload;
mod view;

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, OriginalUri},
    middleware,
    routing::{MethodRouter, get, post, put},
};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio_util::sync::CancellationToken;

pub use health::{Readiness, probes};
pub use problem::{Problem, panic_layer};
pub use token::{AdminToken, TokenError};

pub use stats::Facts;

use crate::{bots::Bots, session::Sessions};

/// Bytes of a request that is not an upload.
const BODY_MAX: usize = 16 << 10;

/// How the routes behave.
#[derive(Clone, Debug)]
pub struct AdminSettings {
    /// How long an upload may go without a byte.
    pub upload_timeout: Duration,
    /// Ends followed logs when the server shuts down.
    pub shutdown: CancellationToken,
    /// Where counters are read from.
    pub metrics: PrometheusHandle,
    /// What does not change while the server runs.
    pub facts: Facts,
}

/// What the routes share.
#[derive(Clone, Debug)]
struct Api {
    bots: Bots,
    sessions: Sessions,
    settings: AdminSettings,
}

/// The routes under `/api`, for whoever holds the token. Paths that are not routes answer a problem too.
pub fn router(
    bots: Bots,
    sessions: Sessions,
    token: AdminToken,
    settings: AdminSettings,
) -> Router {
    let api = table().into_iter().fold(Router::new(), |api, (path, route)| api.route(path, route));
    let api = api
        .fallback(async |OriginalUri(uri): OriginalUri| Problem::no_route(uri.path()))
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .layer(DefaultBodyLimit::max(BODY_MAX))
        // Before anything is looked up: who holds no token learns nothing, not even which bots there are.
        .layer(middleware::from_fn_with_state(token, auth::authenticate))
        .with_state(Api { bots, sessions, settings });
    Router::new().nest("/api", api)
}

/// What is below `/api`. `openapi.json` describes each of it.
fn table() -> [(&'static str, MethodRouter<Api>); 10] {
    [
        ("/openapi.json", get(openapi::description)),
        ("/bots", get(routes::list)),
        ("/bots/{name}", get(routes::one).put(upload::put).delete(routes::remove)),
        ("/bots/{name}/activate", post(routes::activate)),
        ("/bots/{name}/rollback", post(routes::rollback)),
        ("/bots/{name}/limits", put(routes::limits)),
        ("/bots/{name}/grants", put(routes::grants)),
        ("/bots/{name}/logs", get(logs::logs)),
        ("/stats", get(stats::stats)),
        ("/sessions", get(stats::sessions)),
    ]
}

#[cfg(test)]
mod tests;
