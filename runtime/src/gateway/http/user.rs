//! Who sends a request. Routes take [`CurrentUser`] as an argument, and are not reached by strangers where users sign in.

use std::{convert::Infallible, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, request::Parts},
};
use tracing::error;

use crate::{
    auth::{Auth, SignInError},
    domain::User,
    session::Session,
};

use super::{
    HttpError, State,
    auth::{bearer, token},
};

/// The signed-in user; none where nobody signs in.
#[derive(Clone, Debug)]
pub(super) struct CurrentUser(pub(super) Option<Arc<User>>);

impl FromRequestParts<Arc<State>> for CurrentUser {
    type Rejection = HttpError;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &Arc<State>,
    ) -> Result<Self, Self::Rejection> {
        user(&state.auth, &parts.headers).await.map(Self).map_err(|error| match error {
            SignInError::Database(_) => unavailable(&error),
            _ => HttpError::new(StatusCode::UNAUTHORIZED, "Invalid authentication token"),
        })
    }
}

/// Who reads what is not only for users; none if they have not signed in.
pub(super) struct Viewer(pub(super) Option<Arc<User>>);

impl FromRequestParts<Arc<State>> for Viewer {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &Arc<State>,
    ) -> Result<Self, Self::Rejection> {
        Ok(Self(user(&state.auth, &parts.headers).await.ok().flatten()))
    }
}

/// The user of a request; none where nobody signs in. A cookie goes before the header `Authorization`.
async fn user(auth: &Auth, headers: &HeaderMap) -> Result<Option<Arc<User>>, SignInError> {
    if !auth.is_required() {
        return Ok(None);
    }
    let cookie = token(headers);
    let token = cookie.as_deref().or_else(|| bearer(headers)).ok_or(SignInError::Refused)?;
    auth.verify(token).await
}

/// What the user is told when users cannot be looked up: not why.
pub(super) fn unavailable(error: &SignInError) -> HttpError {
    error!(%error, "users cannot be looked up");
    HttpError::new(StatusCode::SERVICE_UNAVAILABLE, "sign-in does not work right now; try again")
}

impl State {
    /// A session of the user's own. One of somebody else is as unknown as one that is not there.
    pub(super) fn session(&self, id: &str, user: Option<&User>) -> Result<Session, HttpError> {
        let session = id.parse().ok().and_then(|id| self.sessions.get(id));
        session
            .filter(|session| session.belongs_to(user))
            .ok_or_else(|| HttpError::not_found("Session not found"))
    }
}
