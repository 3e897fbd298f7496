//! Messages that a user has marked, to be sent again. Without sign-in nobody has any.

use std::sync::Arc;

use super::{Session, live::Live};
use crate::{
    db::{Database, DbError},
    domain::{Emit, StepId},
};

impl Session {
    /// The client wants to know what the user has marked.
    pub fn fetch_favorites(&self) {
        self.spawn_favorites(None);
    }

    /// The user marks a message, or takes the mark back.
    pub fn set_favorite(&self, message: StepId, is_favorite: bool) {
        self.spawn_favorites(Some((message, is_favorite)));
    }

    fn spawn_favorites(&self, change: Option<(StepId, bool)>) {
        let live = self.live().clone();
        let (Some(db), Some(user)) = (live.context.db.clone(), live.user.clone()) else { return };
        let (tasks, runtime) = (live.context.tasks.clone(), live.context.runtime.clone());
        let work = async move {
            if let Err(error) = live.favorites(db.as_ref(), &user.identifier, change).await {
                tracing::warn!(session = %live.id, %error, "the favourites are not known");
            }
        };
        drop(tasks.spawn_on(work, &runtime));
    }
}

impl Live {
    async fn favorites(
        &self,
        db: &dyn Database,
        owner: &str,
        change: Option<(StepId, bool)>,
    ) -> Result<(), DbError> {
        if let Some((message, is_favorite)) = change {
            self.commit(None).await?;
            let Some(step) = db.set_favorite(self.thread_id, message, is_favorite).await? else {
                return Ok(());
            };
            let step = Arc::new(step);
            self.outbox.note_kept(step.clone());
            self.emit(Emit::StepUpdated(step)).await;
        }
        let favorites = db.favorites(owner).await?;
        self.emit(Emit::Favorites(favorites.into())).await;
        Ok(())
    }
}
