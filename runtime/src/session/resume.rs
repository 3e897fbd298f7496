//! Opening a kept thread again.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio_util::sync::CancellationToken;

use super::{ConnectError, Hello, keep::Kept, live::Live, transcript::Transcript};
use crate::{
    db::{Database, DbError},
    domain::{Emit, Event, ThreadId, ThreadView},
};

/// What a client told to be gone may have missed at most: see the outbox.
const UNSURE: Duration = Duration::from_secs(75);

/// What is found of the thread that a client names.
#[derive(Clone, Debug)]
pub enum Opening {
    /// It names none, or its session lives.
    New,
    /// There is none.
    Missing,
    /// It is another visitor's. Without sign-in nobody can prove anything: it is answered as if it were not there.
    Foreign,
    /// It is kept.
    Kept(Box<Kept>),
}

impl Opening {
    pub(super) fn kept(&self) -> Option<&Kept> {
        match self {
            Self::Kept(kept) => Some(kept),
            Self::New | Self::Missing | Self::Foreign => None,
        }
    }

    /// Looks for a thread that the client of `hello` may go on with.
    pub(super) async fn find(
        db: &dyn Database,
        id: ThreadId,
        hello: &Hello,
    ) -> Result<Self, ConnectError> {
        let failed = |error| {
            tracing::error!(thread = %id, %error, "a thread cannot be read");
            ConnectError::Database
        };
        let Some(thread) = db.thread(id).await.map_err(failed)? else { return Ok(Self::Missing) };
        let user = hello.user.as_ref().map(|user| &user.identifier);
        match user {
            Some(_) if thread.owner.as_ref() != user => return Err(ConnectError::NotYours),
            // Without sign-in a thread is its session's.
            None if thread.owner.is_some() || thread.session != hello.session_id => {
                return Ok(Self::Foreign);
            }
            Some(_) | None => {}
        }
        let content = db.content(id).await.map_err(failed)?;
        let state = db.state(id).await.map_err(failed)?;
        Ok(Self::Kept(Box::new(Kept { thread, content, state })))
    }
}

/// How far a client has been told of the thread that it opened.
#[derive(Debug, Default)]
pub(super) struct Resumption {
    /// Whether the thread was kept before.
    pub(super) is_resumed: bool,
    /// Whether the client named a thread that is not there.
    pub(super) is_missing: bool,
    /// When the client was told the whole of it.
    told: Option<Instant>,
}

impl Resumption {
    pub(super) fn new(opening: &Opening) -> Self {
        let is_missing = matches!(opening, Opening::Missing | Opening::Foreign);
        Self { is_resumed: opening.kept().is_some(), is_missing, told: None }
    }

    /// Whether a client that comes back may have missed it.
    pub(super) fn is_due(&self) -> bool {
        self.is_resumed && self.told.is_none_or(|told| told.elapsed() < UNSURE)
    }
}

impl Live {
    /// Tells the bot that the thread is open again, then shows the client the whole of it, with what the bot has added.
    pub(super) async fn resume(self: &Arc<Self>, cancel: &CancellationToken) {
        // Without it pages offer neither to stop the bot nor to say what they think of it.
        let interaction = "resume".to_owned();
        self.emit(Emit::FirstInteraction { interaction, thread_id: self.thread_id }).await;
        let thread = self.keeper.head().thread.to_resumed();
        // A failure has been shown already.
        self.turn(Event::ChatResume(Box::new(thread)), None, cancel).await.ok();
        self.show_thread().await;
    }

    /// Shows the client the whole thread.
    pub(super) async fn show_thread(&self) {
        let Some(db) = &self.context.db else { return };
        if let Err(error) = self.commit(None).await {
            tracing::warn!(thread = %self.thread_id, %error, "a thread is shown as it was kept last");
        }
        let thread = self.keeper.head().thread.clone();
        let read = async {
            let owner = match &thread.owner {
                Some(name) => db.account(name).await?,
                None => None,
            };
            Ok::<_, DbError>((db.content(self.thread_id).await?, owner.map(|account| account.id)))
        };
        match read.await {
            Ok((content, owner_id)) => {
                let view = |transcript: &Transcript| {
                    let content = transcript.brought_up_to_date(&content);
                    let (session_id, thread) = (self.id, thread.clone());
                    Emit::ThreadResumed(Arc::new(ThreadView {
                        session_id,
                        owner_id,
                        thread,
                        content,
                    }))
                };
                self.outbox.emit_made(view).await;
                self.resumption.lock().told = Some(Instant::now());
            }
            Err(error) => {
                tracing::error!(thread = %self.thread_id, %error, "a thread cannot be read");
                let text =
                    "This conversation cannot be read right now. Reload the page in a moment.";
                self.emit(self.error_message(text)).await;
            }
        }
    }
}
