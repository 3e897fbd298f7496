//! JSON text that is known to parse, kept as text.

use std::sync::Arc;

use serde::Serialize;
use serde_json::value::RawValue;

/// JSON text that parses. Cheap to clone; serialised as it stands.
pub type Json = Arc<RawValue>;

/// Text is not JSON.
#[derive(Debug, thiserror::Error)]
#[error("this is not valid JSON: {0}")]
pub struct JsonError(serde_json::Error);

/// Checks that `text` is one JSON value.
///
/// # Errors
/// Says where the text stops being JSON.
pub fn parse_json(text: String) -> Result<Json, JsonError> {
    RawValue::from_string(text).map(Into::into).map_err(JsonError)
}

/// A value of our own as JSON.
///
/// # Panics
/// Never for values whose keys are strings and whose `Serialize` does not fail, which holds for all of ours.
#[must_use]
pub fn to_json(value: &impl Serialize) -> Json {
    serde_json::value::to_raw_value(value).expect("our own values serialise").into()
}
