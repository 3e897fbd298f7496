//! What frames a turn on the screen: what comes before the guest is called, and what after.

use std::sync::{Arc, atomic::Ordering};

use jiff::Timestamp;
use serde::Serialize;

use super::{Run, Turn};
use crate::{
    db::Change,
    domain::{
        BotName, Callback, Element, ElementContent, ElementKind, Emit, Event, FileInfo, Step,
        StepId, StepKind, TurnId, UserMessage, VersionNumber, to_json,
    },
    sandbox::{Answer, TurnError},
    session::live::Live,
};

/// What a run says of where it comes from.
#[derive(Serialize)]
struct MadeBy<'a> {
    bot: &'a BotName,
    turn: TurnId,
    version: VersionNumber,
}

impl Turn<'_> {
    pub(super) async fn open(&mut self, event: &Event) {
        let live = self.live;
        if let Event::Message(message) = event
            && message.is_edit
        {
            Box::pin(live.rewrite(message)).await;
        }
        if self.callback.is_framed() {
            live.emit(Emit::TurnStart).await;
        }
        let interaction = match event {
            Event::Message(message) => Some(message.text.as_str()),
            Event::Action(click) => Some(click.name.as_str()),
            Event::AudioEnd => Some("audio"),
            _ => None,
        };
        if let Some(interaction) = interaction {
            live.interact(interaction).await;
        }
        if let Event::Message(message) = event {
            self.message = Some(message.id);
            for file in &message.files {
                let element = Arc::new(attachment(live, message.id, file));
                live.emit(Emit::ElementShown(element)).await;
            }
        }
        if self.callback.is_run() {
            self.begin_run(event).await;
        }
    }

    async fn begin_run(&mut self, event: &Event) {
        let mut run = Step::new(self.live.thread_id, StepKind::Run, self.callback.name());
        let version = &self.version.reference;
        let made_by = MadeBy { bot: &version.bot, turn: self.id, version: version.number };
        run.metadata = Some(to_json(&made_by));
        run.input_language = Some("json".to_owned());
        run.parent_id = self.message;
        let step = Arc::new(run);
        let input = match event {
            Event::Message(message) => message.text.clone(),
            _ => "{}".to_owned(),
        };
        self.run = Some(Run { step: step.clone(), input });
        self.live.emit(Emit::StepCreated(step)).await;
    }

    pub(super) async fn close(&mut self, result: &Result<Answer, TurnError>) {
        let live = self.live;
        if let Some(Run { step, input }) = self.run.take() {
            let mut run = Step { input, end: Some(Timestamp::now()), ..Step::clone(&step) };
            run.is_error = result.is_err();
            match result {
                Err(TurnError::Bot(text)) => run.output.clone_from(text),
                Err(TurnError::Interrupted) => run.mark_interrupted(),
                Ok(_) | Err(_) => {}
            }
            live.emit(Emit::StepUpdated(Arc::new(run))).await;
        }
        match result {
            // Whoever pressed stop knows, and a bot that was never asked has not failed.
            Ok(_) | Err(TurnError::Cancelled | TurnError::NotExported(_)) => {}
            Err(error) => Box::pin(live.apologise(self.words(error), false)).await,
        }
        self.keep(matches!(result, Err(TurnError::NotKept))).await;
        if self.callback == Callback::AudioStart {
            let is_on = matches!(result, Ok(Answer::AudioStart(true)));
            live.is_listening.store(is_on, Ordering::Relaxed);
            live.emit(Emit::AudioConnection(is_on)).await;
        }
        if self.callback == Callback::AudioEnd {
            live.is_listening.store(false, Ordering::Relaxed);
        }
        if self.callback.is_framed() {
            live.emit(Emit::TurnEnd).await;
        }
    }

    /// Keeps what the turn has shown, before the client hears that it is over. `is_told` says whether the user knows already that
    /// the disk does not take it.
    async fn keep(&self, is_told: bool) {
        let live = self.live;
        let settled = self.message.map(|message| Change::Settled(live.thread_id, message));
        if let Err(error) = live.commit(settled).await {
            tracing::error!(%error, "what the turn showed is not kept yet");
            if is_told {
                return;
            }
            let text = "The server could not store this answer. It will try again with the next one; \
                        if this goes on, tell the operator.";
            live.emit(live.error_message(text)).await;
        }
    }

    /// What the user is told: the error, and what to quote when asking the operator about it.
    fn words(&self, error: &TurnError) -> String {
        format!("{error}\n\n`{}` in turn `{}`", error.code(), self.id)
    }
}

impl Live {
    /// The user has done something: the first time, the client is told which thread it is in.
    pub(in crate::session) async fn interact(&self, interaction: &str) {
        self.begin_thread(interaction);
        if self.is_first_interaction() {
            let (interaction, thread_id) = (interaction.to_owned(), self.thread_id);
            self.emit(Emit::FirstInteraction { interaction, thread_id }).await;
        }
    }

    /// Replaces a message, and takes away what came after it.
    async fn rewrite(&self, message: &UserMessage) {
        let (old, later) =
            self.outbox.read(|it| (it.step(message.id).cloned(), it.after(message.id)));
        if let Some(old) = old {
            let step = Step { output: message.text.clone(), ..Step::clone(&old) };
            self.emit(Emit::StepUpdated(Arc::new(step))).await;
        }
        for step in later {
            let (_, elements) = self.outbox.read(|it| it.attached_to(step.id));
            for element in elements {
                self.outbox.note(&Emit::ElementRemoved(element.id));
                if let ElementContent::Stored(key, _) = element.content {
                    self.elements.remove(key).await;
                }
            }
            let removed = Emit::StepRemoved(step.id);
            // Clients forget what stands below a message by themselves, and Chainlit tells them of messages only.
            if step.kind.is_message() {
                self.emit(removed).await;
            } else {
                self.outbox.note(&removed);
            }
        }
    }
}

/// A file as an element of the message that it is attached to.
fn attachment(live: &Live, message: StepId, file: &FileInfo) -> Element {
    let kind = match file.mime.split('/').next() {
        _ if file.mime == "application/pdf" => ElementKind::Pdf,
        Some("image") => ElementKind::Image,
        Some("audio") => ElementKind::Audio,
        Some("video") => ElementKind::Video,
        _ => ElementKind::File,
    };
    let content = ElementContent::Stored(file.id, file.size);
    Element {
        id: file.id,
        message_id: Some(message),
        ..Element::new(live.thread_id, kind, &file.name, &file.mime, content)
    }
}
