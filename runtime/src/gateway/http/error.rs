//! Errors as Chainlit's clients read them: `{"detail": "…"}`.

use axum::{
    Json,
    extract::rejection::{JsonRejection, QueryRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::db::DbError;

/// A status and what the user is told.
#[derive(Debug)]
pub(in super::super) struct HttpError {
    status: StatusCode,
    detail: String,
}

impl HttpError {
    pub(in super::super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into() }
    }

    pub(super) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized")
    }

    pub(super) fn unprocessable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    }
}

/// A feature that is off.
pub(super) fn off(detail: &str) -> HttpError {
    HttpError::new(StatusCode::BAD_REQUEST, detail)
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "detail": self.detail }))).into_response()
    }
}

impl From<DbError> for HttpError {
    fn from(error: DbError) -> Self {
        let status = match error {
            DbError::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
            DbError::Closed => StatusCode::SERVICE_UNAVAILABLE,
        };
        tracing::error!(%error, "a request cannot be answered");
        // What exactly is wrong with the database is nothing for users.
        Self::new(status, "The database does not answer; try again later")
    }
}

impl From<JsonRejection> for HttpError {
    fn from(rejection: JsonRejection) -> Self {
        Self::new(rejection.status(), rejection.body_text())
    }
}

impl From<QueryRejection> for HttpError {
    fn from(rejection: QueryRejection) -> Self {
        Self::unprocessable(rejection.body_text())
    }
}
