//! `POST /project/action`: a click on a button. The answer comes when the bot has handled it.

use std::collections::BTreeMap;

use axum::{Json, extract::rejection::JsonRejection, http::StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    domain::{Click, Json as JsonText, to_json},
    session::ActionError,
};

use super::{CurrentUser, HttpError, Shared};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Request {
    session_id: String,
    action: ActionDict,
}

/// What the client says of the button. The session goes by what it knows of it itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ActionDict {
    id: String,
    for_id: Option<String>,
    name: String,
    label: Option<String>,
    payload: Option<Box<RawValue>>,
}

impl ActionDict {
    /// The click; none if the button's id is none that a server gave.
    fn parse(self) -> Option<Click> {
        let nothing = || to_json(&BTreeMap::<&str, ()>::new());
        Some(Click {
            id: self.id.parse().ok()?,
            message_id: self.for_id.and_then(|id| id.parse().ok()),
            name: self.name,
            label: self.label.unwrap_or_default(),
            payload: self.payload.map_or_else(nothing, Into::into),
        })
    }
}

#[derive(Serialize)]
pub(super) struct Answer {
    success: bool,
    response: Option<JsonText>,
}

pub(super) async fn post(
    state: Shared,
    CurrentUser(user): CurrentUser,
    body: Result<Json<Request>, JsonRejection>,
) -> Result<Json<Answer>, HttpError> {
    let Json(Request { session_id, action }) = body?;
    let session = state.session(&session_id, user.as_deref())?;
    let name: String = action.name.chars().take(80).collect();
    let unknown = || HttpError::not_found(format!("No callback found for action {name}"));
    match session.action(action.parse().ok_or_else(unknown)?).await {
        Ok(response) => Ok(Json(Answer { success: true, response })),
        // The bot's failure is in the chat already.
        Err(ActionError::Failed) => Ok(Json(Answer { success: true, response: None })),
        Err(error @ ActionError::Busy) => {
            Err(HttpError::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string()))
        }
    }
}
