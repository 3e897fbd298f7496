//! Settings that are lists.

use serde::{Deserialize, Deserializer};

/// Reads a list, or text with commas as the environment has it.
///
/// # Errors
/// It is neither.
pub fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a list of texts, or a text with commas")]
    enum Written {
        List(Vec<String>),
        Text(String),
    }
    Ok(match Written::deserialize(deserializer)? {
        Written::List(list) => list,
        Written::Text(text) => {
            text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(Into::into).collect()
        }
    })
}
