//! Uploads: what a user attaches, streamed into the thread's files as it comes and counted as it comes.
//!
//! **Invariant:** an upload that does not end well leaves no file, and takes no room.

use std::{io, time::Duration};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::time::timeout;

use super::{Session, elements::Origin};
use crate::domain::{ElementId, FileInfo, FileRequest, StepId};

/// The longest name of a file, in characters.
const NAME: usize = 200;
/// The longest extension that survives when a name is cut, in characters.
const EXTENSION: usize = 16;
/// The longest MIME type, in bytes.
const MIME: usize = 200;

/// What a client says of a file.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Its name.
    pub name: String,
    /// Its MIME type.
    pub mime: Option<String>,
    /// The step below which the bot asks for it; none if the user attaches it unasked.
    pub parent: Option<StepId>,
}

/// A file is not taken.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum UploadError {
    #[error("File upload is not enabled")]
    Disabled,
    #[error("Parent message not found")]
    NotAsked,
    #[error("File type not allowed")]
    Type,
    #[error("File size too large: at most {0} bytes are allowed")]
    TooLarge(u64),
    #[error("File is empty")]
    Empty,
    #[error("{0}")]
    Full(String),
    #[error("The upload stalled: nothing came for {} s", .0.as_secs())]
    Stalled(Duration),
    #[error("The upload broke off")]
    Broken,
    #[error("The session is over")]
    Over,
    #[error("The server could not store the file")]
    Storage(#[source] io::Error),
}

impl Session {
    /// Keeps a file that the user sends, piece by piece.
    ///
    /// Cancel safe: a cancelled upload leaves nothing behind.
    ///
    /// # Errors
    /// The file is not wanted, too large, or does not come whole.
    pub async fn upload<S, E>(&self, upload: Upload, pieces: S) -> Result<FileInfo, UploadError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send + Unpin,
    {
        let request = self.wanted(upload.parent)?;
        let (name, mime) = (name(&upload.name), mime(upload.mime.as_deref()));
        if !request.accepts(&mime, &name) {
            return Err(UploadError::Type);
        }
        let file = FileInfo { id: ElementId::random(), name, mime, size: 0 };
        self.receive(file, &request, pieces).await
    }

    /// Which files may come now.
    fn wanted(&self, parent: Option<StepId>) -> Result<FileRequest, UploadError> {
        let uploads = &self.0.context.settings.uploads;
        match parent {
            Some(parent) => self.file_request(parent).ok_or(UploadError::NotAsked),
            None if uploads.enabled => Ok(uploads.request()),
            None => Err(UploadError::Disabled),
        }
    }

    async fn receive<S, E>(
        &self,
        mut file: FileInfo,
        request: &FileRequest,
        mut pieces: S,
    ) -> Result<FileInfo, UploadError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send + Unpin,
    {
        let elements = &self.0.elements;
        let patience = self.0.context.settings.uploads.timeout;
        let (mut room, mut writer) = (elements.reserve(), elements.writer(file.id));
        let full = |full: super::elements::Full| UploadError::Full(full.to_string());
        room.grow((file.name.len() + file.mime.len()) as u64).map_err(full)?;
        loop {
            let piece = timeout(patience, pieces.next()).await;
            let Some(piece) = piece.map_err(|_| UploadError::Stalled(patience))? else { break };
            let piece = piece.map_err(|_| UploadError::Broken)?;
            file.size += piece.len() as u64;
            if file.size > request.max_bytes {
                return Err(UploadError::TooLarge(request.max_bytes));
            }
            room.grow(piece.len() as u64).map_err(full)?;
            writer.write(piece).await.map_err(UploadError::Storage)?;
        }
        if file.size == 0 {
            return Err(UploadError::Empty);
        }
        // By a task of its own: a client that goes now must not leave a file of which nobody knows.
        let live = self.0.clone();
        let finish = async move {
            writer.finish().await.map_err(UploadError::Storage)?;
            match room.fill(file.clone(), Origin::User) {
                Ok(()) => Ok(file),
                Err(file) => {
                    live.context.files.remove(live.thread_id, file.id).await;
                    Err(UploadError::Over)
                }
            }
        };
        let finished = self.0.context.tasks.spawn_on(finish, &self.0.context.runtime).await;
        finished.unwrap_or_else(|error| Err(UploadError::Storage(error.into())))
    }
}

/// A name that is only a name: no folders, nothing that cannot be seen or turns around what follows.
fn name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_seen = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let clean: String = last.chars().filter(is_seen).collect();
    let clean = clean.trim();
    if clean.trim_matches('.').is_empty() {
        return "file".to_owned();
    }
    if clean.chars().count() <= NAME {
        return clean.to_owned();
    }
    let extension = clean.rsplit_once('.').map_or("", |(_, extension)| extension);
    let kept = extension.chars().count();
    if kept == 0 || kept > EXTENSION {
        return clean.chars().take(NAME).collect();
    }
    let stem: String = clean.chars().take(NAME - kept - 1).collect();
    format!("{stem}.{extension}")
}

/// The type that a client names, if it is one type. Whoever serves the file decides what browsers are told.
fn mime(sent: Option<&str>) -> String {
    let sent = sent.map(str::trim).filter(|sent| sent.len() <= MIME && !sent.contains(','));
    let parsed = sent.and_then(|sent| sent.parse::<mime_guess::Mime>().ok());
    parsed.map_or_else(|| "application/octet-stream".to_owned(), |mime| mime.to_string())
}

#[cfg(test)]
mod tests;
