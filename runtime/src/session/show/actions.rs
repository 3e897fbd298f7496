//! Buttons below messages.

use std::sync::Arc;

use super::Show;
use crate::{
    domain::{Action, ActionDraft, ActionId, Emit, StepId},
    sandbox::CallError,
};

impl Show<'_> {
    pub(super) async fn send_action(
        &mut self,
        message_id: StepId,
        draft: ActionDraft,
    ) -> Result<ActionId, CallError> {
        self.own_message(message_id)?;
        let action = Action { id: ActionId::random(), message_id, draft };
        let id = action.id;
        self.emit(Emit::ActionAdded(Arc::new(action))).await;
        Ok(id)
    }

    pub(super) async fn remove_action(&mut self, id: ActionId) -> Result<(), CallError> {
        let action = self.live.outbox.read(|transcript| transcript.action(id).cloned());
        let action = action.ok_or_else(|| {
            CallError::new("unknown-action", format!("this session shows no action `{id}`"))
        })?;
        self.emit(Emit::ActionRemoved(action)).await;
        Ok(())
    }
}
