//! The Chainlit dialect, outward: each emit as one Socket.IO event. It knows names and shapes, not sockets.
//!
//! Payloads borrow from the emit and are encoded once, by the connection's serializer.

mod element;
mod step;
#[cfg(test)]
mod tests;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::domain::{Action, ActionId, ElementId, Emit, StepId, ThreadId, ToastKind};

use self::{element::ElementDict, step::StepDict};

/// The one argument of an event.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Payload<'a> {
    /// Of events that say all by their name: `{}`.
    Nothing {},
    FirstInteraction {
        interaction: &'a str,
        thread_id: ThreadId,
    },
    Step(StepDict<'a>),
    StepGone {
        id: StepId,
    },
    Token(TokenDict<'a>),
    Action(ActionDict<'a>),
    Element(ElementDict<'a>),
    ElementGone {
        id: ElementId,
    },
    Toast {
        message: &'a str,
        #[serde(rename = "type")]
        kind: &'static str,
    },
    Json(&'a RawValue),
    Word(&'static str),
    Audio(AudioDict<'a>),
}

/// The event's name and argument.
pub(super) fn encode(emit: &Emit) -> (&'static str, Payload<'_>) {
    match emit {
        Emit::TurnStart => ("task_start", Payload::Nothing {}),
        Emit::TurnEnd => ("task_end", Payload::Nothing {}),
        Emit::ClearAsk => ("clear_ask", Payload::Nothing {}),
        Emit::ClearCallFn => ("clear_call_fn", Payload::Nothing {}),
        Emit::FirstInteraction { interaction, thread_id } => {
            ("first_interaction", Payload::FirstInteraction { interaction, thread_id: *thread_id })
        }
        Emit::StepCreated(step) => ("new_message", Payload::Step(StepDict::new(step))),
        Emit::StepUpdated(step) => ("update_message", Payload::Step(StepDict::new(step))),
        Emit::StepRemoved(id) => ("delete_message", Payload::StepGone { id: *id }),
        Emit::StreamStarted(step) => ("stream_start", Payload::Step(StepDict::new(step))),
        Emit::Token { step_id, text, replaces } => {
            ("stream_token", token(*step_id, text, *replaces))
        }
        Emit::ActionAdded(it) => ("action", Payload::Action(ActionDict::new(it))),
        Emit::ActionRemoved(it) => ("remove_action", Payload::Action(ActionDict::new(it))),
        Emit::ElementShown(it) => ("element", Payload::Element(ElementDict::new(it))),
        Emit::ElementRemoved(id) => ("remove_element", Payload::ElementGone { id: *id }),
        Emit::Toast { message, kind } => ("toast", Payload::Toast { message, kind: tone(*kind) }),
        Emit::WindowMessage(json) => ("window_message", Payload::Json(json)),
        Emit::AudioConnection(open) => {
            ("audio_connection", Payload::Word(if *open { "on" } else { "off" }))
        }
        Emit::AudioChunk { mime_type, track, data } => {
            ("audio_chunk", Payload::Audio(AudioDict { mime_type, track, data }))
        }
        Emit::AudioInterrupt => ("audio_interrupt", Payload::Nothing {}),
    }
}

/// A further piece of a streamed text.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TokenDict<'a> {
    id: StepId,
    token: &'a str,
    /// Whether the token is the whole sequence so far.
    is_sequence: bool,
    is_input: bool,
}

fn token(id: StepId, token: &str, is_sequence: bool) -> Payload<'_> {
    Payload::Token(TokenDict { id, token, is_sequence, is_input: false })
}

/// A button below a message.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ActionDict<'a> {
    name: &'a str,
    payload: &'a RawValue,
    label: &'a str,
    tooltip: &'a str,
    icon: Option<&'a str>,
    for_id: StepId,
    id: ActionId,
}

impl<'a> ActionDict<'a> {
    fn new(action: &'a Action) -> Self {
        let draft = &action.draft;
        Self {
            name: &draft.name,
            payload: &draft.payload,
            label: &draft.label,
            tooltip: &draft.tooltip,
            icon: draft.icon.as_deref(),
            for_id: action.message_id,
            id: action.id,
        }
    }
}

/// Sound to play.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AudioDict<'a> {
    mime_type: &'a str,
    track: &'a str,
    /// The connection sends bytes as an attachment of the event.
    #[serde(serialize_with = "as_bytes")]
    data: &'a [u8],
}

fn as_bytes<S: Serializer>(data: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(data)
}

fn tone(kind: ToastKind) -> &'static str {
    match kind {
        ToastKind::Info => "info",
        ToastKind::Success => "success",
        ToastKind::Warning => "warning",
        ToastKind::Error => "error",
    }
}
