//! Looks at what the program is made of: licences, sources, known weaknesses. The rules are in `deny.toml`.

use std::env;

use anyhow::Result;

use crate::{
    setup,
    shell::{command, run, say, works},
};

/// Checks every dependency. Weaknesses are looked up where their database can be reached.
pub(crate) fn check() -> Result<()> {
    let deny = setup::cargo_deny()?;
    let deny = || command(&deny.to_string_lossy());
    say("checking licences and sources of what the program is made of");
    run(deny().args(["--log-level", "error", "check", "licenses", "bans", "sources"]))?;
    if !works(deny().args(["fetch", "db"])) {
        say("the database of known weaknesses cannot be reached: they are not looked up");
        return Ok(());
    }
    say("looking up known weaknesses of what the program is made of");
    let found = run(deny().args(["--offline", "--log-level", "error", "check", "advisories"]));
    match found {
        // What was found yesterday must stop a merge, but not somebody who tries the program out.
        Err(error) if env::var_os("CI").is_none() => {
            say(format!(
                "there is something to look at, which is no fault of this machine: {error}"
            ));
            Ok(())
        }
        found => found,
    }
}
