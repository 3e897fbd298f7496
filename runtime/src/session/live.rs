//! One live session, and the handle by which the gateway reaches it.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::{
    Broadcaster, Hello, StoredFile,
    elements::Elements,
    lane::{Lane, Mailbox, Work},
    memory::Memory,
    outbox::{Outbox, Resync},
    sessions::Context,
    show::count_denial,
};
use crate::{
    domain::{
        AudioChunk, BotName, Callback, Click, ElementId, Emit, Event, Json, SessionId, Step,
        StepKind, ThreadId, User, UserMessage,
    },
    sandbox::Answer,
};

/// How long a session in which the user has done nothing outlives its connection.
const UNTOUCHED: Duration = Duration::from_secs(60);

/// One live session.
pub(super) struct Live {
    pub(super) context: Arc<Context>,
    pub(super) id: SessionId,
    pub(super) thread_id: ThreadId,
    pub(super) bot: BotName,
    pub(super) user: Option<Arc<User>>,
    pub(super) outbox: Outbox,
    // Both lanes read and write it, each for one operation at a time.
    pub(super) memory: Mutex<Memory>,
    pub(super) elements: Elements,
    pub(super) has_interacted: AtomicBool,
    /// Whether the bot let the microphone open.
    pub(super) is_listening: AtomicBool,
    turns: Mutex<Mailbox>,
    audio: Mutex<Mailbox>,
    presence: Mutex<Presence>,
}

/// Whether somebody is there.
struct Presence {
    client: Option<Arc<dyn Broadcaster>>,
    absent_since: Instant,
    /// The client said goodbye: the session ends with the connection.
    is_leaving: bool,
    /// The client said that it listens.
    is_ready: bool,
    is_started: bool,
}

impl Presence {
    fn belongs_to(&self, client: &Arc<dyn Broadcaster>) -> bool {
        self.client.as_ref().is_some_and(|bound| Arc::ptr_eq(bound, client))
    }
}

impl Live {
    pub(super) fn new(context: Arc<Context>, hello: Hello, bot: BotName) -> Self {
        let settings = &context.settings;
        let limits = context.bots.limits();
        Self {
            id: hello.session_id,
            thread_id: hello.thread_id.unwrap_or_else(ThreadId::random),
            bot,
            user: hello.user,
            outbox: Outbox::new(settings.transcript, settings.slow_client),
            memory: Mutex::new(Memory::new(limits.state)),
            elements: Elements::new(limits.files),
            has_interacted: AtomicBool::new(false),
            is_listening: AtomicBool::new(false),
            turns: Mutex::default(),
            audio: Mutex::default(),
            presence: Mutex::new(Presence {
                client: None,
                absent_since: Instant::now(),
                is_leaving: false,
                is_ready: false,
                is_started: false,
            }),
            context,
        }
    }

    pub(super) fn mailbox(&self, lane: Lane) -> &Mutex<Mailbox> {
        match lane {
            Lane::Turns => &self.turns,
            Lane::Audio => &self.audio,
        }
    }

    /// An error that no bot made, shown in the chat.
    pub(super) fn error_message(&self, text: impl Into<String>) -> Emit {
        let mut step = Step::new(self.thread_id, StepKind::AssistantMessage, "Error");
        step.output = text.into();
        step.is_error = true;
        step.end = Some(step.start);
        Emit::StepCreated(Arc::new(step))
    }
}

/// A session's handle. Cheap to clone; every method keeps the order of calls.
#[derive(Clone)]
pub struct Session(Arc<Live>);

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("id", &self.0.id).field("bot", &self.0.bot).finish()
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
    pub(super) fn new(live: Live) -> Self {
        Self(Arc::new(live))
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> SessionId {
        self.0.id
    }

    /// The bot it talks to.
    #[must_use]
    pub fn bot(&self) -> &BotName {
        &self.0.bot
    }

    /// Who signed in.
    #[must_use]
    pub fn user(&self) -> Option<&Arc<User>> {
        self.0.user.as_ref()
    }

    /// The client listens: it is brought up to date, and a new chat starts.
    pub fn ready(&self, client: &Arc<dyn Broadcaster>) {
        let is_new = {
            let mut presence = self.0.presence.lock();
            // Saying it again changes nothing, and must not cost another resync.
            if !presence.belongs_to(client) || std::mem::replace(&mut presence.is_ready, true) {
                return;
            }
            !std::mem::replace(&mut presence.is_started, true)
        };
        if let Some(resync) = self.0.outbox.attach(client.clone()) {
            self.finish(resync);
        }
        let version = self.0.context.bots.lease(&self.0.bot);
        if is_new && version.is_some_and(|version| version.has(Callback::ChatStart)) {
            self.accept(Lane::Turns, Event::ChatStart.into());
        }
    }

    /// The connection of a client is gone. Nothing happens if the session has another client by now.
    pub fn disconnected(&self, client: &Arc<dyn Broadcaster>) {
        let mut presence = self.0.presence.lock();
        if presence.belongs_to(client) {
            presence.client = None;
            presence.absent_since = Instant::now();
            // Under the lock: later it could detach the client that comes next.
            self.0.outbox.detach();
        }
    }

    /// The user sent a message.
    pub fn message(&self, message: UserMessage) {
        if self.0.outbox.read(|transcript| transcript.step(message.id).is_some()) {
            return self.refuse("This message was sent already, or has the id of another one.");
        }
        let mut step = Step::new(self.0.thread_id, StepKind::UserMessage, message.author.clone());
        step.id = message.id;
        step.created_at = message.created_at;
        step.output.clone_from(&message.text);
        step.command.clone_from(&message.command);
        step.modes.clone_from(&message.modes);
        step.metadata = Some(message.metadata.clone());
        step.end = Some(step.start);
        // The client shows it already: it is noted for bots that attach something to it.
        self.0.outbox.note(&Emit::StepCreated(Arc::new(step)));
        self.accept(Lane::Turns, message.into());
    }

    /// Something that the client sent was not understood: says so in the chat.
    pub fn refuse(&self, text: impl Into<String>) {
        self.accept(Lane::Turns, Work::Refuse(text.into()));
    }

    /// The user clicked an action. Waits until the bot has handled it, which every turn's limits bound.
    ///
    /// # Errors
    /// The bot failed, or has too much to do.
    pub async fn action(&self, click: Click) -> Result<Option<Json>, ActionError> {
        let (reply, answer) = oneshot::channel();
        let work = Work::Turn(Event::Action(self.known(click)), Some(reply));
        self.0.enqueue(Lane::Turns, work).map_err(|_| ActionError::Busy)?;
        match answer.await {
            Ok(Ok(Answer::Action(response))) => Ok(response),
            Ok(Ok(_) | Err(_)) | Err(_) => Err(ActionError::Failed),
        }
    }

    /// The user pressed stop.
    pub fn stop(&self) {
        self.0.interrupt();
    }

    /// The user opened a new chat: this session ends when its connection does.
    pub fn clear(&self) {
        self.0.presence.lock().is_leaving = true;
    }

    /// The embedding page posted a message.
    pub fn window_message(&self, data: Json) {
        // Pages post a lot, most of it for nobody: it must not fill the mailbox of a bot that does not listen, nor make
        // noise about it.
        let version = self.0.context.bots.lease(&self.0.bot);
        let is_heard = version.is_some_and(|version| version.has(Callback::WindowMessage));
        let event = Event::WindowMessage(data);
        if is_heard && self.0.enqueue(Lane::Turns, event.into()).is_err() {
            count_denial(&self.0.bot, "mailbox-full");
        }
    }

    /// The user opened the microphone.
    pub fn audio_start(&self) {
        self.accept(Lane::Audio, Event::AudioStart.into());
    }

    /// The microphone delivered audio.
    pub fn audio_chunk(&self, chunk: AudioChunk) {
        // A flood is cut in silence: an error for each chunk would be a flood of its own.
        if self.0.enqueue(Lane::Audio, Event::AudioChunk(chunk).into()).is_err() {
            count_denial(&self.0.bot, "mailbox-full");
        }
    }

    /// The user closed the microphone.
    pub fn audio_end(&self) {
        self.accept(Lane::Audio, Event::AudioEnd.into());
    }

    /// A file of the session; none if there is no such file.
    pub async fn file(&self, id: ElementId) -> Option<StoredFile> {
        self.0.elements.file(&self.0.context.files, self.0.id, id).await
    }

    pub(super) fn bind(&self, client: &Arc<dyn Broadcaster>) {
        let mut presence = self.0.presence.lock();
        presence.client = Some(client.clone());
        presence.is_leaving = false;
        presence.is_ready = false;
        // Nothing is sent before the client says that it listens. Under the lock: later it could detach the next client.
        self.0.outbox.detach();
    }

    pub(super) fn look_aside(&self) {
        if let Some(resync) = self.0.outbox.look_aside() {
            self.finish(resync);
        }
    }

    fn finish(&self, resync: Resync) {
        let live = self.0.clone();
        let finish = async move { live.outbox.finish(resync).await };
        drop(self.0.context.tasks.spawn_on(finish, &self.0.context.runtime));
    }

    pub(super) fn is_connected(&self) -> bool {
        self.0.presence.lock().client.is_some()
    }

    pub(super) fn is_over(&self, now: Instant, timeout: Duration) -> bool {
        // Whoever opened a page and left has nothing to lose, and could fill the server with sessions.
        let is_untouched = !self.0.has_interacted.load(Ordering::Relaxed);
        let timeout = if is_untouched { timeout.min(UNTOUCHED) } else { timeout };
        let presence = self.0.presence.lock();
        let absent = now.saturating_duration_since(presence.absent_since);
        presence.client.is_none() && (presence.is_leaving || absent >= timeout)
    }

    pub(super) fn end(&self) {
        tracing::debug!(session = %self.0.id, "over");
        self.0.outbox.detach();
        let is_started = self.0.presence.lock().is_started;
        self.0.end(is_started);
    }

    /// Takes no more events.
    pub(super) fn close(&self) {
        for lane in [Lane::Audio, Lane::Turns] {
            self.0.mailbox(lane).lock().close();
        }
    }

    pub(super) fn cancel(&self) {
        for lane in [Lane::Audio, Lane::Turns] {
            self.0.mailbox(lane).lock().cut();
        }
    }

    /// Hands an event to a lane; if it is full, the user is told.
    fn accept(&self, lane: Lane, work: Work) {
        if self.0.enqueue(lane, work).is_err() {
            count_denial(&self.0.bot, "mailbox-full");
            let text = "The bot has not caught up with what you sent before. Wait for its answer, then try again.";
            self.0.outbox.emit_now(&self.0.error_message(text));
        }
    }

    /// What the session itself knows of a button counts more than what the client says of it.
    fn known(&self, click: Click) -> Click {
        let action = self.0.outbox.read(|transcript| transcript.action(click.id).cloned());
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

impl Live {
    /// Whether this is the first thing that the user does here.
    pub(super) fn is_first_interaction(&self) -> bool {
        !self.has_interacted.swap(true, Ordering::Relaxed)
    }
}
