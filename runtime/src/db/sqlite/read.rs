//! Threads and what is in them, read.

use std::{collections::HashSet, sync::Arc};

use sqlx::{Row, SqliteConnection, query, query_scalar, sqlite::SqliteRow};

use super::{
    encode,
    row::{self, feedback_columns, thread_columns},
};
use crate::{
    db::DbError,
    domain::{BotName, Content, Element, ElementId, Json, Thread, ThreadId},
};

/// The number of a thread.
pub(super) async fn number(
    db: &mut SqliteConnection,
    id: ThreadId,
) -> Result<Option<i64>, DbError> {
    let number = query_scalar("SELECT num FROM threads WHERE id = ?1").bind(&id.as_bytes()[..]);
    Ok(number.fetch_optional(db).await?)
}

pub(super) async fn thread(
    db: &mut SqliteConnection,
    id: ThreadId,
) -> Result<Option<Thread>, DbError> {
    let sql = concat!("SELECT ", thread_columns!(), " FROM threads t WHERE t.id = ?1");
    let found = query(sql).bind(&id.as_bytes()[..]).fetch_optional(db).await?;
    found.as_ref().map(row::thread).transpose()
}

pub(super) async fn content(db: &mut SqliteConnection, id: ThreadId) -> Result<Content, DbError> {
    let Some(thread) = number(db, id).await? else { return Ok(Content::default()) };
    let steps = query("SELECT body FROM steps WHERE thread = ?1 ORDER BY seq");
    let steps = steps.bind(thread).fetch_all(&mut *db).await?;
    let elements = query("SELECT body FROM elements WHERE thread = ?1 ORDER BY seq");
    let elements = elements.bind(thread).fetch_all(&mut *db).await?;
    let sql =
        concat!("SELECT ", feedback_columns!(), " FROM feedback WHERE thread = ?1 ORDER BY rowid");
    let feedback = query(sql).bind(thread).fetch_all(db).await?;
    Ok(Content {
        steps: steps.iter().map(|it| row::step(it).map(Arc::new)).collect::<Result<_, _>>()?,
        elements: elements
            .iter()
            .map(|it| row::element(it).map(Arc::new))
            .collect::<Result<_, _>>()?,
        feedback: feedback.iter().map(|it| row::feedback(it, id)).collect::<Result<_, _>>()?,
    })
}

pub(super) async fn element(
    db: &mut SqliteConnection,
    thread: ThreadId,
    id: ElementId,
) -> Result<Option<Element>, DbError> {
    let sql = "SELECT e.body FROM threads t JOIN elements e ON e.thread = t.num AND e.id = ?2 WHERE t.id = ?1";
    let found = query(sql).bind(&thread.as_bytes()[..]).bind(&id.as_bytes()[..]);
    found.fetch_optional(db).await?.as_ref().map(row::element).transpose()
}

pub(super) async fn state(
    db: &mut SqliteConnection,
    id: ThreadId,
) -> Result<Vec<(String, Json)>, DbError> {
    let sql = "SELECT s.key, s.value FROM threads t JOIN state s ON s.thread = t.num WHERE t.id = ?1 ORDER BY s.key";
    pairs(&query(sql).bind(&id.as_bytes()[..]).fetch_all(db).await?)
}

pub(super) async fn store(
    db: &mut SqliteConnection,
    bot: &BotName,
) -> Result<Vec<(String, Json)>, DbError> {
    let sql = "SELECT key, value FROM store WHERE bot = ?1 ORDER BY key";
    pairs(&query(sql).bind(bot.as_str()).fetch_all(db).await?)
}

fn pairs(rows: &[SqliteRow]) -> Result<Vec<(String, Json)>, DbError> {
    rows.iter().map(|it| Ok((it.try_get("key")?, row::json(it.try_get("value")?)?))).collect()
}

pub(super) async fn existing(
    db: &mut SqliteConnection,
    ids: &[ThreadId],
) -> Result<Vec<ThreadId>, DbError> {
    let sql =
        "SELECT hex(t.id) FROM json_each(?1) j CROSS JOIN threads t ON t.id = unhex(j.value, '-')";
    let found: Vec<String> = query_scalar(sql).bind(encode(ids)).fetch_all(db).await?;
    let found: HashSet<ThreadId> =
        found.iter().map(|it| row::parse(it)).collect::<Result<_, _>>()?;
    Ok(ids.iter().copied().filter(|it| found.contains(it)).collect())
}
