//! What a bot may use only if the operator lets it: what reads the words and files of users. Showing things needs no leave.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

use crate::sandbox::PACKAGE;

/// The interfaces that need leave.
const POWERS: [&str; 2] = ["files", "history"];

/// What needs leave: what a bot has been granted, or what a version asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Grants {
    /// Interfaces of the host, as `chinwag:bot/files`.
    pub imports: BTreeSet<String>,
}

impl Grants {
    /// What a component that imports these interfaces asks for. Versions of interfaces do not count.
    pub(super) fn asked(imports: &[String]) -> Self {
        let names = imports.iter().map(|import| import.split('@').next().unwrap_or(import));
        let imports = names.filter(|name| is_power(name)).map(str::to_owned).collect();
        Self { imports }
    }

    /// What of this is not in `granted`.
    #[must_use]
    pub fn beyond(&self, granted: &Self) -> Self {
        Self { imports: self.imports.difference(&granted.imports).cloned().collect() }
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.imports.is_empty()
    }

    /// An interface that nobody needs to be granted, if there is one.
    pub(super) fn stranger(&self) -> Option<&str> {
        self.imports.iter().map(String::as_str).find(|name| !is_power(name))
    }

    /// The names of all that can be granted.
    pub(super) fn all() -> String {
        POWERS.map(|power| format!("`{PACKAGE}/{power}`")).join(", ")
    }
}

/// A list for a sentence.
impl fmt::Display for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.imports.iter().map(|name| format!("`{name}`")).collect();
        f.write_str(&names.join(", "))
    }
}

fn is_power(name: &str) -> bool {
    let own = name.strip_prefix(PACKAGE).and_then(|rest| rest.strip_prefix('/'));
    own.is_some_and(|interface| POWERS.contains(&interface))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(imports: &[&str]) -> Grants {
        Grants::asked(&imports.iter().copied().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn what_reads_words_and_files_of_users_needs_leave_and_what_shows_things_does_not() {
        let asked = asked(&[
            "chinwag:bot/emitter@0.1.0",
            "chinwag:bot/files@0.1.0",
            "chinwag:bot/history@0.1.0",
            "wasi:cli/stdout@0.2.3",
            "other:files/history@1.0.0",
        ]);
        assert_eq!(asked.to_string(), "`chinwag:bot/files`, `chinwag:bot/history`");
    }

    #[test]
    fn what_is_granted_is_not_asked_for_again() {
        let files = asked(&["chinwag:bot/files"]);
        let both = asked(&["chinwag:bot/files", "chinwag:bot/history@0.1.0"]);
        assert!(files.beyond(&both).is_empty());
        assert_eq!(both.beyond(&files), asked(&["chinwag:bot/history"]));
    }
}
