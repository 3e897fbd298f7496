//! Sign-in at a provider, as the browser walks it: there, and back with a code.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, Query, State as Extract, rejection::QueryRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header::LOCATION},
    response::{IntoResponse as _, Response},
    routing::get,
};
use tracing::warn;

use super::{
    super::{HttpError, Shared, State, error::off},
    cookie, kept,
    peer::{Peer, site},
    reach,
};
use crate::{
    auth::{FLOW_TIMEOUT, OidcError, Returned, SignInError},
    telemetry::chain,
};

/// The cookie that a browser carries to the provider and back.
const COOKIE: &str = "oauth_state";
/// Where the page looks up who is signed in.
const SUCCESS: &str = "/login/callback?success=True";
/// Where the page says that it did not work.
const FAILURE: &str = "/login?error=oauthSignin";

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/auth/oauth/{provider}", get(begin))
        .route("/auth/oauth/{provider}/callback", get(finish).post(no_form))
}

async fn begin(
    Extract(state): Shared,
    Path(provider): Path<String>,
    peer: Peer,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let site = site(&state.auth, &peer, &headers).unwrap_or_default();
    let callback = format!("{site}/auth/oauth/{provider}/callback");
    match state.auth.begin(&provider, &callback).await {
        Ok(begun) => {
            let mut cookies = HeaderMap::new();
            let reach = reach(&state.auth, &peer, &headers);
            cookie::set(&mut cookies, COOKIE, &begun.flow, FLOW_TIMEOUT, reach);
            Ok(redirect(StatusCode::TEMPORARY_REDIRECT, &begun.url, cookies))
        }
        Err(error) => failed(&error, HeaderMap::new()),
    }
}

async fn finish(
    Extract(state): Shared,
    Path(provider): Path<String>,
    back: Result<Query<Returned>, QueryRejection>,
    peer: Peer,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let back = back.map(|Query(back)| back).unwrap_or_default();
    let flow = cookie::get(&headers, COOKIE).unwrap_or_default();
    let finished = state.auth.finish(&provider, flow, back).await;
    let mut cookies = match &finished {
        Ok(user) => kept(&state.auth, &peer, &headers, user)?,
        Err(_) => HeaderMap::new(),
    };
    cookie::remove(&mut cookies, COOKIE, reach(&state.auth, &peer, &headers));
    match finished {
        Ok(_) => Ok(redirect(StatusCode::FOUND, SUCCESS, cookies)),
        Err(error) => failed(&error, cookies),
    }
}

/// The hybrid flow, in which providers send forms, is not spoken.
async fn no_form() -> HttpError {
    off("No oauth_callback defined")
}

fn failed(error: &OidcError, cookies: HeaderMap) -> Result<Response, HttpError> {
    match error {
        OidcError::SignIn(SignInError::Off) => Err(off("No oauth_callback defined")),
        OidcError::Unknown(name) => Err(HttpError::not_found(format!("Provider {name} not found"))),
        _ => {
            warn!(error = %chain(error), "a sign-in at a provider failed");
            Ok(redirect(StatusCode::FOUND, FAILURE, cookies))
        }
    }
}

fn redirect(status: StatusCode, place: &str, mut headers: HeaderMap) -> Response {
    match HeaderValue::try_from(place) {
        Ok(place) => {
            headers.insert(LOCATION, place);
            (status, headers).into_response()
        }
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}
