//! One turn: a fresh store and instance, one call, and everything is dropped.

use std::{
    collections::BTreeMap,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::sync::mpsc;
use wasmtime::{
    PoolConcurrencyLimitError, Store, Trap, UpdateDeadline,
    component::{ComponentNamedList, Instance, Lift, Lower},
};

use super::{
    CallError, HostCall, Program,
    bindings::{
        chinwag::bot::{session, thread, types},
        exports::chinwag::bot::feedback,
    },
    budget::{Budget, fits},
    cpu::CpuMeter,
    host::cut,
    state::{ProfileDraft, TurnState},
    wall::WallClock,
};
use crate::{
    domain::{
        BotName, ByteSize, Callback, Event, FileInfo, INTERRUPTED, Json, Limits, Profile,
        SessionId, ThreadId, TurnId, User, parse_json,
    },
    outbound::Reach,
};

/// Bytes that one call of a guest may pass to the host beside what a limit allows: names, ids, JSON's punctuation.
const HOSTCALL_MARGIN: u64 = 1 << 20;

/// Whom a turn is for.
#[derive(Clone, Debug)]
pub struct TurnContext {
    /// The turn.
    pub turn_id: TurnId,
    /// Its session.
    pub session_id: SessionId,
    /// The thread that the session writes to.
    pub thread_id: ThreadId,
    /// The bot's deployed name.
    pub bot: BotName,
    /// The signed-in user.
    pub user: Option<Arc<User>>,
    /// What the client said of itself.
    pub client: Arc<ClientInfo>,
    /// The files attached to the message that the turn handles.
    pub attached: Vec<FileInfo>,
    /// Whether the message that the turn handles replaces an earlier one.
    pub is_edit: bool,
    /// Where its requests may go.
    pub reach: Arc<Reach>,
    /// Where what the turn has used is noted, for whoever asks when it is over.
    pub usage: Arc<Usage>,
}

impl TurnContext {
    /// A turn that belongs to no conversation.
    #[must_use]
    pub fn for_nobody(bot: &BotName) -> Self {
        Self {
            turn_id: TurnId::random(),
            session_id: SessionId::random(),
            thread_id: ThreadId::random(),
            bot: bot.clone(),
            user: None,
            client: Arc::default(),
            attached: Vec::new(),
            is_edit: false,
            reach: Arc::default(),
            usage: Arc::default(),
        }
    }
}

/// What a turn has used.
#[derive(Debug, Default)]
pub struct Usage {
    memory: AtomicUsize,
}

impl Usage {
    /// Bytes of its memories and tables, which never shrink.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.memory.load(Ordering::Relaxed)
    }

    pub(super) fn note_memory(&self, bytes: usize) {
        self.memory.store(bytes, Ordering::Relaxed);
    }
}

/// What a client says of itself when it connects.
#[derive(Clone, Debug, Default)]
pub struct ClientInfo {
    /// `webapp`, `copilot`, `teams`, …
    pub kind: String,
    /// A language tag, for example `en-US`.
    pub locale: Option<String>,
    /// Keys that the user gave, for example `OPENAI_API_KEY`. Never logged.
    pub environment: BTreeMap<String, String>,
}

/// What a callback returned.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Nothing.
    Done,
    /// The response to an action.
    Action(Option<Json>),
    /// Whether the microphone may open.
    AudioStart(bool),
    /// The name to show.
    Author(String),
    /// Whether whoever asks may read the thread.
    Shared(bool),
}

/// Why a turn failed.
#[derive(Clone, Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum TurnError {
    #[error("{0}")]
    Bot(String),
    #[error("the bot crashed: {0}")]
    Trap(String),
    #[error("the bot computed for more than {} and was stopped", humantime::format_duration(*.0))]
    CpuLimit(Duration),
    #[error("the bot took longer than {} and was stopped", humantime::format_duration(*.0))]
    WallLimit(Duration),
    #[error("the bot needed more than {0} of memory and was stopped")]
    MemoryLimit(ByteSize),
    #[error("the bot showed more than {0} things in one turn and was stopped")]
    EmitLimit(u32),
    #[error("the bot showed more than {0} in one turn and was stopped")]
    EmitBytesLimit(ByteSize),
    #[error("the bot does not handle `{0}`")]
    NotExported(Callback),
    #[error("the server is too busy to answer right now; try again in a moment")]
    Overloaded,
    #[error("the bot answers {0} others at once, as many as it may; try again in a moment")]
    TooManyTurns(u32),
    #[error(
        "the bot was replaced by a newer version while it was at this, and its time to finish is over; say it again, and \
         the new version answers"
    )]
    Replaced,
    #[error("the bot was removed while it was at this, and its time to finish is over")]
    Removed,
    #[error("{INTERRUPTED}")]
    Interrupted,
    #[error(
        "your message could not be stored, so the bot was not asked; send it again in a moment"
    )]
    NotKept,
    #[error("the turn was cancelled")]
    Cancelled,
    #[error("the turn was abandoned by its host")]
    Abandoned,
    #[error("the server failed to run the bot")]
    Internal(String),
}

impl TurnError {
    /// A stable code for logs, metrics and clients.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Bot(_) => "bot-error",
            Self::Trap(_) => "trap",
            Self::CpuLimit(_) => "cpu-limit",
            Self::WallLimit(_) => "wall-limit",
            Self::MemoryLimit(_) => "memory-limit",
            Self::EmitLimit(_) | Self::EmitBytesLimit(_) => "emit-limit",
            Self::NotExported(_) => "not-exported",
            Self::Overloaded => "overloaded",
            Self::TooManyTurns(_) => "too-many-turns",
            Self::Replaced => "replaced",
            Self::Removed => "removed",
            Self::Interrupted => "interrupted",
            Self::NotKept => "not-kept",
            Self::Cancelled => "cancelled",
            Self::Abandoned => "abandoned",
            Self::Internal(_) => "internal",
        }
    }
}

impl Program {
    /// Runs one turn in a fresh sandbox. What the guest asks of its host arrives on the other end of `calls`, which closes
    /// when the turn is over.
    ///
    /// Cancel safe: dropping the future drops the sandbox, wherever the guest is.
    ///
    /// # Errors
    /// The guest returned an error, trapped, or met a limit.
    pub async fn turn(
        &self,
        context: TurnContext,
        event: Event,
        limits: Arc<Limits>,
        calls: mpsc::Sender<HostCall>,
    ) -> Result<Answer, TurnError> {
        let time = limits.wall;
        let (cpu, wall) = (Arc::<CpuMeter>::default(), Arc::new(WallClock::new(time)));
        let budget = Budget::new(limits, cpu.clone(), context.usage.clone());
        let run = pin!(async {
            let mut guest = Guest::start(self, context, budget, wall.clone(), calls).await?;
            guest.handle(event).await
        });
        let run = pin!(cpu.count(run));
        // Outside the store: it ends a guest that waits for ever in an import just as one that computes.
        wall.limit(run).await.unwrap_or(Err(TurnError::WallLimit(time)))
    }

    /// Instantiates the bot once and asks it to describe itself, as a rehearsal before its first session.
    ///
    /// # Errors
    /// As [`Program::turn`].
    pub async fn rehearse(
        &self,
        context: TurnContext,
        limits: Arc<Limits>,
        calls: mpsc::Sender<HostCall>,
    ) -> Result<Profile, TurnError> {
        let time = limits.wall;
        let (cpu, wall) = (Arc::<CpuMeter>::default(), Arc::new(WallClock::new(time)));
        let budget = Budget::new(limits, cpu.clone(), context.usage.clone());
        let run = pin!(async {
            let mut guest = Guest::start(self, context, budget, wall.clone(), calls).await?;
            guest.describe().await
        });
        let run = pin!(cpu.count(run));
        wall.limit(run).await.unwrap_or(Err(TurnError::WallLimit(time)))
    }
}

/// An instance in its store, good for one call.
struct Guest<'a> {
    program: &'a Program,
    store: Store<TurnState>,
    instance: Instance,
}

impl<'a> Guest<'a> {
    async fn start(
        program: &'a Program,
        context: TurnContext,
        budget: Budget,
        wall: Arc<WallClock>,
        calls: mpsc::Sender<HostCall>,
    ) -> Result<Self, TurnError> {
        let hostcall = hostcall_bytes(budget.limits());
        let state = TurnState::new(context, budget, wall, calls);
        let mut store = Store::new(program.engine(), state);
        store.limiter(|state| &mut state.budget);
        store.set_hostcall_fuel(hostcall);
        // Looks at the CPU time and yields: a plain deadline would kill every bot that waits.
        store.epoch_deadline_callback(|mut store| {
            store.data_mut().budget.tick()?;
            Ok(UpdateDeadline::Yield(1))
        });
        store.set_epoch_deadline(1);
        match program.pre().instantiate_async(&mut store).await {
            Ok(instance) => Ok(Self { program, store, instance }),
            Err(error) => Err(failure(&store, &error)),
        }
    }

    async fn handle(&mut self, event: Event) -> Result<Answer, TurnError> {
        let callback = event.callback();
        match event {
            Event::Message(message) => self.run(callback, (types::Message::from(*message),)).await,
            Event::Action(click) => {
                let action = (types::Action::from(*click),);
                let response: Option<String> = self.call(callback, action).await?;
                self.response(response).map(Answer::Action).map_err(|error| {
                    TurnError::Bot(format!("the answer of `{callback}` is refused: {error}"))
                })
            }
            Event::AudioChunk(chunk) => {
                self.run(callback, (types::AudioChunk::from(*chunk),)).await
            }
            Event::AudioStart => self.call(callback, ()).await.map(Answer::AudioStart),
            Event::WindowMessage(data) => self.run(callback, (data.get().to_owned(),)).await,
            Event::ChatStart | Event::ChatEnd | Event::Stop | Event::AudioEnd => {
                self.run(callback, ()).await
            }
            Event::AppStartup | Event::AppShutdown => self.run(callback, ()).await,
            Event::SettingsUpdate(values) | Event::SettingsEdit(values) => {
                self.run(callback, (values.get().to_owned(),)).await
            }
            Event::Upgrade(from) => self.run(callback, (from,)).await,
            Event::RenameAuthor(name) => {
                self.call(callback, (name,)).await.map(cut).map(Answer::Author)
            }
            Event::ChatResume(thread) => {
                self.run(callback, (thread::ThreadInfo::from(*thread),)).await
            }
            Event::Feedback(it) => self.run(callback, (feedback::Feedback::from(*it),)).await,
            Event::SharedThread(thread, viewer) => {
                let thread = thread::ThreadInfo::from(*thread);
                let viewer = viewer.as_deref().map(session::User::from);
                self.call(callback, (thread, viewer)).await.map(Answer::Shared)
            }
        }
    }

    /// The response to an action, which becomes an HTTP body.
    fn response(&self, text: Option<String>) -> Result<Option<Json>, CallError> {
        let Some(text) = text else { return Ok(None) };
        fits(text.len(), self.store.data().budget.limits().emit_size)?;
        Ok(Some(parse_json(text)?))
    }

    async fn describe(&mut self) -> Result<Profile, TurnError> {
        if !self.program.has(Callback::Describe) {
            return Ok(Profile::default());
        }
        let draft = self.store.data_mut().table.push(ProfileDraft::default()).map_err(internal)?;
        let borrowed = wasmtime::component::Resource::<ProfileDraft>::new_borrow(draft.rep());
        let () = self.call(Callback::Describe, (borrowed,)).await?;
        self.store.data_mut().table.delete(draft).map(|draft| draft.0).map_err(internal)
    }

    /// Calls a callback that returns nothing.
    async fn run<P>(&mut self, callback: Callback, params: P) -> Result<Answer, TurnError>
    where
        P: ComponentNamedList + Lower + Send + Sync + 'static,
    {
        let () = self.call(callback, params).await?;
        Ok(Answer::Done)
    }

    async fn call<P, R>(&mut self, callback: Callback, params: P) -> Result<R, TurnError>
    where
        P: ComponentNamedList + Lower + Send + Sync + 'static,
        R: Lift + Send + Sync + 'static,
        (Result<R, String>,): ComponentNamedList + Lift,
    {
        let export = self.program.export(callback).ok_or(TurnError::NotExported(callback))?;
        let function = self
            .instance
            .get_typed_func::<P, (Result<R, String>,)>(&mut self.store, export)
            .map_err(internal)?;
        match function.call_async(&mut self.store, params).await {
            Ok((Ok(answer),)) => Ok(answer),
            Ok((Err(text),)) => Err(TurnError::Bot(cut(text))),
            Err(error) => Err(failure(&self.store, &error)),
        }
    }
}

/// Why the guest ended: a limit that it met is the reason even if it trapped in its own way afterwards.
fn failure(store: &Store<TurnState>, error: &wasmtime::Error) -> TurnError {
    if let Some(exceeded) = store.data().budget.exceeded() {
        return exceeded;
    }
    if let Some(error) = error.downcast_ref::<TurnError>() {
        return error.clone();
    }
    if error.is::<PoolConcurrencyLimitError>() {
        return TurnError::Overloaded;
    }
    match error.downcast_ref::<Trap>() {
        Some(trap) => TurnError::Trap(trap.to_string()),
        // The guest broke the component model's rules.
        None => TurnError::Trap(cut(error.root_cause().to_string())),
    }
}

/// Bytes that one call of a guest may pass to the host: refused before the host allocates them.
fn hostcall_bytes(limits: &Limits) -> usize {
    let largest = limits.element_size.max(limits.emit_size).max(limits.state).max(limits.store).0;
    ByteSize(largest.saturating_add(HOSTCALL_MARGIN)).as_usize()
}

fn internal(error: impl std::fmt::Display) -> TurnError {
    TurnError::Internal(error.to_string())
}

#[cfg(test)]
mod tests;
