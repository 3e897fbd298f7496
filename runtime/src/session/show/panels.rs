//! What a bot shows beside messages: components, the side panel, commands, modes, settings; and what it says of the thread.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::value::RawValue;

use super::Show;
use crate::domain::StepKind;
use crate::{
    domain::{
        Element, ElementContent, ElementId, ElementKind, Emit, Json, SettingsPanel, StepId, to_json,
    },
    sandbox::{CallError, ComponentDraft, HistoryEntry, HostCall, Role, SidebarItem, answer},
};

impl Show<'_> {
    /// A component as an element of the page.
    pub(super) fn component(
        &self,
        id: ElementId,
        draft: ComponentDraft,
        message_id: Option<StepId>,
    ) -> Element {
        let (thread, kind) = (self.live.thread_id, ElementKind::Custom);
        Element {
            id,
            message_id,
            display: draft.display,
            props: Some(draft.props),
            key: draft.key,
            ..Element::new(thread, kind, draft.name, "application/json", ElementContent::Nothing)
        }
    }

    pub(super) async fn show_component(
        &mut self,
        draft: ComponentDraft,
    ) -> Result<ElementId, CallError> {
        let message_id = draft.message_id;
        let is_there = |id| self.live.outbox.read(|it| it.step(id).is_some());
        if let Some(id) = message_id.filter(|id| !is_there(*id)) {
            let message = format!("this session shows no message `{id}`");
            return Err(CallError::new("unknown-message", message));
        }
        let old = draft
            .key
            .as_deref()
            .and_then(|key| self.live.outbox.read(|it| it.keyed(key).map(|element| element.id)));
        let element = self.component(old.unwrap_or_else(ElementId::random), draft, message_id);
        let id = element.id;
        self.emit(Emit::ElementShown(Arc::new(element))).await;
        Ok(id)
    }

    pub(super) async fn update_component(
        &mut self,
        id: ElementId,
        props: Json,
    ) -> Result<(), CallError> {
        let old = self.shown_element(id)?;
        if old.kind != ElementKind::Custom {
            let message = format!("`{id}` is no component; replace it with `update-element`");
            return Err(CallError::new("unknown-element", message));
        }
        let element = Element { props: Some(props), ..Element::clone(&old) };
        self.emit(Emit::ElementShown(Arc::new(element))).await;
        Ok(())
    }

    pub(super) async fn set_sidebar(
        &mut self,
        items: Vec<SidebarItem>,
        key: Option<String>,
    ) -> Result<Vec<ElementId>, CallError> {
        let mut elements = Vec::with_capacity(items.len());
        for item in items {
            let id = ElementId::random();
            let element = match item {
                SidebarItem::Component(draft) => self.component(id, draft, None),
                SidebarItem::Element(mut draft) => {
                    draft.message_id = None;
                    self.element(id, draft).await?
                }
            };
            elements.push(Arc::new(element));
        }
        for element in &elements {
            self.emit(Emit::ElementShown(element.clone())).await;
        }
        let ids = elements.iter().map(|element| element.id).collect();
        self.emit(Emit::SidebarElements { elements: elements.into(), key }).await;
        Ok(ids)
    }

    async fn show_settings(&mut self, panel: SettingsPanel) {
        let first = panel.initial();
        self.live.keeper.head().change(|thread| {
            // What the user has set before counts more than what a setting is at first.
            let values = thread.settings.as_ref().map_or(first.clone(), |set| merged(&first, set));
            thread.settings = Some(values);
        });
        self.emit(Emit::Settings(Arc::new(panel))).await;
    }

    /// Serves what concerns the thread, the composer and the files.
    pub(super) async fn serve_thread(&mut self, call: HostCall) {
        let keeper = &self.live.keeper;
        match call {
            HostCall::SetCommands { commands } => self.emit(Emit::Commands(commands.into())).await,
            HostCall::SetModes { modes } => self.emit(Emit::Modes(modes.into())).await,
            HostCall::ShowSettings { panel } => self.show_settings(panel).await,
            HostCall::SidebarTitle { title } => self.emit(Emit::SidebarTitle(title)).await,
            HostCall::TokenUsage { tokens } => self.emit(Emit::TokenUsage(tokens)).await,
            HostCall::Settings { reply } => answer(reply, Ok(self.live.settings())),
            HostCall::ThreadName { reply } => answer(reply, Ok(keeper.head().thread.name.clone())),
            HostCall::ThreadMetadata { reply } => {
                answer(reply, Ok(keeper.head().thread.metadata.clone()));
            }
            HostCall::SetThreadName { name } => {
                keeper.head().change(|thread| thread.name = Some(name));
            }
            HostCall::SetThreadTags { tags } => keeper.head().change(|thread| thread.tags = tags),
            HostCall::SetThreadMetadata { metadata } => {
                keeper.head().change(|thread| thread.metadata = metadata);
            }
            HostCall::History { limit, reply } => answer(reply, Ok(self.history(limit))),
            HostCall::Files { reply } => answer(reply, Ok(self.live.elements.all())),
            HostCall::ReadFile { id, offset, length, reply } => {
                let result = self.live.elements.read(id, offset, length).await;
                answer(reply, result);
            }
            HostCall::State(call) => self.live.memory.lock().serve(*call),
            HostCall::Complete { model, request, reply } => {
                answer(reply, self.version.complete(model, &request));
            }
            HostCall::Store(call) => self.version.serve_store(self.turn, *call).await,
            // `serve` handles all others.
            _ => {}
        }
    }

    fn history(&self, limit: usize) -> Vec<HistoryEntry> {
        let entry = |step: &Arc<crate::domain::Step>| HistoryEntry {
            id: step.id,
            role: if step.kind == StepKind::UserMessage { Role::User } else { Role::Assistant },
            author: step.name.clone(),
            content: step.output.clone(),
            created_at: step.created_at,
        };
        let mut entries: Vec<_> = self.live.outbox.read(|it| {
            it.messages().filter(|step| !step.is_error).take(limit).map(entry).collect()
        });
        entries.reverse();
        entries
    }
}

/// An object with the values of both; those of the second count.
pub(in crate::session) fn merged(first: &Json, second: &Json) -> Json {
    let parse = |json: &Json| -> BTreeMap<String, Box<RawValue>> {
        serde_json::from_str(json.get()).unwrap_or_default()
    };
    let mut values = parse(first);
    values.extend(parse(second));
    to_json(&values)
}
