//! The Chainlit dialect, outward: each emit as one Socket.IO event. It knows names and shapes, not sockets.
//!
//! Payloads borrow from the emit and are encoded once, by the connection's serializer.

mod ask;
mod element;
mod settings;
mod step;
#[cfg(test)]
mod tests;
mod thread;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use std::sync::Arc;

use crate::domain::{
    Action, ActionId, Command, Element, ElementId, Emit, Mode, Step, StepId, ThreadId, ThreadView,
    ToastKind,
};

use self::{
    ask::{AskDict, CallDict},
    settings::PanelList,
    step::StepDict,
};
pub(super) use self::{
    element::{ElementDict, Reader},
    thread::ThreadDict,
};

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
    Word(&'a str),
    Audio(AudioDict<'a>),
    Ask(AskDict<'a>),
    Call(CallDict<'a>),
    Thread(Box<ThreadDict<'a>>),
    Settings(PanelList<'a>),
    Commands(&'a [Command]),
    Modes(&'a [Mode]),
    Steps(Vec<StepDict<'a>>),
    Sidebar {
        elements: Vec<ElementDict<'a>>,
        key: Option<&'a str>,
    },
    Number(u32),
}

/// The event's name and argument.
pub(super) fn encode(emit: &Emit) -> (&'static str, Payload<'_>) {
    match emit {
        Emit::TurnStart | Emit::TurnGoesOn => ("task_start", Payload::Nothing {}),
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
        Emit::Token { step_id, text, replaces, is_input } => {
            let (id, is_sequence, is_input) = (*step_id, *replaces, *is_input);
            ("stream_token", Payload::Token(TokenDict { id, token: text, is_sequence, is_input }))
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
        Emit::Ask(ask) => ("ask", Payload::Ask(AskDict::new(ask))),
        Emit::AskTimedOut => ("ask_timeout", Payload::Nothing {}),
        Emit::FunctionCalled(call) => ("call_fn", Payload::Call(CallDict::new(call))),
        Emit::FunctionTimedOut => ("call_fn_timeout", Payload::Nothing {}),
        Emit::ThreadResumed(view) => ("resume_thread", thread(view)),
        Emit::ThreadMissing => ("resume_thread_error", Payload::Word("Thread not found.")),
        Emit::Settings(panel) => ("chat_settings", Payload::Settings(PanelList::new(panel))),
        Emit::Commands(commands) => ("set_commands", Payload::Commands(commands)),
        Emit::Modes(modes) => ("set_modes", Payload::Modes(modes)),
        Emit::Favorites(favorites) => ("set_favorites", steps(favorites)),
        Emit::SidebarTitle(title) => ("set_sidebar_title", Payload::Word(title)),
        Emit::SidebarElements { elements, key } => {
            ("set_sidebar_elements", sidebar(elements, key.as_deref()))
        }
        Emit::TokenUsage(tokens) => ("token_usage", Payload::Number(*tokens)),
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

fn steps(steps: &[Arc<Step>]) -> Payload<'_> {
    Payload::Steps(steps.iter().map(|step| StepDict::new(step)).collect())
}

fn sidebar<'a>(elements: &'a [Arc<Element>], key: Option<&'a str>) -> Payload<'a> {
    Payload::Sidebar { elements: elements.iter().map(|it| ElementDict::new(it)).collect(), key }
}

/// A thread with the addresses that its session fetches files by.
fn thread(view: &ThreadView) -> Payload<'_> {
    let reader = Reader::Session(view.session_id);
    let dict = ThreadDict::whole(&view.thread, &view.content, reader).of(view.owner_id);
    Payload::Thread(Box::new(dict))
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
