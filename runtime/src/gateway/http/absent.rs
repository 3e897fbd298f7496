//! Routes of features that are off: sign-in, stored threads, feedback, uploads, MCP.

use std::sync::Arc;

use axum::{
    Json, Router,
    http::StatusCode,
    routing::{delete, get, post, put},
};
use serde_json::{Value, json};

use super::{HttpError, State};

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/login", post(no_password))
        .route("/logout", post(success))
        .route("/auth/header", post(async || off("No header_auth_callback defined")))
        .route("/auth/jwt", post(no_token))
        .route("/auth/oauth/{provider}", get(no_oauth))
        .route("/auth/oauth/{provider}/callback", get(no_oauth).post(no_oauth))
        .route("/project/threads", post(no_threads))
        .route("/project/thread", put(no_threads).delete(no_threads))
        .route("/project/thread/share", put(no_threads))
        .route("/project/thread/{id}", get(no_threads))
        .route("/project/thread/{id}/element/{element}", get(no_threads))
        .route("/project/share/{id}", get(no_shared_thread))
        .route("/feedback", put(no_threads).delete(no_threads))
        .route("/project/element", put(no_custom_element).delete(no_custom_element))
        .route("/project/file", post(async || off("File upload is not enabled")))
        .route("/mcp", post(no_mcp).merge(delete(no_mcp)))
}

fn off(detail: &str) -> HttpError {
    HttpError::new(StatusCode::BAD_REQUEST, detail)
}

async fn success() -> Json<Value> {
    Json(json!({ "success": true }))
}

async fn no_password() -> HttpError {
    off("No auth_callback defined")
}

async fn no_token() -> HttpError {
    HttpError::new(StatusCode::UNAUTHORIZED, "Invalid token")
}

async fn no_oauth() -> HttpError {
    off("No oauth_callback defined")
}

async fn no_threads() -> HttpError {
    off("Data persistence is not enabled")
}

async fn no_shared_thread() -> HttpError {
    HttpError::not_found("Thread not found")
}

/// Only custom elements can be changed by a page, and there are none.
async fn no_custom_element() -> Json<Value> {
    Json(json!({ "success": false }))
}

async fn no_mcp() -> HttpError {
    off("This app does not support MCP.")
}
