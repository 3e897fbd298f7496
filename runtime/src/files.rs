//! Files of threads, over `object_store`: what bots show and users attach. Which of them a thread still needs, and how much
//! it may keep, is the business of whoever calls.
//!
//! **Invariant:** no file is ever whole in memory but what a caller hands over or asks for as bytes, and what was begun and
//! not finished is no file.

mod place;
#[cfg(test)]
mod tests;
mod writer;

use std::{io, ops::Range, path::PathBuf, sync::Arc};

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{GetOptions, ObjectStore, ObjectStoreExt, path::Path as Key};
use tokio_util::task::TaskTracker;

use crate::domain::{ElementId, ThreadId};

pub use place::OpenError;
pub use writer::Writer;

/// A file's bytes, read piece by piece.
pub type Body = BoxStream<'static, io::Result<Bytes>>;

/// Where files are kept.
#[derive(Clone, Debug)]
pub struct FilesSettings {
    /// A folder of the local disk; it is made if it is not there.
    pub dir: PathBuf,
    /// A bucket instead, as `s3://bucket/prefix`. How to reach it is said by the environment: `AWS_ACCESS_KEY_ID`,
    /// `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT`, `AWS_ALLOW_HTTP`, ….
    pub url: Option<String>,
    /// Whether files outlive a crash of the machine, which costs some milliseconds for each on a local disk.
    pub is_durable: bool,
}

/// All threads' files. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    /// Where the files lie if they are on the local disk.
    dir: Option<PathBuf>,
    /// Bytes of one piece of what is streamed; one or two are in memory for each writer.
    piece: usize,
    /// What takes back writers that were dropped.
    tasks: TaskTracker,
}

impl Files {
    /// Opens the folder or the bucket.
    ///
    /// # Errors
    /// The folder cannot be made; the bucket's address is none, or the bucket does not answer.
    pub async fn open(settings: FilesSettings) -> Result<Self, OpenError> {
        place::open(settings).await
    }

    /// Keeps a file; replaces the one of its id.
    ///
    /// # Errors
    /// The disk is full or broken, or the bucket does not answer.
    pub async fn put(&self, thread: ThreadId, file: ElementId, content: Bytes) -> io::Result<()> {
        self.store.put(&key(thread, file), content.into()).await?;
        Ok(())
    }

    /// Begins a file that comes piece by piece. It is there once the writer is finished; a writer that is dropped leaves
    /// nothing behind.
    #[must_use]
    pub fn writer(&self, thread: ThreadId, file: ElementId) -> Writer {
        Writer::new(self, key(thread, file))
    }

    /// A file's bytes, all of them or those of a range that lies within.
    ///
    /// # Errors
    /// The file is gone, the range is not within it, or the disk or the bucket is broken.
    pub async fn get(
        &self,
        thread: ThreadId,
        file: ElementId,
        range: Option<Range<u64>>,
    ) -> io::Result<Body> {
        let options = GetOptions { range: range.map(Into::into), ..GetOptions::default() };
        let found = self.store.get_opts(&key(thread, file), options).await?;
        Ok(found.into_stream().map_err(io::Error::from).boxed())
    }

    /// At most `len` bytes of a file from `offset` on; fewer where it ends, none behind its end.
    ///
    /// # Errors
    /// The file is gone, or the disk or the bucket is broken.
    pub async fn read(
        &self,
        thread: ThreadId,
        file: ElementId,
        offset: u64,
        len: u64,
    ) -> io::Result<Bytes> {
        let key = key(thread, file);
        let size = self.store.head(&key).await?.size;
        let range = offset.min(size)..offset.saturating_add(len).min(size);
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        Ok(self.store.get_range(&key, range).await?)
    }

    /// Removes a file; nothing happens if it is gone.
    pub async fn remove(&self, thread: ThreadId, file: ElementId) {
        match self.store.delete(&key(thread, file)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => tracing::warn!(%thread, %file, %error, "a file cannot be removed"),
        }
    }

    /// Removes all files of a thread.
    pub async fn remove_thread(&self, thread: ThreadId) {
        let removed = match &self.dir {
            // With what a crash left half written, which the store does not list.
            Some(dir) => match tokio::fs::remove_dir_all(dir.join(thread.to_string())).await {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                Ok(()) | Err(_) => Ok(()),
            },
            None => self.remove_below(&Key::from(thread.to_string())).await,
        };
        if let Err(error) = removed {
            tracing::warn!(%thread, %error, "the files of a thread cannot be removed");
        }
    }

    /// The threads that have files.
    ///
    /// # Errors
    /// The disk is broken, or the bucket does not answer.
    pub async fn threads(&self) -> io::Result<Vec<ThreadId>> {
        let found = self.store.list_with_delimiter(None).await?.common_prefixes;
        // Whatever else lies there is not ours to touch.
        let names = found.iter().filter_map(|folder| folder.filename()?.parse().ok());
        Ok(names.collect())
    }

    /// Waits until what was begun and not finished is taken back.
    pub async fn close(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    async fn remove_below(&self, folder: &Key) -> io::Result<()> {
        let keys = self.store.list(Some(folder)).map_ok(|found| found.location).boxed();
        self.store.delete_stream(keys).try_for_each(async |_| Ok(())).await?;
        Ok(())
    }
}

fn key(thread: ThreadId, file: ElementId) -> Key {
    Key::from_iter([thread.to_string(), file.to_string()])
}
