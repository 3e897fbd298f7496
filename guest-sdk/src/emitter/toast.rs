//! Short notices that go away by themselves. Each may fail as any emit.

use crate::{Error, Result, wit::emitter as host};

/// A neutral notice.
///
/// # Errors
///
/// See the [module](super).
pub fn info(text: impl AsRef<str>) -> Result {
    show(text.as_ref(), host::ToastKind::Info)
}

/// Something went well.
///
/// # Errors
///
/// See the [module](super).
pub fn success(text: impl AsRef<str>) -> Result {
    show(text.as_ref(), host::ToastKind::Success)
}

/// Something needs attention.
///
/// # Errors
///
/// See the [module](super).
pub fn warning(text: impl AsRef<str>) -> Result {
    show(text.as_ref(), host::ToastKind::Warning)
}

/// Something failed.
///
/// # Errors
///
/// See the [module](super).
pub fn error(text: impl AsRef<str>) -> Result {
    show(text.as_ref(), host::ToastKind::Error)
}

fn show(text: &str, kind: host::ToastKind) -> Result {
    host::toast(text, kind).map_err(Error::from_host)
}
