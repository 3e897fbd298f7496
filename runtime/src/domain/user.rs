//! Who is talking.

use jiff::Timestamp;

use super::{Json, UserId};

/// A signed-in user.
#[derive(Clone, Debug)]
pub struct User {
    /// The sign-in name; unique on this server.
    pub identifier: String,
    /// The name to show.
    pub display_name: Option<String>,
    /// What the sign-in said: a JSON object.
    pub metadata: Json,
}

/// What is kept of a user.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its id, for clients.
    pub id: UserId,
    /// Who it is.
    pub user: User,
    /// The argon2 hash of the password, in PHC notation; none for whoever signs in elsewhere.
    pub password: Option<String>,
    /// When the user was first seen.
    pub created_at: Timestamp,
}
