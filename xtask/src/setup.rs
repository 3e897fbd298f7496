//! What must be on the machine. What is missing is installed if that needs no one's leave, else the user is told how.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, command, read, root, run, say, target, works};

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

/// Sees to it that a server of the tests can be given a clock that jumps.
pub(crate) fn faketime() -> Result<()> {
    if works(command("faketime").args(["+1d", "true"])) {
        return Ok(());
    }
    debian("faketime, with which the tests let clocks jump", &["faketime"])
}

/// Sees to it that a server of the tests can be given a disk that is slow or broken.
pub(crate) fn strace() -> Result<()> {
    if works(command("strace").arg("--version")) {
        return Ok(());
    }
    debian("strace, with which the tests slow disks down", &["strace"])
}

/// Sees to it that instructions can be counted.
pub(crate) fn valgrind() -> Result<()> {
    if works(command("valgrind").arg("--version")) {
        return Ok(());
    }
    debian("valgrind, with which the instructions of a message are counted", &["valgrind"])
}

/// Installs npm's packages exactly as a folder's `package-lock.json` says, once for each state of that file.
pub(crate) fn npm_packages(folder: &Path, what: &str) -> Result<()> {
    let (lock, installed) = (folder.join("package-lock.json"), folder.join("node_modules/.locked"));
    once_for(&lock, &installed, || {
        say(format!("installing {what} to {}", folder.display()));
        run(command("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(folder))
    })
}

/// Installs Schemathesis below `target/tools`.
pub(crate) fn schemathesis() -> Result<()> {
    python(
        "Schemathesis, which asks the admin API for all that it describes",
        &root().join("tests/requirements.txt"),
        &target().join("tools/schemathesis"),
    )
    .map(drop)
}

/// Installs Python's packages exactly as `lock` says, once for each state of that file. In an environment of its own: Debian's Python
/// takes no packages from elsewhere, and nothing else is to change with it. Returns the environment's Python.
pub(crate) fn python(what: &str, lock: &Path, folder: &Path) -> Result<PathBuf> {
    let python = folder.join("bin/python");
    once_for(lock, &folder.join(".locked"), || {
        let has_venv = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))";
        if !works(command("python3").args(["-c", has_venv])) {
            debian("Python 3.11 with venv, in which tools of the tests run", &["python3-venv"])?;
        }
        say(format!("installing {what}, to {}", folder.display()));
        run(command("python3").args(["-m", "venv", "--clear"]).arg(folder))?;
        run(command(&python.to_string_lossy())
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(["--prefer-binary", "--require-hashes", "--requirement"])
            .arg(lock))
    })?;
    Ok(python)
}

/// Does something once for each state of a file, of which `done` then has a copy.
fn once_for(file: &Path, done: &Path, work: impl FnOnce() -> Result<()>) -> Result<()> {
    let wanted = fs::read(file).with_context(|| format!("`{}` is missing", file.display()))?;
    if fs::read(done).is_ok_and(|have| have == wanted) {
        return Ok(());
    }
    work()?;
    Ok(fs::write(done, wanted)?)
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
