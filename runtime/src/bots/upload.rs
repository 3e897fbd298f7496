//! A component on its way in: streamed to a temporary file beside its final place.

use std::io;

use sha2::{Digest as _, Sha256};
use tempfile::TempPath;
use tokio::{fs::File, io::AsyncWriteExt};

use super::DeployError;
use crate::domain::{ByteSize, Digest};

/// An upload. Dropping it deletes the file.
#[derive(Debug)]
pub struct Upload {
    file: File,
    path: TempPath,
    hash: Sha256,
    size: u64,
    limit: ByteSize,
}

impl Upload {
    pub(super) fn create(file: tempfile::NamedTempFile, limit: ByteSize) -> Self {
        let (file, path) = file.into_parts();
        Self { file: File::from_std(file), path, hash: Sha256::new(), size: 0, limit }
    }

    /// Adds the next bytes.
    ///
    /// # Errors
    /// The upload is larger than allowed, or the disk is full.
    pub async fn write(&mut self, chunk: &[u8]) -> Result<(), DeployError> {
        self.size += chunk.len() as u64;
        if self.size > self.limit.0 {
            return Err(DeployError::TooLarge(self.limit));
        }
        self.hash.update(chunk);
        self.file.write_all(chunk).await?;
        Ok(())
    }

    /// Makes sure that the bytes are on disk.
    pub(super) async fn finish(mut self) -> io::Result<Received> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        let digest = Digest::from_bytes(self.hash.finalize().into());
        Ok(Received { path: self.path, digest, size: self.size })
    }
}

/// A whole upload on disk, still in its temporary place.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) path: TempPath,
    pub(super) digest: Digest,
    pub(super) size: u64,
}
