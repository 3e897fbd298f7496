//! Finds what a crash cut, thread by thread.

use jiff::Timestamp;
use sqlx::{query, query_scalar};

use super::{read, row, writer::Writer};
use crate::{
    db::{DbError, recover},
    domain::{StepId, ThreadId},
};

pub(super) async fn recover(writer: &mut Writer) -> Result<usize, DbError> {
    let sql = "SELECT hex(id) FROM threads WHERE num IN (
        SELECT thread FROM pending UNION SELECT thread FROM steps WHERE is_open)";
    let threads: Vec<String> = query_scalar(sql).fetch_all(&mut writer.db).await?;
    let mut count = 0;
    for thread in threads {
        count += mend(writer, row::parse(&thread)?).await?;
    }
    Ok(count)
}

async fn mend(writer: &mut Writer, thread: ThreadId) -> Result<usize, DbError> {
    let sql = "SELECT hex(p.step) AS step FROM threads t JOIN pending p ON p.thread = t.num
        LEFT JOIN steps s ON s.thread = p.thread AND s.id = p.step WHERE t.id = ?1 ORDER BY s.seq";
    let pending = query(sql).bind(&thread.as_bytes()[..]).fetch_all(&mut writer.db).await?;
    let pending: Vec<StepId> = pending
        .iter()
        .map(|it| row::parse(sqlx::Row::try_get(it, "step")?))
        .collect::<Result<_, _>>()?;
    let steps = read::content(&mut writer.db, thread).await?.steps;
    let (changes, count) = recover::recover(thread, &steps, &pending, Timestamp::now());
    writer.put(&changes).await?;
    Ok(count)
}
