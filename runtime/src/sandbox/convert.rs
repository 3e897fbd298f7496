//! WIT types to domain types and back.

mod settings;

use jiff::Timestamp;

use super::{
    CallError, ElementDraft, ElementSource, LogLevel, MessageDraft, StepOptions,
    bindings::{
        chinwag::bot::{emitter, log, session, thread, types},
        exports::chinwag::bot::feedback,
    },
};
use crate::domain::{
    ActionDraft, AudioChunk, Click, ElementDisplay, ElementKind, ElementSize, Feedback, Json,
    JsonError, ResumedThread, StepId, StepKind, ToastKind, User, UserMessage, parse_json,
};

impl From<CallError> for types::Error {
    fn from(error: CallError) -> Self {
        Self { code: error.code.to_owned(), message: error.message }
    }
}

impl From<JsonError> for CallError {
    fn from(error: JsonError) -> Self {
        Self::new("invalid-json", error.to_string())
    }
}

impl From<UserMessage> for types::Message {
    fn from(message: UserMessage) -> Self {
        Self {
            id: message.id.to_string(),
            text: message.text,
            created_at_ms: milliseconds(message.created_at),
            author: message.author,
            parent_id: message.parent_id.map(|id| id.to_string()),
            command: message.command,
            modes: message.modes.into_iter().collect(),
            metadata: message.metadata.get().to_owned(),
        }
    }
}

impl From<Click> for types::Action {
    fn from(click: Click) -> Self {
        Self {
            id: click.id.to_string(),
            name: click.name,
            message_id: click.message_id.map(|id| id.to_string()),
            label: click.label,
            payload: click.payload.get().to_owned(),
        }
    }
}

impl From<AudioChunk> for types::AudioChunk {
    fn from(chunk: AudioChunk) -> Self {
        Self {
            is_start: chunk.is_start,
            mime_type: chunk.mime_type,
            elapsed_ms: chunk.elapsed_ms,
            data: chunk.data.into(),
        }
    }
}

impl From<ResumedThread> for thread::ThreadInfo {
    fn from(thread: ResumedThread) -> Self {
        Self {
            id: thread.id.to_string(),
            name: thread.name,
            created_at_ms: milliseconds(thread.created_at),
            tags: thread.tags,
            metadata: thread.metadata.get().to_owned(),
        }
    }
}

impl From<&User> for session::User {
    fn from(user: &User) -> Self {
        Self {
            identifier: user.identifier.clone(),
            display_name: user.display_name.clone(),
            metadata: user.metadata.get().to_owned(),
        }
    }
}

impl From<Feedback> for feedback::Feedback {
    fn from(feedback: Feedback) -> Self {
        Self {
            id: feedback.id.to_string(),
            step_id: feedback.step_id.to_string(),
            positive: feedback.is_positive,
            comment: feedback.comment,
        }
    }
}

impl TryFrom<emitter::MessageDraft> for MessageDraft {
    type Error = CallError;

    fn try_from(draft: emitter::MessageDraft) -> Result<Self, CallError> {
        Ok(Self {
            content: draft.content,
            author: draft.author,
            language: draft.language,
            is_error: draft.is_error,
            metadata: draft.metadata.map(parse_json).transpose()?,
            tags: draft.tags,
        })
    }
}

impl TryFrom<emitter::StepOptions> for StepOptions {
    type Error = CallError;

    fn try_from(options: emitter::StepOptions) -> Result<Self, CallError> {
        let parent = |id: String| step_id(&id).ok_or_else(|| unknown("parent", &id));
        Ok(Self {
            name: options.name,
            kind: options.kind.into(),
            parent_id: options.parent_id.map(parent).transpose()?,
            input_language: options.input_language,
            output_language: options.output_language,
            default_open: options.default_open,
            auto_collapse: options.auto_collapse,
            icon: options.icon,
            tags: options.tags,
        })
    }
}

impl TryFrom<emitter::Element> for ElementDraft {
    type Error = CallError;

    fn try_from(element: emitter::Element) -> Result<Self, CallError> {
        let message = |id: String| step_id(&id).ok_or_else(|| unknown("message", &id));
        Ok(Self {
            name: element.name,
            kind: element.kind.into(),
            source: match element.source {
                emitter::ElementSource::Bytes(bytes) => ElementSource::Bytes(bytes.into()),
                emitter::ElementSource::Url(url) => ElementSource::Url(url),
            },
            mime: element.mime,
            message_id: element.message_id.map(message).transpose()?,
            display: element.display.into(),
            size: element.size.map(Into::into),
            language: element.language,
            page: element.page,
            auto_play: element.auto_play,
            player_config: None,
        })
    }
}

impl TryFrom<emitter::ActionButton> for ActionDraft {
    type Error = CallError;

    fn try_from(action: emitter::ActionButton) -> Result<Self, CallError> {
        Ok(Self {
            name: action.name,
            label: action.label,
            tooltip: action.tooltip,
            icon: action.icon,
            payload: parse_json(action.payload)?,
        })
    }
}

/// Ids come from the guest as text: what is no id is as unknown as an id that nobody has.
pub(super) fn unknown(what: &'static str, id: &str) -> CallError {
    let code = match what {
        "message" => "unknown-message",
        "action" => "unknown-action",
        "element" => "unknown-element",
        "file" => "unknown-file",
        _ => "unknown-parent",
    };
    let id: String = id.chars().take(64).collect();
    CallError::new(code, format!("this session has no {what} `{id}` that the bot may change"))
}

/// JSON text that has to be an object, because clients take it apart.
pub(super) fn json_object(text: String) -> Result<Json, CallError> {
    let json = parse_json(text)?;
    if json.get().starts_with('{') {
        return Ok(json);
    }
    let start: String = json.get().chars().take(64).collect();
    Err(CallError::new("invalid-json", format!("expected a JSON object, found `{start}`")))
}

/// Milliseconds since the Unix epoch.
pub(super) fn milliseconds(at: Timestamp) -> u64 {
    at.as_millisecond().try_into().unwrap_or(0)
}

pub(super) fn step_id(id: &str) -> Option<StepId> {
    id.parse().ok()
}

/// Enums that have the same cases on both sides.
macro_rules! same_cases {
    ($($wit:path => $domain:path { $($case:ident),* $(,)? })*) => {$(
        impl From<$wit> for $domain {
            fn from(value: $wit) -> Self {
                match value {
                    $(<$wit>::$case => Self::$case,)*
                }
            }
        }
    )*};
}

same_cases! {
    emitter::StepKind => StepKind { Run, Tool, Llm, Retrieval, Embedding, Rerank, Undefined }
    emitter::ElementKind => ElementKind {
        Image, Text, Pdf, Audio, Video, File, Dataframe, Plotly, Tasklist
    }
    emitter::ElementDisplay => ElementDisplay { Inline, Side, Page }
    emitter::ElementSize => ElementSize { Small, Medium, Large }
    emitter::ToastKind => ToastKind { Info, Success, Warning, Error }
    log::Level => LogLevel { Trace, Debug, Info, Warn, Error }
}
