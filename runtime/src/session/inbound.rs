//! What a client does: it sends messages and edits them, clicks, talks, changes settings, judges answers, uses components.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::{
    Session,
    lane::{Lane, Refused, Work, weight},
    live::Live,
    show::panels::merged,
};
use crate::{
    domain::{
        AudioChunk, Callback, Click, Element, ElementId, ElementKind, Emit, Event, Feedback,
        FileInfo, Json, Step, StepId, StepKind, UserMessage, to_json,
    },
    sandbox::Answer,
};

impl Live {
    /// The values of the chat settings: a JSON object.
    pub(super) fn settings(&self) -> Json {
        let settings = self.keeper.head().thread.settings.clone();
        settings.unwrap_or_else(|| to_json(&serde_json::json!({})))
    }

    /// The files that are attached to a message.
    fn attached_to(&self, message: StepId) -> Vec<FileInfo> {
        let (_, elements) = self.outbox.read(|it| it.attached_to(message));
        elements.iter().filter_map(|element| self.elements.info(element.id)).collect()
    }

    fn handles(&self, callback: Callback) -> bool {
        self.context.bots.lease(&self.bot).is_some_and(|version| version.has(callback))
    }
}

/// An action has no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActionError {
    /// The mailbox is full.
    #[error("too much is waiting for the bot already; try again in a moment")]
    Busy,
    /// The bot failed, which the chat shows.
    #[error("the bot failed to handle the action")]
    Failed,
}

impl Session {
    /// The user sent a message with files that were uploaded before. Files that this session does not have are left out.
    pub fn message(&self, mut message: UserMessage, files: &[ElementId]) {
        message.files = files.iter().filter_map(|id| self.live().elements.info(*id)).collect();
        if let Some(known) = self.live().outbox.read(|it| it.step(message.id).cloned()) {
            // A client whose connection broke cannot know whether it was heard, and says it again.
            if known.kind == StepKind::UserMessage && known.output == message.text {
                return;
            }
            return self
                .refuse("This message has the id of another one. Send it with an id of its own.");
        }
        let mut step =
            Step::new(self.live().thread_id, StepKind::UserMessage, message.author.clone());
        step.id = message.id;
        step.created_at = message.created_at;
        step.output.clone_from(&message.text);
        step.command.clone_from(&message.command);
        step.modes.clone_from(&message.modes);
        step.metadata = Some(message.metadata.clone());
        step.end = Some(step.start);
        let step = Arc::new(step);
        self.accept_with(Lane::Turns, weight(&message), || {
            // Before it is noted: what the bot said before comes first.
            let durable = self.live().accept_message(&step);
            // The client shows it already: it is noted for bots that attach something to it.
            self.live().note_said(step, durable.is_some());
            Work::Message(Box::new(message), durable)
        });
    }

    /// The user clicked an action. Waits until the bot has handled it, which every turn's limits bound.
    ///
    /// # Errors
    /// The bot failed, or has too much to do.
    pub async fn action(&self, click: Click) -> Result<Option<Json>, ActionError> {
        let (reply, answer) = oneshot::channel();
        let work = Work::Turn(Event::Action(Box::new(self.known(click))), Some(reply));
        self.live().enqueue(Lane::Turns, work).map_err(|_| ActionError::Busy)?;
        match answer.await {
            Ok(Ok(Answer::Action(response))) => Ok(response),
            Ok(Ok(_) | Err(_)) | Err(_) => Err(ActionError::Failed),
        }
    }

    /// The embedding page posted a message.
    pub fn window_message(&self, data: Json) {
        // Pages post a lot, most of it for nobody: it must not fill the mailbox of a bot that does not listen, nor make
        // noise about it.
        let version = self.live().context.bots.lease(&self.live().bot);
        let is_heard = version.is_some_and(|version| version.has(Callback::WindowMessage));
        let event = Event::WindowMessage(data);
        if is_heard && self.live().enqueue(Lane::Turns, event.into()) == Err(Refused::Full) {
            self.live().deny_mailbox_full();
        }
    }

    /// The user opened the microphone.
    pub fn audio_start(&self) {
        self.accept(Lane::Audio, Event::AudioStart.into());
    }

    /// The microphone delivered audio.
    pub fn audio_chunk(&self, chunk: AudioChunk) {
        // A flood is cut in silence: an error for each chunk would be a flood of its own.
        let chunk = Event::AudioChunk(Box::new(chunk)).into();
        if self.live().enqueue(Lane::Audio, chunk) == Err(Refused::Full) {
            self.live().deny_mailbox_full();
        }
    }

    /// The user closed the microphone.
    pub fn audio_end(&self) {
        self.accept(Lane::Audio, Event::AudioEnd.into());
    }

    /// The user wrote a message anew: what came after it goes, and the bot answers again.
    pub fn edit(&self, id: StepId, text: String) {
        let old = self.live().outbox.read(|it| it.step(id).cloned());
        let Some(old) = old.filter(|step| step.kind == StepKind::UserMessage) else {
            return self.refuse(
                "The message that you edited is not there any more. Send it as a new one.",
            );
        };
        let message = UserMessage {
            id,
            text,
            created_at: old.created_at,
            author: old.name.clone(),
            parent_id: old.parent_id,
            command: old.command.clone(),
            modes: old.modes.clone(),
            metadata: old.metadata.clone().unwrap_or_else(|| to_json(&serde_json::json!({}))),
            files: self.live().attached_to(id),
            is_edit: true,
        };
        let mut step = Step::clone(&old);
        step.output.clone_from(&message.text);
        self.accept_with(Lane::Turns, weight(&message), || {
            let durable = self.live().accept_message(&Arc::new(step));
            Work::Message(Box::new(message), durable)
        });
    }

    /// The user saved the chat settings: `values` are those that changed, or all.
    pub fn change_settings(&self, values: &Json) {
        let merged = merged(&self.live().settings(), values);
        self.live().keeper.head().change(|thread| thread.settings = Some(merged.clone()));
        if self.live().handles(Callback::SettingsUpdate) {
            self.accept(Lane::Turns, Event::SettingsUpdate(merged).into());
        }
    }

    /// The user changed something in the panel of settings, and has not saved it.
    pub fn edit_settings(&self, values: Json) {
        if self.live().handles(Callback::SettingsEdit) {
            self.accept(Lane::Turns, Event::SettingsEdit(values).into());
        }
    }

    /// The user judged an answer; it is kept already.
    pub fn feedback(&self, feedback: Feedback) {
        if self.live().handles(Callback::Feedback) {
            self.accept(Lane::Turns, Event::Feedback(Box::new(feedback)).into());
        }
    }

    /// A component of the page changed its props. Returns whether it is one of this session.
    pub async fn update_component(&self, id: ElementId, props: Json) -> bool {
        let Some(old) = self.component(id) else { return false };
        let element = Element { props: Some(props), ..Element::clone(&old) };
        self.live().emit(Emit::ElementShown(Arc::new(element))).await;
        self.live().checkpoint().await;
        true
    }

    /// A component of the page took itself away. Returns whether it was one of this session.
    pub async fn remove_component(&self, id: ElementId) -> bool {
        if self.component(id).is_none() {
            return false;
        }
        self.live().emit(Emit::ElementRemoved(id)).await;
        self.live().checkpoint().await;
        true
    }

    fn component(&self, id: ElementId) -> Option<Arc<Element>> {
        let element = self.live().outbox.read(|it| it.element(id).cloned());
        element.filter(|element| element.kind == ElementKind::Custom)
    }

    /// What the session itself knows of a button counts more than what the client says of it.
    fn known(&self, click: Click) -> Click {
        let action = self.live().outbox.read(|transcript| transcript.action(click.id).cloned());
        match action {
            Some(action) => Click {
                id: click.id,
                message_id: Some(action.message_id),
                name: action.draft.name.clone(),
                label: action.draft.label.clone(),
                payload: action.draft.payload.clone(),
            },
            None => click,
        }
    }
}
