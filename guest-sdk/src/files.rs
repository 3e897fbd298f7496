//! Files that the user uploaded.
//!
//! ```
//! use std::io::{BufRead, BufReader};
//!
//! use chinwag_sdk::{emitter, files};
//!
//! # fn wrap() -> chinwag_sdk::Result {
//! // Those of the message that is being handled: small ones whole, large ones line by line.
//! for file in files::attached() {
//!     if file.size < 10_000 {
//!         emitter::send(file.read_to_string()?)?;
//!     } else {
//!         let lines = BufReader::new(file.open()).lines().count();
//!         emitter::send(format!("{} has {lines} lines", file.name))?;
//!     }
//! }
//! # Ok(())
//! # }
//! ```

use std::io;

use crate::{Error, Result, wit::files as host};

/// A file that the user uploaded. Name and type are what the client said: do not trust them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its id, a UUID.
    pub id: String,
    /// Its name, without control characters and slashes.
    pub name: String,
    /// Its MIME type.
    pub mime: String,
    /// Its size in bytes.
    pub size: u64,
}

/// The files that are attached to the message that is being handled; empty in any other call.
#[must_use]
pub fn attached() -> Vec<File> {
    host::attached().into_iter().map(File::from_host).collect()
}

/// All files that the user uploaded in this conversation, the oldest first: attached to messages,
/// or [asked for](crate::ask::Question::file).
#[must_use]
pub fn all() -> Vec<File> {
    host::all().into_iter().map(File::from_host).collect()
}

impl File {
    pub(crate) fn from_host(file: host::FileInfo) -> Self {
        Self { id: file.id, name: file.name, mime: file.mime, size: file.size }
    }

    /// All of it, as bytes. It has to fit into the bot's memory.
    ///
    /// # Errors
    ///
    /// Code `unknown-file`.
    pub fn read(&self) -> Result<Vec<u8>> {
        let mut content = Vec::new();
        loop {
            let piece = host::read(&self.id, content.len() as u64, PIECE);
            let piece = piece.map_err(Error::from_host)?;
            if piece.is_empty() {
                return Ok(content);
            }
            content.extend(piece);
        }
    }

    /// All of it, as text.
    ///
    /// # Errors
    ///
    /// Code `unknown-file`; or it is not UTF-8.
    pub fn read_to_string(&self) -> Result<String> {
        Ok(String::from_utf8(self.read()?)?)
    }

    /// Reads it piece by piece, with a small memory.
    #[must_use]
    pub fn open(&self) -> Reader {
        Reader { id: self.id.clone(), offset: 0 }
    }
}

/// The bytes of one call of the host.
const PIECE: u32 = 1 << 20;

/// Reads a file piece by piece. Every read is a call of the host: put a [`BufReader`](io::BufReader)
/// around it. Made by [`File::open`].
#[derive(Debug)]
pub struct Reader {
    id: String,
    offset: u64,
}

impl io::Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = u32::try_from(buffer.len()).unwrap_or(PIECE).min(PIECE);
        let piece = host::read(&self.id, self.offset, length)
            .map_err(|error| io::Error::new(io::ErrorKind::NotFound, error.message))?;
        // The host never answers with more than it was asked for.
        let count = piece.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(&piece) {
            *to = *from;
        }
        self.offset += count as u64;
        Ok(count)
    }
}
