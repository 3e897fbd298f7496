//! Kept threads as Chainlit's dict.

use std::collections::HashMap;

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::value::RawValue;

use super::{
    element::{ElementDict, Reader},
    step::{Instant, StepDict},
};
use crate::domain::{Content, Feedback, FeedbackId, Json, StepId, Thread, ThreadId, UserId};

/// A thread with all that was said in it; in a list, with nothing of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct ThreadDict<'a> {
    id: ThreadId,
    created_at: Instant,
    name: Option<&'a str>,
    user_id: Option<UserId>,
    user_identifier: Option<&'a str>,
    tags: &'a [String],
    metadata: Metadata<'a>,
    steps: Vec<KeptStep<'a>>,
    elements: Vec<ElementDict<'a>>,
}

/// A step, and what the user thinks of it.
#[derive(Debug, Serialize)]
struct KeptStep<'a> {
    #[serde(flatten)]
    step: StepDict<'a>,
    feedback: Option<FeedbackDict<'a>>,
}

/// What a user thinks of an answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct FeedbackDict<'a> {
    id: FeedbackId,
    for_id: StepId,
    thread_id: ThreadId,
    value: u8,
    comment: Option<&'a str>,
}

impl<'a> FeedbackDict<'a> {
    fn new(feedback: &'a Feedback) -> Self {
        Self {
            id: feedback.id,
            for_id: feedback.step_id,
            thread_id: feedback.thread_id,
            value: feedback.is_positive.into(),
            comment: feedback.comment.as_deref(),
        }
    }
}

impl<'a> ThreadDict<'a> {
    /// A thread without its content.
    pub(in super::super) fn head(thread: &'a Thread, user_id: Option<UserId>) -> Self {
        Self {
            id: thread.id,
            created_at: Instant(thread.created_at),
            name: thread.name.as_deref(),
            user_id,
            user_identifier: thread.owner.as_deref(),
            tags: &thread.tags,
            metadata: Metadata { thread, is_public: false },
            steps: Vec::new(),
            elements: Vec::new(),
        }
    }

    /// A thread with its content; its files are fetched by `reader`.
    pub(in super::super) fn whole(
        thread: &'a Thread,
        content: &'a Content,
        reader: Reader,
    ) -> Self {
        let mut feedback: HashMap<StepId, &Feedback> =
            content.feedback.iter().map(|it| (it.step_id, it)).collect();
        let steps = content.steps.iter().map(|step| KeptStep {
            step: StepDict::new(step),
            feedback: feedback.remove(&step.id).map(FeedbackDict::new),
        });
        let elements = content.elements.iter();
        Self {
            steps: steps.collect(),
            elements: elements.map(|it| ElementDict::new(it).fetched_by(reader)).collect(),
            ..Self::head(thread, None)
        }
    }

    /// The same with the id of whose it is.
    pub(in super::super) fn of(mut self, owner: Option<UserId>) -> Self {
        self.user_id = owner;
        self
    }

    /// The same for strangers: whose it is and how its owner set it up is not told.
    pub(in super::super) fn public(mut self) -> Self {
        self.user_id = None;
        self.user_identifier = None;
        self.metadata.is_public = true;
        self
    }
}

/// What the bot noted, and what clients look for beside it.
#[derive(Debug)]
struct Metadata<'a> {
    thread: &'a Thread,
    is_public: bool,
}

impl Serialize for Metadata<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const OWN: [&str; 4] = ["chat_profile", "chat_settings", "is_shared", "shared_at"];
        let thread = self.thread;
        let noted: HashMap<&str, &RawValue> =
            serde_json::from_str(thread.metadata.get()).unwrap_or_default();
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in noted.iter().filter(|(key, _)| !OWN.contains(*key)) {
            map.serialize_entry(key, value)?;
        }
        if !self.is_public {
            map.serialize_entry("chat_profile", &thread.bot)?;
            let settings: Option<&Json> = thread.settings.as_ref();
            if let Some(settings) = settings {
                map.serialize_entry("chat_settings", settings)?;
            }
        }
        map.serialize_entry("is_shared", &thread.shared_at.is_some())?;
        if let Some(shared_at) = thread.shared_at {
            map.serialize_entry("shared_at", &Instant(shared_at))?;
        }
        map.end()
    }
}
