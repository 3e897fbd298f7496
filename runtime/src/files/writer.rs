//! A file that comes piece by piece: whole once it is finished, nothing before.

use std::{error::Error, fmt, io};

use bytes::Bytes;
use object_store::{buffered::BufWriter, path::Path as Key};
use tokio::{io::AsyncWriteExt, runtime::Handle};
use tokio_util::task::TaskTracker;

use super::Files;

/// Pieces that are on their way while the next is filled.
const IN_FLIGHT: usize = 1;

/// A file that is being written. Dropping it takes back what was written.
pub struct Writer {
    /// None once it is finished.
    writer: Option<BufWriter>,
    size: u64,
    tasks: TaskTracker,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("size", &self.size).finish_non_exhaustive()
    }
}

impl Writer {
    pub(super) fn new(files: &Files, key: Key) -> Self {
        let writer = BufWriter::with_capacity(files.store.clone(), key, files.piece);
        let writer = Some(writer.with_max_concurrency(IN_FLIGHT));
        Self { writer, size: 0, tasks: files.tasks.clone() }
    }

    /// Bytes written so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a piece.
    ///
    /// # Errors
    /// The disk is full or broken, or the bucket does not answer: the file will not come to be.
    pub async fn write(&mut self, piece: Bytes) -> io::Result<()> {
        let len = piece.len() as u64;
        self.writer
            .as_mut()
            .ok_or_else(finished)?
            .put(piece)
            .await
            .map_err(|error| plain(error.into()))?;
        self.size = self.size.saturating_add(len);
        Ok(())
    }

    /// Makes the file be there. Returns its size in bytes.
    ///
    /// # Errors
    /// The disk is full or broken, or the bucket does not answer: there is no file.
    pub async fn finish(mut self) -> io::Result<u64> {
        // From here on the writer takes back by itself what it cannot finish.
        self.writer.take().ok_or_else(finished)?.shutdown().await.map_err(plain)?;
        Ok(self.size)
    }
}

/// The same error with the kind of what is at its bottom: the store says of a full disk only in words that it is full.
fn plain(error: io::Error) -> io::Error {
    let mut kind = error.kind();
    let mut cause = error.get_ref().map(|cause| cause as &(dyn Error + 'static));
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            kind = error.kind();
        }
        cause = error.source();
    }
    io::Error::new(kind, error)
}

fn finished() -> io::Error {
    io::Error::other("the file is finished already")
}

impl Drop for Writer {
    fn drop(&mut self) {
        // A folder takes it back with the writer; a bucket has to be told.
        if let (Some(mut writer), Ok(runtime)) = (self.writer.take(), Handle::try_current()) {
            let abort = async move {
                if let Err(error) = writer.abort().await {
                    tracing::warn!(%error, "a file that was not finished cannot be taken back");
                }
            };
            drop(self.tasks.spawn_on(abort, &runtime));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_the_kind_of_what_is_at_its_bottom_and_all_its_words() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let wrapped = object_store::Error::Generic { store: "a store", source: Box::new(full) };
        let error = plain(wrapped.into());
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert!(error.to_string().contains("a store"), "{error}");
        assert_eq!(plain(finished()).kind(), io::ErrorKind::Other);
    }
}
