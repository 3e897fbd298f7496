//! `POST /project/file`: a user attaches a file. Nothing of it is whole in memory, so no limit of other bodies applies.

use std::time::Duration;

use axum::{
    Json,
    extract::{
        FromRequest, Multipart, Query, Request, multipart::MultipartRejection,
        rejection::QueryRejection,
    },
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    domain::{FileInfo, User, takes_nothing},
    session::{Upload, UploadError},
    telemetry::chain,
};

use super::{CurrentUser, HttpError, Shared, State};

/// How long the rest of a refused body is read.
const LINGER: Duration = Duration::from_secs(2);

#[derive(Deserialize)]
pub(super) struct Target {
    session_id: String,
    /// The step below which the bot asks for the file.
    ask_parent_id: Option<String>,
}

pub(super) async fn post(
    state: Shared,
    CurrentUser(user): CurrentUser,
    target: Result<Query<Target>, QueryRejection>,
    request: Request,
) -> Result<Json<Value>, HttpError> {
    let Query(target) = target?;
    let mut form = Multipart::from_request(request, &()).await?;
    let result = receive(&state, &target, user.as_deref(), &mut form).await;
    if result.is_err() {
        discard(&mut form).await;
    }
    result.map(|file| Json(json!({ "id": file.id })))
}

async fn receive(
    state: &State,
    target: &Target,
    user: Option<&User>,
    form: &mut Multipart,
) -> Result<FileInfo, HttpError> {
    let session = state.session(&target.session_id, user)?;
    let parent = target.ask_parent_id.as_deref().filter(|id| !id.is_empty());
    let parent = parent.map(|id| id.parse().map_err(|_| UploadError::NotAsked)).transpose()?;
    let patience = state.uploads.timeout;
    loop {
        let field = timeout(patience, form.next_field()).await;
        let field = field.map_err(|_| UploadError::Stalled(patience))?;
        let Some(field) = field.map_err(|_| UploadError::Broken)? else {
            return Err(HttpError::unprocessable("the form has no field `file`"));
        };
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let mime = field.content_type().map(Into::into);
        return Ok(session.upload(Upload { name, mime, parent }, field).await?);
    }
}

/// Reads what a client still sends, so that it reads our answer: a connection closed on unread bytes is reset, and the
/// answer is lost with it.
async fn discard(form: &mut Multipart) {
    let rest = async { while let Ok(Some(_)) = form.next_field().await {} };
    // Whoever takes longer may lose the answer.
    drop(timeout(LINGER, rest).await);
}

impl From<UploadError> for HttpError {
    fn from(error: UploadError) -> Self {
        let status = match &error {
            UploadError::NotAsked | UploadError::Over => StatusCode::NOT_FOUND,
            UploadError::Full(_) => StatusCode::PAYLOAD_TOO_LARGE,
            UploadError::Stalled(_) => StatusCode::REQUEST_TIMEOUT,
            UploadError::Storage(cause) => {
                tracing::error!(error = chain(&error), "an upload cannot be kept");
                match takes_nothing(cause) {
                    true => StatusCode::INSUFFICIENT_STORAGE,
                    false => StatusCode::INTERNAL_SERVER_ERROR,
                }
            }
            UploadError::Disabled
            | UploadError::Type
            | UploadError::TooLarge(_)
            | UploadError::Empty
            | UploadError::Broken => StatusCode::BAD_REQUEST,
        };
        Self::new(status, error.to_string())
    }
}

impl From<MultipartRejection> for HttpError {
    fn from(rejection: MultipartRejection) -> Self {
        Self::new(rejection.status(), rejection.body_text())
    }
}
