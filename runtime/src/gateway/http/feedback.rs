//! `/feedback`: what a user thinks of an answer.

use axum::{Json, extract::rejection::JsonRejection};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    domain::{Feedback, FeedbackId, ThreadId},
    session::Session,
};

use super::{
    CurrentUser, HttpError, Shared, State,
    reach::{missing, owns, parse},
    thread::success,
    threads::is_positive,
};

/// The longest comment, in characters.
const COMMENT: usize = 10_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Put {
    feedback: FeedbackDict,
    session_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FeedbackDict {
    id: Option<String>,
    for_id: String,
    thread_id: Option<String>,
    value: u8,
    comment: Option<String>,
}

pub(super) async fn put(
    state: Shared,
    user: CurrentUser,
    body: Result<Json<Put>, JsonRejection>,
) -> Result<Json<Value>, HttpError> {
    let db = state.db()?;
    let Json(Put { feedback, session_id }) = body?;
    let session = session_id.and_then(|id| state.session(&id, user.0.as_deref()).ok());
    let named = feedback.thread_id.as_deref().filter(|id| !id.is_empty()).map(parse).transpose()?;
    let thread = named.or_else(|| session.as_ref().map(Session::thread_id)).ok_or_else(missing)?;
    let session = session.filter(|session| session.thread_id() == thread);
    check(&state, &user, thread, session.is_some()).await?;
    let feedback = feedback.parse(thread)?;
    if let Some(old) = db.feedback(feedback.id).await?
        && old.thread_id != thread
    {
        return Err(HttpError::unauthorized());
    }
    db.put_feedback(&feedback).await?;
    let id = feedback.id;
    if let Some(session) = session {
        session.feedback(feedback);
    }
    Ok(Json(json!({ "success": true, "feedbackId": id })))
}

impl FeedbackDict {
    fn parse(self, thread_id: ThreadId) -> Result<Feedback, HttpError> {
        let comment = self.comment.filter(|comment| !comment.is_empty());
        if comment.as_ref().is_some_and(|comment| comment.chars().count() > COMMENT) {
            let detail = format!("a comment has at most {COMMENT} characters");
            return Err(HttpError::unprocessable(detail));
        }
        let bad = |what| HttpError::unprocessable(format!("`{what}` is not an id"));
        let id = self.id.filter(|id| !id.is_empty());
        let id = id.map(|id| id.parse::<FeedbackId>().map_err(|_| bad("id"))).transpose()?;
        Ok(Feedback {
            id: id.unwrap_or_else(FeedbackId::random),
            thread_id,
            step_id: self.for_id.parse().map_err(|_| bad("forId"))?,
            is_positive: is_positive(self.value)?,
            comment,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Delete {
    feedback_id: String,
}

pub(super) async fn delete(
    state: Shared,
    user: CurrentUser,
    body: Result<Json<Delete>, JsonRejection>,
) -> Result<Json<Value>, HttpError> {
    let db = state.db()?;
    let Json(Delete { feedback_id }) = body?;
    let missing = || HttpError::not_found("Feedback not found");
    let id: FeedbackId = feedback_id.parse().map_err(|_| missing())?;
    let feedback = db.feedback(id).await?.ok_or_else(missing)?;
    // Where nobody signs in, only whoever gave it, or reads the thread, knows its id.
    check(&state, &user, feedback.thread_id, true).await?;
    if !db.remove_feedback(id).await? {
        return Err(missing());
    }
    Ok(success())
}

/// Whether the user may judge what was said in a thread: its owner may, and where nobody signs in whoever shows by other
/// means to belong there.
async fn check(
    state: &State,
    CurrentUser(user): &CurrentUser,
    thread: ThreadId,
    belongs: bool,
) -> Result<(), HttpError> {
    let thread = state.db()?.thread(thread).await?.ok_or_else(missing)?;
    let may_judge = match user {
        Some(user) => owns(user, &thread),
        None => belongs && thread.owner.is_none(),
    };
    if may_judge { Ok(()) } else { Err(HttpError::unauthorized()) }
}
