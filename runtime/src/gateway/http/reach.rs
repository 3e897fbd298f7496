//! Which kept threads a user reaches: their own, and what others have shared.

use std::sync::Arc;

use axum::http::StatusCode;

use crate::{
    db::Database,
    domain::{Thread, ThreadId, User},
};

use super::{CurrentUser, HttpError, State, error::off};

impl State {
    /// What keeps threads.
    pub(super) fn db(&self) -> Result<&Arc<dyn Database>, HttpError> {
        self.kept.db.as_ref().ok_or_else(|| off("Data persistence is not enabled"))
    }

    /// A thread of the user's own.
    pub(super) async fn own_thread(
        &self,
        id: &str,
        CurrentUser(user): &CurrentUser,
    ) -> Result<Thread, HttpError> {
        let db = self.db()?;
        // Before it is told whether there is such a thread.
        let user = user.as_deref().ok_or_else(HttpError::unauthorized)?;
        let thread = db.thread(parse(id)?).await?.ok_or_else(missing)?;
        if owns(user, &thread) { Ok(thread) } else { Err(HttpError::unauthorized()) }
    }

    /// A thread that the user may read.
    pub(super) async fn readable_thread(
        &self,
        id: &str,
        CurrentUser(user): &CurrentUser,
    ) -> Result<Thread, HttpError> {
        let thread = self.db()?.thread(parse(id)?).await?.ok_or_else(missing)?;
        let is_own = user.as_deref().is_some_and(|user| owns(user, &thread));
        let may_read = is_own || self.is_shared(&thread);
        if may_read { Ok(thread) } else { Err(HttpError::unauthorized()) }
    }

    /// Whether everybody who has its address may read the thread.
    pub(super) fn is_shared(&self, thread: &Thread) -> bool {
        self.sharing && thread.shared_at.is_some()
    }
}

/// Whether the thread is the user's own. What nobody signed in for is nobody's.
pub(super) fn owns(user: &User, thread: &Thread) -> bool {
    thread.owner.as_ref() == Some(&user.identifier)
}

/// What is no id is the id of no thread.
pub(super) fn parse(id: &str) -> Result<ThreadId, HttpError> {
    id.parse().map_err(|_| missing())
}

pub(super) fn missing() -> HttpError {
    HttpError::not_found("Thread not found")
}

/// Users may not share threads here.
pub(super) fn no_sharing() -> HttpError {
    HttpError::new(StatusCode::FORBIDDEN, "Thread sharing is not enabled")
}
