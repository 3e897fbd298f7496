//! `/project/thread`: one conversation of the user's own. Read, renamed, removed.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, rejection::JsonRejection},
    response::{IntoResponse, Response},
    routing::{get, put},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    domain::{ElementId, Thread, ThreadId},
    gateway::wire::{ElementDict, Reader, ThreadDict},
};

use super::{CurrentUser, HttpError, Shared, State, reach::missing};

/// The longest name of a conversation, in characters.
const NAME: usize = 200;

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/project/thread", put(rename).delete(delete))
        .route("/project/thread/{id}", get(read))
        .route("/project/thread/{id}/element/{element}", get(element))
}

pub(super) async fn read(
    state: Shared,
    user: CurrentUser,
    Path(id): Path<String>,
) -> Result<Response, HttpError> {
    let thread = state.own_thread(&id, &user).await?;
    let content = state.db()?.content(thread.id).await?;
    let owner = match &thread.owner {
        Some(name) => state.db()?.account(name).await?.map(|account| account.id),
        None => None,
    };
    let dict = ThreadDict::whole(&thread, &content, Reader::Thread(thread.id)).of(owner);
    Ok(Json(dict).into_response())
}

pub(super) async fn element(
    state: Shared,
    user: CurrentUser,
    Path((thread, element)): Path<(String, String)>,
) -> Result<Response, HttpError> {
    let thread = state.own_thread(&thread, &user).await?;
    let element = match element.parse::<ElementId>() {
        Ok(element) => state.db()?.element(thread.id, element).await?,
        Err(_) => None,
    };
    let reader = Reader::Thread(thread.id);
    let dict = element.as_ref().map(|element| ElementDict::new(element).fetched_by(reader));
    Ok(Json(dict).into_response())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rename {
    thread_id: String,
    name: String,
}

pub(super) async fn rename(
    state: Shared,
    user: CurrentUser,
    body: Result<Json<Rename>, JsonRejection>,
) -> Result<Json<Value>, HttpError> {
    state.db()?;
    let Json(Rename { thread_id, name }) = body?;
    let name = name.trim().to_owned();
    if name.is_empty() || name.chars().count() > NAME {
        let detail = format!("a conversation's name has 1 to {NAME} characters");
        return Err(HttpError::unprocessable(detail));
    }
    let thread = state.own_thread(&thread_id, &user).await?;
    let rename = move |thread: &mut Thread| thread.name = Some(name.clone());
    state.change(thread.id, rename).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Delete {
    thread_id: String,
}

pub(super) async fn delete(
    state: Shared,
    user: CurrentUser,
    body: Result<Json<Delete>, JsonRejection>,
) -> Result<Json<Value>, HttpError> {
    state.db()?;
    let Json(Delete { thread_id }) = body?;
    let thread = state.own_thread(&thread_id, &user).await?;
    // First: what a session wrote later would come back.
    for session in state.sessions.of_thread(thread.id) {
        session.forget_thread().await;
    }
    if !state.db()?.remove_thread(thread.id).await? {
        return Err(missing());
    }
    // If the server stops here, its next start finds them.
    state.kept.files.remove_thread(thread.id).await;
    Ok(success())
}

impl State {
    /// Changes what is known of a thread, also where it is live.
    pub(super) async fn change<F>(&self, id: ThreadId, change: F) -> Result<Json<Value>, HttpError>
    where
        F: Fn(&mut Thread) + Clone + Send + 'static,
    {
        // First there: a session that writes meanwhile writes what is changed already.
        for session in self.sessions.of_thread(id) {
            session.change_thread(&change);
        }
        self.db()?.change_thread(id, Box::new(change)).await?.ok_or_else(missing)?;
        Ok(success())
    }
}

/// What is done.
pub(super) fn success() -> Json<Value> {
    Json(json!({ "success": true }))
}
