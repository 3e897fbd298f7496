//! Values as Python writes them, which scripts that check this bot expect: `json.dumps`, with its
//! spaces, and `repr`.

use std::io::{Result as IoResult, Write};

use chinwag_sdk::{Json, Result};
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

pub(crate) fn dumps<T: Serialize>(value: &T) -> Result<String> {
    let mut text = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut text, Spaced))?;
    Ok(String::from_utf8(text)?)
}

/// Texts without quotes and backslashes, for there are no others here.
pub(crate) fn repr(value: &Json) -> String {
    match value {
        Json::Null => "None".to_owned(),
        Json::Bool(true) => "True".to_owned(),
        Json::Bool(false) => "False".to_owned(),
        Json::Number(number) => number.to_string(),
        Json::String(text) => format!("'{text}'"),
        Json::Array(items) => {
            let items: Vec<_> = items.iter().map(repr).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Object(members) => {
            let members = members.iter().map(|(key, value)| format!("'{key}': {}", repr(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
    }
}

struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> IoResult<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> IoResult<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> IoResult<()> {
        writer.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use chinwag_sdk::json;

    use super::{dumps, repr};

    #[test]
    fn values_are_written_as_python_writes_them() {
        let value = json!({ "a": [1, "x", null], "b": true });
        assert_eq!(dumps(&value).unwrap(), r#"{"a": [1, "x", null], "b": true}"#);
        assert_eq!(repr(&value), "{'a': [1, 'x', None], 'b': True}");
    }
}
