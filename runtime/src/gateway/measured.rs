//! The dialect by itself, for benches. Nothing else comes through this door.

use crate::domain::Emit;

use super::wire;

/// Writes the name of an emit's event and its argument as a JSON list, as connections do.
///
/// # Errors
/// A value cannot be JSON, which none of ours is.
pub fn encode(emit: &Emit, text: &mut Vec<u8>) -> serde_json::Result<()> {
    serde_json::to_writer(text, &wire::encode(emit))
}
