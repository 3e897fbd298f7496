//! The threads of a user, page by page: all, those with good or bad answers, those that say something.
//!
//! A page begins below a position: in a list, the number of a thread's last change; in a search, the number of what
//! was found. A cursor is that number, or the id of the last thread that a client has.

use std::collections::HashSet;

use sqlx::{Row, SqliteConnection, query, query_scalar};

use super::{
    encode, read,
    row::{self, thread_columns},
    words,
};
use crate::{
    db::DbError,
    domain::{Thread, ThreadId, ThreadPage, ThreadQuery},
};

/// Most threads of a page.
const MAX_PAGE: usize = 500;
/// What is found is looked at in pieces of this size.
const PIECE: usize = 256;
/// Most of what is found that one page looks at: a page may be short, but is never slow.
const MAX_FOUND: usize = 4096;
/// Most endings of a word that are spelled out.
const MAX_ENDINGS: usize = 128;

pub(super) async fn threads(
    db: &mut SqliteConnection,
    query: &ThreadQuery,
) -> Result<ThreadPage, DbError> {
    let owner = query_scalar("SELECT num FROM owners WHERE name = ?1").bind(&query.owner);
    let Some(owner) = owner.fetch_optional(&mut *db).await? else {
        return Ok(ThreadPage::default());
    };
    let search = query.search.as_deref().map(str::trim).filter(|it| !it.is_empty());
    match search {
        None => list(db, owner, query).await,
        Some(search) => found(db, owner, &words::of_search(search), query).await,
    }
}

async fn list(
    db: &mut SqliteConnection,
    owner: i64,
    wanted: &ThreadQuery,
) -> Result<ThreadPage, DbError> {
    let first = wanted.first.min(MAX_PAGE);
    let Some(before) = list_position(db, wanted).await? else { return Ok(ThreadPage::default()) };
    let sql = match wanted.feedback {
        None => concat!(
            "SELECT t.changed, ",
            thread_columns!(),
            " FROM threads t WHERE owner = ?1 AND changed < ?2 ORDER BY changed DESC LIMIT ?3"
        ),
        Some(true) => concat!(
            "SELECT t.changed, ",
            thread_columns!(),
            " FROM threads t WHERE is_liked AND t.owner = ?1 AND changed < ?2 ORDER BY changed DESC LIMIT ?3"
        ),
        Some(false) => concat!(
            "SELECT t.changed, ",
            thread_columns!(),
            " FROM threads t WHERE is_disliked AND t.owner = ?1 AND changed < ?2 ORDER BY changed DESC LIMIT ?3"
        ),
    };
    let more = i64::try_from(first + 1).unwrap_or(i64::MAX);
    let mut rows = query(sql).bind(owner).bind(before).bind(more).fetch_all(db).await?;
    let has_next = rows.len() > first;
    rows.truncate(first);
    let end = rows.last().map(|it| it.try_get::<i64, _>("changed")).transpose()?;
    let threads = rows.iter().map(row::thread).collect::<Result<_, _>>()?;
    Ok(ThreadPage { threads, end: end.map(|it| it.to_string()), has_next })
}

/// Below which change the page begins; none if the cursor means nothing any more.
async fn list_position(
    db: &mut SqliteConnection,
    wanted: &ThreadQuery,
) -> Result<Option<i64>, DbError> {
    Ok(match cursor(wanted) {
        Cursor::Position(position) => Some(position),
        Cursor::Thread(id) => {
            let changed = query_scalar("SELECT changed FROM threads WHERE id = ?1");
            changed.bind(&id.as_bytes()[..]).fetch_optional(db).await?
        }
        Cursor::Nonsense => None,
    })
}

enum Cursor {
    Position(i64),
    Thread(ThreadId),
    Nonsense,
}

fn cursor(wanted: &ThreadQuery) -> Cursor {
    let Some(after) = &wanted.after else { return Cursor::Position(i64::MAX) };
    let position = after.parse().map(Cursor::Position).ok();
    position.or_else(|| after.parse().map(Cursor::Thread).ok()).unwrap_or(Cursor::Nonsense)
}

async fn found(
    db: &mut SqliteConnection,
    owner: i64,
    words: &[String],
    wanted: &ThreadQuery,
) -> Result<ThreadPage, DbError> {
    let Some(last) = words.last() else { return Ok(ThreadPage::default()) };
    let endings = endings(db, last).await?;
    if endings.as_ref().is_some_and(Vec::is_empty) {
        return Ok(ThreadPage::default());
    }
    let question = words::question(owner, words, endings.as_deref());
    let position = match cursor(wanted) {
        Cursor::Position(position) => Some(position),
        Cursor::Thread(id) => match read::number(db, id).await? {
            Some(thread) => newest(db, &question, thread).await?,
            None => None,
        },
        Cursor::Nonsense => None,
    };
    let Some(begin) = position else { return Ok(ThreadPage::default()) };
    let (numbers, end, has_next) = Search { question, begin, wanted }.run(db).await?;
    let threads = numbered(db, &numbers).await?;
    Ok(ThreadPage { threads, end: end.map(|it| it.to_string()), has_next })
}

/// The words that begin so; none if they are too many to spell out.
async fn endings(db: &mut SqliteConnection, word: &str) -> Result<Option<Vec<String>>, DbError> {
    if word.chars().count() <= words::INDEXED_PREFIX {
        return Ok(None);
    }
    // A word's entry is found by a seek; reading on to the next word would read all places of the first.
    let sql = "WITH RECURSIVE endings (term) AS (
            SELECT (SELECT term FROM vocabulary WHERE term >= ?1 LIMIT 1)
            UNION ALL
            SELECT (SELECT term FROM vocabulary WHERE term >= endings.term || char(0) LIMIT 1)
            FROM endings WHERE substr(endings.term, 1, length(?1)) = ?1
        ) SELECT term FROM endings WHERE substr(term, 1, length(?1)) = ?1 LIMIT ?2";
    let more = i64::try_from(MAX_ENDINGS + 1).unwrap_or(i64::MAX);
    let terms: Vec<String> = query_scalar(sql).bind(word).bind(more).fetch_all(db).await?;
    Ok(Some(terms).filter(|it| it.len() <= MAX_ENDINGS))
}

/// Where a thread says it last.
async fn newest(
    db: &mut SqliteConnection,
    question: &str,
    thread: i64,
) -> Result<Option<i64>, DbError> {
    let sql = "SELECT rowid FROM found WHERE found MATCH ?1 ORDER BY rowid DESC LIMIT 1";
    Ok(query_scalar(sql).bind(words::within(question, thread)).fetch_optional(db).await?)
}

async fn numbered(db: &mut SqliteConnection, numbers: &[i64]) -> Result<Vec<Thread>, DbError> {
    let sql = concat!(
        "SELECT ",
        thread_columns!(),
        " FROM json_each(?1) j CROSS JOIN threads t ON t.num = j.value ORDER BY j.key"
    );
    let rows = query(sql).bind(encode(numbers)).fetch_all(db).await?;
    rows.iter().map(row::thread).collect()
}

struct Search<'a> {
    question: String,
    /// What is found at or above it was looked at for earlier pages.
    begin: i64,
    wanted: &'a ThreadQuery,
}

struct Hit {
    position: i64,
    thread: i64,
    is_wanted: bool,
}

impl Search<'_> {
    /// The threads of the page, where it ends, and whether there may be more.
    async fn run(
        &self,
        db: &mut SqliteConnection,
    ) -> Result<(Vec<i64>, Option<i64>, bool), DbError> {
        let first = self.wanted.first.min(MAX_PAGE);
        let (mut threads, mut seen) = (Vec::new(), HashSet::new());
        let mut end = None;
        for _ in 0..MAX_FOUND / PIECE {
            let hits = self.hits(db, end.unwrap_or(self.begin)).await?;
            let is_last = hits.len() < PIECE;
            for hit in hits {
                if hit.is_wanted && seen.insert(hit.thread) && self.is_first(db, hit.thread).await?
                {
                    if threads.len() == first {
                        return Ok((threads, end, true));
                    }
                    threads.push(hit.thread);
                }
                end = Some(hit.position);
            }
            if is_last {
                return Ok((threads, end, false));
            }
        }
        Ok((threads, end, true))
    }

    async fn hits(&self, db: &mut SqliteConnection, below: i64) -> Result<Vec<Hit>, DbError> {
        let sql = "SELECT f.rowid AS position, t.num, t.is_liked, t.is_disliked
            FROM (SELECT rowid FROM found WHERE found MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC LIMIT ?3) f
            LEFT JOIN steps s ON s.seq = f.rowid
            JOIN threads t ON t.num = coalesce(s.thread, f.rowid)
            ORDER BY f.rowid DESC";
        let piece = i64::try_from(PIECE).unwrap_or(i64::MAX);
        let rows = query(sql).bind(&self.question).bind(below).bind(piece).fetch_all(db).await?;
        let hit = |row: &sqlx::sqlite::SqliteRow| {
            let is_wanted = match self.wanted.feedback {
                None => true,
                Some(true) => row.try_get("is_liked")?,
                Some(false) => row.try_get("is_disliked")?,
            };
            Ok(Hit { position: row.try_get("position")?, thread: row.try_get("num")?, is_wanted })
        };
        rows.iter().map(hit).collect()
    }

    /// Whether an earlier page did not have the thread already, for something newer that it says.
    async fn is_first(&self, db: &mut SqliteConnection, thread: i64) -> Result<bool, DbError> {
        if self.wanted.after.is_none() {
            return Ok(true);
        }
        let newest = newest(db, &self.question, thread).await?;
        Ok(newest.is_none_or(|it| it < self.begin))
    }
}
