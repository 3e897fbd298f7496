//! What a guest asks of its host during one turn: each call becomes emits, a look at the session's state, or a refusal.

use std::{collections::HashMap, sync::Arc};

use super::{live::Live, turn::Place};
use crate::{
    bots::Version,
    domain::{Emit, Step, StepId, StepKind, TurnId},
    sandbox::{HostCall, answer},
};

mod actions;
mod asks;
mod author;
mod elements;
mod messages;
pub(super) mod panels;
mod steps;

/// Serves the calls of one turn.
pub(super) struct Show<'a> {
    live: &'a Live,
    version: &'a Version,
    turn: TurnId,
    /// The step of the turn itself; none for what happens beside the conversation.
    run: Option<StepId>,
    /// Whether clients show that the bot is at work.
    is_framed: bool,
    /// Open steps, the innermost last.
    steps: Vec<StepId>,
    /// Open streams, and the message of those that show nothing yet.
    streams: HashMap<StepId, Option<Step>>,
    /// The transient step that shows the status.
    status: Option<StepId>,
    emits: u64,
    /// The turn's place among those that run, which it leaves while it waits for a person.
    pub(super) place: Option<&'a Place>,
}

impl<'a> Show<'a> {
    pub(super) fn new(
        live: &'a Live,
        version: &'a Version,
        turn: TurnId,
        run: Option<StepId>,
        is_framed: bool,
    ) -> Self {
        let (steps, streams) = (Vec::new(), HashMap::new());
        Self {
            live,
            version,
            turn,
            run,
            is_framed,
            steps,
            streams,
            status: None,
            emits: 0,
            place: None,
        }
    }

    /// How many emits there were.
    pub(super) fn emits(&self) -> u64 {
        self.emits
    }

    /// Serves one call.
    pub(super) async fn serve(&mut self, call: HostCall) {
        match call {
            HostCall::SendMessage { id, draft } => self.send_message(id, *draft).await,
            HostCall::OpenStream { id, draft } => self.open_stream(id, *draft).await,
            HostCall::StreamToken { id, text, replaces } => self.stream(id, text, replaces).await,
            HostCall::FinishStream { id } => self.finish_stream(id, false).await,
            HostCall::SetStepInput { id, text } => self.note_step(id, |step| step.input = text),
            HostCall::SetStepOutput { id, text } => self.note_step(id, |step| step.output = text),
            HostCall::SetStepError { id, text } => self.note_step(id, |step| {
                step.output = text;
                step.is_error = true;
            }),
            HostCall::SetStepGeneration { id, generation } => {
                self.note_step(id, |step| step.generation = Some(generation));
            }
            HostCall::StreamStepOutput { id, token } => self.stream_step(id, token, false).await,
            HostCall::StreamStepInput { id, token } => self.stream_step(id, token, true).await,
            HostCall::FinishStep { id } => self.finish_step(id, false).await,
            HostCall::Toast { message, kind } => self.emit(Emit::Toast { message, kind }).await,
            HostCall::Status { text } => self.set_status(text).await,
            HostCall::WindowMessage { data } => self.emit(Emit::WindowMessage(data)).await,
            HostCall::AudioChunk { mime_type, track, data } => {
                let (mime_type, track) = (mime_type.into(), track.into());
                self.emit(Emit::AudioChunk { mime_type, track, data }).await;
            }
            HostCall::AudioInterrupt => self.emit(Emit::AudioInterrupt).await,
            HostCall::Log { level, text } => self.version.write_text(self.turn, level, &text),
            HostCall::Denied { code, text } => {
                self.live.deny(code, Some(self.turn), &text);
            }
            HostCall::Ask { draft, timeout, reply } => {
                Box::pin(self.ask(*draft, timeout, reply)).await;
            }
            // On the heap, as all that is rare: each waiting turn would have room for it.
            call => Box::pin(self.serve_checked(call)).await,
        }
    }

    /// Serves a call that names something the session must know, and so can be refused.
    async fn serve_checked(&mut self, call: HostCall) {
        match call {
            HostCall::UpdateMessage { id, draft, reply } => {
                let result = self.update_message(id, *draft).await;
                answer(reply, result);
            }
            HostCall::RemoveMessage { id, reply } => {
                let result = self.remove_message(id).await;
                answer(reply, result);
            }
            HostCall::OpenStep { id, options, reply } => {
                let result = self.open_step(id, *options).await;
                answer(reply, result);
            }
            HostCall::SendAction { message_id, draft, reply } => {
                let result = self.send_action(message_id, *draft).await;
                answer(reply, result);
            }
            HostCall::RemoveAction { id, reply } => {
                let result = self.remove_action(id).await;
                answer(reply, result);
            }
            HostCall::SendElement { draft, reply } => {
                let result = self.send_element(*draft).await;
                answer(reply, result);
            }
            HostCall::UpdateElement { id, draft, reply } => {
                let result = self.update_element(id, *draft).await;
                answer(reply, result);
            }
            HostCall::RemoveElement { id, reply } => {
                let result = self.remove_element(id).await;
                answer(reply, result);
            }
            HostCall::ShowComponent { draft, reply } => {
                let result = self.show_component(*draft).await;
                answer(reply, result);
            }
            HostCall::UpdateComponent { id, props, reply } => {
                let result = self.update_component(id, props).await;
                answer(reply, result);
            }
            HostCall::SidebarElements { items, key, reply } => {
                let result = self.set_sidebar(items, key).await;
                answer(reply, result);
            }
            call => self.serve_thread(call).await,
        }
    }

    /// Closes what the guest left open: as failed if the turn failed.
    pub(super) async fn close(&mut self, has_failed: bool) {
        let streams: Vec<StepId> = self.streams.keys().copied().collect();
        for id in streams {
            self.finish_stream(id, has_failed).await;
        }
        while let Some(id) = self.steps.last().copied() {
            self.finish_step(id, has_failed).await;
        }
        self.set_status(String::new()).await;
    }

    async fn emit(&mut self, emit: Emit) {
        self.emits += 1;
        self.live.emit(emit).await;
    }

    /// Where the next emit goes: into the innermost open step, else into the turn.
    fn parent(&self) -> Option<StepId> {
        self.steps.last().copied().or(self.run)
    }

    /// A step as it is on the screen, to change and show again.
    fn shown(&self, id: StepId) -> Option<Step> {
        self.live.outbox.read(|transcript| transcript.step(id).map(|step| Step::clone(step)))
    }

    /// The status is a step that is gone when the turn ends: clients show it as work under way.
    async fn set_status(&mut self, text: String) {
        if text.is_empty() {
            if let Some(id) = self.status.take() {
                self.emit(Emit::StepRemoved(id)).await;
            }
            return;
        }
        let mut step = Step::new(self.live.thread_id, StepKind::Undefined, text);
        step.parent_id = self.run;
        step.is_transient = true;
        let Some(id) = self.status else {
            self.status = Some(step.id);
            return self.emit(Emit::StepCreated(Arc::new(step))).await;
        };
        step.id = id;
        self.emit(Emit::StepUpdated(Arc::new(step))).await;
    }
}

#[cfg(test)]
mod fuzz;
