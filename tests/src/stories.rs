//! Stories that a script tells in a real browser: one line of JSON for each, `{"story": …, "error": null or why it failed}`, the last
//! of which is `nothing broke`.

use std::process::Stdio;

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
};

use crate::{artifacts, within};

/// A script in `js` with the address of a server; it leaves its pictures in `target/screenshots`.
#[must_use]
pub fn script(name: &str, address: &str) -> Command {
    let mut command = Command::new("node");
    command.current_dir(artifacts::js()).arg(name).arg(address);
    command.arg(artifacts::target().join("screenshots"));
    command
}

/// Runs a script and listens to all its stories.
///
/// # Panics
/// A story has a bad end, or the script has none.
pub async fn tell(mut script: Command) {
    let mut node = script.stdout(Stdio::piped()).kill_on_drop(true).spawn().expect("node runs");
    let mut lines = BufReader::new(node.stdout.take().expect("stdout is a pipe")).lines();
    let (mut failed, mut last) = (Vec::new(), String::from("the beginning"));
    while let Some(line) = within(&format!("what comes after `{last}`"), lines.next_line())
        .await
        .expect("node writes text")
    {
        let told: Value = serde_json::from_str(&line).expect("node writes JSON");
        last = told["story"].as_str().expect("a story has a name").to_owned();
        if let Some(error) = told["error"].as_str() {
            failed.push(format!("{last}: {error}"));
        }
    }
    assert_eq!(last, "nothing broke", "the browser ended before the last story");
    assert!(failed.is_empty(), "see target/screenshots: {failed:#?}");
}
