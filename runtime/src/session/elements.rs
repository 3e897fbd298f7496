//! The content of a session's elements: kept in files, bounded in bytes, gone with the session.

use std::collections::HashMap;

use bytes::Bytes;
use parking_lot::Mutex;

use crate::{
    domain::{ByteSize, ElementId, ElementKind, SessionId},
    files::{Body, Files},
    sandbox::CallError,
};

/// A file that is served to the session's user.
pub struct StoredFile {
    /// Its MIME type, as the bot gave it.
    pub mime: String,
    /// Its name, as the bot gave it.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its bytes.
    pub body: Body,
}

impl std::fmt::Debug for StoredFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredFile").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What a file costs beside its bytes: a block of the disk, so that empty ones are not free.
const OVERHEAD: u64 = 4 << 10;

/// What is known of a kept file.
#[derive(Debug)]
struct Kept {
    mime: String,
    name: String,
    /// Bytes that it is charged for.
    size: u64,
}

/// All that is kept.
#[derive(Debug, Default)]
struct Shelf {
    files: HashMap<ElementId, Kept>,
    /// Bytes of all files, with what each costs beside them.
    used: u64,
    /// The session is over.
    is_closed: bool,
}

impl Shelf {
    /// Returns whether the file was there.
    fn remove(&mut self, key: ElementId) -> bool {
        let file = self.files.remove(&key);
        self.used -= file.as_ref().map_or(0, |file| file.size);
        file.is_some()
    }
}

/// The files of one session's elements.
#[derive(Debug)]
pub(super) struct Elements {
    // Held for a look-up only, never over I/O.
    kept: Mutex<Shelf>,
    limit: ByteSize,
}

impl Elements {
    pub(super) fn new(limit: ByteSize) -> Self {
        Self { kept: Mutex::default(), limit }
    }

    /// Keeps content under a fresh key.
    pub(super) async fn keep(
        &self,
        files: &Files,
        session: SessionId,
        file: (String, String),
        content: Bytes,
    ) -> Result<ElementId, CallError> {
        let (name, mime) = file;
        let (key, size) = (ElementId::random(), content.len() as u64);
        {
            let mut kept = self.kept.lock();
            let size = size + OVERHEAD + (name.len() + mime.len()) as u64;
            let used = kept.used + size;
            if used > self.limit.0 || kept.is_closed {
                let message = format!(
                    "the session's files would have {} bytes, more than {}; remove elements that are no longer needed",
                    used, self.limit
                );
                return Err(CallError::new("storage-full", message));
            }
            kept.used = used;
            kept.files.insert(key, Kept { mime, name, size });
        }
        if let Err(error) = files.put(session, key, content).await {
            tracing::error!(%session, %error, "a file cannot be kept");
            self.kept.lock().remove(key);
            return Err(CallError::new("storage-full", "the server could not store the content"));
        }
        Ok(key)
    }

    pub(super) async fn file(
        &self,
        files: &Files,
        session: SessionId,
        key: ElementId,
    ) -> Option<StoredFile> {
        let (mime, name) = {
            let kept = self.kept.lock();
            let file = kept.files.get(&key)?;
            (file.mime.clone(), file.name.clone())
        };
        match files.get(session, key).await {
            Ok((size, body)) => Some(StoredFile { mime, name, size, body }),
            Err(error) => {
                tracing::warn!(%session, file = %key, %error, "a file cannot be read");
                None
            }
        }
    }

    pub(super) async fn remove(&self, files: &Files, session: SessionId, key: ElementId) {
        if self.kept.lock().remove(key) {
            files.remove(session, key).await;
        }
    }

    /// Removes all files: the session is over.
    pub(super) async fn clear(&self, files: &Files, session: SessionId) {
        let keys: Vec<ElementId> = {
            let mut kept = self.kept.lock();
            // The other lane may still be at work.
            kept.is_closed = true;
            kept.files.drain().map(|(key, _)| key).collect()
        };
        for key in keys {
            files.remove(session, key).await;
        }
    }
}

/// The MIME type of an element. For kinds that clients read themselves it is fixed: Chainlit's parses what comes as JSON
/// before a table is asked for text, and draws a figure only if it came as JSON.
pub(super) fn mime(kind: ElementKind, named: Option<String>, name: &str) -> String {
    let guess = || {
        named.clone().or_else(|| mime_guess::from_path(name).first().map(|mime| mime.to_string()))
    };
    match kind {
        ElementKind::Dataframe | ElementKind::Tasklist => "text/plain".to_owned(),
        ElementKind::Plotly => "application/json".to_owned(),
        ElementKind::Text => named.unwrap_or_else(|| "text/plain".to_owned()),
        ElementKind::Pdf => named.unwrap_or_else(|| "application/pdf".to_owned()),
        ElementKind::Image => guess().unwrap_or_else(|| "image/png".to_owned()),
        ElementKind::Audio => guess().unwrap_or_else(|| "audio/mpeg".to_owned()),
        ElementKind::Video => guess().unwrap_or_else(|| "video/mp4".to_owned()),
        // Drawn by the page from its props.
        ElementKind::Custom => "application/json".to_owned(),
        ElementKind::File => guess().unwrap_or_else(|| "application/octet-stream".to_owned()),
    }
}
