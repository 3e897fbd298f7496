//! Builds the bots of `examples/` and `tests/bots/`, all in one go, and puts the components where they are looked for.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{
    setup::{self, BOT_TARGET},
    shell::{cargo, root, run, say, target},
};

/// The cargo profile of bots: small and quick to start.
const PROFILE: &str = "bot";

/// One bot's crate and where its component goes.
struct Bot {
    package: String,
    component: PathBuf,
}

/// Builds every bot. Components that did not change are not touched, so that a server that watches them stays calm.
pub(crate) fn build() -> Result<()> {
    setup::bot_target()?;
    let shelf = target().join("bots");
    let mut bots = bots("examples", "example", &shelf)?;
    bots.extend(self::bots("tests/bots", "bot", &shelf.join("tests"))?);
    say(format!("building {} bots to {}", bots.len(), shelf.display()));
    let packages = bots.iter().flat_map(|bot| ["-p", &bot.package]);
    run(cargo().args(["build", "--profile", PROFILE, "--target", BOT_TARGET]).args(packages))?;
    let built = target().join(BOT_TARGET).join(PROFILE);
    for bot in &bots {
        let file = format!("{}.wasm", bot.package.replace('-', "_"));
        deliver(&built.join(file), &bot.component)
            .with_context(|| format!("`{}` cannot be written", bot.component.display()))?;
    }
    Ok(())
}

/// The bots of a folder: one crate a subfolder, called `PREFIX-SUBFOLDER`.
fn bots(folder: &str, prefix: &str, shelf: &Path) -> Result<Vec<Bot>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root().join(folder)).with_context(|| format!("no `{folder}`"))? {
        let entry = entry?;
        if entry.path().join("Cargo.toml").is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    let bot = |name: String| Bot {
        package: format!("{prefix}-{name}"),
        component: shelf.join(format!("{name}.wasm")),
    };
    Ok(names.into_iter().map(bot).collect())
}

/// Copies under another name first: whoever reads `to` finds the old component or the new one, never half of it.
fn deliver(from: &Path, to: &Path) -> io::Result<()> {
    let component = fs::read(from)?;
    if fs::read(to).is_ok_and(|old| old == component) {
        return Ok(());
    }
    let folder = to.parent().expect("a component lies in a folder");
    fs::create_dir_all(folder)?;
    let file = tempfile::NamedTempFile::new_in(folder)?;
    fs::write(file.path(), component)?;
    file.persist(to)?;
    Ok(())
}
