//! What users think of answers, and the messages that they mark.

use std::sync::Arc;

use sqlx::{Row, SqliteConnection, query};

use super::{
    encode, read,
    row::{self, feedback_columns},
};
use crate::{
    db::DbError,
    domain::{Feedback, FeedbackId, Step, StepId, StepKind, ThreadId, object},
};

/// Most marked messages that are listed.
const FAVORITES: i64 = 100;

pub(super) async fn put_feedback(
    db: &mut SqliteConnection,
    feedback: Feedback,
) -> Result<(), DbError> {
    let Some(thread) = read::number(db, feedback.thread_id).await? else { return Ok(()) };
    // Only within the thread: an id of another thread's is refused.
    let remove = query("DELETE FROM feedback WHERE thread = ?1 AND (id = ?2 OR step = ?3)")
        .bind(thread)
        .bind(&feedback.id.as_bytes()[..])
        .bind(&feedback.step_id.as_bytes()[..]);
    remove.execute(&mut *db).await?;
    let insert = query(
        "INSERT INTO feedback (thread, id, step, is_positive, comment) VALUES (?1, ?2, ?3, ?4, ?5)",
    )
    .bind(thread)
    .bind(&feedback.id.as_bytes()[..])
    .bind(&feedback.step_id.as_bytes()[..])
    .bind(feedback.is_positive)
    .bind(feedback.comment.as_deref());
    insert.execute(&mut *db).await?;
    count(db, thread).await
}

pub(super) async fn feedback(
    db: &mut SqliteConnection,
    id: FeedbackId,
) -> Result<Option<Feedback>, DbError> {
    let sql = concat!(
        "SELECT ",
        feedback_columns!(),
        ", (SELECT hex(id) FROM threads WHERE num = thread) AS thread_id FROM feedback WHERE id = ?1"
    );
    let found = query(sql).bind(&id.as_bytes()[..]).fetch_optional(db).await?;
    let of = |it| row::feedback(it, row::parse(it.try_get("thread_id")?)?);
    found.as_ref().map(of).transpose()
}

pub(super) async fn remove_feedback(
    db: &mut SqliteConnection,
    id: FeedbackId,
) -> Result<bool, DbError> {
    let removed = query("DELETE FROM feedback WHERE id = ?1 RETURNING thread");
    let Some(row) = removed.bind(&id.as_bytes()[..]).fetch_optional(&mut *db).await? else {
        return Ok(false);
    };
    count(db, row.try_get("thread")?).await?;
    Ok(true)
}

/// Says of a thread whether it has good and bad answers.
async fn count(db: &mut SqliteConnection, thread: i64) -> Result<(), DbError> {
    let sql = "UPDATE threads SET
        is_liked = EXISTS (SELECT 1 FROM feedback WHERE thread = num AND is_positive),
        is_disliked = EXISTS (SELECT 1 FROM feedback WHERE thread = num AND NOT is_positive)
        WHERE num = ?1";
    query(sql).bind(thread).execute(db).await?;
    Ok(())
}

pub(super) async fn set_favorite(
    db: &mut SqliteConnection,
    thread: ThreadId,
    step: StepId,
    is_favorite: bool,
) -> Result<Option<Step>, DbError> {
    let sql = "SELECT s.seq, s.body, t.owner FROM threads t JOIN steps s ON s.thread = t.num AND s.id = ?2 WHERE t.id = ?1";
    let found = query(sql).bind(&thread.as_bytes()[..]).bind(&step.as_bytes()[..]);
    let Some(found) = found.fetch_optional(&mut *db).await? else { return Ok(None) };
    let mut step = row::step(&found)?;
    if step.kind != StepKind::UserMessage {
        return Ok(None);
    }
    step.metadata = Some(object::with(step.metadata.as_ref(), "favorite", is_favorite));
    let owner: Option<i64> = found.try_get("owner")?;
    let update = query("UPDATE steps SET body = ?2, favorite_of = ?3 WHERE seq = ?1")
        .bind(found.try_get::<i64, _>("seq")?)
        .bind(encode(&step))
        .bind(owner.filter(|_| is_favorite));
    update.execute(db).await?;
    Ok(Some(step))
}

pub(super) async fn favorites(
    db: &mut SqliteConnection,
    owner: &str,
) -> Result<Vec<Arc<Step>>, DbError> {
    // The latest, or a mark that was just made could be missing.
    let sql = "SELECT body FROM steps
        WHERE favorite_of = (SELECT num FROM owners WHERE name = ?1) ORDER BY seq DESC LIMIT ?2";
    let latest = query(sql).bind(owner).bind(FAVORITES).fetch_all(db).await?;
    latest.iter().rev().map(|it| row::step(it).map(Arc::new)).collect()
}
