//! The house rules, as far as a program can check them: floors, vendors, and what every file owes its readers.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Crates that only one module may know, by the begin of their names.
const VENDORS: [(&str, &str); 8] = [
    ("wasmtime", "sandbox"),
    ("wasmparser", "sandbox"),
    ("wit_", "sandbox"),
    ("socketioxide", "gateway"),
    ("engineioxide", "gateway"),
    ("object_store", "files"),
    ("sqlx", "db"),
    ("clap", "cli"),
];
/// The longest file that a reader keeps in mind.
const MAX_LINES: usize = 400;
/// The module that knows nothing but the language.
const GROUND: &str = "domain";

/// A file of the house.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its path below the folder in which it was found.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// All Rust files below a folder of the repository.
///
/// # Panics
/// There is no such folder.
#[must_use]
pub fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a folder of the repository");
    let folder = root.join(folder);
    let mut files = Vec::new();
    collect(&folder, &mut files);
    files.sort();
    let read = |path: PathBuf| Source {
        path: path.strip_prefix(&folder).expect("it lies there").display().to_string(),
        text: fs::read_to_string(path).expect("a source is text"),
    };
    files.into_iter().map(read).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("`{}`: {error}", folder.display()));
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.ends_with("node_modules") {
            continue;
        }
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// What every file owes: it opens with what it owns, ends before a reader is tired, and postpones nothing.
#[must_use]
pub fn untidy(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for Source { path, text } in sources {
        let count = text.lines().count();
        if !text.starts_with("//!") {
            found.push(format!("`{path}` does not open with `//!`: say what it owns"));
        }
        if count > MAX_LINES {
            found.push(format!("`{path}` has {count} lines, more than {MAX_LINES}: split it"));
        }
        // Written apart, or this file would be untidy itself.
        if text.contains(concat!("TO", "DO")) {
            found.push(format!("`{path}` postpones something: do it, or open an issue"));
        }
    }
    found
}

/// The floors of the runtime, from the ground up: the paragraphs of modules in `lib.rs`.
#[must_use]
pub fn floors(lib: &str) -> Vec<Vec<String>> {
    let paragraphs = lib.split("\n\n").map(|paragraph| {
        let modules = paragraph.lines().filter_map(|line| line.strip_prefix("pub mod "));
        modules.map(|module| module.trim_end_matches(';').to_owned()).collect::<Vec<_>>()
    });
    paragraphs.filter(|floor| !floor.is_empty()).collect()
}

/// Calls that go up or sideways: a module calls only what lies below it.
#[must_use]
pub fn wrong_arrows(floors: &[Vec<String>], sources: &[Source]) -> Vec<String> {
    let floor = |module: &str| floors.iter().position(|floor| floor.iter().any(|it| it == module));
    let mut found = Vec::new();
    for Source { path, text } in sources {
        let module = module(path);
        let Some(own) = floor(module) else { continue };
        for called in calls(&code(text)) {
            let Some(other) = floor(&called) else { continue };
            if called != module && (other >= own || module == GROUND) {
                found.push(format!(
                    "`{path}` calls `{called}`, which does not lie below `{module}`"
                ));
            }
        }
    }
    found
}

/// Vendors outside of their only home.
#[must_use]
pub fn strays(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for Source { path, text } in sources {
        let code = code(text);
        let words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
        for (vendor, home) in VENDORS {
            let is_here =
                |word: &str| word == vendor || (vendor != "clap" && word.starts_with(vendor));
            if module(path) != home && words.clone().any(is_here) {
                found.push(format!("`{path}` knows `{vendor}`, whose only home is `{home}`"));
            }
        }
    }
    found
}

/// The first part of a path, without its extension.
fn module(path: &str) -> &str {
    path.split(['/', '.']).next().unwrap_or(path)
}

/// The text without comments and without texts in quotes, roughly.
fn code(text: &str) -> String {
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or(line));
    let lines = lines.map(|line| line.split('"').step_by(2).collect::<Vec<_>>().join("\"\""));
    lines.collect::<Vec<_>>().join("\n")
}

/// The modules that come after `crate::`, also in braces.
fn calls(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let Some(group) = rest.strip_prefix('{') else {
            found.extend(word(rest));
            continue;
        };
        let mut depth = 0_i32;
        let mut is_first = true;
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => is_first = true,
                _ if is_first && !c.is_whitespace() => {
                    found.extend(word(&group[at..]));
                    is_first = false;
                }
                _ => {}
            }
        }
    }
    found
}

fn word(text: &str) -> Option<String> {
    let word = text.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
    (!word.is_empty()).then(|| word.to_owned())
}
