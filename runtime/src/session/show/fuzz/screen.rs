//! A client that keeps its screen as front ends do, and notices what they could not place.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use parking_lot::Mutex;

use crate::{
    domain::{
        Action, Ask, AskId, AskKind, ClientAnswer, Element, ElementId, Emit, Step, StepId,
        StepKind, ThreadId, UserMessage, to_json,
    },
    session::{Broadcaster, EmitError, Session},
};

/// Reads at once whatever it is told.
#[derive(Default)]
pub(super) struct Client(Mutex<Screen>);

/// What a client shows.
#[derive(Clone, Debug, Default)]
pub(super) struct Screen {
    steps: Vec<Arc<Step>>,
    actions: Vec<Arc<Action>>,
    elements: Vec<Arc<Element>>,
    sidebar: String,
    is_loading: bool,
    /// Messages that were there.
    gone: HashSet<StepId>,
    /// What waits for an answer; it is a call of a function if there is no question.
    asked: Option<(AskId, Option<Arc<Ask>>)>,
    /// What no client could have placed.
    pub(super) oddities: Vec<String>,
}

impl Client {
    pub(super) fn screen(&self) -> Screen {
        self.0.lock().clone()
    }

    pub(super) fn asked(&self) -> Option<AskId> {
        self.0.lock().asked.as_ref().map(|(id, _)| *id)
    }

    /// The user answers what is asked, or something else.
    pub(super) fn answer(&self, session: &Session, is_right: bool) {
        let Some((id, ask)) = self.0.lock().asked.clone() else { return };
        let kind = ask.as_ref().map(|ask| &ask.kind);
        let answer = match kind {
            _ if !is_right => ClientAnswer::Files(Vec::new()),
            Some(AskKind::Text) => {
                let step = said(session.thread_id(), ask.as_deref());
                self.0.lock().put(&step);
                ClientAnswer::Text(message(&step))
            }
            Some(AskKind::Action(buttons)) => ClientAnswer::Action(buttons[0]),
            Some(AskKind::File(_)) => ClientAnswer::Files(vec![ElementId::random()]),
            Some(AskKind::Element(_)) | None => {
                ClientAnswer::Json(to_json(&serde_json::json!({ "submitted": true })))
            }
        };
        session.answer(id, answer);
    }
}

impl Broadcaster for Client {
    fn emit(&self, emit: &Emit) -> Result<(), EmitError> {
        self.0.lock().apply(emit);
        Ok(())
    }
}

/// What the user says to a question: the page shows it at once.
fn said(thread: ThreadId, ask: Option<&Ask>) -> Arc<Step> {
    let mut step = Step::new(thread, StepKind::UserMessage, "User");
    step.parent_id = ask.and_then(|ask| ask.step.parent_id);
    step.output = "an answer".to_owned();
    step.end = Some(step.start);
    Arc::new(step)
}

/// What the page sends of it.
fn message(step: &Step) -> UserMessage {
    UserMessage {
        id: step.id,
        text: step.output.clone(),
        created_at: step.created_at,
        author: step.name.clone(),
        parent_id: None,
        command: None,
        modes: BTreeMap::new(),
        metadata: to_json(&serde_json::json!({})),
        files: Vec::new(),
        is_edit: false,
    }
}

impl Screen {
    fn apply(&mut self, emit: &Emit) {
        match emit {
            Emit::TurnStart | Emit::TurnGoesOn => self.is_loading = true,
            Emit::TurnEnd => self.is_loading = false,
            Emit::StepCreated(step) | Emit::StreamStarted(step) => self.put(step),
            Emit::StepUpdated(step) => {
                self.know(step.id, "an update");
                self.put(step);
            }
            Emit::StepRemoved(id) => {
                self.steps.retain(|step| step.id != *id);
                self.gone.insert(*id);
            }
            Emit::Token { step_id, text, replaces, is_input } => {
                self.know(*step_id, "a piece");
                let Some(step) = self.steps.iter_mut().find(|step| step.id == *step_id) else {
                    return;
                };
                let step = Arc::make_mut(step);
                let whole = if *is_input { &mut step.input } else { &mut step.output };
                if *replaces {
                    whole.clear();
                }
                whole.push_str(text);
            }
            // Those of a question come before it.
            Emit::ActionAdded(action) => self.actions.push(action.clone()),
            Emit::ActionRemoved(action) => self.actions.retain(|it| it.id != action.id),
            Emit::ElementShown(element) => self.show(element),
            Emit::ElementRemoved(id) => self.elements.retain(|it| it.id != *id),
            Emit::SidebarTitle(title) => self.sidebar.clone_from(title),
            Emit::Ask(ask) => {
                self.put(&ask.step);
                self.asked = Some((ask.id, Some(ask.clone())));
            }
            Emit::FunctionCalled(call) => self.asked = Some((call.id, None)),
            Emit::ClearAsk | Emit::AskTimedOut | Emit::ClearCallFn | Emit::FunctionTimedOut => {
                self.asked = None;
            }
            _ => {}
        }
    }

    fn put(&mut self, step: &Arc<Step>) {
        match self.steps.iter_mut().find(|it| it.id == step.id) {
            Some(known) => *known = step.clone(),
            None => {
                if let Some(parent) = step.parent_id {
                    self.know(parent, "a child");
                }
                self.steps.push(step.clone());
            }
        }
    }

    fn show(&mut self, element: &Arc<Element>) {
        match self.elements.iter_mut().find(|it| it.id == element.id) {
            Some(known) => *known = element.clone(),
            None => self.elements.push(element.clone()),
        }
    }

    /// What belongs to a message that the client has never heard of is lost.
    fn know(&mut self, id: StepId, what: &str) {
        if !self.gone.contains(&id) && !self.steps.iter().any(|step| step.id == id) {
            self.oddities.push(format!("{what} of {id}, which is not there"));
        }
    }

    /// All that a person sees, in order. Times differ: some are told only to whoever comes later.
    pub(super) fn look(&self) -> Vec<String> {
        let steps = self.steps.iter().map(|it| {
            let (kind, text) = (it.kind, (&it.name, &it.input, &it.output, &it.generation));
            let state = (it.is_streaming, it.is_error, it.end.is_some());
            format!("{} in {:?}: {kind:?} {text:?} {state:?}", it.id, it.parent_id)
        });
        let actions = self.actions.iter().map(|it| format!("{it:?}"));
        let elements = self.elements.iter().map(|it| format!("{it:?}"));
        let rest = format!("{:?} {}", self.sidebar, self.is_loading);
        steps.chain(actions).chain(elements).chain([rest]).collect()
    }

    /// What a message or a step says; none if it is not there.
    pub(super) fn text(&self, id: StepId) -> Option<&str> {
        self.steps.iter().find(|step| step.id == id).map(|step| step.output.as_str())
    }

    /// Steps that would be shown as under way for ever.
    pub(super) fn unfinished(&self) -> Vec<&str> {
        let is_open = |step: &&Arc<Step>| step.end.is_none() || step.is_streaming || step.is_asking;
        self.steps.iter().filter(is_open).map(|step| step.name.as_str()).collect()
    }
}
