//! What the bot remembers for all its sessions: counters, tables, what it has learnt.
//!
//! It belongs to the bot under the name it is deployed as, and outlives sessions, versions and restarts; it goes when the bot
//! is removed. Sessions write at the same time: change with [`increment`] and [`update`] what several of them may change. All
//! keys and values together have a quota: 16 MiB unless the operator says otherwise. What belongs to one conversation goes into
//! [`session`](crate::session) state.
//!
//! ```
//! use chinwag_sdk::store;
//!
//! # fn wrap() -> chinwag_sdk::Result {
//! let visits = store::increment("visits", 1)?;
//! let words = store::update("words", |words: &mut Vec<String>| words.push("soup".into()))?;
//! let again: Option<Vec<String>> = store::get("words")?;
//! # Ok(())
//! # }
//! ```
//!
//! Every function may fail with the code `unavailable`; every writing one also with `quota-exceeded` and `invalid-key` (empty,
//! or longer than 256 bytes), and if the value cannot be written as JSON; every reading one if the value does not fit the type.

use serde::{Serialize, de::DeserializeOwned};

use crate::{Error, Result, values, wit::store as host};

/// The value of a key, none if it is not there.
///
/// # Errors
///
/// If the value does not fit `T`: change the key when you change the type, for the store outlives versions.
pub fn get<T: DeserializeOwned>(key: &str) -> Result<Option<T>> {
    host::get(key).map_err(Error::from_host)?.map(|text| parse(key, &text)).transpose()
}

/// Sets a key.
///
/// # Errors
///
/// As every write.
pub fn set<T: Serialize + ?Sized>(key: &str, value: &T) -> Result {
    host::set(key, &serde_json::to_string(value)?).map_err(Error::from_host)
}

/// Removes a key; nothing happens if it is not there.
///
/// # Errors
///
/// Code `invalid-key`.
pub fn remove(key: &str) -> Result {
    host::remove(key).map_err(Error::from_host)
}

/// The keys that begin with `prefix` (empty: all), sorted.
///
/// # Errors
///
/// Code `unavailable`.
pub fn keys(prefix: &str) -> Result<Vec<String>> {
    host::keys(prefix).map_err(Error::from_host)
}

/// Adds to the whole number of a key, which counts as 0 if it is not there, and returns the sum. However many sessions do so
/// at once, none is lost.
///
/// # Errors
///
/// As every write; code `not-a-number`.
pub fn increment(key: &str, by: i64) -> Result<i64> {
    host::increment(key, by).map_err(Error::from_host)
}

/// Changes the value of a key, which starts as `T::default()`, and returns the new value. `change` is called again with the
/// new value if another session got in between.
///
/// # Errors
///
/// As every read and every write.
pub fn update<T>(key: &str, change: impl FnMut(&mut T)) -> Result<T>
where
    T: Serialize + DeserializeOwned + Default,
{
    let read = || host::get(key).map_err(Error::from_host);
    values::update(read, |text| parse(key, text), |before, after| swap(key, before, after), change)
}

/// Sets a key to `after` (none removes it) if it is `before` now (none: not there). Both are JSON text, compared as text.
/// Returns whether it did. [`update`] is what you want most of the time.
///
/// # Errors
///
/// As every write; code `invalid-json`.
pub fn swap(key: &str, before: Option<&str>, after: Option<&str>) -> Result<bool> {
    host::compare_and_swap(key, before, after).map_err(Error::from_host)
}

fn parse<T: DeserializeOwned>(key: &str, text: &str) -> Result<T> {
    values::parse("the store", key, text)
}
