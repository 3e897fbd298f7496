//! Files that users attach.

use serde::{Deserialize, Serialize};

use super::ElementId;

/// A file that a user uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileInfo {
    /// Its id; the same as the element's by which it is shown.
    pub id: ElementId,
    /// Its name, without control characters and slashes.
    pub name: String,
    /// Its MIME type, as the client said.
    pub mime: String,
    /// Its size in bytes.
    pub size: u64,
}
