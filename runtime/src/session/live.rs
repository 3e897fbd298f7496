//! One live session, and the handle by which the gateway reaches it.

use std::{
    fmt,
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use jiff::Timestamp;
use parking_lot::Mutex;

use super::{
    Broadcaster, Hello, Opening,
    ask::OpenAsks,
    denial::Telling,
    elements::Elements,
    keep::Keeper,
    lane::{Lane, Mailbox, Refused, Work},
    outbox::{Outbox, Resync},
    resume::Resumption,
    sessions::Context,
    transcript::Transcript,
};
use crate::{
    domain::{
        BotName, Callback, ElementId, Emit, Event, FileInfo, SessionId, Step, StepKind, Thread,
        ThreadId, User,
    },
    memory::Memory,
    sandbox::ClientInfo,
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
    pub(super) client: Arc<ClientInfo>,
    pub(super) outbox: Outbox,
    /// Other sessions of the thread.
    pub(super) peers: Mutex<Vec<Weak<Self>>>,
    pub(super) keeper: Arc<Keeper>,
    pub(super) resumption: Mutex<Resumption>,
    /// What a turn waits for the user to answer.
    pub(super) asks: OpenAsks,
    // Both lanes read and write it, each for one operation at a time.
    pub(super) memory: Arc<Mutex<Memory>>,
    pub(super) elements: Arc<Elements>,
    pub(super) opened_at: Timestamp,
    pub(super) telling: Telling,
    pub(super) has_interacted: AtomicBool,
    /// The version that handled the last turn; 0 before the first.
    pub(super) last_version: AtomicU32,
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

/// What sessions of one thread have in common.
pub(super) struct Shared {
    pub(super) keeper: Arc<Keeper>,
    pub(super) memory: Arc<Mutex<Memory>>,
    pub(super) elements: Arc<Elements>,
}

impl Shared {
    fn new(context: &Context, hello: &Hello, bot: &BotName, opening: Opening) -> Self {
        let limits = context.bots.limits(bot);
        let keeper = Keeper::new(hello, bot, &opening);
        let mut memory = Memory::new(limits.state, context.db.is_some());
        let thread_id = keeper.head().thread.id;
        let elements = Elements::new(context.files.clone(), thread_id, limits.files);
        if let Opening::Kept(kept) = opening {
            elements.seed(&kept.content);
            memory.seed(kept.state);
        }
        let (keeper, memory) = (Arc::new(keeper), Arc::new(Mutex::new(memory)));
        Self { keeper, memory, elements: Arc::new(elements) }
    }
}

impl Live {
    pub(super) fn new(
        context: Arc<Context>,
        hello: Hello,
        bot: BotName,
        opening: Opening,
        shared: Option<Shared>,
    ) -> Self {
        let settings = &context.settings;
        let keeps = context.db.is_some();
        let resumption = Resumption::new(&opening);
        let mut transcript = Transcript::new(settings.transcript, keeps);
        if let Opening::Kept(kept) = &opening {
            transcript.seed(&kept.content);
        }
        let shared = shared.unwrap_or_else(|| Shared::new(&context, &hello, &bot, opening));
        let Shared { keeper, memory, elements } = shared;
        let thread_id = keeper.head().thread.id;
        Self {
            id: hello.session_id,
            thread_id,
            bot,
            user: hello.user,
            client: hello.client,
            outbox: Outbox::new(transcript, settings.slow_client),
            keeper,
            asks: OpenAsks::default(),
            memory,
            peers: Mutex::default(),
            elements,
            opened_at: Timestamp::now(),
            telling: Telling::default(),
            has_interacted: AtomicBool::new(resumption.is_resumed),
            resumption: Mutex::new(resumption),
            last_version: AtomicU32::new(0),
            is_listening: AtomicBool::new(false),
            turns: Mutex::new(Mailbox::new(context.depth.clone())),
            audio: Mutex::new(Mailbox::new(context.depth.clone())),
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
pub struct Session(pub(super) Arc<Live>);

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("id", &self.0.id).field("bot", &self.0.bot).finish()
    }
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

    /// The thread it writes to.
    #[must_use]
    pub fn thread_id(&self) -> ThreadId {
        self.0.thread_id
    }

    /// The bot it talks to.
    #[must_use]
    pub fn bot(&self) -> &BotName {
        &self.0.bot
    }

    pub(super) fn live(&self) -> &Arc<Live> {
        &self.0
    }

    /// Somebody changed what is known of the thread. It is kept by whoever did.
    pub fn change_thread(&self, change: impl FnOnce(&mut Thread)) {
        self.0.keeper.head().note(change);
    }

    /// Keeps nothing more: the user is about to delete the thread. Waits for the write that is under way.
    pub async fn forget_thread(&self) {
        self.0.keeper.forget().await;
    }

    /// Whether it is a user's; without sign-in all are nobody's.
    #[must_use]
    pub fn belongs_to(&self, user: Option<&User>) -> bool {
        self.0.user.as_ref().map(|user| &user.identifier) == user.map(|user| &user.identifier)
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
        if is_new {
            self.begin();
        } else if self.0.resumption.lock().is_due() {
            self.accept(Lane::Turns, Work::ShowThread);
        }
    }

    /// The first client of the session listens: a chat starts, or goes on.
    fn begin(&self) {
        let (is_resumed, is_missing) = {
            let resumption = self.0.resumption.lock();
            (resumption.is_resumed, resumption.is_missing)
        };
        if is_resumed {
            return self.accept(Lane::Turns, Work::Resume);
        }
        if is_missing {
            self.accept(Lane::Turns, Work::SayMissing);
        }
        let version = self.0.context.bots.lease(&self.0.bot);
        if version.is_some_and(|version| version.has(Callback::ChatStart)) {
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

    /// Something that the client sent was not understood: says so in the chat.
    pub fn refuse(&self, text: impl Into<String>) {
        self.accept(Lane::Turns, Work::Refuse(text.into()));
    }

    /// The user pressed stop.
    pub fn stop(&self) {
        // What runs may have been begun in another tab.
        if self.0.is_at_work() || !self.0.stop_peers() {
            self.0.interrupt();
        }
    }

    /// The user opened a new chat: this session ends when its connection does.
    pub fn clear(&self) {
        self.0.presence.lock().is_leaving = true;
    }

    /// What is known of a file of the session; none if there is no such file.
    #[must_use]
    pub fn file_info(&self, id: ElementId) -> Option<FileInfo> {
        self.0.elements.find(id)
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
        self.0.tidy_peers();
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
    pub(super) fn accept(&self, lane: Lane, work: Work) {
        let weight = work.weight();
        self.accept_with(lane, weight, || work);
    }

    /// As [`Self::accept`], with what is made of an event once it is sure that there is room.
    pub(super) fn accept_with(&self, lane: Lane, weight: usize, work: impl FnOnce() -> Work) {
        let text = match self.0.enqueue_with(lane, weight, work) {
            Ok(()) => return,
            Err(Refused::Full) => {
                self.0.deny_mailbox_full();
                "The bot has not caught up with what you sent before. Wait for its answer, then try again."
            }
            Err(Refused::Closed) => "The server is stopping. Send this again in a moment.",
        };
        self.0.outbox.emit_now(&self.0.error_message(text));
    }
}

impl Live {
    /// Whether this is the first thing that the user does here.
    pub(super) fn is_first_interaction(&self) -> bool {
        !self.has_interacted.swap(true, Ordering::Relaxed)
    }
}
