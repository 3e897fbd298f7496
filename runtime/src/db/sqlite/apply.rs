//! A batch as SQL: one script of a handful of statements, however much it holds. Rows travel as JSON arrays.

use std::sync::Arc;

use serde::Serialize;
use sqlx::{AssertSqlSafe, SqliteConnection, query};

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

/// Writes a batch, numbering what is new from `next`, as a whole or not at all: whoever calls this takes back what a failure has left.
pub(super) async fn apply(
    db: &mut SqliteConnection,
    batch: &Batch,
    next: &mut i64,
) -> Result<(), DbError> {
    let mut script = Script::new();
    script.threads(batch, next);
    script.steps(&batch.steps, next);
    let touched: Vec<_> = batch.touched.iter().map(|id| (id, take(next))).collect();
    script.add(&[TOUCHED], &touched);
    script.elements(batch, next);
    script.add(&[STATE_REMOVED], &keys(&batch.state.removed));
    let state: Vec<_> =
        batch.state.put.iter().map(|((thread, key), value)| (thread, key, value.get())).collect();
    script.add(&[STATE], &state);
    let removed: Vec<_> = batch.stores_removed.iter().collect();
    script.add(&[STORES_REMOVED], &removed);
    let store = batch.store.iter();
    let store: Vec<_> =
        store.map(|((bot, key), value)| (bot, key, value.as_ref().map(|it| it.get()))).collect();
    script.add(&[STORE_REMOVED, STORE], &store);
    script.add(&[PENDING_REMOVED], &keys(&batch.pending.removed));
    script.add(&[PENDING], &keys(batch.pending.put.keys()));
    script.run(db).await
}

/// Statements that are run in one go: each on its own would have two threads wake each other.
struct Script {
    sql: String,
    rows: Vec<String>,
}

impl Script {
    fn new() -> Self {
        Self { sql: "BEGIN IMMEDIATE".to_owned(), rows: Vec::new() }
    }

    /// Adds statements about the same rows, of which there may be none.
    fn add(&mut self, statements: &[&str], rows: &[impl Serialize]) {
        if rows.is_empty() {
            return;
        }
        self.rows.push(encode(rows));
        // By name: a statement that has a second parameter only would have a first one, too.
        let number = format!("${}", self.rows.len());
        for statement in statements {
            self.sql.push_str(";\n");
            self.sql.push_str(&statement.replace("?1", &number));
        }
    }

    async fn run(mut self, db: &mut SqliteConnection) -> Result<(), DbError> {
        self.sql.push_str(";\nCOMMIT");
        // Made of our own constants.
        let mut script = query(AssertSqlSafe(self.sql));
        for rows in self.rows {
            script = script.bind(rows);
        }
        script.execute(db).await?;
        Ok(())
    }

    fn threads(&mut self, batch: &Batch, next: &mut i64) {
        let rows: Vec<_> = batch.threads.values().map(|it| thread_row(it, take(next))).collect();
        self.add(&[OWNERS, THREADS, NAMES], &rows);
    }

    fn steps(&mut self, steps: &Kept<StepId, Arc<Step>>, next: &mut i64) {
        self.add(&[STEP_WORDS_REMOVED, STEPS_REMOVED], &keys(&steps.removed));
        let row = |it: &Arc<Step>| {
            (take(next), it.thread_id, it.id, is_open(it), is_favorite(it), encode(&**it))
        };
        let rows: Vec<_> = steps.put.values().map(row).collect();
        self.add(&[STEPS], &rows);
        // A text that still grows would be indexed once a second.
        let said = steps.put.values().filter(|it| it.kind.is_message() && !it.is_streaming);
        let said: Vec<_> =
            said.map(|it| (it.thread_id, it.id, words::of_text(&it.output))).collect();
        self.add(&[STEP_WORDS], &said);
    }

    fn elements(&mut self, batch: &Batch, next: &mut i64) {
        self.add(&[ELEMENTS_REMOVED], &keys(&batch.elements.removed));
        let rows = batch.elements.put.iter();
        let rows: Vec<(i64, ThreadId, ElementId, String)> =
            rows.map(|((thread, id), it)| (take(next), *thread, *id, encode(&**it))).collect();
        self.add(&[ELEMENTS], &rows);
    }
}

/// Makes the name of a thread found.
pub(super) async fn name(db: &mut SqliteConnection, thread: &Thread) -> Result<(), DbError> {
    query(NAMES).bind(encode(&[thread_row(thread, 0)])).execute(db).await?;
    Ok(())
}

/// Makes nothing that a thread says found.
pub(super) async fn forget(db: &mut SqliteConnection, thread: i64) -> Result<(), DbError> {
    let sql = "DELETE FROM found WHERE rowid IN (SELECT seq FROM steps WHERE thread = ?1 UNION ALL SELECT ?1)";
    query(sql).bind(thread).execute(db).await?;
    Ok(())
}

fn thread_row(it: &Thread, num: i64) -> impl Serialize {
    let name = words::of_text(it.name.as_deref().unwrap_or_default());
    (num, it.id, it.owner.clone(), it.created_at.to_string(), encode(it), name)
}

fn keys<'a, K: 'a>(keys: impl IntoIterator<Item = &'a (ThreadId, K)>) -> Vec<&'a (ThreadId, K)> {
    keys.into_iter().collect()
}

fn take(next: &mut i64) -> i64 {
    let taken = *next;
    *next += 1;
    taken
}
