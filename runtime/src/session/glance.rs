//! What an operator sees of live sessions.

use std::{cmp::Reverse, sync::atomic::Ordering};

use jiff::Timestamp;
use serde::Serialize;

use super::{Session, Sessions};
use crate::domain::{BotName, SessionId, ThreadId, VersionNumber};

/// What an operator sees of a session: never what is said in it.
#[derive(Clone, Debug, Serialize)]
pub struct Glance {
    /// Its id.
    pub id: SessionId,
    /// Whom the user talks to.
    pub bot: BotName,
    /// The conversation.
    pub thread_id: ThreadId,
    /// The sign-in name of the user, if there is one.
    pub user: Option<String>,
    /// Whether somebody is there.
    pub connected: bool,
    /// What the client says it is: `webapp`, `copilot`, …
    pub client: String,
    /// Since when it lives.
    pub opened_at: Timestamp,
    /// The version that handled its last turn, if there was one.
    pub version: Option<VersionNumber>,
    /// Whether the bot is at work for the user.
    pub running: bool,
}

impl Session {
    /// How it looks to whoever watches the server.
    #[must_use]
    pub fn glance(&self) -> Glance {
        let live = self.live();
        let version = live.last_version.load(Ordering::Relaxed);
        Glance {
            id: live.id,
            bot: live.bot.clone(),
            thread_id: live.thread_id,
            user: live.user.as_ref().map(|user| user.identifier.clone()),
            connected: self.is_connected(),
            client: live.client.kind.clone(),
            opened_at: live.opened_at,
            version: (version != 0).then_some(version),
            running: live.is_at_work(),
        }
    }
}

impl Sessions {
    /// The sessions that were opened last, at most `limit`, and how many there are.
    #[must_use]
    pub fn glance(&self, limit: usize) -> (usize, Vec<Glance>) {
        let sessions = self.all();
        let mut glances: Vec<Glance> = sessions.iter().map(Session::glance).collect();
        glances.sort_by_key(|glance| Reverse(glance.opened_at));
        glances.truncate(limit);
        (sessions.len(), glances)
    }
}
