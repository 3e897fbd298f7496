//! Who is talking.

use super::Json;

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
