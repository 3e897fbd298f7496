//! `POST /project/threads`: a user's conversations, page by page.

use axum::{Json, extract::rejection::JsonRejection};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    domain::{ThreadPage, ThreadQuery, UserId},
    gateway::wire::ThreadDict,
};

use super::{CurrentUser, HttpError, Shared};

/// The most conversations of one page.
const MOST: u32 = 100;
/// The longest search, in characters: more than that nobody types.
const SEARCH: usize = 500;

#[derive(Deserialize)]
pub(super) struct Request {
    pagination: Pagination,
    #[serde(default)]
    filter: Filter,
}

#[derive(Deserialize)]
struct Pagination {
    first: u32,
    cursor: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Filter {
    search: Option<String>,
    feedback: Option<u8>,
}

pub(super) async fn post(
    state: Shared,
    CurrentUser(user): CurrentUser,
    body: Result<Json<Request>, JsonRejection>,
) -> Result<Json<Value>, HttpError> {
    let db = state.db()?;
    let Json(Request { pagination, filter }) = body?;
    // Where nobody signs in, conversations are nobody's.
    let Some(user) = user else { return Ok(Json(page(&ThreadPage::default(), None))) };
    let search = filter.search.as_deref().map(str::trim).filter(|search| !search.is_empty());
    let query = ThreadQuery {
        owner: user.identifier.clone(),
        first: pagination.first.clamp(1, MOST).try_into().unwrap_or(usize::MAX),
        after: pagination.cursor.filter(|cursor| !cursor.is_empty()),
        search: search.map(|search| search.chars().take(SEARCH).collect()),
        feedback: filter.feedback.map(is_positive).transpose()?,
    };
    let account = db.account(&user.identifier).await?;
    let found = db.threads(&query).await?;
    Ok(Json(page(&found, account.map(|account| account.id))))
}

/// What a thumb means.
pub(super) fn is_positive(value: u8) -> Result<bool, HttpError> {
    match value {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(HttpError::unprocessable("feedback is 0 (bad) or 1 (good)")),
    }
}

fn page(found: &ThreadPage, user: Option<UserId>) -> Value {
    let threads = found.threads.iter().map(|thread| ThreadDict::head(thread, user));
    json!({
        "pageInfo": {
            "hasNextPage": found.has_next,
            "startCursor": found.threads.first().map(|thread| thread.id),
            "endCursor": found.end,
        },
        "data": threads.collect::<Vec<_>>(),
    })
}
