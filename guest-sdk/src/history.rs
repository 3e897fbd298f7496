//! What was said so far, as a language model should see it.
//!
//! ```
//! use chinwag_sdk::{history::{self, Role}, json};
//!
//! # fn wrap() -> chinwag_sdk::Result {
//! let messages: Vec<_> = history::messages(20)
//!     .into_iter()
//!     .map(|message| json!({ "role": message.role.as_str(), "content": message.content }))
//!     .collect();
//! # Ok(())
//! # }
//! ```

use crate::wit::history as host;

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id, a UUID.
    pub id: String,
    /// Who said it.
    pub role: Role,
    /// The name shown beside it.
    pub author: String,
    /// Its text, Markdown.
    pub content: String,
    /// When it was made, milliseconds since the Unix epoch.
    pub created_at_ms: u64,
}

/// Who said something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The user.
    User,
    /// The bot.
    Assistant,
}

impl Role {
    /// The word that models know it by: `user` or `assistant`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// The last messages, at most `limit` and at most 1,000, the oldest first. Messages only: no steps,
/// no status, no elements, no errors. The message that is being handled is among them.
#[must_use]
pub fn messages(limit: u32) -> Vec<Entry> {
    let role = |role| match role {
        host::Role::User => Role::User,
        host::Role::Assistant => Role::Assistant,
    };
    let entries = host::messages(limit).into_iter();
    let entries = entries.map(|it| Entry {
        id: it.id,
        role: role(it.role),
        author: it.author,
        content: it.content,
        created_at_ms: it.created_at_ms,
    });
    entries.collect()
}
