//! The shelf of one session: which files its thread has, and how much more it may keep. The bytes are in files.

use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use parking_lot::Mutex;

use crate::{
    domain::{
        ByteSize, Content, ElementContent, ElementId, ElementKind, FileInfo, StepId, StepKind,
        ThreadId,
    },
    files::{Files, Writer},
    sandbox::CallError,
};

/// What a file costs beside its bytes: a block of the disk, so that empty ones are not free.
const OVERHEAD: u64 = 4 << 10;

/// Where a file comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The bot showed it.
    Bot,
    /// The user uploaded it.
    User,
}

/// There is no room for a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the files of the conversation would have {wanted} bytes, more than {limit}")]
pub(super) struct Full {
    wanted: u64,
    limit: ByteSize,
}

/// All that is kept.
#[derive(Debug, Default)]
struct Shelf {
    /// In the order in which they came.
    files: Vec<(FileInfo, Origin)>,
    /// Bytes of all files and of what is about to become one, with what each costs beside them.
    used: u64,
    /// The session is over.
    is_closed: bool,
}

impl Shelf {
    fn find(&self, id: ElementId) -> Option<&FileInfo> {
        // The newest are asked for most.
        self.files.iter().rev().map(|(file, _)| file).find(|file| file.id == id)
    }

    /// Returns whether the file was there.
    fn remove(&mut self, id: ElementId) -> bool {
        let at = self.files.iter().rposition(|(file, _)| file.id == id);
        let file = at.map(|at| self.files.remove(at).0);
        self.used = self.used.saturating_sub(file.as_ref().map_or(0, cost));
        file.is_some()
    }
}

fn cost(file: &FileInfo) -> u64 {
    OVERHEAD + file.size + (file.name.len() + file.mime.len()) as u64
}

/// The files of one session.
#[derive(Debug)]
pub(super) struct Elements {
    files: Files,
    thread: ThreadId,
    // Held for a look-up only, never over I/O.
    shelf: Arc<Mutex<Shelf>>,
    limit: ByteSize,
    /// Files that are shown no more, and since when.
    retired: Mutex<VecDeque<(Instant, ElementId)>>,
}

/// How long a file that is shown no more is still served: pages fetch it a moment after they are told of it, and fall over
/// what they do not find.
const GRACE: Duration = Duration::from_secs(60);

impl Elements {
    /// Removes a file that is shown no more, after a while.
    pub(super) async fn retire(&self, id: ElementId) {
        let due: Vec<ElementId> = {
            let mut retired = self.retired.lock();
            retired.push_back((Instant::now(), id));
            let due = retired.iter().take_while(|(since, _)| since.elapsed() >= GRACE).count();
            retired.drain(..due).map(|(_, id)| id).collect()
        };
        for id in due {
            self.remove(id).await;
        }
    }

    /// Removes all files that are shown no more. Returns whether there were some.
    pub(super) async fn purge(&self) -> bool {
        let retired = std::mem::take(&mut *self.retired.lock());
        for (_, id) in &retired {
            self.remove(*id).await;
        }
        !retired.is_empty()
    }

    pub(super) fn new(files: Files, thread: ThreadId, limit: ByteSize) -> Self {
        Self { files, thread, shelf: Arc::default(), limit, retired: Mutex::default() }
    }

    /// Keeps what a bot shows under a fresh key.
    pub(super) async fn keep(
        &self,
        name: String,
        mime: String,
        content: Bytes,
    ) -> Result<ElementId, CallError> {
        let id = ElementId::random();
        let mut room = self.reserve();
        room.grow((content.len() + name.len() + mime.len()) as u64).map_err(|full| {
            let message = format!("{full}; remove elements that are no longer needed");
            CallError::new("storage-full", message)
        })?;
        let file = FileInfo { id, name, mime, size: content.len() as u64 };
        if let Err(error) = self.files.put(self.thread, id, content).await {
            tracing::error!(thread = %self.thread, %error, "a file cannot be kept");
            return Err(CallError::new("storage-full", "the server could not store the content"));
        }
        if room.fill(file, Origin::Bot).is_err() {
            self.files.remove(self.thread, id).await;
            return Err(CallError::new("storage-full", "the session is over"));
        }
        Ok(id)
    }

    /// Room for one file, of which more and more is taken.
    pub(super) fn reserve(&self) -> Room {
        Room { shelf: self.shelf.clone(), limit: self.limit, taken: 0 }
    }

    /// Where an upload is written.
    pub(super) fn writer(&self, id: ElementId) -> Writer {
        self.files.writer(self.thread, id)
    }

    /// What is known of a file, whoever it comes from.
    pub(super) fn find(&self, id: ElementId) -> Option<FileInfo> {
        self.shelf.lock().find(id).cloned()
    }

    pub(super) async fn remove(&self, id: ElementId) {
        let is_there = self.shelf.lock().remove(id);
        if is_there {
            self.files.remove(self.thread, id).await;
        }
    }

    /// The session is over, and its files go with it.
    pub(super) async fn clear(&self) {
        for (file, _) in self.drain() {
            self.files.remove(self.thread, file.id).await;
        }
    }

    fn drain(&self) -> Vec<(FileInfo, Origin)> {
        let mut shelf = self.shelf.lock();
        // The other lane may still be at work, and a client may still send.
        shelf.is_closed = true;
        std::mem::take(&mut shelf.files)
    }
}

/// What kept threads and bots need of it.
impl Elements {
    /// Takes up the files of a thread that is resumed.
    pub(super) fn seed(&self, content: &Content) {
        let said: HashSet<StepId> = content
            .steps
            .iter()
            .filter(|step| step.kind == StepKind::UserMessage)
            .map(|step| step.id)
            .collect();
        for element in &content.elements {
            let ElementContent::Stored(key, size) = element.content else { continue };
            let is_users = element.message_id.is_some_and(|message| said.contains(&message));
            let file =
                FileInfo { id: key, name: element.name.clone(), mime: element.mime.clone(), size };
            self.adopt(file, if is_users { Origin::User } else { Origin::Bot });
        }
    }

    /// Takes up a file of a thread that is resumed. What is there already may be more than a session may add.
    pub(super) fn adopt(&self, file: FileInfo, origin: Origin) {
        let mut shelf = self.shelf.lock();
        if shelf.find(file.id).is_none() {
            shelf.used = shelf.used.saturating_add(cost(&file));
            shelf.files.push((file, origin));
        }
    }

    /// What is known of a file that the user uploaded.
    pub(super) fn info(&self, id: ElementId) -> Option<FileInfo> {
        let shelf = self.shelf.lock();
        let mut uploaded = shelf.files.iter().filter(|(_, origin)| *origin == Origin::User);
        uploaded.find(|(file, _)| file.id == id).map(|(file, _)| file.clone())
    }

    /// The files that the user uploaded, oldest first.
    pub(super) fn all(&self) -> Vec<FileInfo> {
        let shelf = self.shelf.lock();
        let uploaded = shelf.files.iter().filter(|(_, origin)| *origin == Origin::User);
        uploaded.map(|(file, _)| file.clone()).collect()
    }

    /// At most `len` bytes of a file that the user uploaded.
    pub(super) async fn read(
        &self,
        id: ElementId,
        offset: u64,
        len: u64,
    ) -> Result<Bytes, CallError> {
        if self.info(id).is_none() {
            let message = format!("the user has uploaded no file `{id}` here");
            return Err(CallError::new("unknown-file", message));
        }
        self.files.read(self.thread, id, offset, len).await.map_err(|error| {
            tracing::error!(thread = %self.thread, file = %id, %error, "a file cannot be read");
            CallError::new("unknown-file", "the server could not read the file")
        })
    }

    /// The session is over; its thread keeps the files.
    pub(super) fn close(&self) {
        drop(self.drain());
    }
}

/// Room on a shelf for one file that is not there yet. Dropping it gives the room back.
#[derive(Debug)]
pub(super) struct Room {
    shelf: Arc<Mutex<Shelf>>,
    limit: ByteSize,
    taken: u64,
}

impl Room {
    /// Takes room for so many bytes more.
    pub(super) fn grow(&mut self, bytes: u64) -> Result<(), Full> {
        let more = bytes + if self.taken == 0 { OVERHEAD } else { 0 };
        let mut shelf = self.shelf.lock();
        let wanted = shelf.used.saturating_add(more);
        if wanted > self.limit.0 || shelf.is_closed {
            return Err(Full { wanted, limit: self.limit });
        }
        shelf.used = wanted;
        self.taken += more;
        Ok(())
    }

    /// Puts the file onto the shelf.
    ///
    /// # Errors
    /// The session is over: nobody can have the file any more.
    pub(super) fn fill(self, file: FileInfo, origin: Origin) -> Result<(), FileInfo> {
        let mut shelf = self.shelf.lock();
        if shelf.is_closed {
            return Err(file);
        }
        // What was taken goes back with this room.
        shelf.used = shelf.used.saturating_add(cost(&file));
        shelf.files.push((file, origin));
        Ok(())
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let mut shelf = self.shelf.lock();
        shelf.used = shelf.used.saturating_sub(self.taken);
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

#[cfg(test)]
mod tests;
