//! What a bot may use only if the operator lets it: what reads the words and files of users, and what leads out of the
//! server. Showing things needs no leave.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

use crate::{
    domain::{HostPattern, Profile, is_offered_name},
    sandbox::PACKAGE,
};

/// The interfaces that need leave.
const POWERS: [&str; 2] = ["files", "history"];

/// What needs leave: what a bot has been granted, or what a version asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Grants {
    /// Interfaces of the host, as `chinwag:bot/files`.
    pub imports: BTreeSet<String>,
    /// Hosts that it may send requests to.
    pub hosts: BTreeSet<HostPattern>,
    /// Secrets of the operator that are put into its requests, by name.
    pub secrets: BTreeSet<String>,
    /// Models of the operator that it may ask, by name.
    pub models: BTreeSet<String>,
}

impl Grants {
    /// What a component that imports these interfaces, and describes itself so, asks for. Versions of interfaces do not count.
    pub(super) fn asked(imports: &[String], profile: &Profile) -> Self {
        let names = imports.iter().map(|import| import.split('@').next().unwrap_or(import));
        let imports = names.filter(|name| is_power(name)).map(str::to_owned).collect();
        let Profile { hosts, secrets, models, .. } = profile.clone();
        Self { imports, hosts, secrets, models }
    }

    /// What whoever brings a bot here lets it have unasked: interfaces, which concern its own conversations alone. What leads
    /// out of the server is granted in words.
    pub(super) fn of_newcomer(self) -> Self {
        Self { imports: self.imports, ..Self::default() }
    }

    /// What of this is not in `granted`.
    #[must_use]
    pub fn beyond(&self, granted: &Self) -> Self {
        let has = |host: &&HostPattern| !granted.hosts.iter().any(|it| it.covers(host));
        Self {
            imports: self.imports.difference(&granted.imports).cloned().collect(),
            hosts: self.hosts.iter().filter(has).cloned().collect(),
            secrets: self.secrets.difference(&granted.secrets).cloned().collect(),
            models: self.models.difference(&granted.models).cloned().collect(),
        }
    }

    /// This and `other`.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        self.imports.extend(other.imports);
        self.hosts.extend(other.hosts);
        self.secrets.extend(other.secrets);
        self.models.extend(other.models);
        self
    }

    /// All of it by name: `chinwag:bot/files`, `host:api.example.com`, `secret:openai`,
    /// `model:small`.
    #[must_use]
    pub fn items(&self) -> Vec<String> {
        let hosts = self.hosts.iter().map(|host| format!("host:{host}"));
        let secrets = self.secrets.iter().map(|name| format!("secret:{name}"));
        let models = self.models.iter().map(|name| format!("model:{name}"));
        self.imports.iter().cloned().chain(hosts).chain(secrets).chain(models).collect()
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// An interface that nobody needs to be granted, if there is one.
    pub(super) fn stranger(&self) -> Option<&str> {
        self.imports.iter().map(String::as_str).find(|name| !is_power(name))
    }

    /// A name that no secret and no model can have, if there is one.
    pub(super) fn bad_name(&self) -> Option<&str> {
        let mut names = self.secrets.iter().chain(&self.models).map(String::as_str);
        names.find(|name| !is_offered_name(name))
    }

    /// The names of all interfaces that can be granted.
    pub(super) fn all() -> String {
        POWERS.map(|power| format!("`{PACKAGE}/{power}`")).join(", ")
    }
}

/// A list for a sentence.
impl fmt::Display for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let items: Vec<String> = self.items().iter().map(|item| format!("`{item}`")).collect();
        f.write_str(&items.join(", "))
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
        let imports: Vec<_> = imports.iter().copied().map(str::to_owned).collect();
        Grants::asked(&imports, &Profile::default())
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

    #[test]
    fn hosts_and_secrets_are_asked_for_in_the_profile_and_no_newcomer_gets_them_unasked() {
        let profile = Profile {
            hosts: ["api.example.com".parse().unwrap(), "10.0.0.7".parse().unwrap()].into(),
            secrets: ["key".to_owned()].into(),
            ..Profile::default()
        };
        let asked = Grants::asked(&["chinwag:bot/files@0.1.0".to_owned()], &profile);
        let newcomer = asked.clone().of_newcomer();
        let open = asked.beyond(&newcomer);
        insta::assert_snapshot!(open, @"`host:api.example.com`, `host:10.0.0.7`, `secret:key`");
        let wide = Grants { hosts: ["*.example.com".parse().unwrap()].into(), ..newcomer };
        insta::assert_snapshot!(asked.beyond(&wide), @"`host:10.0.0.7`, `secret:key`");
        assert!(asked.beyond(&wide.with(open)).is_empty());
    }
}
