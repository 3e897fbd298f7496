//! Files that users attach, and which of them may be.

use std::{num::NonZeroU32, time::Duration};

use jiff::fmt::serde::unsigned_duration::friendly::compact::required as duration;
use serde::{Deserialize, Serialize};

use super::{ElementId, FileRequest, list};

/// A file of a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileInfo {
    /// Its id; for a file that a user uploaded the same as the element's by which it is shown.
    pub id: ElementId,
    /// Its name, without control characters and slashes if a user uploaded it.
    pub name: String,
    /// Its MIME type, as the client or the bot said.
    pub mime: String,
    /// Its size in bytes.
    pub size: u64,
}

/// What users may attach to what they say. What a question of a bot asks for goes by the question instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UploadSettings {
    /// Whether they may attach anything. Default: true.
    pub enabled: bool,
    /// The largest file, in megabytes of 1,000,000 bytes, as the page counts them. Default: 500; `limits.files` bounds it too.
    pub max_size_mb: NonZeroU32,
    /// Files of one message. Default: 20.
    pub max_files: NonZeroU32,
    /// MIME types, also with `*` as `image/*`, and extensions such as `.csv`; a list, or text with commas. Default: `*/*`.
    #[serde(deserialize_with = "list")]
    pub accept: Vec<String>,
    /// How long an upload may go without a byte. Default: 60 s.
    #[serde(with = "duration")]
    pub timeout: Duration,
}

impl Default for UploadSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            max_size_mb: const { NonZeroU32::new(500).unwrap() },
            max_files: const { NonZeroU32::new(20).unwrap() },
            accept: vec!["*/*".to_owned()],
            timeout: Duration::from_secs(60),
        }
    }
}

impl UploadSettings {
    /// The same as a question for files.
    #[must_use]
    pub fn request(&self) -> FileRequest {
        FileRequest {
            accept: self.accept.clone(),
            max_files: self.max_files.get(),
            max_bytes: u64::from(self.max_size_mb.get()) * 1_000_000,
        }
    }
}

impl FileRequest {
    /// Whether a file of this type and name is asked for. Upper and lower case are the same.
    #[must_use]
    pub fn accepts(&self, mime: &str, name: &str) -> bool {
        let essence = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let name = name.to_ascii_lowercase();
        self.accept.iter().any(|wanted| {
            let wanted = wanted.trim().to_ascii_lowercase();
            match wanted.split_once('/') {
                None if wanted.starts_with('.') => name.ends_with(&wanted),
                None => wanted == "*",
                Some(("*", "*")) => true,
                Some((kind, "*")) => essence.split('/').next() == Some(kind),
                Some(_) => essence == wanted,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_accepted_by_its_type_or_its_extension() {
        let request = |accept: &str| FileRequest {
            accept: vec![accept.to_owned()],
            max_files: 1,
            max_bytes: 1,
        };
        for (accept, mime, name, is_accepted) in [
            ("*/*", "x/y", "a", true),
            ("*", "x/y", "a", true),
            ("image/*", "IMAGE/png", "a.png", true),
            ("image/*", "imagery/png", "a.png", false),
            ("text/plain", "text/plain; charset=utf-8", "a", true),
            ("text/plain", "text/html", "a.txt", false),
            (".csv", "application/octet-stream", "DATA.CSV", true),
            (".csv", "text/csv", "data", false),
            ("", "text/csv", "data", false),
        ] {
            let found = request(accept).accepts(mime, name);
            assert_eq!(found, is_accepted, "`{accept}` and a `{mime}` called `{name}`");
        }
    }
}
