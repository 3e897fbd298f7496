//! What a recording needs to be played: a server like the recorded one, and what its users know.

use std::collections::BTreeMap;

use super::{Difference, Form, Player, compare::Ids};
use crate::{
    server::{Settings, TestServer},
    trace,
    visitor::Visitor,
};

/// A recording to be played.
#[derive(Debug)]
pub struct Replay {
    number: &'static str,
    settings: Settings,
    bots: Vec<&'static str>,
    name: &'static str,
    key: Option<&'static str>,
    users: Vec<(&'static str, &'static str)>,
    forms: Vec<(u64, Form)>,
    expiries: Vec<u64>,
    differences: Vec<Difference>,
}

impl Replay {
    /// The recording whose name begins with this; its bot is `showcase`.
    #[must_use]
    pub fn of(number: &'static str) -> Self {
        Self {
            number,
            settings: Settings::default(),
            bots: vec!["showcase"],
            name: "Showcase",
            key: None,
            users: Vec::new(),
            forms: Vec::new(),
            expiries: Vec::new(),
            differences: Vec::new(),
        }
    }

    /// Has the server started with a variable of the environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.settings = self.settings.env(name, value);
        self
    }

    /// Deploys another bot as well.
    #[must_use]
    pub fn bot(mut self, bot: &'static str) -> Self {
        self.bots.push(bot);
        self
    }

    /// Deploys the bot `herald`, to which all clients give a key that says what it does at the begin: a bot decides here what
    /// the environment of the recorded app decided.
    #[must_use]
    pub fn herald(mut self, key: Option<&'static str>) -> Self {
        self.bots = vec!["herald"];
        self.name = "Alpha";
        self.key = key;
        self
    }

    /// Lets users sign in with a password.
    #[must_use]
    pub fn users(mut self, users: &[(&'static str, &'static str)]) -> Self {
        self.users = users.to_vec();
        self.env("CHINWAG_AUTH__PASSWORD", "true")
    }

    /// Says what the form of a line holds.
    #[must_use]
    pub fn form(mut self, line: u64, form: Form) -> Self {
        self.forms.push((line, form));
        self
    }

    /// Waits before a line until all sessions have ended.
    #[must_use]
    pub fn expires(mut self, line: u64) -> Self {
        self.expiries.push(line);
        self
    }

    /// Says where Chinwag differs.
    #[must_use]
    pub fn differs(mut self, differences: &[Difference]) -> Self {
        self.differences.extend(differences);
        self
    }

    /// Plays the recording.
    ///
    /// # Panics
    /// The server does not say what the recording has.
    pub async fn play(self) {
        let server = self.settings.start().await;
        for bot in &self.bots {
            server.deploy(bot).await;
        }
        for (name, shown) in self.users {
            add_user(&server, name, shown).await;
        }
        let mut player = Player {
            visitor: Visitor::new(&server.url),
            server,
            differences: self.differences,
            forms: self.forms,
            expiries: self.expiries,
            key: self.key,
            sockets: BTreeMap::new(),
            screens: BTreeMap::new(),
            refused: None,
            ids: Ids::of(self.name),
            answer: None,
            found: Vec::new(),
        };
        for line in trace::read(self.number) {
            player.play(line).await;
        }
        let Player { found, .. } = &player;
        assert!(found.is_empty(), "Chinwag differs from the recording:\n{}", found.join("\n"));
        assert!(player.sockets.is_empty(), "in a recording everybody hangs up");
    }
}

/// The password is the name with `-password`: names alone are too short.
async fn add_user(server: &TestServer, name: &str, shown: &str) {
    let arguments =
        ["users", "add", name, "--display-name", shown, "--data", "data", "--password-stdin"];
    server.run_with_input(&arguments, &format!("{name}-password\n")).await;
}
