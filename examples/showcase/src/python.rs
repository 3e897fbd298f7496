//! JSON with the spaces that Python's `json.dumps` writes, which scripts that check this bot
//! expect.

use std::io::{Result as IoResult, Write};

use chinwag_sdk::Result;
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

pub(crate) fn dumps<T: Serialize>(value: &T) -> Result<String> {
    let mut text = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut text, Spaced))?;
    Ok(String::from_utf8(text)?)
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
