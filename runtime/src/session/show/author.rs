//! The names under which messages and steps appear: a bot may rename them, and is asked once for each name and version.

use std::sync::Arc;

use super::Show;
use crate::{
    domain::{Callback, Event},
    sandbox::{Answer, TurnContext},
};

impl Show<'_> {
    /// The name to show for `name`; itself if the bot does not say or fails.
    pub(super) async fn renamed(&self, name: String) -> String {
        if !self.version.has(Callback::RenameAuthor) {
            return name;
        }
        if let Some(known) = self.version.author(&name) {
            return known;
        }
        let renamed = self.ask_for_name(&name).await.unwrap_or_else(|| name.clone());
        self.version.remember_author(name, renamed.clone());
        renamed
    }

    async fn ask_for_name(&self, name: &str) -> Option<String> {
        let live = self.live;
        let context = TurnContext {
            turn_id: self.turn,
            session_id: live.id,
            thread_id: live.thread_id,
            bot: live.bot.clone(),
            user: live.user.clone(),
            client: live.client.clone(),
            attached: Vec::new(),
            is_edit: false,
            reach: Arc::default(),
            usage: Arc::default(),
        };
        let event = Event::RenameAuthor(name.to_owned());
        // Beside the conversation: a name is made of a name alone. If the bot fails, the name keeps its spelling.
        match self.version.call_alone(context, event).await {
            Ok(Answer::Author(name)) => Some(name),
            Ok(_) | Err(_) => None,
        }
    }
}
