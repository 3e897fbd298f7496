//! A guest without a plan.

use std::{collections::HashMap, sync::Arc, time::Duration};

use proptest::sample::Index;
use serde_json::json;
use tokio::{sync::oneshot, task::yield_now};

use super::{
    act::{Call, Ending, Source},
    screen::Client,
};
use crate::{
    domain::{
        ActionDraft, ActionId, ElementDisplay, ElementId, ElementKind, FileRequest, Json, StepId,
        StepKind, ToastKind, to_json,
    },
    sandbox::{
        AskDraft, CallError, ComponentDraft, ElementDraft, ElementSource, HostCall, MessageDraft,
        Reply, SidebarItem, StepOptions,
    },
    session::{Session, show::Show},
};

/// Longer than any test.
const HOUR: Duration = Duration::from_secs(3_600);

/// Makes calls, and remembers what came of them.
pub(super) struct Guest<'a> {
    session: &'a Session,
    show: Show<'a>,
    client: Arc<Client>,
    /// Whether the client is there.
    pub(super) is_watched: bool,
    streams: Vec<StepId>,
    steps: Vec<StepId>,
    /// Messages and steps of all kinds, also such as are gone.
    ids: Vec<StepId>,
    actions: Vec<ActionId>,
    elements: Vec<ElementId>,
    /// What messages and steps must say at last.
    said: HashMap<StepId, String>,
    /// Makes each text another one.
    texts: u32,
}

impl<'a> Guest<'a> {
    pub(super) fn new(session: &'a Session, show: Show<'a>, client: Arc<Client>) -> Self {
        Self {
            session,
            show,
            client,
            is_watched: true,
            streams: Vec::new(),
            steps: Vec::new(),
            ids: Vec::new(),
            actions: Vec::new(),
            elements: Vec::new(),
            said: HashMap::new(),
            texts: 0,
        }
    }

    /// The turn is over, and what is open is left to the host. Returns what messages and steps must say.
    pub(super) async fn end(mut self, has_failed: bool) -> HashMap<StepId, String> {
        self.show.close(has_failed).await;
        self.said
    }

    pub(super) async fn make(&mut self, call: &Call) {
        match call {
            Call::Note(..) | Call::StreamStep(..) | Call::EndStep(_) | Call::Step(_) => {
                self.work(call).await;
            }
            Call::Button(_)
            | Call::Unbutton(_)
            | Call::Picture(..)
            | Call::Repaint(..)
            | Call::Unpicture(_) => self.decorate(call).await,
            Call::Component(key, at) => {
                let message_id = at.map(|at| self.any(at));
                let key = key.map(|key| key.to_string());
                let draft = ComponentDraft { key, message_id, ..self.component() };
                let shown = self
                    .ask(|reply| HostCall::ShowComponent { draft: Box::new(draft), reply })
                    .await;
                self.elements.extend(shown);
            }
            Call::Redraw(at) => {
                let (id, props) = (self.element(*at), self.props());
                self.ask(|reply| HostCall::UpdateComponent { id, props, reply }).await.ok();
            }
            Call::Sidebar(is_title) => self.sidebar(*is_title).await,
            Call::Ask(kind, ending) => self.question(*kind, *ending).await,
            call => self.talk(call).await,
        }
    }

    async fn talk(&mut self, call: &Call) {
        match call {
            Call::Send => {
                let (id, draft) = (self.fresh(), self.message());
                self.said.insert(id, draft.content.clone());
                self.show.serve(HostCall::SendMessage { id, draft: Box::new(draft) }).await;
            }
            Call::Stream(is_empty) => {
                let (id, mut draft) = (self.fresh(), self.message());
                if *is_empty {
                    draft.content.clear();
                }
                self.streams.push(id);
                self.said.insert(id, draft.content.clone());
                self.show.serve(HostCall::OpenStream { id, draft: Box::new(draft) }).await;
            }
            Call::Token(at, replaces) if !self.streams.is_empty() => {
                let (id, text, replaces) = (*at.get(&self.streams), self.text(), *replaces);
                self.say(id, &text, replaces);
                self.show.serve(HostCall::StreamToken { id, text, replaces }).await;
            }
            Call::EndStream(at) if !self.streams.is_empty() => {
                let id = self.streams.remove(at.index(self.streams.len()));
                self.show.serve(HostCall::FinishStream { id }).await;
            }
            Call::Update(at) => {
                let (id, draft) = (self.any(*at), self.message());
                let text = draft.content.clone();
                let updated = self
                    .ask(|reply| HostCall::UpdateMessage { id, draft: Box::new(draft), reply })
                    .await;
                if updated.is_ok() {
                    self.said.insert(id, text);
                }
            }
            Call::Remove(at) => {
                let id = self.any(*at);
                if self.ask(|reply| HostCall::RemoveMessage { id, reply }).await.is_ok() {
                    self.said.remove(&id);
                }
            }
            Call::Status(is_over) => {
                let text = if *is_over { String::new() } else { self.text() };
                self.show.serve(HostCall::Status { text }).await;
            }
            Call::Toast => {
                let (message, kind) = (self.text(), ToastKind::Info);
                self.show.serve(HostCall::Toast { message, kind }).await;
            }
            Call::History => {
                let history = self.ask(|reply| HostCall::History { limit: 100, reply }).await;
                self.ids.extend(history.unwrap().into_iter().map(|entry| entry.id));
            }
            // There is no stream to write to.
            _ => {}
        }
    }

    async fn work(&mut self, call: &Call) {
        if let Call::Step(below) = call {
            let (id, name) = (self.fresh(), self.text());
            let options = StepOptions {
                name,
                kind: StepKind::Tool,
                parent_id: below.map(|at| self.any(at)),
                input_language: None,
                output_language: None,
                default_open: false,
                auto_collapse: false,
                icon: None,
                tags: Vec::new(),
            };
            let opened = self
                .ask(|reply| HostCall::OpenStep { id, options: Box::new(options), reply })
                .await;
            if opened.is_ok() {
                self.steps.push(id);
                self.said.insert(id, String::new());
            }
            return;
        }
        if self.steps.is_empty() {
            return;
        }
        let text = self.text();
        let call = match call {
            Call::Note(at, what) => {
                let id = *at.get(&self.steps);
                match what {
                    0 => HostCall::SetStepInput { id, text },
                    1 => {
                        self.say(id, &text, true);
                        HostCall::SetStepOutput { id, text }
                    }
                    2 => {
                        self.say(id, &text, true);
                        HostCall::SetStepError { id, text }
                    }
                    _ => HostCall::SetStepGeneration { id, generation: self.props() },
                }
            }
            Call::StreamStep(at, true) => {
                HostCall::StreamStepInput { id: *at.get(&self.steps), token: text }
            }
            Call::StreamStep(at, false) => {
                let id = *at.get(&self.steps);
                self.say(id, &text, false);
                HostCall::StreamStepOutput { id, token: text }
            }
            Call::EndStep(at) => {
                HostCall::FinishStep { id: self.steps.remove(at.index(self.steps.len())) }
            }
            _ => return,
        };
        self.show.serve(call).await;
    }

    async fn decorate(&mut self, call: &Call) {
        match call {
            Call::Button(at) => {
                let (message_id, draft) = (self.any(*at), self.button());
                let id = self
                    .ask(|reply| HostCall::SendAction { message_id, draft: Box::new(draft), reply })
                    .await;
                self.actions.extend(id);
            }
            Call::Unbutton(at) => {
                let known = self.actions.get(at.index(self.actions.len() + 1)).copied();
                let id = known.unwrap_or_else(ActionId::random);
                self.ask(|reply| HostCall::RemoveAction { id, reply }).await.ok();
            }
            Call::Picture(at, source) => {
                let draft = self.picture(*at, *source);
                let id =
                    self.ask(|reply| HostCall::SendElement { draft: Box::new(draft), reply }).await;
                self.elements.extend(id);
            }
            Call::Repaint(at, below, source) => {
                let (id, draft) = (self.element(*at), self.picture(*below, *source));
                self.ask(|reply| HostCall::UpdateElement { id, draft: Box::new(draft), reply })
                    .await
                    .ok();
            }
            Call::Unpicture(at) => {
                let id = self.element(*at);
                self.ask(|reply| HostCall::RemoveElement { id, reply }).await.ok();
            }
            _ => {}
        }
    }

    async fn sidebar(&mut self, is_title: bool) {
        if is_title {
            let title = self.text();
            return self.show.serve(HostCall::SidebarTitle { title }).await;
        }
        let items = vec![SidebarItem::Component(self.component())];
        let shown = self.ask(|reply| HostCall::SidebarElements { items, key: None, reply }).await;
        self.elements.extend(shown.unwrap());
    }

    async fn question(&mut self, kind: u8, ending: Ending) {
        let question = self.message();
        let draft = match kind {
            0 => AskDraft::Text { question },
            1 => AskDraft::Action { question, actions: vec![self.button(), self.button()] },
            2 => {
                let accept = Vec::new();
                let request = FileRequest { accept, max_files: 1, max_bytes: 1 };
                AskDraft::File { question, request }
            }
            3 => AskDraft::Element { question, component: self.component() },
            _ => AskDraft::Function { name: self.text(), arguments: self.props() },
        };
        let (is_answered, timeout) = match ending {
            // A client that is away hears of no question.
            Ending::Answered if self.is_watched => (true, HOUR),
            Ending::Answered | Ending::TimedOut => (false, Duration::ZERO),
            Ending::Mistaken => (false, Duration::from_millis(2)),
            Ending::Stopped => (false, HOUR),
        };
        let (reply, answer) = oneshot::channel();
        // A guest that is stopped hears of no answer.
        let answer = (!matches!(ending, Ending::Stopped)).then_some(answer);
        let client = self.client.clone();
        let user = async {
            while client.asked().is_none() {
                yield_now().await;
            }
            client.answer(self.session, is_answered);
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = self.show.serve(HostCall::Ask { draft: Box::new(draft), timeout, reply }) => {}
            () = user => {}
        }
        if let Some(answer) = answer {
            let answer = answer.await.expect("every call is answered");
            assert_eq!(answer.expect("no other question is open").is_some(), is_answered);
        }
    }

    /// A message or a step goes on, unless it is gone.
    fn say(&mut self, id: StepId, text: &str, replaces: bool) {
        let Some(said) = self.said.get_mut(&id) else { return };
        if replaces {
            said.clear();
        }
        said.push_str(text);
    }

    /// Makes a call that is answered.
    async fn ask<T>(&mut self, call: impl FnOnce(Reply<T>) -> HostCall) -> Result<T, CallError> {
        let (reply, answer) = oneshot::channel();
        self.show.serve(call(reply)).await;
        answer.await.expect("every call is answered")
    }

    /// A message or a step that the guest has heard of, or one that there is not.
    fn any(&self, at: Index) -> StepId {
        self.ids.get(at.index(self.ids.len() + 1)).copied().unwrap_or_else(StepId::random)
    }

    /// An element that the guest has shown, or one that there is not.
    fn element(&self, at: Index) -> ElementId {
        let known = self.elements.get(at.index(self.elements.len() + 1)).copied();
        known.unwrap_or_else(ElementId::random)
    }

    fn fresh(&mut self) -> StepId {
        let id = StepId::random();
        self.ids.push(id);
        id
    }

    fn text(&mut self) -> String {
        self.texts += 1;
        format!("{} ", self.texts)
    }

    fn props(&mut self) -> Json {
        to_json(&json!({ "text": self.text() }))
    }

    fn message(&mut self) -> MessageDraft {
        MessageDraft {
            content: self.text(),
            author: None,
            language: None,
            is_error: false,
            metadata: None,
            tags: Vec::new(),
        }
    }

    fn button(&mut self) -> ActionDraft {
        let (name, payload) = (self.text(), self.props());
        ActionDraft { label: name.clone(), tooltip: String::new(), icon: None, name, payload }
    }

    fn component(&mut self) -> ComponentDraft {
        let (name, props, display) = (self.text(), self.props(), ElementDisplay::Inline);
        ComponentDraft { name, props, key: None, message_id: None, display }
    }

    fn picture(&mut self, below: Index, source: Source) -> ElementDraft {
        let source = match source {
            Source::Address => ElementSource::Url("https://example.com/a.png".to_owned()),
            Source::Script => ElementSource::Url("javascript:alert(1)".to_owned()),
            Source::Bytes => ElementSource::Bytes("bytes".into()),
        };
        ElementDraft {
            name: self.text(),
            kind: ElementKind::Image,
            source,
            mime: None,
            message_id: Some(self.any(below)),
            display: ElementDisplay::Inline,
            size: None,
            language: None,
            page: None,
            auto_play: false,
            player_config: None,
        }
    }
}
