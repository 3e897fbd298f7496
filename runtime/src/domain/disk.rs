//! What a disk says.

use std::io::{Error, ErrorKind};

/// Whether a disk takes nothing: it is full, or may only be read.
#[must_use]
pub fn takes_nothing(error: &Error) -> bool {
    use ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | ReadOnlyFilesystem)
}
