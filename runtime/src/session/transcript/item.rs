//! What can be on a client's screen.

use std::sync::Arc;

use crate::{
    db::Change,
    domain::{Action, ActionId, Element, ElementContent, ElementId, Emit, Step, StepId, ThreadId},
};

/// What an entry weighs beside its text.
pub(super) const OVERHEAD: usize = 512;

/// What tells entries apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Step(StepId),
    Action(ActionId),
    Element(ElementId),
    Settings,
    Commands,
    Modes,
    SidebarTitle,
    SidebarElements,
}

/// Something that is on the client's screen, or was removed from it.
#[derive(Clone, Debug)]
pub(super) enum Item {
    Step(Arc<Step>),
    Action(Arc<Action>),
    Element(Arc<Element>),
    RemovedStep(StepId),
    RemovedAction(Arc<Action>),
    RemovedElement(ElementId),
    /// What stands beside the conversation: only its last state counts. On the heap: there are few of it, and many of the others.
    Panel(Key, Box<Emit>),
}

impl Item {
    /// What an emit puts on the screen, or takes from it; none for what passes.
    pub(super) fn of(emit: &Emit) -> Option<Self> {
        let panel = |key| Some(Self::Panel(key, Box::new(emit.clone())));
        match emit {
            Emit::StepCreated(step) | Emit::StepUpdated(step) | Emit::StreamStarted(step) => {
                Some(Self::Step(step.clone()))
            }
            Emit::Ask(ask) => Some(Self::Step(ask.step.clone())),
            Emit::StepRemoved(id) => Some(Self::RemovedStep(*id)),
            Emit::ActionAdded(it) => Some(Self::Action(it.clone())),
            Emit::ActionRemoved(it) => Some(Self::RemovedAction(it.clone())),
            Emit::ElementShown(it) => Some(Self::Element(it.clone())),
            Emit::ElementRemoved(id) => Some(Self::RemovedElement(*id)),
            Emit::Settings(_) => panel(Key::Settings),
            Emit::Commands(_) => panel(Key::Commands),
            Emit::Modes(_) => panel(Key::Modes),
            Emit::SidebarTitle(_) => panel(Key::SidebarTitle),
            Emit::SidebarElements { .. } => panel(Key::SidebarElements),
            Emit::TurnStart
            | Emit::TurnEnd
            | Emit::TurnGoesOn
            | Emit::Token { .. }
            | Emit::ClearAsk
            | Emit::ClearCallFn
            | Emit::FirstInteraction { .. }
            | Emit::Toast { .. }
            | Emit::WindowMessage(_)
            | Emit::AudioConnection(_)
            | Emit::AudioChunk { .. }
            | Emit::AudioInterrupt
            | Emit::AskTimedOut
            | Emit::FunctionCalled(_)
            | Emit::FunctionTimedOut
            | Emit::ThreadMissing
            | Emit::ThreadResumed(_)
            | Emit::Favorites(_)
            | Emit::TokenUsage(_) => None,
        }
    }

    /// What tells it apart.
    pub(super) fn key(&self) -> Key {
        match self {
            Self::Step(step) => Key::Step(step.id),
            Self::RemovedStep(id) => Key::Step(*id),
            Self::Action(action) | Self::RemovedAction(action) => Key::Action(action.id),
            Self::Element(element) => Key::Element(element.id),
            Self::RemovedElement(id) => Key::Element(*id),
            Self::Panel(key, _) => *key,
        }
    }

    /// How a client is told of it, whatever it knows already.
    pub(super) fn emits(&self) -> Vec<Emit> {
        match self {
            Self::Step(step) => vec![Emit::StepCreated(step.clone())],
            // Clients append buttons without looking: the one they may have goes first.
            Self::Action(action) => {
                vec![Emit::ActionRemoved(action.clone()), Emit::ActionAdded(action.clone())]
            }
            Self::Element(element) => vec![Emit::ElementShown(element.clone())],
            Self::RemovedStep(id) => vec![Emit::StepRemoved(*id)],
            Self::RemovedAction(action) => vec![Emit::ActionRemoved(action.clone())],
            Self::RemovedElement(id) => vec![Emit::ElementRemoved(*id)],
            Self::Panel(_, emit) => vec![Emit::clone(emit)],
        }
    }

    /// How it is kept; none for what lives as long as its session.
    pub(super) fn change(&self, thread: ThreadId) -> Option<Change> {
        match self {
            Self::Step(step) => (!step.is_transient).then(|| Change::Step(step.clone())),
            Self::Element(element) => Some(Change::Element(element.clone())),
            Self::RemovedStep(id) => Some(Change::StepRemoved(thread, *id)),
            Self::RemovedElement(id) => Some(Change::ElementRemoved(thread, *id)),
            Self::Action(_) | Self::RemovedAction(_) | Self::Panel(..) => None,
        }
    }

    /// The step that it appears below.
    pub(super) fn parent(&self) -> Option<StepId> {
        match self {
            Self::Step(step) => step.parent_id,
            Self::Action(action) | Self::RemovedAction(action) => Some(action.message_id),
            Self::Element(element) => element.message_id,
            Self::RemovedStep(_) | Self::RemovedElement(_) | Self::Panel(..) => None,
        }
    }

    /// Bytes that it takes.
    pub(super) fn weight(&self) -> usize {
        OVERHEAD
            + match self {
                Self::Step(step) => step_weight(step),
                Self::Action(action) | Self::RemovedAction(action) => {
                    let draft = &action.draft;
                    let texts = [&draft.name, &draft.label, &draft.tooltip];
                    texts.into_iter().map(String::len).sum::<usize>()
                        + draft.icon.as_ref().map_or(0, String::len)
                        + draft.payload.get().len()
                }
                Self::Element(element) => element_weight(element),
                Self::RemovedStep(_) | Self::RemovedElement(_) | Self::Panel(..) => 0,
            }
    }
}

fn element_weight(element: &Element) -> usize {
    let json = |json: &Option<crate::domain::Json>| json.as_ref().map_or(0, |it| it.get().len());
    element.name.len()
        + element.mime.len()
        + element.language.as_ref().map_or(0, String::len)
        + if let ElementContent::Url(url) = &element.content { url.len() } else { 0 }
        + json(&element.props)
        + json(&element.player_config)
}

fn step_weight(step: &Step) -> usize {
    let texts = [&step.name, &step.input, &step.output];
    let optional = [&step.language, &step.input_language, &step.command];
    texts.into_iter().map(String::len).sum::<usize>()
        + optional.into_iter().flatten().map(String::len).sum::<usize>()
        + step.tags.iter().map(|tag| size_of::<String>() + tag.len()).sum::<usize>()
        + step.modes.iter().map(|(mode, option)| mode.len() + option.len()).sum::<usize>()
        + step.metadata.as_ref().map_or(0, |json| json.get().len())
        + step.generation.as_ref().map_or(0, |json| json.get().len())
}
