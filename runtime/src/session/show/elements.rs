//! Elements: content goes into the session's files, what is known of it to the client.

use std::sync::Arc;

use bytes::Bytes;

use super::Show;
use crate::{
    domain::{Element, ElementContent, ElementId, ElementKind, Emit, StepId},
    sandbox::{CallError, ElementDraft, ElementSource},
    session::elements::mime,
};

impl Show<'_> {
    pub(super) async fn send_element(
        &mut self,
        draft: ElementDraft,
    ) -> Result<ElementId, CallError> {
        self.check_message(&draft)?;
        let element = self.element(ElementId::random(), draft).await?;
        let id = element.id;
        self.emit(Emit::ElementShown(Arc::new(element))).await;
        Ok(id)
    }

    pub(super) async fn update_element(
        &mut self,
        id: ElementId,
        draft: ElementDraft,
    ) -> Result<(), CallError> {
        let old = self.shown_element(id)?;
        self.check_message(&draft)?;
        let element = self.element(id, draft).await?;
        self.emit(Emit::ElementShown(Arc::new(element))).await;
        self.forget(&old).await;
        Ok(())
    }

    pub(super) async fn remove_element(&mut self, id: ElementId) -> Result<(), CallError> {
        let old = self.shown_element(id)?;
        self.emit(Emit::ElementRemoved(id)).await;
        self.forget(&old).await;
        Ok(())
    }

    pub(super) async fn element(
        &self,
        id: ElementId,
        draft: ElementDraft,
    ) -> Result<Element, CallError> {
        let mime = mime(draft.kind, draft.mime, &draft.name);
        let content = match draft.source {
            ElementSource::Url(url) => ElementContent::Url(checked(url)?),
            ElementSource::Bytes(bytes) => {
                let size = bytes.len() as u64;
                ElementContent::Stored(self.keep(&draft.name, &mime, bytes).await?, size)
            }
        };
        Ok(Element {
            id,
            message_id: draft.message_id,
            display: draft.display,
            size: draft.size,
            language: draft.language,
            page: draft.page,
            auto_play: draft.auto_play,
            player_config: draft.player_config,
            ..Element::new(self.live.thread_id, draft.kind, draft.name, mime, content)
        })
    }

    fn check_message(&self, draft: &ElementDraft) -> Result<(), CallError> {
        let is_there = |id: StepId| self.live.outbox.read(|it| it.step(id).is_some());
        match draft.message_id {
            Some(id) if is_there(id) => Ok(()),
            Some(id) => {
                let message = format!("this session shows no message `{id}`");
                Err(CallError::new("unknown-message", message))
            }
            None if draft.kind == ElementKind::Tasklist => Ok(()),
            None => {
                let message =
                    "an element belongs to a message; name one (only task lists stand alone)";
                Err(CallError::new("unknown-message", message))
            }
        }
    }

    pub(super) fn shown_element(&self, id: ElementId) -> Result<Arc<Element>, CallError> {
        self.live.outbox.read(|transcript| transcript.element(id).cloned()).ok_or_else(|| {
            CallError::new("unknown-element", format!("this session shows no element `{id}`"))
        })
    }

    async fn keep(&self, name: &str, mime: &str, bytes: Bytes) -> Result<ElementId, CallError> {
        let keep = || self.live.elements.keep(name.to_owned(), mime.to_owned(), bytes.clone());
        match keep().await {
            Err(error) if error.code == "storage-full" && self.live.elements.purge().await => {
                keep().await
            }
            kept => kept,
        }
    }

    pub(super) async fn forget(&self, old: &Element) {
        if let ElementContent::Stored(key, _) = old.content {
            self.live.elements.retire(key).await;
        }
    }
}

/// Only addresses that fetch: `javascript:` and its like would run in the user's page.
fn checked(url: String) -> Result<String, CallError> {
    let lower = url.trim_start().to_ascii_lowercase();
    let is_fetched = lower.starts_with("https://") || lower.starts_with("http://");
    let is_local = url.starts_with("/public/");
    if is_fetched || is_local {
        return Ok(url);
    }
    let message = "an element's address begins with `https://`, `http://` or `/public/`";
    Err(CallError::new("invalid-url", message))
}
