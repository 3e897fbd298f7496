//! Recordings of Chainlit 2.12.0, played to Chinwag: its clients say what they said then, and the server's events must have the
//! recorded names, order and contents. Where Chinwag differs on purpose, a table says where and why.

use chinwag_tests::player::Difference;

/// Messages, steps, streams, elements, actions.
mod chats;
/// Connections that break, take over, come too late, or speak badly.
mod connections;
/// Sign-in and plain requests.
mod http;
/// Conversations that are kept.
mod kept;
/// Questions that wait for an answer; what a user stops, edits, sets.
mod questions;

/// The users of the recordings, and the names under which they are shown.
const USERS: &[(&str, &str)] = &[("admin", "Admin"), ("bob", "Bob")];

/// What the page offers is decided by other means here, and more of it is on.
const fn page(lines: &'static [u64]) -> [Difference; 3] {
    [
        Difference::Varies(lines, "/body/chatProfiles", "bots are profiles, also if there is one"),
        Difference::Varies(
            lines,
            "/body/features/spontaneous_file_upload/max_size_mb",
            "limits are the operator's",
        ),
        Difference::Has(lines, "/body/markdown", "\"\"", "there is no file `chainlit.md`"),
    ]
}
