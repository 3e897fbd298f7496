//! The names under which messages and steps appear: a bot may rename them, and is asked once for each name and version.

use tokio::sync::mpsc;

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
        };
        let event = Event::RenameAuthor(name.to_owned());
        // Nobody serves it: a name is made of a name alone.
        let (calls, _) = mpsc::channel(1);
        let turn = self.version.program.turn(context, event, live.context.bots.limits(), calls);
        match Box::pin(turn).await {
            Ok(Answer::Author(name)) => Some(name),
            Ok(_) => None,
            Err(error) => {
                tracing::warn!(version = %self.version.reference, %error, "a name keeps its spelling");
                None
            }
        }
    }
}
