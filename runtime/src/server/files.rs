//! The files of conversations: opened at start, and rid of what a crash or a removed thread left.

use std::sync::Arc;

use anyhow::Context;

use crate::{
    config::Config,
    db::{Database, DbError},
    domain::ThreadId,
    files::{Files, FilesSettings},
};

/// Threads that the database is asked about at once.
const BATCH: usize = 500;

/// Opens the files. Returns with them the threads that have some, which are to be swept; without a database that is done.
pub(super) async fn open(
    config: &Config,
    db: Option<&Arc<dyn Database>>,
) -> anyhow::Result<(Files, Vec<ThreadId>)> {
    let (dir, url) = (config.data.join("files"), config.files.url.clone());
    let settings = FilesSettings { dir, url, is_durable: db.is_some() };
    let files =
        Files::open(settings).await.context("the files of conversations cannot be opened")?;
    let threads = files.threads().await.context("the files of conversations cannot be listed")?;
    if db.is_some() {
        return Ok((files, threads));
    }
    // Nobody comes back to what sessions left that were not kept.
    sweep(files.clone(), threads, None).await;
    Ok((files, Vec::new()))
}

/// Removes the files of those of `threads` that the database does not know; without one, of all. They must have been listed
/// before anybody could come: a new thread has files before it is known.
pub(super) async fn sweep(files: Files, threads: Vec<ThreadId>, db: Option<Arc<dyn Database>>) {
    for batch in threads.chunks(BATCH) {
        let unknown = match unknown(batch, db.as_deref()).await {
            Ok(unknown) => unknown,
            Err(error) => {
                tracing::warn!(%error, "the files are not swept; the next start tries again");
                return;
            }
        };
        for thread in unknown {
            tracing::debug!(%thread, "the files of a thread that is gone are removed");
            files.remove_thread(thread).await;
        }
    }
}

async fn unknown(batch: &[ThreadId], db: Option<&dyn Database>) -> Result<Vec<ThreadId>, DbError> {
    let Some(db) = db else { return Ok(batch.to_vec()) };
    let known = db.existing(batch).await?;
    Ok(batch.iter().filter(|thread| !known.contains(thread)).copied().collect())
}
