//! Routes of features that are off: MCP.

use std::sync::Arc;

use axum::{
    Router,
    routing::{delete, post},
};

use super::{HttpError, State, error::off};

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new().route("/mcp", post(no_mcp).merge(delete(no_mcp)))
}

async fn no_mcp() -> HttpError {
    off("This app does not support MCP.")
}
