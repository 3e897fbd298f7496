//! Messages and steps: the nodes of a thread.

use std::{collections::BTreeMap, ops::Not};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Json, StepId, ThreadId, object};

/// What is said where an answer was cut by the end of the server.
pub const INTERRUPTED: &str =
    "The server stopped while this was being answered. Send the message again.";

/// What a step is. Messages are steps, as in Chainlit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Said by the user.
    UserMessage,
    /// Said by the bot.
    AssistantMessage,
    /// One turn: the parent of all that the turn emits.
    Run,
    /// A tool call.
    Tool,
    /// A model call.
    Llm,
    /// A search.
    Retrieval,
    /// Text to vectors.
    Embedding,
    /// Sorting anew.
    Rerank,
    /// Anything else.
    Undefined,
}

impl StepKind {
    /// Whether clients show it as a bubble.
    #[must_use]
    pub fn is_message(self) -> bool {
        matches!(self, Self::UserMessage | Self::AssistantMessage)
    }
}

/// A message or a step. Ids, times and thread are stamped by the host. Serialised without what is empty: there are millions.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Step {
    /// Its id.
    pub id: StepId,
    /// The thread it belongs to.
    pub thread_id: ThreadId,
    /// The step it is shown in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<StepId>,
    /// What it is.
    pub kind: StepKind,
    /// A message's author, a step's title.
    pub name: String,
    /// A step's input.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub input: String,
    /// A message's text, a step's output; Markdown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub output: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its work began.
    pub start: Timestamp,
    /// When its work ended; none while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Timestamp>,
    /// Whether more text is coming.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub is_streaming: bool,
    /// Whether it failed, or reports a failure.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub is_error: bool,
    /// The code language of the output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The code language of the input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_language: Option<String>,
    /// Whether clients unfold it at once.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub default_open: bool,
    /// Whether clients fold it when it ends.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub auto_collapse: bool,
    /// A JSON object for clients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Json>,
    /// Words to find it by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The slash command of a user message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The modes of a user message: mode id to option id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub modes: BTreeMap<String, String>,
    /// What a model was asked and answered: a JSON object, for tools that analyse conversations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<Json>,
    /// Whether it waits for the user's answer.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub is_asking: bool,
    /// Whether it is gone when its turn ends: it is shown, and never kept.
    #[serde(skip)]
    pub is_transient: bool,
}

impl Step {
    /// An empty step that begins now.
    #[must_use]
    pub fn new(thread_id: ThreadId, kind: StepKind, name: impl Into<String>) -> Self {
        let now = Timestamp::now();
        Self {
            id: StepId::random(),
            thread_id,
            parent_id: None,
            kind,
            name: name.into(),
            input: String::new(),
            output: String::new(),
            created_at: now,
            start: now,
            end: None,
            is_streaming: false,
            is_error: false,
            language: None,
            input_language: None,
            default_open: false,
            auto_collapse: false,
            metadata: None,
            tags: Vec::new(),
            command: None,
            modes: BTreeMap::new(),
            generation: None,
            is_asking: false,
            is_transient: false,
        }
    }

    /// Marks it as cut by the end of the server: `interrupted: true` in its metadata.
    pub fn mark_interrupted(&mut self) {
        self.metadata = Some(object::with(self.metadata.as_ref(), "interrupted", true));
    }
}
