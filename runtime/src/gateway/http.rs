//! Chainlit's HTTP routes. What this server does not do is answered as Chainlit answers when the feature is off.
//!
//! The page itself is served by `web`.

mod absent;
mod action;
mod asset;
mod auth;
mod element;
mod error;
mod feedback;
mod file;
mod range;
mod reach;
mod settings;
mod share;
#[cfg(test)]
mod tests;
mod thread;
mod threads;
mod translation;
mod upload;
mod user;

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use axum::{
    Extension, Json, Router,
    extract::{ConnectInfo, DefaultBodyLimit, rejection::JsonRejection},
    http::{HeaderName, StatusCode, header::SET_COOKIE},
    response::IntoResponse,
    routing::{get, post, put},
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    auth::Auth,
    bots::Bots,
    domain::{SessionId, UploadSettings},
    session::Sessions,
};

use super::Kept;

use self::user::{CurrentUser, Viewer};
pub(super) use self::{auth::token, error::HttpError};

/// The largest request body, in bytes.
const BODY: usize = 1_000_000;

/// What the routes work on.
pub(super) struct State {
    pub(super) sessions: Sessions,
    pub(super) bots: Bots,
    pub(super) kept: Kept,
    pub(super) uploads: UploadSettings,
    pub(super) sharing: bool,
    pub(super) ui: Option<PathBuf>,
    pub(super) public: Option<PathBuf>,
    pub(super) name: String,
    pub(super) auth: Auth,
}

type Shared = axum::extract::State<Arc<State>>;

/// Chainlit's routes.
pub(super) fn routes(state: State) -> Router {
    let public = asset::public(state.public.as_deref());
    Router::new()
        .route("/health", get(async || Json(json!({ "status": "ok" }))))
        .route("/set-session-cookie", post(set_session_cookie))
        .route("/project/settings", get(settings::get))
        .route("/project/translations", get(translation::get))
        .route("/project/action", post(action::post))
        .route("/project/file", post(upload::post).layer(DefaultBodyLimit::disable()))
        .route("/project/file/{id}", get(file::get))
        .merge(thread::routes())
        .route("/project/threads", post(threads::post))
        .route("/project/thread/share", put(share::put))
        .route("/project/share/{id}", get(share::get))
        .route("/project/element", put(element::put).delete(element::delete))
        .route("/feedback", put(feedback::put).delete(feedback::delete))
        .route("/avatars/{name}", get(asset::avatar))
        .route("/favicon", get(asset::favicon))
        .route("/logo", get(asset::logo))
        .nest_service("/public", public)
        .merge(auth::routes())
        .merge(absent::routes())
        .method_not_allowed_fallback(async || {
            HttpError::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
        })
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(Arc::new(state))
}

#[derive(Deserialize)]
struct SessionCookie {
    session_id: SessionId,
}

/// Lets a load balancer keep a client on one node. The server does not read the cookie.
async fn set_session_cookie(
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    body: Result<Json<SessionCookie>, JsonRejection>,
) -> Result<impl IntoResponse, HttpError> {
    let Json(SessionCookie { session_id }) = body?;
    let is_local =
        peer.is_none_or(|Extension(ConnectInfo(peer))| peer.ip().to_canonical().is_loopback());
    let reach = if is_local { "SameSite=lax" } else { "SameSite=None; Secure" };
    let cookie = format!("X-Chainlit-Session-id={session_id}; HttpOnly; Path=/; {reach}");
    let headers: [(HeaderName, String); 1] = [(SET_COOKIE, cookie)];
    Ok((headers, Json(json!({ "message": "Session cookie set" }))))
}
