//! Kept conversations.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{BotName, Element, FeedbackId, Json, ResumedThread, SessionId, Step, StepId, ThreadId};

/// What is known of a conversation beside what was said in it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Thread {
    /// Its id.
    pub id: ThreadId,
    /// The bot that it is with.
    pub bot: BotName,
    /// The sign-in name of whose it is; none if nobody had signed in.
    pub owner: Option<String>,
    /// The session that wrote to it last: without sign-in, nobody else may come back to it.
    pub session: SessionId,
    /// What it is called: the first thing the user did, unless somebody renamed it.
    pub name: Option<String>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// A JSON object: what the bot noted, for clients.
    pub metadata: Json,
    /// The values of the chat settings: a JSON object; none if the user changed none.
    pub settings: Option<Json>,
    /// Since when everybody who has its address may read it; none if only its owner may.
    pub shared_at: Option<Timestamp>,
    /// When it began.
    pub created_at: Timestamp,
}

impl Thread {
    /// The thread as bots are told of it.
    #[must_use]
    pub fn to_resumed(&self) -> ResumedThread {
        ResumedThread {
            id: self.id,
            name: self.name.clone(),
            tags: self.tags.clone(),
            metadata: self.metadata.clone(),
            created_at: self.created_at,
        }
    }
}

/// What was said and shown in a conversation.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// Messages and steps in the order in which they began: parents precede their children.
    pub steps: Vec<Arc<Step>>,
    /// Elements in the order in which they were first shown.
    pub elements: Vec<Arc<Element>>,
    /// What the user thinks of answers.
    pub feedback: Vec<Feedback>,
}

/// What a user thinks of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feedback {
    /// Its id.
    pub id: FeedbackId,
    /// The thread.
    pub thread_id: ThreadId,
    /// The step that it is about: the run that answered.
    pub step_id: StepId,
    /// Whether it was good.
    pub is_positive: bool,
    /// What the user wrote about it.
    pub comment: Option<String>,
}

/// Which conversations of a user are wanted.
#[derive(Clone, Debug)]
pub struct ThreadQuery {
    /// The sign-in name of whose they are.
    pub owner: String,
    /// At most so many.
    pub first: usize,
    /// Those after this one of the page before, as [`ThreadPage::end`] said.
    pub after: Option<String>,
    /// Words that all occur in the name or in one message, the last of them perhaps not finished.
    pub search: Option<String>,
    /// Those with an answer that the user found good, or bad.
    pub feedback: Option<bool>,
}

/// Conversations, the one that changed last first.
#[derive(Clone, Debug, Default)]
pub struct ThreadPage {
    /// The conversations.
    pub threads: Vec<Thread>,
    /// Where the page ends, for the next query; opaque.
    pub end: Option<String>,
    /// Whether there are more.
    pub has_next: bool,
}
