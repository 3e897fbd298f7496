//! Shared conversations: whoever has the address may read one, and is not told whose it is.

use axum::{
    Json,
    extract::{Path, rejection::JsonRejection},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    domain::Thread,
    gateway::wire::{Reader, ThreadDict},
};

use super::{
    CurrentUser, HttpError, Shared, Viewer,
    reach::{missing, no_sharing, parse},
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Share {
    thread_id: String,
    is_shared: bool,
}

/// `PUT /project/thread/share`: shares a conversation, or takes it back, which is allowed even where sharing is not.
pub(super) async fn put(
    state: Shared,
    user: CurrentUser,
    body: Result<Json<Share>, JsonRejection>,
) -> Result<Json<Value>, HttpError> {
    state.db()?;
    let Json(Share { thread_id, is_shared }) = body?;
    let thread = state.own_thread(&thread_id, &user).await?;
    if is_shared && !state.sharing {
        return Err(no_sharing());
    }
    let now = Timestamp::now();
    let change = move |thread: &mut Thread| {
        // Sharing again is not sharing anew.
        let since = thread.shared_at.unwrap_or(now);
        thread.shared_at = is_shared.then_some(since);
    };
    state.change(thread.id, change).await
}

/// `GET /project/share/{id}`. A conversation that is not shared, by its owner or by its bot, is as unknown as one that is not
/// there.
pub(super) async fn get(
    state: Shared,
    Viewer(viewer): Viewer,
    Path(id): Path<String>,
) -> Result<Response, HttpError> {
    let Some(db) = &state.kept.db else { return Err(missing()) };
    let thread = db.thread(parse(&id)?).await?.ok_or_else(missing)?;
    if !state.is_shared(&thread)
        && !state.bots.lets_view(&thread.bot, thread.to_resumed(), viewer).await
    {
        return Err(missing());
    }
    let content = db.content(thread.id).await?;
    let dict = ThreadDict::whole(&thread, &content, Reader::Thread(thread.id)).public();
    Ok(Json(dict).into_response())
}
