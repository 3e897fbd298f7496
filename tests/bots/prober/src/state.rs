//! State that the host must refuse.

use chinwag_sdk::{Result, session};

pub(crate) fn set_invalid_json() -> Result<String> {
    session::swap("key", None, Some("{not json")).map(|swapped| swapped.to_string())
}

pub(crate) fn append_to_a_number() -> Result<String> {
    session::set("number", &1)?;
    session::append("number", &2).map(|()| String::new())
}

pub(crate) fn set_without_a_key() -> Result<String> {
    session::set("", &1).map(|()| String::new())
}

/// Writes 64 KiB under one key after the other: the error names how many there were.
pub(crate) fn fill() -> Result<String> {
    let value = "x".repeat(64 << 10);
    for n in 0..1_000 {
        session::set(&format!("key {n}"), &value).map_err(|error| error.context(n))?;
    }
    Ok(String::from("1000"))
}
