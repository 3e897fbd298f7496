//! State that the host must refuse, and the store, for which it must know the bot.

use chinwag_sdk::{Error, Result, session, store};

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

/// `set KEY VALUE`, `get KEY`, `keys PREFIX`, `add KEY NUMBER`, or `fill`.
pub(crate) fn store(argument: &str) -> Result<String> {
    let (command, rest) = argument.split_once(' ').unwrap_or((argument, ""));
    let (key, value) = rest.split_once(' ').unwrap_or((rest, ""));
    match command {
        "set" => store::set(key, value).map(|()| value.to_owned()),
        "get" => Ok(store::get::<String>(key)?.unwrap_or_else(|| "nothing".to_owned())),
        "keys" => Ok(store::keys(rest)?.join(",")),
        "add" => store::increment(key, value.parse()?).map(|sum| sum.to_string()),
        "fill" => {
            let value = "x".repeat(1 << 20);
            for n in 0..1_000 {
                store::set(&format!("key {n}"), &value).map_err(|error| error.context(n))?;
            }
            Ok(String::from("1000"))
        }
        other => Err(Error::new(format!("`{other}` is no command"))),
    }
}
