//! `GET /api/openapi.json`: what these routes take and answer, for programs. Written by hand; its tests compare it with the
//! code, so that nothing is missing and nothing is made up.

use axum::{http::header, response::IntoResponse};

/// The description, in `OpenAPI` 3.1.
const DESCRIPTION: &str = include_str!("openapi.json");

pub(super) async fn description() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], DESCRIPTION)
}

#[cfg(test)]
mod tests;
