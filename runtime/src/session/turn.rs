//! One turn from the session's side: what frames it on the screen, the call, and what is left to tidy up.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use serde_json::json;
use tokio::{
    sync::{SemaphorePermit, mpsc},
    time::timeout,
};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::{
    lane::Work,
    live::Live,
    show::{Show, count_denial, write_log},
};
use crate::{
    bots::Version,
    domain::{Callback, Emit, Event, Step, StepKind, TurnId, to_json},
    sandbox::{Answer, LogLevel, TurnContext, TurnError},
    telemetry::names,
};

/// Calls of a guest that wait for their host. Full means that the guest waits: its emits are as fast as its client reads.
const BACKLOG: usize = 32;
/// How long a turn waits for its place before the user is told that the server is busy.
const PATIENCE: Duration = Duration::from_secs(10);
/// What Chainlit says, word for word: front ends know it.
const STOPPED: &str = "Task manually stopped.";

impl Live {
    /// Does one thing in a lane.
    pub(super) async fn work(self: &Arc<Self>, work: Work, cancel: &CancellationToken) {
        match work {
            Work::Refuse(text) => {
                // Framed as Chainlit does it.
                for emit in [Emit::TurnStart, self.error_message(text), Emit::TurnEnd] {
                    self.outbox.emit(emit).await;
                }
            }
            Work::Forget => self.elements.clear(&self.context.files, self.id).await,
            Work::StopIdle => {
                self.say_stopped().await;
                // A failure has been shown already.
                self.turn(Event::Stop, cancel).await.ok();
            }
            Work::Turn(event, reply) => {
                let is_end = matches!(event, Event::ChatEnd);
                let answer = self.turn(event, cancel).await;
                if let Some(reply) = reply {
                    // Whoever asked may have gone meanwhile.
                    drop(reply.send(answer));
                }
                if is_end {
                    self.elements.clear(&self.context.files, self.id).await;
                }
            }
        }
    }

    async fn turn(
        self: &Arc<Self>,
        event: Event,
        cancel: &CancellationToken,
    ) -> Result<Answer, TurnError> {
        let callback = event.callback();
        let Some(version) = self.context.bots.lease(&self.bot) else {
            if callback == Callback::Message {
                let text = format!("The bot `{}` has been removed. Pick another one.", self.bot);
                self.outbox.emit(self.error_message(text)).await;
            }
            return Err(TurnError::NotExported(callback));
        };
        if callback == Callback::AudioChunk && !self.is_listening.load(Ordering::Relaxed) {
            count_denial(&self.bot, "not-listening");
            return Err(TurnError::NotExported(callback));
        }
        if !version.has(callback) {
            return Err(TurnError::NotExported(callback));
        }
        let id = TurnId::random();
        let span = tracing::info_span!(
            "turn", turn = %id, session = %self.id, version = %version.reference, %callback
        );
        Turn { live: self, version, id, callback, run: None }
            .run(event, cancel)
            .instrument(span)
            .await
    }

    /// Ends on the screen what our own mistake cut short; the panic itself is in the log.
    pub(super) async fn apologise(&self, is_framed: bool) {
        let text =
            "The server failed to handle this. It is not your fault, nor the bot's; try again.";
        self.outbox.emit(self.error_message(text)).await;
        if is_framed {
            self.outbox.emit(Emit::TurnEnd).await;
        }
    }

    async fn say_stopped(&self) {
        let mut step = Step::new(self.thread_id, StepKind::AssistantMessage, "Assistant");
        step.output = STOPPED.to_owned();
        step.end = Some(step.start);
        self.outbox.emit(Emit::StepCreated(Arc::new(step))).await;
    }
}

/// Counts a turn as running for as long as it is held, also through a panic.
struct Running;

impl Running {
    fn begin() -> Self {
        metrics::gauge!(names::TURNS_RUNNING).increment(1);
        Self
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        metrics::gauge!(names::TURNS_RUNNING).decrement(1);
    }
}

/// One turn.
struct Turn<'a> {
    live: &'a Arc<Live>,
    version: Arc<Version>,
    id: TurnId,
    callback: Callback,
    /// The step that frames it on the screen.
    run: Option<Step>,
}

impl Turn<'_> {
    async fn run(mut self, event: Event, cancel: &CancellationToken) -> Result<Answer, TurnError> {
        let start = Instant::now();
        self.open(&event).await;
        let (result, emits) = self.call(event, cancel).await;
        self.close(&result).await;
        self.record(&result, start.elapsed(), emits);
        result
    }

    async fn open(&mut self, event: &Event) {
        let outbox = &self.live.outbox;
        if self.callback.is_framed() {
            outbox.emit(Emit::TurnStart).await;
        }
        let interaction = match event {
            Event::Message(message) => Some(message.text.clone()),
            Event::Action(click) => Some(click.name.clone()),
            Event::AudioEnd => Some("audio".to_owned()),
            _ => None,
        };
        if let Some(interaction) = interaction.filter(|_| self.live.is_first_interaction()) {
            let thread_id = self.live.thread_id;
            outbox.emit(Emit::FirstInteraction { interaction, thread_id }).await;
        }
        if self.callback.is_framed() {
            let mut run = Step::new(self.live.thread_id, StepKind::Run, self.callback.name());
            run.metadata = Some(to_json(&json!({
                "bot": self.version.reference.bot,
                "version": self.version.reference.number,
                "turn": self.id,
            })));
            run.input_language = Some("json".to_owned());
            if let Event::Message(message) = event {
                run.parent_id = Some(message.id);
            }
            outbox.emit(Emit::StepCreated(Arc::new(run.clone()))).await;
            // The input comes with the end of a run, as everywhere in Chainlit.
            run.input = match event {
                Event::Message(message) => message.text.clone(),
                _ => "{}".to_owned(),
            };
            self.run = Some(run);
        }
    }

    /// Waits for a place among the turns that run at once.
    async fn place(&self, cancel: &CancellationToken) -> Result<SemaphorePermit<'_>, TurnError> {
        tokio::select! {
            biased;
            () = cancel.cancelled() => Err(TurnError::Cancelled),
            place = timeout(PATIENCE, self.live.context.turns.acquire()) => {
                place.ok().and_then(Result::ok).ok_or(TurnError::Overloaded)
            }
        }
    }

    /// Calls the guest and serves what it asks for. Returns also how much it showed.
    async fn call(
        &self,
        event: Event,
        cancel: &CancellationToken,
    ) -> (Result<Answer, TurnError>, u64) {
        let _place = match self.place(cancel).await {
            Ok(place) => place,
            Err(error) => {
                if matches!(error, TurnError::Cancelled) {
                    self.live.say_stopped().await;
                }
                return (Err(error), 0);
            }
        };
        let _running = Running::begin();
        let context = TurnContext {
            turn_id: self.id,
            session_id: self.live.id,
            thread_id: self.live.thread_id,
            bot: self.live.bot.clone(),
            user: self.live.user.clone(),
            client: Arc::default(),
            attached: Vec::new(),
            is_edit: false,
        };
        let (calls_tx, mut calls) = mpsc::channel(BACKLOG);
        let limits = self.live.context.bots.limits();
        let guest = async {
            tokio::select! {
                result = self.version.program.turn(context, event, limits, calls_tx) => result,
                () = cancel.cancelled() => Err(TurnError::Cancelled),
            }
        };
        let run = self.run.as_ref().map(|run| run.id);
        let mut show = Show::new(self.live, &self.version, self.id, run);
        // Ends when the guest's store, which owns the sender, is dropped. Ending on the guest's return instead would lose
        // what it showed just before.
        let host = async {
            while let Some(call) = calls.recv().await {
                show.serve(call).await;
            }
        };
        // On the heap: the future of a turn is large, and lanes move it about.
        let (result, ()) = Box::pin(async { tokio::join!(guest, host) }).await;
        if matches!(result, Err(TurnError::Cancelled)) {
            self.live.say_stopped().await;
        }
        // Whoever stopped an answer does not want it called a failure.
        show.close(!matches!(result, Ok(_) | Err(TurnError::Cancelled))).await;
        (result, show.emits())
    }

    async fn close(&mut self, result: &Result<Answer, TurnError>) {
        let live = self.live;
        let outbox = &live.outbox;
        if let Some(mut run) = self.run.take() {
            run.end = Some(Timestamp::now());
            run.is_error = result.is_err();
            if let Err(TurnError::Bot(text)) = result {
                run.output.clone_from(text);
            }
            outbox.emit(Emit::StepUpdated(Arc::new(run))).await;
        }
        match result {
            // Whoever pressed stop knows, and a bot that was never asked has not failed.
            Ok(_) | Err(TurnError::Cancelled | TurnError::NotExported(_)) => {}
            Err(error) => outbox.emit(live.error_message(self.words(error))).await,
        }
        if self.callback == Callback::AudioStart {
            let is_on = matches!(result, Ok(Answer::AudioStart(true)));
            live.is_listening.store(is_on, Ordering::Relaxed);
            outbox.emit(Emit::AudioConnection(is_on)).await;
        }
        if self.callback == Callback::AudioEnd {
            live.is_listening.store(false, Ordering::Relaxed);
        }
        if self.callback.is_framed() {
            outbox.emit(Emit::TurnEnd).await;
        }
    }

    /// What the user is told: the error, and what to quote when asking the operator about it.
    fn words(&self, error: &TurnError) -> String {
        format!("{error}\n\n`{}` in turn `{}`", error.code(), self.id)
    }

    fn record(&self, result: &Result<Answer, TurnError>, took: Duration, emits: u64) {
        let bot = self.version.reference.bot.to_string();
        let version = self.version.reference.number.to_string();
        let callback = self.callback.name();
        let outcome = match result {
            Ok(_) => "ok",
            Err(TurnError::Cancelled) => "cancelled",
            Err(_) => "failed",
        };
        metrics::histogram!(names::TURN_SECONDS, "bot" => bot.clone(), "callback" => callback)
            .record(took);
        metrics::counter!(names::EMITS, "bot" => bot.clone()).increment(emits);
        metrics::counter!(
            names::TURNS,
            "bot" => bot.clone(), "version" => version.clone(), "callback" => callback, "outcome" => outcome
        )
        .increment(1);
        match result {
            Ok(_) => tracing::debug!(?took, emits, "turn ended"),
            Err(TurnError::Cancelled) => tracing::info!(?took, emits, "turn cancelled"),
            Err(error) => {
                metrics::counter!(
                    names::TURN_FAILURES, "bot" => bot, "version" => version, "cause" => error.code()
                )
                .increment(1);
                tracing::warn!(?took, emits, cause = error.code(), error = ?error, "turn failed");
                self.log_failure(error);
            }
        }
    }

    /// The bot's author sees the failure too.
    fn log_failure(&self, error: &TurnError) {
        let text = format!("{} failed: {error} ({})", self.callback, error.code());
        // Whatever the bot has flooded its log with, this line must be there.
        write_log(&self.version, u32::MAX, self.id, (LogLevel::Error, text));
    }
}
