//! Sign-in as Chainlit's clients do it: by form, by a proxy's header, by a token; and who is signed in.

mod cookie;
mod oauth;
mod peer;

use std::sync::Arc;

use axum::{
    Form, Json, Router,
    extract::{FromRequest as _, Multipart, Request, State as Extract},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    HttpError, Shared, State,
    error::off,
    user::{CurrentUser, unavailable},
};
use crate::auth::{Auth, SignInError, SignedIn};

pub(in super::super) use self::cookie::token;
pub(super) use self::peer::bearer;
use self::{
    cookie::Reach,
    peer::{Peer, is_secure},
};

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/auth/config", get(config))
        .route("/user", get(user))
        .route("/login", post(login))
        .route("/logout", post(logout))
        .route("/auth/header", post(by_header))
        .route("/auth/jwt", post(by_token))
        .merge(oauth::routes())
}

/// How to sign in.
async fn config(state: Shared) -> Json<Value> {
    let settings = state.auth.settings();
    let providers = settings.and_then(|settings| settings.oidc.as_ref()).map(|oidc| &oidc.name);
    Json(json!({
        "requireLogin": state.auth.is_required().then_some(true),
        "passwordAuth": settings.is_some_and(|settings| settings.password),
        "headerAuth": settings.is_some_and(|settings| settings.header.is_some()),
        "oauthProviders": Vec::from_iter(providers),
        "default_theme": "dark",
        "ui": {
            "login_page_image": null,
            "login_page_image_filter": null,
            "login_page_image_dark_filter": null,
        },
    }))
}

/// Who is signed in.
async fn user(state: Shared, CurrentUser(user): CurrentUser) -> Result<Json<Value>, HttpError> {
    let Some(user) = user else { return Ok(Json(Value::Null)) };
    let account = state.auth.account(&user).await.map_err(|error| unavailable(&error.into()))?;
    let mut body = json!({
        "identifier": user.identifier,
        "display_name": user.display_name,
        "metadata": user.metadata,
    });
    if let (Some(account), Some(body)) = (account, body.as_object_mut()) {
        body.insert("id".into(), json!(account.id));
        body.insert("createdAt".into(), json!(format!("{:.6}", account.created_at)));
    }
    Ok(Json(body))
}

#[derive(Default, Deserialize)]
struct Credentials {
    username: String,
    password: String,
}

async fn login(
    state: Shared,
    peer: Peer,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, HttpError> {
    if !state.auth.settings().is_some_and(|settings| settings.password) {
        return Err(off("No auth_callback defined"));
    }
    let Credentials { username, password } = credentials(request).await?;
    let user = state.auth.password(&username, &password).await;
    welcome(&state.auth, &peer, &headers, &user.map_err(|error| refusal(&error))?)
}

/// The stock page sends multipart, scripts like the shorter form.
async fn credentials(request: Request) -> Result<Credentials, HttpError> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("multipart/")) {
        let form = Form::from_request(request, &()).await;
        return form.map(|Form(form)| form).map_err(|it| HttpError::unprocessable(it.body_text()));
    }
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|it| HttpError::unprocessable(it.body_text()))?;
    let bad =
        |it: axum::extract::multipart::MultipartError| HttpError::new(it.status(), it.body_text());
    let (mut username, mut password) = (None, None);
    while let Some(field) = form.next_field().await.map_err(bad)? {
        match field.name() {
            Some("username") => username = Some(field.text().await.map_err(bad)?),
            Some("password") => password = Some(field.text().await.map_err(bad)?),
            _ => {}
        }
    }
    let both =
        username.zip(password).map(|(username, password)| Credentials { username, password });
    both.ok_or_else(|| HttpError::unprocessable("the fields `username` and `password` are needed"))
}

async fn by_header(state: Shared, peer: Peer, headers: HeaderMap) -> Result<Response, HttpError> {
    let user = state.auth.header(peer.ip(), &headers).await;
    let user = user.map_err(|error| match error {
        SignInError::Off => off("No header_auth_callback defined"),
        error => refusal(&error),
    })?;
    welcome(&state.auth, &peer, &headers, &user)
}

async fn by_token(
    Extract(state): Shared,
    peer: Peer,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let unauthorized = |detail| HttpError::new(StatusCode::UNAUTHORIZED, detail);
    if state.auth.is_required() && !headers.contains_key("authorization") {
        return Err(unauthorized("Authorization header missing"));
    }
    let wrong_scheme = || unauthorized("Invalid authentication scheme. Please use Bearer");
    let user = match bearer(&headers) {
        Some(token) => state.auth.bearer(token).await,
        None if state.auth.is_required() => return Err(wrong_scheme()),
        None => Err(SignInError::Off),
    };
    let user = user.map_err(|error| match error {
        SignInError::Off | SignInError::Refused => unauthorized("Invalid token"),
        error => refusal(&error),
    })?;
    welcome(&state.auth, &peer, &headers, &user)
}

async fn logout(state: Shared, peer: Peer, headers: HeaderMap) -> Response {
    let success = Json(json!({ "success": true }));
    if !state.auth.is_required() {
        return success.into_response();
    }
    (cookie::forget(reach(&state.auth, &peer, &headers), &headers), success).into_response()
}

/// Keeps whoever signed in signed in.
fn welcome(
    auth: &Auth,
    peer: &Peer,
    headers: &HeaderMap,
    user: &SignedIn,
) -> Result<Response, HttpError> {
    let cookies = kept(auth, peer, headers, user)?;
    Ok((cookies, Json(json!({ "success": true }))).into_response())
}

fn kept(
    auth: &Auth,
    peer: &Peer,
    headers: &HeaderMap,
    user: &SignedIn,
) -> Result<HeaderMap, HttpError> {
    let lifetime = auth.settings().map(|settings| settings.user_session_timeout);
    let reach = reach(auth, peer, headers);
    let cookies = cookie::keep(&user.token, lifetime.unwrap_or_default(), reach, headers);
    cookies.ok_or_else(|| {
        let detail = "what is known of the user is too long for cookies";
        HttpError::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
    })
}

/// How far cookies may go in answer to a request.
fn reach(auth: &Auth, peer: &Peer, headers: &HeaderMap) -> Reach {
    if auth.settings().is_some_and(|settings| settings.cross_site) {
        Reach::Everywhere
    } else if is_secure(auth, peer, headers) {
        Reach::SecureSite
    } else {
        Reach::Site
    }
}

fn refusal(error: &SignInError) -> HttpError {
    match error {
        SignInError::Off => off("No auth_callback defined"),
        SignInError::Refused => HttpError::new(StatusCode::UNAUTHORIZED, "credentialssignin"),
        SignInError::TooManyFailures(_) => {
            HttpError::new(StatusCode::TOO_MANY_REQUESTS, error.to_string())
        }
        SignInError::Busy => HttpError::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string()),
        SignInError::Database(_) => unavailable(error),
    }
}
