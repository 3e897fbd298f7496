//! Pictures and files of the operator: `--public`, then those of the page, then a built-in one.

use std::path::{Path, PathBuf};

use axum::{
    Router,
    body::Body,
    extract::{Query, Request, rejection::QueryRejection},
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::any,
};
use serde::Deserialize;
use tower::ServiceExt as _;
use tower_http::services::{ServeDir, ServeFile};

use super::{HttpError, Shared, State};

/// The kinds of picture that are looked for, in this order.
const EXTENSIONS: [&str; 9] = ["svg", "png", "jpg", "jpeg", "webp", "gif", "ico", "avif", "bmp"];

/// Two speech bubbles.
const ICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#7c5cff" d="M5 3h16a4 4 0 0 1 4 4v7a4 4 0 0 1-4 4H11l-6 5v-5.2A4 4 0 0 1 1 14V7a4 4 0 0 1 4-4z"/><path fill="#2dd4bf" d="M28 12a4 4 0 0 1 3 4v6a4 4 0 0 1-4 4v4l-5-4h-8a4 4 0 0 1-3.9-3H21a8 8 0 0 0 7-8z"/></svg>"##;

/// `/public`: the files below the folder, and nothing beside it.
pub(super) fn public(folder: Option<&Path>) -> Router {
    let missing = any(async || HttpError::not_found("File not found"));
    match folder {
        Some(folder) => {
            let files = ServeDir::new(folder).append_index_html_on_directories(false);
            Router::new().fallback_service(files.fallback(missing))
        }
        None => Router::new().fallback(missing),
    }
}

pub(super) async fn favicon(state: Shared, request: Request) -> Response {
    let own = find(state.public.as_deref(), "favicon").await;
    picture(own.or(page_file(&state, "favicon.svg").await), request).await
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    theme: Option<Theme>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Theme {
    Light,
    Dark,
}

pub(super) async fn logo(
    state: Shared,
    wanted: Result<Query<Wanted>, QueryRejection>,
    request: Request,
) -> Result<Response, HttpError> {
    let Query(Wanted { theme }) = wanted?;
    let stem = match theme.unwrap_or(Theme::Light) {
        Theme::Light => "logo_light",
        Theme::Dark => "logo_dark",
    };
    let own = find(state.public.as_deref(), stem).await;
    Ok(picture(own.or(page_file(&state, &format!("{stem}.svg")).await), request).await)
}

pub(super) async fn avatar(
    state: Shared,
    axum::extract::Path(name): axum::extract::Path<String>,
    request: Request,
) -> Result<Response, HttpError> {
    let name = if name == "default" { &state.name } else { &name };
    let stem =
        stem(name).ok_or_else(|| HttpError::new(StatusCode::BAD_REQUEST, "Invalid avatar_id"))?;
    let folder = state.public.as_ref().map(|public| public.join("avatars"));
    match find(folder.as_deref(), &stem).await {
        Some(file) => Ok(picture(Some(file), request).await),
        None => Ok(favicon(state, request).await),
    }
}

/// The name of an avatar's file without its extension; none if the name could lead out of the folder.
fn stem(name: &str) -> Option<String> {
    let is_safe = |c: u8| c.is_ascii_alphanumeric() || b"_ .-".contains(&c);
    let fits = !name.is_empty() && name.len() <= 200 && name.bytes().all(is_safe);
    fits.then(|| name.trim().to_ascii_lowercase().replace([' ', '.'], "_"))
}

async fn page_file(state: &State, name: &str) -> Option<PathBuf> {
    existing(state.ui.as_ref()?.join(name)).await
}

async fn find(folder: Option<&Path>, stem: &str) -> Option<PathBuf> {
    for extension in EXTENSIONS {
        if let Some(file) = existing(folder?.join(format!("{stem}.{extension}"))).await {
            return Some(file);
        }
    }
    None
}

async fn existing(file: PathBuf) -> Option<PathBuf> {
    tokio::fs::try_exists(&file).await.unwrap_or(false).then_some(file)
}

async fn picture(file: Option<PathBuf>, request: Request) -> Response {
    match file {
        Some(file) => {
            ServeFile::new(file).oneshot(request).await.map(|it| it.map(Body::new)).into_response()
        }
        None => ([(CONTENT_TYPE, "image/svg+xml")], ICON).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_avatars_name_cannot_lead_out_of_its_folder() {
        assert_eq!(stem("My Bot v1.2").as_deref(), Some("my_bot_v1_2"));
        assert_eq!(stem("..").as_deref(), Some("__"));
        for name in ["", "../x", "a/b", "a\\b", "é", "a\0", "a%2fb"] {
            assert_eq!(stem(name), None, "{name}");
        }
    }
}
