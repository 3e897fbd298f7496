//! One turn from the session's side: what frames it on the screen, the call, and what is left to tidy up.

mod frame;
mod place;

pub(super) use self::place::Place;

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use futures_util::future::{BoxFuture, join};
use metrics::Gauge;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::{
    keep::Durable,
    lane::{Lane, Work},
    live::Live,
    show::Show,
};
use crate::{
    bots::{RunningTurn, TurnRecord, Version},
    db::Change,
    domain::{Callback, Emit, Event, Step, StepId, StepKind, TurnId},
    sandbox::{Answer, LogLevel, TurnContext, TurnError, Usage},
};

/// Calls of a guest that wait for their host. Full means that the guest waits: its emits are as fast as its client reads.
const BACKLOG: usize = 256;
/// Calls that are taken at once.
const BATCH: usize = 32;
/// How often a long turn is kept while it runs: a crash cuts no more than this from what was shown.
const CHECKPOINT: Duration = Duration::from_secs(1);
/// What Chainlit says, word for word: front ends know it.
const STOPPED: &str = "Task manually stopped.";

impl Live {
    /// Does one thing in a lane.
    pub(super) async fn work(self: &Arc<Self>, work: Work, cancel: &CancellationToken) {
        match work {
            Work::Refuse(text) => {
                // Framed as Chainlit does it.
                self.emit(Emit::TurnStart).await;
                self.apologise(text, true).await;
            }
            Work::Forget => Box::pin(self.part_with_files()).await,
            Work::StopIdle => {
                Box::pin(self.say_stopped()).await;
                // A failure has been shown already.
                self.turn(Event::Stop, None, cancel).await.ok();
            }
            Work::Message(message, durable) => {
                // A failure has been shown already.
                self.turn(Event::Message(message), durable, cancel).await.ok();
            }
            Work::Resume => Box::pin(self.resume(cancel)).await,
            Work::ShowThread => Box::pin(self.show_thread()).await,
            Work::SayMissing => self.emit(Emit::ThreadMissing).await,
            Work::Turn(event, reply) => {
                let is_end = matches!(event, Event::ChatEnd);
                let answer = self.turn(event, None, cancel).await;
                if let Some(reply) = reply {
                    // Whoever asked may have gone meanwhile.
                    drop(reply.send(answer));
                }
                if is_end {
                    Box::pin(self.part_with_files()).await;
                }
            }
        }
    }

    pub(super) async fn turn(
        self: &Arc<Self>,
        event: Event,
        durable: Option<Durable>,
        cancel: &CancellationToken,
    ) -> Result<Answer, TurnError> {
        let callback = event.callback();
        let Some(version) = self.context.bots.lease(&self.bot) else {
            if callback == Callback::Message {
                Box::pin(self.say_removed(event, durable)).await;
            }
            return Err(TurnError::NotExported(callback));
        };
        if callback == Callback::AudioChunk && !self.is_listening.load(Ordering::Relaxed) {
            self.deny("not-listening", None, "sound came while the microphone was closed");
            return Err(TurnError::NotExported(callback));
        }
        if !version.has(callback) {
            return Err(TurnError::NotExported(callback));
        }
        self.upgrade(&version, cancel).await;
        self.run_turn(version, event, durable, cancel).await
    }

    /// A message for a bot that is gone is answered too, and the answer is kept.
    async fn say_removed(&self, event: Event, durable: Option<Durable>) {
        let text = format!("The bot `{}` has been removed. Pick another one.", self.bot);
        self.emit(self.error_message(text)).await;
        let Event::Message(message) = event else { return };
        let kept = match durable {
            Some(durable) => durable.await,
            None => Ok(()),
        };
        let settled = Change::Settled(self.thread_id, message.id);
        if let Err(error) = kept.and(self.commit(Some(settled)).await) {
            tracing::error!(session = %self.id, %error, "what was said to a removed bot is not kept yet");
        }
    }

    /// Lets a version see what an older one has left in the session, before its first turn there.
    async fn upgrade(self: &Arc<Self>, version: &Arc<Version>, cancel: &CancellationToken) {
        let number = version.reference.number;
        let last = self.last_version.swap(number, Ordering::Relaxed);
        if last != 0 && last != number && version.has(Callback::Upgrade) {
            // A failure has been shown already.
            // On the heap, as all that is rare: each waiting turn would have room for it.
            Box::pin(self.run_turn(version.clone(), Event::Upgrade(last), None, cancel)).await.ok();
        }
    }

    async fn run_turn(
        self: &Arc<Self>,
        version: Arc<Version>,
        event: Event,
        durable: Option<Durable>,
        cancel: &CancellationToken,
    ) -> Result<Answer, TurnError> {
        let (id, callback) = (TurnId::random(), event.callback());
        let span = tracing::info_span!(
            "turn", turn = %id, session = %self.id, version = %version.reference, %callback
        );
        let mut turn = Turn {
            live: self,
            _running: version.begin_turn(),
            version,
            id,
            callback,
            run: None,
            message: None,
            usage: Arc::default(),
        };
        turn.run(event, durable, cancel).instrument(span).await
    }

    /// Says on the screen what went wrong.
    pub(super) async fn apologise(&self, text: impl Into<String>, is_framed: bool) {
        self.emit(self.error_message(text)).await;
        if is_framed {
            self.emit(Emit::TurnEnd).await;
        }
    }

    async fn say_stopped(&self) {
        let mut step = Step::new(self.thread_id, StepKind::AssistantMessage, "Assistant");
        step.output = STOPPED.to_owned();
        step.end = Some(step.start);
        self.emit(Emit::StepCreated(Arc::new(step))).await;
    }
}

/// Counts a turn as running for as long as it is held, also through a panic.
struct Running<'a>(&'a Gauge);

impl<'a> Running<'a> {
    fn begin(running: &'a Gauge) -> Self {
        running.increment(1);
        Self(running)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}

/// The step that frames a turn, as it is on the screen.
struct Run {
    step: Arc<Step>,
    /// Comes with the end of a run, as everywhere in Chainlit.
    input: String,
}

/// One turn.
struct Turn<'a> {
    live: &'a Arc<Live>,
    version: Arc<Version>,
    id: TurnId,
    callback: Callback,
    /// The step that frames it on the screen.
    run: Option<Run>,
    /// The message that it answers.
    message: Option<StepId>,
    usage: Arc<Usage>,
    /// Keeps the version from being shut down.
    _running: RunningTurn,
}

impl Turn<'_> {
    async fn run(
        &mut self,
        event: Event,
        durable: Option<Durable>,
        cancel: &CancellationToken,
    ) -> Result<Answer, TurnError> {
        let start = Instant::now();
        self.open(&event).await;
        let (result, emits) = match self.kept(durable).await {
            Ok(()) => self.call(event, cancel).await,
            Err(error) => (Err(error), 0),
        };
        self.close(&result).await;
        self.record(&result, start.elapsed(), emits);
        result
    }

    /// Waits until the message is on the disk: a bot is not asked what a crash could make unasked.
    async fn kept(&self, durable: Option<Durable>) -> Result<(), TurnError> {
        let Some(durable) = durable else { return Ok(()) };
        durable.await.map_err(|error| {
            tracing::error!(%error, "a message cannot be kept");
            self.message.inspect(|message| self.live.not_accepted(*message));
            TurnError::NotKept
        })
    }

    /// Calls the guest and serves what it asks for. Returns also how much it showed.
    async fn call(
        &self,
        event: Event,
        cancel: &CancellationToken,
    ) -> (Result<Answer, TurnError>, u64) {
        let place = Place::take(&self.live.context, &self.version, &self.usage, cancel);
        let place = match place.await {
            Ok(place) => place,
            Err(error) => {
                self.say_if_stopped(cancel).await;
                return (Err(error), 0);
            }
        };
        let _running = Running::begin(&self.live.context.running);
        let (attached, is_edit) = match &event {
            Event::Message(message) => (message.files.clone(), message.is_edit),
            _ => (Vec::new(), false),
        };
        let context = TurnContext {
            turn_id: self.id,
            session_id: self.live.id,
            thread_id: self.live.thread_id,
            bot: self.live.bot.clone(),
            user: self.live.user.clone(),
            client: self.live.client.clone(),
            attached,
            is_edit,
            reach: self.version.reach(),
            usage: self.usage.clone(),
        };
        let (calls_tx, mut calls) = mpsc::channel(BACKLOG);
        let limits = self.version.limits();
        let guest = async {
            tokio::select! {
                result = self.version.program.turn(context, event, limits, calls_tx) => result,
                () = cancel.cancelled() => Err(self.live.context.why_cancelled()),
                why = self.version.expired() => Err(why),
            }
        };
        let run = self.run.as_ref().map(|run| run.step.id);
        let mut show = Show::new(self.live, &self.version, self.id, run, self.callback.is_framed());
        show.place = Some(&place);
        // Ends when the guest's store, which owns the sender, is dropped. Ending on the guest's return instead would lose
        // what it showed just before.
        let host = async {
            let (mut kept, mut taken) = (Instant::now(), Vec::new());
            while calls.recv_many(&mut taken, BATCH).await > 0 {
                for call in taken.drain(..) {
                    show.serve(call).await;
                }
                if kept.elapsed() >= CHECKPOINT {
                    Box::pin(self.live.checkpoint()).await;
                    kept = Instant::now();
                }
            }
        };
        // On the heap, and without its type: the future of a turn is large, and everything that waits for it would be too.
        let both: BoxFuture<'_, _> = Box::pin(join(guest, host));
        let (result, ()) = both.await;
        self.say_if_stopped(cancel).await;
        // Whoever stopped an answer does not want it called a failure.
        show.close(!matches!(result, Ok(_) | Err(TurnError::Cancelled))).await;
        (result, show.emits())
    }

    /// The guest is done: says it if the user pressed stop meanwhile, also when the guest was quicker. Who presses later stops
    /// nothing, and is told so by [`Work::StopIdle`].
    async fn say_if_stopped(&self, cancel: &CancellationToken) {
        // After an upgrade comes the turn itself.
        if self.callback == Callback::Upgrade {
            return;
        }
        self.live.no_longer_stoppable(Lane::of(self.callback));
        let why = self.live.context.why_cancelled();
        if cancel.is_cancelled() && matches!(why, TurnError::Cancelled) {
            Box::pin(self.live.say_stopped()).await;
        }
    }

    fn record(&self, result: &Result<Answer, TurnError>, took: Duration, emits: u64) {
        self.version.count(&TurnRecord {
            callback: self.callback,
            error: result.as_ref().err(),
            took,
            memory: self.usage.memory(),
            emits,
        });
        match result {
            Ok(_) => tracing::debug!(?took, emits, "turn ended"),
            Err(TurnError::Cancelled) => tracing::info!(?took, emits, "turn cancelled"),
            Err(error) => {
                tracing::warn!(?took, emits, cause = error.code(), error = ?error, "turn failed");
                self.log_failure(error);
            }
        }
    }

    /// The bot's author sees the failure too.
    fn log_failure(&self, error: &TurnError) {
        let text = format!("{} failed: {error} ({})", self.callback, error.code());
        // Whatever the bot has flooded its log with, this line must be there.
        self.version.write_log(u32::MAX, self.id, (LogLevel::Error, text));
    }
}
