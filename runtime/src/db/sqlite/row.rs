//! Rows and what they stand for.

use serde::de::DeserializeOwned;
use sqlx::{Row, sqlite::SqliteRow};

use crate::{
    db::DbError,
    domain::{
        Account, Element, Feedback, Json, Step, StepKind, Thread, ThreadId, User, object,
        parse_json,
    },
};

/// The columns of [`thread`], of threads `t`.
macro_rules! thread_columns {
    () => {
        "t.body, t.created_at, (SELECT name FROM owners WHERE num = t.owner) AS owner"
    };
}
pub(super) use thread_columns;

/// The columns of [`feedback`].
macro_rules! feedback_columns {
    () => {
        "hex(id) AS id, hex(step) AS step, is_positive, comment"
    };
}
pub(super) use feedback_columns;

pub(super) fn thread(row: &SqliteRow) -> Result<Thread, DbError> {
    let kept: Thread = decode(row.try_get("body")?)?;
    let created_at = parse(row.try_get("created_at")?)?;
    Ok(Thread { owner: row.try_get("owner")?, created_at, ..kept })
}

pub(super) fn step(row: &SqliteRow) -> Result<Step, DbError> {
    decode(row.try_get("body")?)
}

pub(super) fn element(row: &SqliteRow) -> Result<Element, DbError> {
    decode(row.try_get("body")?)
}

pub(super) fn feedback(row: &SqliteRow, thread_id: ThreadId) -> Result<Feedback, DbError> {
    Ok(Feedback {
        id: parse(row.try_get("id")?)?,
        thread_id,
        step_id: parse(row.try_get("step")?)?,
        is_positive: row.try_get("is_positive")?,
        comment: row.try_get("comment")?,
    })
}

pub(super) fn account(row: &SqliteRow) -> Result<Account, DbError> {
    Ok(Account {
        id: parse(row.try_get("id")?)?,
        user: User {
            identifier: row.try_get("identifier")?,
            display_name: row.try_get("display_name")?,
            metadata: json(row.try_get("metadata")?)?,
        },
        password: row.try_get("password")?,
        created_at: parse(row.try_get("created_at")?)?,
    })
}

pub(super) fn json(text: String) -> Result<Json, DbError> {
    parse_json(text).map_err(unreadable)
}

/// An identifier or a time.
pub(super) fn parse<T: std::str::FromStr<Err: std::fmt::Display>>(
    text: &str,
) -> Result<T, DbError> {
    text.parse().map_err(unreadable)
}

fn decode<T: DeserializeOwned>(body: &str) -> Result<T, DbError> {
    serde_json::from_str(body).map_err(unreadable)
}

fn unreadable(error: impl std::fmt::Display) -> DbError {
    DbError::Failed(format!("it holds something that this version cannot read: {error}"))
}

/// Whether a message is one that its user marked.
pub(super) fn is_favorite(step: &Step) -> bool {
    let mark = || object::values(step.metadata.as_ref()).remove("favorite");
    step.kind == StepKind::UserMessage && mark().is_some_and(|it| it.get() == "true")
}
