//! Whom the bot talks to, and what it remembers of the conversation.
//!
//! State belongs to one session of one bot. It outlives calls, new versions and reconnects, and
//! ends with the session; a server that keeps conversations has it again when the user comes back
//! to one. A write is visible at once, also to the audio lane, and stays if the call
//! fails later. All keys and values together have a quota: 1 MiB unless the operator says
//! otherwise.
//!
//! ```
//! use chinwag_sdk::session;
//!
//! #[derive(Default, serde::Serialize, serde::Deserialize)]
//! struct Basket {
//!     dishes: Vec<String>,
//! }
//!
//! # fn wrap() -> chinwag_sdk::Result {
//! let order = |basket: &mut Basket| basket.dishes.push("soup".into());
//! let basket = session::update("basket", order)?;
//! let again: Option<Basket> = session::get("basket")?;
//! session::set("asked", &true)?;
//! # Ok(())
//! # }
//! ```
//!
//! Every writing function may fail with the codes `quota-exceeded` and `invalid-key` (empty, or
//! longer than 256 bytes), and if the value cannot be written as JSON; every reading one if the
//! value does not fit the type.

use serde::{Serialize, de::DeserializeOwned};

use crate::{Error, Result, values, wit::session as host};

/// A signed-in user.
#[derive(Clone, Debug)]
pub struct User {
    /// The name the user signed in with; unique on the server.
    pub identifier: String,
    /// The name to show.
    pub display_name: Option<String>,
    /// What the sign-in said about the user: JSON text, an object.
    pub metadata: String,
}

impl User {
    /// What the sign-in said about the user.
    ///
    /// # Errors
    ///
    /// If `T` does not fit.
    pub fn metadata_as<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(&self.metadata)?)
    }
}

/// The session's id, a UUID.
#[must_use]
pub fn id() -> String {
    host::id()
}

/// The id of the conversation that the session writes to, a UUID.
#[must_use]
pub fn thread_id() -> String {
    host::thread_id()
}

/// The user, or none when the server asks nobody to sign in.
#[must_use]
pub fn user() -> Option<User> {
    let host::User { identifier, display_name, metadata } = host::current_user()?;
    Some(User { identifier, display_name, metadata })
}

/// The name under which this bot is deployed.
#[must_use]
pub fn chat_profile() -> String {
    host::chat_profile()
}

/// What the client is: `webapp`, `copilot`, `teams`, or another word of its own. Comes from the
/// client: do not trust it.
#[must_use]
pub fn client_type() -> String {
    host::client_type()
}

/// The language that the client prefers, for example `en-US`.
#[must_use]
pub fn locale() -> Option<String> {
    host::locale()
}

/// A key that the user gave, for example `OPENAI_API_KEY`; a [`Profile`](crate::Profile) says which
/// are needed. Secret: neither show nor log it.
#[must_use]
pub fn environment(key: &str) -> Option<String> {
    host::environment(key)
}

/// The names of the keys that the user gave, sorted.
#[must_use]
pub fn environment_keys() -> Vec<String> {
    host::environment_keys()
}

/// Whether the message that this call handles replaces an earlier one, which the user has edited.
#[must_use]
pub fn is_edit() -> bool {
    host::is_edit()
}

/// The value of a key, none if it is not there.
///
/// # Errors
///
/// If the value does not fit `T`: change the key when you change the type, for state outlives
/// versions.
pub fn get<T: DeserializeOwned>(key: &str) -> Result<Option<T>> {
    host::get(key).map(|text| parse(key, &text)).transpose()
}

/// Sets a key.
///
/// # Errors
///
/// As every write.
pub fn set<T: Serialize + ?Sized>(key: &str, value: &T) -> Result {
    host::set(key, &serde_json::to_string(value)?).map_err(Error::from_host)
}

/// Appends to the list of a key, which is made if it is missing.
///
/// # Errors
///
/// As every write; code `not-an-array`.
pub fn append<T: Serialize + ?Sized>(key: &str, item: &T) -> Result {
    host::append(key, &serde_json::to_string(item)?).map_err(Error::from_host)
}

/// Removes a key; nothing happens if it is not there.
///
/// # Errors
///
/// Code `invalid-key`.
pub fn remove(key: &str) -> Result {
    host::remove(key).map_err(Error::from_host)
}

/// All keys, sorted.
#[must_use]
pub fn keys() -> Vec<String> {
    host::keys()
}

/// Changes the value of a key, which starts as `T::default()`, and returns the new value.
///
/// Safe when messages and audio change the same key at once: `change` is called again with the new
/// value if another call got in between.
///
/// ```
/// # use chinwag_sdk::session;
/// # fn wrap() -> chinwag_sdk::Result {
/// let count = session::update("count", |n: &mut u32| *n += 1)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// As every read and every write.
pub fn update<T>(key: &str, change: impl FnMut(&mut T)) -> Result<T>
where
    T: Serialize + DeserializeOwned + Default,
{
    let read = || Ok(host::get(key));
    values::update(read, |text| parse(key, text), |before, after| swap(key, before, after), change)
}

/// Sets a key to `after` (none removes it) if it is `before` now (none: not there). Both are JSON
/// text, compared as text. Returns whether it did. [`update`] is what you want most of the time.
///
/// # Errors
///
/// As every write; code `invalid-json`.
pub fn swap(key: &str, before: Option<&str>, after: Option<&str>) -> Result<bool> {
    host::compare_and_swap(key, before, after).map_err(Error::from_host)
}

fn parse<T: DeserializeOwned>(key: &str, text: &str) -> Result<T> {
    values::parse("session state", key, text)
}
