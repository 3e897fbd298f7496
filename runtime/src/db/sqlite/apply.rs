//! A batch as SQL: a handful of statements, however much it holds. Rows travel as one JSON array per statement.

use std::sync::Arc;

use serde::Serialize;
use sqlx::{SqliteConnection, query};

use super::{
    batch::{Batch, Kept},
    encode,
    row::is_favorite,
    words,
};
use crate::{
    db::{DbError, recover::is_open},
    domain::{ElementId, Step, StepId, Thread, ThreadId},
};

const OWNERS: &str = "INSERT OR IGNORE INTO owners (name)
    SELECT value->>2 FROM json_each(?1) WHERE value->>2 IS NOT NULL";
const THREADS: &str = "INSERT INTO threads (num, id, owner, changed, created_at, body)
    SELECT value->>0, unhex(value->>1, '-'), (SELECT num FROM owners WHERE name = value->>2),
        value->>0, value->>3, value->>4
    FROM json_each(?1) WHERE true
    ON CONFLICT (id) DO UPDATE SET body = excluded.body";
const NAMES: &str = "INSERT OR REPLACE INTO found (rowid, words)
    SELECT t.num, j.value->>5 || ' ·o' || t.owner || ' ·t' || t.num
    FROM json_each(?1) j CROSS JOIN threads t ON t.id = unhex(j.value->>1, '-')
    WHERE t.owner IS NOT NULL";
const STEP_WORDS_REMOVED: &str = "DELETE FROM found WHERE rowid IN (
    SELECT s.seq FROM json_each(?1) j
    CROSS JOIN threads t ON t.id = unhex(j.value->>0, '-')
    CROSS JOIN steps s ON s.thread = t.num AND s.id = unhex(j.value->>1, '-'))";
const STEPS_REMOVED: &str = "DELETE FROM steps WHERE seq IN (
    SELECT s.seq FROM json_each(?1) j
    CROSS JOIN threads t ON t.id = unhex(j.value->>0, '-')
    CROSS JOIN steps s ON s.thread = t.num AND s.id = unhex(j.value->>1, '-'))";
// A thread that is not there gives no number, and the row is refused.
const STEPS: &str = "INSERT INTO steps (seq, thread, id, is_open, favorite_of, body)
    SELECT j.value->>0, t.num, unhex(j.value->>2, '-'), j.value->>3,
        CASE WHEN j.value->>4 THEN t.owner END, j.value->>5
    FROM json_each(?1) j LEFT JOIN threads t ON t.id = unhex(j.value->>1, '-') WHERE true
    ON CONFLICT (thread, id) DO UPDATE SET
        is_open = excluded.is_open, favorite_of = excluded.favorite_of, body = excluded.body";
const STEP_WORDS: &str = "INSERT OR REPLACE INTO found (rowid, words)
    SELECT s.seq, j.value->>2 || ' ·o' || t.owner || ' ·t' || t.num
    FROM json_each(?1) j
    CROSS JOIN threads t ON t.id = unhex(j.value->>0, '-')
    CROSS JOIN steps s ON s.thread = t.num AND s.id = unhex(j.value->>1, '-')
    WHERE t.owner IS NOT NULL";
const TOUCHED: &str = "UPDATE threads SET changed = j.value->>1
    FROM json_each(?1) j WHERE threads.id = unhex(j.value->>0, '-')";
const ELEMENTS_REMOVED: &str = "DELETE FROM elements WHERE seq IN (
    SELECT e.seq FROM json_each(?1) j
    CROSS JOIN threads t ON t.id = unhex(j.value->>0, '-')
    CROSS JOIN elements e ON e.thread = t.num AND e.id = unhex(j.value->>1, '-'))";
const ELEMENTS: &str = "INSERT INTO elements (seq, thread, id, body)
    SELECT j.value->>0, t.num, unhex(j.value->>2, '-'), j.value->>3
    FROM json_each(?1) j LEFT JOIN threads t ON t.id = unhex(j.value->>1, '-') WHERE true
    ON CONFLICT (thread, id) DO UPDATE SET body = excluded.body";
const STATE_REMOVED: &str = "DELETE FROM state WHERE (thread, key) IN (
    SELECT t.num, j.value->>1 FROM json_each(?1) j
    CROSS JOIN threads t ON t.id = unhex(j.value->>0, '-'))";
const STATE: &str = "INSERT INTO state (thread, key, value)
    SELECT t.num, j.value->>1, j.value->>2
    FROM json_each(?1) j LEFT JOIN threads t ON t.id = unhex(j.value->>0, '-') WHERE true
    ON CONFLICT (thread, key) DO UPDATE SET value = excluded.value";
const STORES_REMOVED: &str = "DELETE FROM store WHERE bot IN (SELECT value FROM json_each(?1))";
const STORE_REMOVED: &str = "DELETE FROM store WHERE (bot, key) IN (
    SELECT value->>0, value->>1 FROM json_each(?1) WHERE value->>2 IS NULL)";
const STORE: &str = "INSERT INTO store (bot, key, value)
    SELECT value->>0, value->>1, value->>2 FROM json_each(?1) WHERE value->>2 IS NOT NULL
    ON CONFLICT (bot, key) DO UPDATE SET value = excluded.value";
const PENDING_REMOVED: &str = "DELETE FROM pending WHERE (thread, step) IN (
    SELECT t.num, unhex(j.value->>1, '-') FROM json_each(?1) j
    CROSS JOIN threads t ON t.id = unhex(j.value->>0, '-'))";
const PENDING: &str = "INSERT INTO pending (thread, step)
    SELECT t.num, unhex(j.value->>1, '-')
    FROM json_each(?1) j LEFT JOIN threads t ON t.id = unhex(j.value->>0, '-') WHERE true
    ON CONFLICT DO NOTHING";

/// Writes a batch, numbering what is new from `next`. The caller holds the transaction.
pub(super) async fn apply(
    db: &mut SqliteConnection,
    batch: &Batch,
    next: &mut i64,
) -> Result<(), DbError> {
    threads(db, batch, next).await?;
    steps(db, &batch.steps, next).await?;
    let touched: Vec<_> = batch.touched.iter().map(|id| (id, take(next))).collect();
    run(db, TOUCHED, &touched).await?;
    elements(db, batch, next).await?;
    run(db, STATE_REMOVED, &keys(&batch.state.removed)).await?;
    let state: Vec<_> =
        batch.state.put.iter().map(|((thread, key), value)| (thread, key, value.get())).collect();
    run(db, STATE, &state).await?;
    let removed: Vec<_> = batch.stores_removed.iter().collect();
    run(db, STORES_REMOVED, &removed).await?;
    let store = batch.store.iter();
    let store: Vec<_> =
        store.map(|((bot, key), value)| (bot, key, value.as_ref().map(|it| it.get()))).collect();
    run(db, STORE_REMOVED, &store).await?;
    run(db, STORE, &store).await?;
    run(db, PENDING_REMOVED, &keys(&batch.pending.removed)).await?;
    run(db, PENDING, &keys(batch.pending.put.keys())).await
}

/// Makes the name of a thread found.
pub(super) async fn name(db: &mut SqliteConnection, thread: &Thread) -> Result<(), DbError> {
    run(db, NAMES, &[thread_row(thread, 0)]).await
}

/// Makes nothing that a thread says found.
pub(super) async fn forget(db: &mut SqliteConnection, thread: i64) -> Result<(), DbError> {
    let sql = "DELETE FROM found WHERE rowid IN (SELECT seq FROM steps WHERE thread = ?1 UNION ALL SELECT ?1)";
    query(sql).bind(thread).execute(db).await?;
    Ok(())
}

async fn threads(db: &mut SqliteConnection, batch: &Batch, next: &mut i64) -> Result<(), DbError> {
    let rows: Vec<_> = batch.threads.values().map(|it| thread_row(it, take(next))).collect();
    for sql in [OWNERS, THREADS, NAMES] {
        run(db, sql, &rows).await?;
    }
    Ok(())
}

fn thread_row(it: &Thread, num: i64) -> impl Serialize {
    let name = words::of_text(it.name.as_deref().unwrap_or_default());
    (num, it.id, it.owner.clone(), it.created_at.to_string(), encode(it), name)
}

async fn steps(
    db: &mut SqliteConnection,
    steps: &Kept<StepId, Arc<Step>>,
    next: &mut i64,
) -> Result<(), DbError> {
    let removed = keys(&steps.removed);
    run(db, STEP_WORDS_REMOVED, &removed).await?;
    run(db, STEPS_REMOVED, &removed).await?;
    let row = |it: &Arc<Step>| {
        (take(next), it.thread_id, it.id, is_open(it), is_favorite(it), encode(&**it))
    };
    let rows: Vec<_> = steps.put.values().map(row).collect();
    run(db, STEPS, &rows).await?;
    // A text that still grows would be indexed once a second.
    let said = steps.put.values().filter(|it| it.kind.is_message() && !it.is_streaming);
    let said: Vec<_> = said.map(|it| (it.thread_id, it.id, words::of_text(&it.output))).collect();
    run(db, STEP_WORDS, &said).await
}

async fn elements(db: &mut SqliteConnection, batch: &Batch, next: &mut i64) -> Result<(), DbError> {
    run(db, ELEMENTS_REMOVED, &keys(&batch.elements.removed)).await?;
    let rows = batch.elements.put.iter();
    let rows: Vec<(i64, ThreadId, ElementId, String)> =
        rows.map(|((thread, id), it)| (take(next), *thread, *id, encode(&**it))).collect();
    run(db, ELEMENTS, &rows).await
}

async fn run(
    db: &mut SqliteConnection,
    sql: &'static str,
    rows: &[impl Serialize],
) -> Result<(), DbError> {
    if !rows.is_empty() {
        query(sql).bind(encode(rows)).execute(db).await?;
    }
    Ok(())
}

fn keys<'a, K: 'a>(keys: impl IntoIterator<Item = &'a (ThreadId, K)>) -> Vec<&'a (ThreadId, K)> {
    keys.into_iter().collect()
}

fn take(next: &mut i64) -> i64 {
    let taken = *next;
    *next += 1;
    taken
}
