//! Fetches the stock Chainlit page out of its Python wheel: the tests see to it that it works unmodified. Nothing of it is
//! committed.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use crate::{
    setup,
    shell::{command, run, say, target},
};

const VERSION: &str = "2.12.0";
/// The wheel's sha-256; pip refuses another one.
const SHA256: &str = "17cbd2c408f775a123892984bf9170674b5c81a01f7a8af278912e2786253ffc";

/// Returns the page's folder; fetches it if it is not there.
pub(crate) fn fetch() -> Result<PathBuf> {
    let shelf = target().join("ui");
    let page = shelf.join(format!("chainlit-{VERSION}"));
    if page.join("index.html").is_file() {
        return Ok(page);
    }
    setup::pip()?;
    say(format!("fetching the page of Chainlit {VERSION} to {}", page.display()));
    fs::create_dir_all(&shelf)?;
    let work = tempfile::Builder::new().prefix(".fetching-").tempdir_in(&shelf)?;

    let wanted = work.path().join("wanted.txt");
    fs::write(&wanted, format!("chainlit=={VERSION} --hash=sha256:{SHA256}\n"))?;
    run(command("python3")
        .args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check"])
        .args(["--no-deps", "--only-binary", ":all:", "--require-hashes", "--requirement"])
        .arg(&wanted)
        .arg("--dest")
        .arg(work.path()))?;
    let wheel = work.path().join(format!("chainlit-{VERSION}-py3-none-any.whl"));
    run(command("python3").args(["-m", "zipfile", "-e"]).arg(&wheel).arg(work.path()))?;

    let package = work.path().join("chainlit");
    let dist = package.join("frontend/dist");
    fs::rename(package.join("translations"), dist.join("translations"))
        .context("the wheel has no translations where they are expected")?;
    if page.exists() {
        // Somebody took something out of it.
        fs::remove_dir_all(&page)?;
    }
    fs::rename(dist, &page)?;
    Ok(page)
}
