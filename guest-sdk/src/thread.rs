//! The conversation, as the user finds it again in the history.
//!
//! ```
//! use chinwag_sdk::thread;
//!
//! # fn wrap() -> chinwag_sdk::Result {
//! thread::set_name("Lunch in Basel")?;
//! thread::set_tags(["food", "basel"])?;
//! thread::set_metadata(&chinwag_sdk::json!({ "orders": 2 }))?;
//! # Ok(())
//! # }
//! ```

use serde::{Serialize, de::DeserializeOwned};

use crate::{Error, Result, wit::thread as host};

/// What is known of a kept conversation beside what was said in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    /// Its id, a UUID.
    pub id: String,
    /// What it is called.
    pub name: Option<String>,
    /// When it began, milliseconds since the Unix epoch.
    pub created_at_ms: u64,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// What the bot noted: JSON text, an object.
    pub metadata: String,
}

impl Thread {
    /// What the bot noted.
    ///
    /// # Errors
    ///
    /// If `T` does not fit.
    pub fn metadata_as<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(&self.metadata)?)
    }
}

/// What this conversation is called: the first thing the user did, unless somebody renamed it. None
/// before the user did anything.
#[must_use]
pub fn name() -> Option<String> {
    host::name()
}

/// Renames this conversation.
///
/// # Errors
///
/// Code `too-large` above 1 KiB.
pub fn set_name(name: impl AsRef<str>) -> Result {
    host::set_name(name.as_ref()).map_err(Error::from_host)
}

/// Sets the words to find this conversation by, instead of those before.
///
/// # Errors
///
/// Codes `too-many` (more than 32), `too-large` (longer than 256 bytes).
pub fn set_tags<T: Into<String>>(tags: impl IntoIterator<Item = T>) -> Result {
    let tags: Vec<String> = tags.into_iter().map(Into::into).collect();
    host::set_tags(&tags).map_err(Error::from_host)
}

/// What was noted with [`set_metadata`], an empty object at first.
///
/// # Errors
///
/// If `T` does not fit.
pub fn metadata<T: DeserializeOwned>() -> Result<T> {
    Ok(serde_json::from_str(&host::metadata())?)
}

/// Notes a JSON object with this conversation, instead of the one before. Clients see it;
/// [`session`](crate::session) state is the place for what they must not see.
///
/// # Errors
///
/// Codes `invalid-json` (what is no object), `too-large`.
pub fn set_metadata<T: Serialize + ?Sized>(metadata: &T) -> Result {
    host::set_metadata(&serde_json::to_string(metadata)?).map_err(Error::from_host)
}
