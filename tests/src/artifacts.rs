//! What was built before the tests run. `cargo xtask test` sees to that.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The folder `target`.
///
/// # Panics
/// The test binary does not lie where cargo puts it.
#[must_use]
pub fn target() -> PathBuf {
    // target/debug/deps/it-…, or target/debug/soak
    let this = env::current_exe().expect("a running program knows where it lies");
    let mut folders = this.ancestors().skip(1).filter(|folder| !folder.ends_with("deps"));
    folders.nth(1).expect("cargo puts programs into target/debug").to_owned()
}

/// The `chinwag` binary.
///
/// # Panics
/// It was not built.
#[must_use]
pub fn chinwag() -> PathBuf {
    existing(target().join("debug/chinwag"))
}

/// A bot's component: one of the examples, or one of the tests' own.
///
/// # Panics
/// It was not built.
#[must_use]
pub fn bot(name: &str) -> Vec<u8> {
    let shelf = target().join("bots");
    let example = shelf.join(format!("{name}.wasm"));
    let own = shelf.join("tests").join(format!("{name}.wasm"));
    let path = if example.exists() { example } else { existing(own) };
    fs::read(&path).unwrap_or_else(|error| panic!("`{}`: {error}", path.display()))
}

/// A component that differs from all others in its version marker: the bot `versioned`, which names `number` in every answer.
///
/// # Panics
/// The bot was not built, or does not hold exactly one marker.
#[must_use]
pub fn versioned(number: u64) -> Vec<u8> {
    marked("versioned", number)
}

/// As [`versioned`], of any bot that has such a marker.
///
/// # Panics
/// The bot was not built, or does not hold exactly one marker.
#[must_use]
pub fn marked(name: &str, number: u64) -> Vec<u8> {
    const MARKER: &[u8] = b"VERSION=";
    let mut component = bot(name);
    let found: Vec<usize> = component
        .windows(MARKER.len() + 6)
        .enumerate()
        .filter(|(_, window)| {
            window.starts_with(MARKER) && window[MARKER.len()..].iter().all(u8::is_ascii_digit)
        })
        .map(|(at, _)| at + MARKER.len())
        .collect();
    let [at] = found[..] else { panic!("{} version markers in `{name}.wasm`", found.len()) };
    component[at..at + 6].copy_from_slice(format!("{number:06}").as_bytes());
    component
}

/// The folder of the chat page.
///
/// # Panics
/// It was not fetched.
#[must_use]
pub fn page() -> PathBuf {
    let shelf = existing(target().join("ui"));
    let pages = fs::read_dir(&shelf).expect("a folder can be listed");
    let page = pages.filter_map(Result::ok).map(|entry| entry.path());
    let page = page.filter(|path| path.join("index.html").is_file()).max();
    existing(page.unwrap_or_else(|| shelf.join("chainlit")))
}

/// What an operator serves at `/public`: the components of the showcase.
#[must_use]
pub fn public() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/showcase/public")
}

/// The program that makes requests of a description of an API.
///
/// # Panics
/// It was not installed.
#[must_use]
pub fn schemathesis() -> PathBuf {
    existing(target().join("tools/schemathesis/bin/schemathesis"))
}

/// The folder of the JavaScript clients, with their packages.
///
/// # Panics
/// The packages were not installed.
#[must_use]
pub fn js() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("js");
    existing(folder.join("node_modules"));
    folder
}

fn existing(path: PathBuf) -> PathBuf {
    assert!(
        path.exists(),
        "`{}` is missing: run `cargo xtask test`, which makes it",
        path.display()
    );
    path
}
