//! Messages, whole and streamed.

use std::sync::Arc;

use jiff::Timestamp;

use super::Show;
use crate::{
    domain::{Emit, Step, StepId, StepKind},
    sandbox::{CallError, MessageDraft},
};

impl Show<'_> {
    pub(super) async fn send_message(&mut self, id: StepId, draft: MessageDraft) {
        let mut message = self.message(id, draft).await;
        message.end = Some(Timestamp::now());
        self.emit(Emit::StepCreated(Arc::new(message))).await;
    }

    pub(super) async fn open_stream(&mut self, id: StepId, draft: MessageDraft) {
        let message = self.message(id, draft).await;
        let has_text = !message.output.is_empty();
        self.streams.insert(id, Some(message));
        if has_text {
            self.stream(id, String::new(), false).await;
        }
    }

    pub(super) async fn message(&self, id: StepId, draft: MessageDraft) -> Step {
        let profile = &self.version.record.profile;
        let author = draft.author.or_else(|| profile.display_name.clone());
        let author = author.unwrap_or_else(|| self.live.bot.to_string());
        let author = self.renamed(author).await;
        let mut step = Step::new(self.live.thread_id, StepKind::AssistantMessage, author);
        step.id = id;
        step.parent_id = self.parent();
        step.output = draft.content;
        step.language = draft.language;
        step.is_error = draft.is_error;
        step.metadata = draft.metadata;
        step.tags = draft.tags;
        step
    }

    pub(super) fn own_message(&self, id: StepId) -> Result<Step, CallError> {
        self.shown(id).filter(|step| step.kind == StepKind::AssistantMessage).ok_or_else(|| {
            let message = format!("this session shows no message `{id}` of the bot");
            CallError::new("unknown-message", message)
        })
    }

    pub(super) async fn update_message(
        &mut self,
        id: StepId,
        draft: MessageDraft,
    ) -> Result<(), CallError> {
        let old = self.own_message(id)?;
        let is_same = draft.author.is_none();
        let mut step = self.message(id, draft).await;
        if is_same {
            step.name = old.name;
        }
        step.parent_id = old.parent_id;
        step.created_at = old.created_at;
        step.start = old.start;
        step.end = Some(Timestamp::now());
        self.emit(Emit::StepUpdated(Arc::new(step))).await;
        Ok(())
    }

    pub(super) async fn remove_message(&mut self, id: StepId) -> Result<(), CallError> {
        self.own_message(id)?;
        let (actions, elements) = self.live.outbox.read(|transcript| transcript.attached_to(id));
        for action in actions {
            self.emit(Emit::ActionRemoved(action)).await;
        }
        for element in elements {
            self.emit(Emit::ElementRemoved(element.id)).await;
            self.forget(&element).await;
        }
        self.emit(Emit::StepRemoved(id)).await;
        Ok(())
    }

    pub(super) async fn stream(&mut self, id: StepId, text: String, replaces: bool) {
        // The first piece brings the message with it.
        let Some(Some(mut message)) = self.streams.get_mut(&id).map(Option::take) else {
            return self.emit(Emit::Token { step_id: id, text, replaces, is_input: false }).await;
        };
        if replaces {
            message.output.clear();
        }
        message.output.push_str(&text);
        message.is_streaming = true;
        self.emit(Emit::StreamStarted(Arc::new(message))).await;
    }

    pub(super) async fn finish_stream(&mut self, id: StepId, has_failed: bool) {
        let Some(unseen) = self.streams.remove(&id) else { return };
        let Some(mut message) = unseen.or_else(|| self.shown(id)) else { return };
        message.is_streaming = false;
        message.is_error |= has_failed;
        message.end = Some(Timestamp::now());
        self.emit(Emit::StepCreated(Arc::new(message))).await;
    }
}
