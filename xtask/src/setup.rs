//! What must be on the machine. What is missing is installed if that needs no one's leave, else the user is told how.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, command, read, run, say, target, works};

/// The target that bots are compiled for.
pub(crate) const BOT_TARGET: &str = "wasm32-wasip2";

const CARGO_DENY: &str = "0.20.2";

/// Sees to it that Rust can compile bots.
pub(crate) fn bot_target() -> Result<()> {
    let libdir = read(command("rustc").args(["--print", "target-libdir", "--target", BOT_TARGET]))?;
    if Path::new(&libdir).is_dir() {
        return Ok(());
    }
    say(format!("adding Rust's target {BOT_TARGET}, which bots are compiled for"));
    run(command("rustup").args(["target", "add", BOT_TARGET])).with_context(|| {
        format!("this Rust was not installed with rustup: add its standard library for {BOT_TARGET} with your package manager")
    })
}

/// Sees to it that `python3 -m pip` works: the stock page comes as a Python wheel.
pub(crate) fn pip() -> Result<()> {
    if works(command("python3").args(["-m", "pip", "--version"])) {
        return Ok(());
    }
    debian("pip, which fetches the stock page", &["python3-pip"])
}

/// Sees to it that Node.js runs: the page is built with it, and clients of the tests are written in JavaScript.
pub(crate) fn node() -> Result<()> {
    if works(command("node").arg("--version")) && works(command("npm").arg("--version")) {
        return Ok(());
    }
    debian("Node.js, with which the page is built", &["nodejs", "npm"])
}

/// Sees to it that there is a browser for the tests of the chat page.
pub(crate) fn browser() -> Result<()> {
    let named = env::var_os("CHROMIUM").map(|path| Path::new(&path).is_file());
    if named == Some(true) || works(command("chromium").arg("--version")) {
        return Ok(());
    }
    debian("Chromium, in which the chat page is tested", &["chromium"])
}

/// Installs npm's packages exactly as a folder's `package-lock.json` says, once for each state of that file.
pub(crate) fn npm_packages(folder: &Path, what: &str) -> Result<()> {
    let (lock, installed) = (folder.join("package-lock.json"), folder.join("node_modules/.locked"));
    let wanted = fs::read(&lock).with_context(|| format!("`{}` is missing", lock.display()))?;
    if fs::read(&installed).is_ok_and(|have| have == wanted) {
        return Ok(());
    }
    say(format!("installing {what} to {}", folder.display()));
    run(command("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(folder))?;
    Ok(fs::write(installed, wanted)?)
}

/// Where cargo-deny is; installs it below `target/tools` if it is not there.
pub(crate) fn cargo_deny() -> Result<PathBuf> {
    let tools = target().join("tools");
    let program = tools.join("bin/cargo-deny");
    if !works(command(&program.to_string_lossy()).arg("--version")) {
        say(format!("installing cargo-deny {CARGO_DENY} to {}", tools.display()));
        let mut install = cargo();
        install.args(["install", "--locked", "--quiet", "cargo-deny", "--version", CARGO_DENY]);
        run(install.arg("--root").arg(&tools).arg("--target-dir").arg(tools.join("build")))?;
    }
    Ok(program)
}

/// Installs packages where that is possible without asking: on Debian, as root.
fn debian(what: &str, packages: &[&str]) -> Result<()> {
    let install = format!("apt-get install -y --no-install-recommends {}", packages.join(" "));
    if !works(command("apt-get").arg("--version")) {
        bail!("{what}, is missing: install the equivalent of Debian's `{}`", packages.join(" "));
    }
    if read(command("id").arg("-u"))? != "0" {
        bail!("{what}, is missing: run `sudo {install}`, then this again");
    }
    say(format!("installing {what}: `{install}`"));
    let mut apt = command("sh");
    apt.env("DEBIAN_FRONTEND", "noninteractive");
    // The lists may be older than the packages, or not there at all.
    run(apt.args(["-c", &format!("{install} || (apt-get update && {install})")]))
}
