//! Files that sessions keep, over `object_store`: the content of elements. They go with their session.

use std::{io, path::Path, sync::Arc};

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{ObjectStore, ObjectStoreExt, local::LocalFileSystem, path::Path as Key};

use crate::domain::{ElementId, SessionId};

/// A file's bytes, read piece by piece.
pub type Body = BoxStream<'static, io::Result<Bytes>>;

/// All sessions' files. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Files(Arc<dyn ObjectStore>);

impl Files {
    /// Opens a folder on the local disk, emptied of what earlier sessions left: none of them lives any more.
    ///
    /// # Errors
    /// The folder cannot be emptied or made.
    pub fn open(dir: &Path) -> io::Result<Self> {
        if dir.exists() {
            std::fs::remove_dir_all(dir)?;
        }
        std::fs::create_dir_all(dir)?;
        let store = LocalFileSystem::new_with_prefix(dir)?.with_automatic_cleanup(true);
        Ok(Self(Arc::new(store)))
    }

    /// Keeps a file.
    ///
    /// # Errors
    /// The disk is full or broken.
    pub async fn put(&self, session: SessionId, file: ElementId, content: Bytes) -> io::Result<()> {
        self.0.put(&key(session, file), content.into()).await?;
        Ok(())
    }

    /// A file's size and bytes.
    ///
    /// # Errors
    /// The file is gone, or the disk is broken.
    pub async fn get(&self, session: SessionId, file: ElementId) -> io::Result<(u64, Body)> {
        let found = self.0.get(&key(session, file)).await?;
        let size = found.meta.size;
        Ok((size, found.into_stream().map_err(io::Error::from).boxed()))
    }

    /// Removes a file; nothing happens if it is gone.
    pub async fn remove(&self, session: SessionId, file: ElementId) {
        match self.0.delete(&key(session, file)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => tracing::warn!(%session, %file, %error, "a file cannot be removed"),
        }
    }
}

fn key(session: SessionId, file: ElementId) -> Key {
    Key::from_iter([session.to_string(), file.to_string()])
}
