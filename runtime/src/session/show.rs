//! What a guest asks of its host during one turn: each call becomes emits, a look at the session's state, or a refusal.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;

use super::live::Live;
use crate::{
    bots::{LogLine, Version},
    domain::{
        Action, ActionDraft, ActionId, BotName, Emit, Limits, Step, StepId, StepKind, TurnId,
        to_json,
    },
    sandbox::{CallError, HostCall, LogLevel, MessageDraft, Reply, StepOptions},
    telemetry::names,
};

mod elements;

/// Serves the calls of one turn.
pub(super) struct Show<'a> {
    live: &'a Live,
    version: &'a Version,
    turn: TurnId,
    /// The step of the turn itself; none for what happens beside the conversation.
    run: Option<StepId>,
    /// Open steps, the innermost last.
    steps: Vec<StepId>,
    /// Open streams, and the message of those that show nothing yet.
    streams: HashMap<StepId, Option<Step>>,
    /// The transient step that shows the status.
    status: Option<StepId>,
    emits: u64,
}

impl<'a> Show<'a> {
    pub(super) fn new(
        live: &'a Live,
        version: &'a Version,
        turn: TurnId,
        run: Option<StepId>,
    ) -> Self {
        let (steps, streams) = (Vec::new(), HashMap::new());
        Self { live, version, turn, run, steps, streams, status: None, emits: 0 }
    }

    /// How many emits there were.
    pub(super) fn emits(&self) -> u64 {
        self.emits
    }

    /// Serves one call.
    pub(super) async fn serve(&mut self, call: HostCall) {
        match call {
            HostCall::SendMessage { id, draft } => {
                let mut message = self.message(id, draft);
                message.end = Some(Timestamp::now());
                self.emit(Emit::StepCreated(Arc::new(message))).await;
            }
            HostCall::UpdateMessage { id, draft, reply } => {
                let result = self.update_message(id, draft).await;
                self.answer(reply, result);
            }
            HostCall::RemoveMessage { id, reply } => {
                let result = self.remove_message(id).await;
                self.answer(reply, result);
            }
            HostCall::OpenStream { id, draft } => {
                let message = self.message(id, draft);
                let has_text = !message.output.is_empty();
                self.streams.insert(id, Some(message));
                if has_text {
                    self.stream(id, String::new(), false).await;
                }
            }
            HostCall::StreamToken { id, text, replaces } => self.stream(id, text, replaces).await,
            HostCall::FinishStream { id } => self.finish_stream(id, false).await,
            HostCall::OpenStep { id, options, reply } => {
                let result = self.open_step(id, options).await;
                self.answer(reply, result);
            }
            HostCall::SetStepInput { id, text } => self.note_step(id, |step| step.input = text),
            HostCall::SetStepOutput { id, text } => self.note_step(id, |step| step.output = text),
            HostCall::SetStepError { id, text } => self.note_step(id, |step| {
                step.output = text;
                step.is_error = true;
            }),
            HostCall::StreamStepOutput { id, token } => self.stream_step(id, token).await,
            HostCall::FinishStep { id } => self.finish_step(id, false).await,
            HostCall::SendAction { message_id, draft, reply } => {
                let result = self.send_action(message_id, draft).await;
                self.answer(reply, result);
            }
            HostCall::RemoveAction { id, reply } => {
                let result = self.remove_action(id).await;
                self.answer(reply, result);
            }
            HostCall::SendElement { draft, reply } => {
                let result = self.send_element(draft).await;
                self.answer(reply, result);
            }
            HostCall::UpdateElement { id, draft, reply } => {
                let result = self.update_element(id, draft).await;
                self.answer(reply, result);
            }
            HostCall::RemoveElement { id, reply } => {
                let result = self.remove_element(id).await;
                self.answer(reply, result);
            }
            HostCall::Toast { message, kind } => self.emit(Emit::Toast { message, kind }).await,
            HostCall::Status { text } => self.set_status(text).await,
            HostCall::WindowMessage { data } => self.emit(Emit::WindowMessage(data)).await,
            HostCall::AudioChunk { mime_type, track, data } => {
                self.emit(Emit::AudioChunk { mime_type, track, data }).await;
            }
            HostCall::AudioInterrupt => self.emit(Emit::AudioInterrupt).await,
            HostCall::Log { level, text } => {
                let limits = self.live.context.bots.limits();
                write_log(self.version, limits, self.turn, (level, text));
            }
            call => self.serve_state(call),
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

    fn serve_state(&self, call: HostCall) {
        let mut memory = self.live.memory.lock();
        match call {
            HostCall::Get { key, reply } => self.answer(reply, Ok(memory.get(&key))),
            HostCall::Set { key, value, reply } => self.answer(reply, memory.set(key, value)),
            HostCall::Append { key, value, reply } => {
                self.answer(reply, memory.append(key, &value));
            }
            HostCall::Remove { key, reply } => {
                memory.remove(&key);
                self.answer(reply, Ok(()));
            }
            HostCall::Keys { reply } => self.answer(reply, Ok(memory.keys())),
            HostCall::CompareAndSwap { key, expected, value, reply } => {
                self.answer(reply, memory.compare_and_swap(key, expected.as_deref(), value));
            }
            // `serve` handles all others.
            _ => {}
        }
    }

    /// Answers a call; refusals are counted.
    fn answer<T>(&self, reply: Reply<T>, result: Result<T, CallError>) {
        if let Err(error) = &result {
            count_denial(&self.live.bot, error.code);
        }
        // The guest may have been stopped meanwhile.
        drop(reply.send(result));
    }

    async fn emit(&mut self, emit: Emit) {
        self.emits += 1;
        self.live.outbox.emit(emit).await;
    }

    /// Where the next emit goes: into the innermost open step, else into the turn.
    fn parent(&self) -> Option<StepId> {
        self.steps.last().copied().or(self.run)
    }

    fn message(&self, id: StepId, draft: MessageDraft) -> Step {
        let profile = &self.version.record.profile;
        let author = draft.author.or_else(|| profile.display_name.clone());
        let author = author.unwrap_or_else(|| self.live.bot.to_string());
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

    /// A step as it is on the screen, to change and show again.
    fn shown(&self, id: StepId) -> Option<Step> {
        self.live.outbox.read(|transcript| transcript.step(id).map(|step| Step::clone(step)))
    }

    fn own_message(&self, id: StepId) -> Result<Step, CallError> {
        self.shown(id).filter(|step| step.kind == StepKind::AssistantMessage).ok_or_else(|| {
            let message = format!("this session shows no message `{id}` of the bot");
            CallError::new("unknown-message", message)
        })
    }

    async fn update_message(&mut self, id: StepId, draft: MessageDraft) -> Result<(), CallError> {
        let old = self.own_message(id)?;
        let name = draft.author.clone().unwrap_or(old.name);
        let mut step = self.message(id, draft);
        step.name = name;
        step.parent_id = old.parent_id;
        step.created_at = old.created_at;
        step.start = old.start;
        step.end = Some(Timestamp::now());
        self.emit(Emit::StepUpdated(Arc::new(step))).await;
        Ok(())
    }

    async fn remove_message(&mut self, id: StepId) -> Result<(), CallError> {
        self.own_message(id)?;
        self.emit(Emit::StepRemoved(id)).await;
        Ok(())
    }

    async fn stream(&mut self, id: StepId, text: String, replaces: bool) {
        // The first piece brings the message with it.
        let Some(Some(mut message)) = self.streams.get_mut(&id).map(Option::take) else {
            return self.emit(Emit::Token { step_id: id, text, replaces }).await;
        };
        if replaces {
            message.output.clear();
        }
        message.output.push_str(&text);
        message.is_streaming = true;
        self.emit(Emit::StreamStarted(Arc::new(message))).await;
    }

    async fn finish_stream(&mut self, id: StepId, has_failed: bool) {
        let Some(unseen) = self.streams.remove(&id) else { return };
        let Some(mut message) = unseen.or_else(|| self.shown(id)) else { return };
        message.is_streaming = false;
        message.is_error |= has_failed;
        message.end = Some(Timestamp::now());
        self.emit(Emit::StepCreated(Arc::new(message))).await;
    }

    async fn open_step(&mut self, id: StepId, options: StepOptions) -> Result<(), CallError> {
        if let Some(parent) = options.parent_id.filter(|parent| self.shown(*parent).is_none()) {
            let message = format!("this session shows no step `{parent}` to put another one into");
            return Err(CallError::new("unknown-parent", message));
        }
        let mut step = Step::new(self.live.thread_id, options.kind, options.name);
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
    fn note_step(&self, id: StepId, change: impl FnOnce(&mut Step)) {
        let Some(mut step) = self.shown(id) else { return };
        change(&mut step);
        self.live.outbox.note(&Emit::StepUpdated(Arc::new(step)));
    }

    async fn stream_step(&mut self, id: StepId, token: String) {
        let is_streaming = |id| self.live.outbox.read(|it| it.step(id).map(|it| it.is_streaming));
        if is_streaming(id) == Some(true) {
            return self.emit(Emit::Token { step_id: id, text: token, replaces: false }).await;
        }
        let Some(mut step) = self.shown(id) else { return };
        step.output.push_str(&token);
        step.is_streaming = true;
        self.emit(Emit::StreamStarted(Arc::new(step))).await;
    }

    async fn finish_step(&mut self, id: StepId, has_failed: bool) {
        self.steps.retain(|open| *open != id);
        let Some(mut step) = self.shown(id) else { return };
        step.is_streaming = false;
        step.is_error |= has_failed;
        step.end = Some(Timestamp::now());
        self.emit(Emit::StepUpdated(Arc::new(step))).await;
    }

    async fn send_action(
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

    async fn remove_action(&mut self, id: ActionId) -> Result<(), CallError> {
        let action = self.live.outbox.read(|transcript| transcript.action(id).cloned());
        let action = action.ok_or_else(|| {
            CallError::new("unknown-action", format!("this session shows no action `{id}`"))
        })?;
        self.emit(Emit::ActionRemoved(action)).await;
        Ok(())
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
        let Some(id) = self.status else {
            self.status = Some(step.id);
            return self.emit(Emit::StepCreated(Arc::new(step))).await;
        };
        step.id = id;
        self.emit(Emit::StepUpdated(Arc::new(step))).await;
    }
}

/// Writes a line into the log of a version's bot.
pub(super) fn write_log(
    version: &Version,
    limits: &Limits,
    turn: TurnId,
    (level, text): (LogLevel, String),
) {
    let (at, number) = (Timestamp::now(), version.reference.number);
    let line = LogLine { at, level, version: number, turn: Some(turn), text };
    version.log.write(line, limits.log_lines_per_second);
}

/// Counts something that was refused.
pub(super) fn count_denial(bot: &BotName, code: &'static str) {
    metrics::counter!(names::DENIALS, "bot" => bot.to_string(), "code" => code).increment(1);
}
