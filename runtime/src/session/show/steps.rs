//! Steps: work that the user may watch.

use std::sync::Arc;

use jiff::Timestamp;

use super::Show;
use crate::{
    domain::{Emit, Step, StepId, to_json},
    sandbox::{CallError, StepOptions},
};

impl Show<'_> {
    pub(super) async fn open_step(
        &mut self,
        id: StepId,
        options: StepOptions,
    ) -> Result<(), CallError> {
        if let Some(parent) = options.parent_id.filter(|parent| self.shown(*parent).is_none()) {
            let message = format!("this session shows no step `{parent}` to put another one into");
            return Err(CallError::new("unknown-parent", message));
        }
        let name = self.renamed(options.name).await;
        let mut step = Step::new(self.live.thread_id, options.kind, name);
        step.id = id;
        step.parent_id = options.parent_id.or_else(|| self.parent());
        step.input_language = options.input_language;
        step.language = options.output_language;
        step.default_open = options.default_open;
        step.auto_collapse = options.auto_collapse;
        step.metadata = options.icon.map(|icon| to_json(&serde_json::json!({ "icon": icon })));
        step.tags = options.tags;
        self.steps.push(id);
        self.emit(Emit::StepCreated(Arc::new(step))).await;
        Ok(())
    }

    /// Changes a step without showing it: the change comes with the step's end, or with its stream.
    pub(super) fn note_step(&self, id: StepId, change: impl FnOnce(&mut Step)) {
        let Some(mut step) = self.shown(id) else { return };
        change(&mut step);
        self.live.outbox.note(&Emit::StepUpdated(Arc::new(step)));
    }

    pub(super) async fn stream_step(&mut self, id: StepId, token: String, is_input: bool) {
        let is_streaming = |id| self.live.outbox.read(|it| it.step(id).map(|it| it.is_streaming));
        if is_streaming(id) == Some(true) {
            return self
                .emit(Emit::Token { step_id: id, text: token, replaces: false, is_input })
                .await;
        }
        let Some(mut step) = self.shown(id) else { return };
        let whole = if is_input { &mut step.input } else { &mut step.output };
        whole.push_str(&token);
        step.is_streaming = true;
        self.emit(Emit::StreamStarted(Arc::new(step))).await;
    }

    pub(super) async fn finish_step(&mut self, id: StepId, has_failed: bool) {
        self.steps.retain(|open| *open != id);
        let Some(mut step) = self.shown(id) else { return };
        step.is_streaming = false;
        step.is_error |= has_failed;
        step.end = Some(Timestamp::now());
        self.emit(Emit::StepUpdated(Arc::new(step))).await;
    }
}
