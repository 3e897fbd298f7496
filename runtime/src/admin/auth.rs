//! Lets through whoever holds the admin token. A header that no page of another site can set; a query is never looked at,
//! because addresses end up in logs and histories.

use std::time::Duration;

use axum::{
    body::BodyDataStream,
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::StreamExt;
use tokio::time::timeout;

use super::{AdminToken, Problem};

/// How long the rest of a refused body is read.
const LINGER: Duration = Duration::from_secs(2);

pub(super) async fn authenticate(
    State(token): State<AdminToken>,
    request: Request,
    next: Next,
) -> Response {
    let problem = match bearer(request.headers()) {
        Some(candidate) if token.matches(candidate) => return next.run(request).await,
        Some(_) => Problem::wrong_token(),
        None => Problem::no_token(),
    };
    discard(&mut request.into_body().into_data_stream()).await;
    problem.into_response()
}

/// Reads what a client still sends, so that it reads our answer: a connection closed on unread bytes is reset, and the
/// answer is lost with it.
pub(super) async fn discard(body: &mut BodyDataStream) {
    let rest = async { while let Some(Ok(_)) = body.next().await {} };
    // Whoever takes longer may lose the answer.
    drop(timeout(LINGER, rest).await);
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
