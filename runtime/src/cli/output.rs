//! What commands write to stdout: tables for people, JSON for scripts.

use std::{
    fmt::Display,
    io::{self, Write},
};

use comfy_table::{Table, presets::NOTHING};
use jiff::Timestamp;
use serde::Serialize;

use crate::domain::ByteSize;

/// Writes one line. Colours go only to terminals.
pub(super) fn line(text: impl Display) -> io::Result<()> {
    writeln!(anstream::stdout(), "{text}")
}

/// Writes a value for scripts, one line.
pub(super) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    Ok(line(serde_json::to_string(value)?)?)
}

/// A table without lines, as wide as its content: scripts may cut it into columns.
pub(super) fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(header);
    table
}

/// A size as people read it.
pub(super) fn size(bytes: u64) -> String {
    let rounded = |unit: u64| (bytes.saturating_mul(10) / unit, unit);
    let (tenths, unit) = match bytes {
        0..1_024 => return ByteSize(bytes).to_string(),
        1_024..1_048_576 => rounded(1 << 10),
        _ => rounded(1 << 20),
    };
    let name = if unit == 1 << 10 { "KiB" } else { "MiB" };
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}

/// A moment to the second, in UTC as everything that a server says.
pub(super) fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

/// A text that no terminal takes for a command. Bots write texts, and so may a server that is not ours.
pub(super) fn printable(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => clean.push(c),
            c if c.is_control() => clean.extend(c.escape_unicode()),
            c => clean.push(c),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        let sizes = [0, 1_023, 1_024, 21_000, 1_048_575, 1_048_576, 12_897_485].map(size);
        let expected =
            ["0 bytes", "1023 bytes", "1.0 KiB", "20.5 KiB", "1023.9 KiB", "1.0 MiB", "12.3 MiB"];
        assert_eq!(sizes, expected);
    }
}
