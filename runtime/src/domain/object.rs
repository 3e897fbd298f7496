//! JSON objects with a mark set or looked for; all else in them stays as it is.

use std::collections::BTreeMap;

use super::{Json, to_json};

/// The values of an object; none of what is no object.
#[must_use]
pub fn values(object: Option<&Json>) -> BTreeMap<String, Json> {
    object.and_then(|it| serde_json::from_str(it.get()).ok()).unwrap_or_default()
}

/// The object with one value set.
#[must_use]
pub fn with(object: Option<&Json>, key: &str, value: bool) -> Json {
    let mut values = values(object);
    values.insert(key.to_owned(), to_json(&value));
    to_json(&values)
}
