//! Builds the page, Chinwag's own chat and console, to where the server's build embeds it.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
};

use anyhow::Result;

use crate::{
    setup,
    shell::{command, root, run, say, target},
};

/// What the page is made of, in its folder.
const SOURCES: [&str; 7] = [
    "src",
    "public",
    "index.html",
    "console.html",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
];

/// Builds the page, unless it was built from the same sources before: the server is compiled again whenever it changes.
pub(crate) fn build() -> Result<()> {
    let folder = root().join("runtime/ui");
    let stamp = target().join("ui/page.stamp");
    let wanted = fingerprint(&folder)?;
    let is_there = folder.join("dist/index.html").is_file();
    if is_there && fs::read_to_string(&stamp).is_ok_and(|have| have == wanted) {
        return Ok(());
    }
    setup::node()?;
    setup::npm_packages(&folder, "the page's npm packages")?;
    say("building the page");
    run(command("npm").args(["run", "--silent", "check"]).current_dir(&folder))?;
    run(command("npm")
        .args(["run", "--silent", "build", "--", "--logLevel", "warn"])
        .current_dir(&folder))?;
    fs::create_dir_all(target().join("ui"))?;
    Ok(fs::write(stamp, wanted)?)
}

/// Tells one state of the sources from another.
fn fingerprint(folder: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    for source in SOURCES {
        collect(&folder.join(source), &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.strip_prefix(folder).unwrap_or(&file).hash(&mut hasher);
        fs::read(&file)?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        collect(&entry?.path(), files)?;
    }
    Ok(())
}
