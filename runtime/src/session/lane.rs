//! The two lanes of a session: what happens in one is handled one at a time, in the order of arrival.
//!
//! A lane has a task only while there is something to do, so that an idle session costs no more than its memory.

use std::{collections::VecDeque, panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt;
use metrics::Gauge;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::{keep::Durable, live::Live};
use crate::{
    domain::{Callback, Event, UserMessage},
    sandbox::{Answer, TurnError},
};

/// What a user is told when we panic; the panic itself is in the log.
const OUR_MISTAKE: &str =
    "The server failed to handle this. It is not your fault, nor the bot's; try again.";

/// Bytes that may wait in one lane.
const MAX_WEIGHT: usize = 2 << 20;

/// Which lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// Messages, actions, window messages, lifecycle.
    Turns,
    /// The microphone.
    Audio,
}

/// Something for a lane to do.
pub(super) enum Work {
    /// A turn; the answer goes to whoever waits for it.
    Turn(Event, Option<oneshot::Sender<Result<Answer, TurnError>>>),
    /// A message, and its way to the disk.
    Message(Box<UserMessage>, Option<Durable>),
    /// Something that the client sent was not understood: say so.
    Refuse(String),
    /// A kept thread is open again.
    Resume,
    /// The client may have missed the whole of the thread that it opened.
    ShowThread,
    /// The thread that the client wanted is not there: say so.
    SayMissing,
    /// The user pressed stop while nothing ran: say so, then tell the bot.
    StopIdle,
    /// The session is over, and the bot never knew of it.
    Forget,
}

impl Lane {
    /// The lane in which such events are handled.
    pub(super) fn of(callback: Callback) -> Self {
        match callback {
            Callback::AudioStart | Callback::AudioChunk | Callback::AudioEnd => Self::Audio,
            _ => Self::Turns,
        }
    }
}

impl Work {
    /// Bytes that wait with it.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Message(message, _) => weight(message),
            Self::Turn(Event::SettingsUpdate(values) | Event::SettingsEdit(values), _) => {
                values.get().len()
            }
            Self::Turn(Event::Action(click), _) => click.payload.get().len(),
            Self::Turn(Event::WindowMessage(data), _) => data.get().len(),
            Self::Turn(Event::AudioChunk(chunk), _) => chunk.data.len(),
            Self::Turn(..)
            | Self::Refuse(_)
            | Self::Resume
            | Self::ShowThread
            | Self::SayMissing
            | Self::StopIdle
            | Self::Forget => 0,
        }
    }

    /// Whether a person may want to stop it.
    fn is_stoppable(&self) -> bool {
        match self {
            Self::Message(..) | Self::Resume => true,
            Self::Turn(event, _) => matches!(
                event,
                Event::ChatStart
                    | Event::Action(_)
                    | Event::AudioEnd
                    | Event::SettingsUpdate(_)
                    | Event::SettingsEdit(_)
            ),
            Self::Refuse(_)
            | Self::ShowThread
            | Self::SayMissing
            | Self::StopIdle
            | Self::Forget => false,
        }
    }

    /// Whether the client shows that it is under way.
    fn is_framed(&self) -> bool {
        matches!(self, Self::Refuse(_) | Self::Message(..) | Self::Resume)
            || matches!(self, Self::Turn(event, _) if event.callback().is_framed())
    }
}

impl From<Event> for Work {
    fn from(event: Event) -> Self {
        Self::Turn(event, None)
    }
}

/// Why a lane's mailbox does not take something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It has no room.
    Full,
    /// The session or the server ends.
    Closed,
}

/// One lane's mailbox.
pub(super) struct Mailbox {
    waiting: VecDeque<Work>,
    /// Whether a task works the lane.
    is_working: bool,
    /// Bytes of all that waits.
    weight: usize,
    running: Option<Running>,
    is_closed: bool,
    /// Counts what waits in all mailboxes.
    depth: Gauge,
}

/// What a lane is doing.
#[derive(Debug)]
struct Running {
    cancel: CancellationToken,
    /// Whether a person may want to stop it: stopping `on-stop` itself would leave the bot untold.
    is_stoppable: bool,
}

impl Mailbox {
    pub(super) fn new(depth: Gauge) -> Self {
        Self {
            waiting: VecDeque::new(),
            is_working: false,
            weight: 0,
            running: None,
            is_closed: false,
            depth,
        }
    }

    /// Cancels the running turn, if it is one that a person may stop. Returns whether there was one.
    fn stop(&self) -> bool {
        let running = self.running.as_ref().filter(|running| running.is_stoppable);
        running.inspect(|running| running.cancel.cancel()).is_some()
    }

    /// Takes no more events.
    pub(super) fn close(&mut self) {
        self.is_closed = true;
    }

    /// Takes no more events, forgets those that wait, and cancels what runs.
    pub(super) fn cut(&mut self) {
        self.is_closed = true;
        self.depth.decrement(depth(&self.waiting));
        self.waiting.clear();
        self.weight = 0;
        if let Some(running) = &self.running {
            running.cancel.cancel();
        }
    }

    fn room(&self, weight: usize, limit: usize) -> Result<(), Refused> {
        if self.is_closed {
            return Err(Refused::Closed);
        }
        // One event fits always, however large the gateway let it be.
        let is_light = self.waiting.is_empty() || self.weight + weight <= MAX_WEIGHT;
        if self.waiting.len() < limit && is_light { Ok(()) } else { Err(Refused::Full) }
    }

    fn push(&mut self, work: Work) {
        self.weight += work.weight();
        self.waiting.push_back(work);
        self.depth.increment(1);
    }

    fn pop(&mut self) -> Option<Work> {
        let work = self.waiting.pop_front()?;
        self.weight = self.weight.saturating_sub(work.weight());
        self.depth.decrement(1);
        Some(work)
    }

    /// Puts something before everything that waits.
    fn push_front(&mut self, work: Work) {
        self.depth.increment(1);
        self.waiting.push_front(work);
    }
}

impl Live {
    /// Hands an event to a lane; never waits.
    pub(super) fn enqueue(self: &Arc<Self>, lane: Lane, work: Work) -> Result<(), Refused> {
        self.enqueue_with(lane, work.weight(), || work)
    }

    /// As [`Self::enqueue`], with what is made of an event once it is sure that there is room: nothing is noted or written of what
    /// is refused.
    pub(super) fn enqueue_with(
        self: &Arc<Self>,
        lane: Lane,
        weight: usize,
        work: impl FnOnce() -> Work,
    ) -> Result<(), Refused> {
        let mut mailbox = self.mailbox(lane).lock();
        mailbox.room(weight, self.context.settings.mailbox)?;
        // Under the lock: what comes next comes after it, in the mailbox as on the disk.
        mailbox.push(work());
        if !std::mem::replace(&mut mailbox.is_working, true) {
            self.spawn_worker(lane);
        }
        Ok(())
    }

    /// Whether something runs that a person may stop.
    pub(super) fn is_at_work(&self) -> bool {
        let is_stoppable = |lane| {
            let mailbox = self.mailbox(lane).lock();
            mailbox.running.as_ref().is_some_and(|running| running.is_stoppable)
        };
        is_stoppable(Lane::Turns) || is_stoppable(Lane::Audio)
    }

    /// Cancels the running turn and has the bot told; when nothing runs, says that too.
    pub(super) fn interrupt(self: &Arc<Self>) {
        let was_speaking = self.mailbox(Lane::Audio).lock().stop();
        let mut mailbox = self.mailbox(Lane::Turns).lock();
        if mailbox.is_closed {
            return;
        }
        let was_running = mailbox.stop() || was_speaking;
        let work = if was_running { Event::Stop.into() } else { Work::StopIdle };
        // One waiting stop is enough, however often the button is pressed.
        if !matches!(mailbox.waiting.front(), Some(Work::StopIdle | Work::Turn(Event::Stop, _))) {
            mailbox.push_front(work);
        }
        if !std::mem::replace(&mut mailbox.is_working, true) {
            self.spawn_worker(Lane::Turns);
        }
    }

    /// Cancels what runs and forgets what waits. A bot that knows of the chat is told that it is over.
    pub(super) fn end(self: &Arc<Self>, is_started: bool) {
        self.mailbox(Lane::Audio).lock().cut();
        let mut mailbox = self.mailbox(Lane::Turns).lock();
        mailbox.cut();
        mailbox.push_front(if is_started { Event::ChatEnd.into() } else { Work::Forget });
        if !std::mem::replace(&mut mailbox.is_working, true) {
            self.spawn_worker(Lane::Turns);
        }
    }

    /// What runs in a lane has done its work, though it has not told the client yet: whoever presses stop from now on stops nothing.
    pub(super) fn no_longer_stoppable(&self, lane: Lane) {
        if let Some(running) = &mut self.mailbox(lane).lock().running {
            running.is_stoppable = false;
        }
    }

    fn spawn_worker(self: &Arc<Self>, lane: Lane) {
        let live = self.clone();
        let work = async move {
            while let Some((work, cancel)) = live.next(lane) {
                let is_framed = work.is_framed();
                // A mistake of ours must not leave a lane that nobody works, and a client that waits for ever.
                if AssertUnwindSafe(live.work(work, &cancel)).catch_unwind().await.is_err() {
                    Box::pin(live.apologise(OUR_MISTAKE, is_framed)).await;
                }
            }
        };
        drop(self.context.tasks.spawn_on(work, &self.context.runtime));
    }

    /// The next thing to do; none when the lane is empty, and its task ends.
    fn next(&self, lane: Lane) -> Option<(Work, CancellationToken)> {
        let mut mailbox = self.mailbox(lane).lock();
        mailbox.running = None;
        let Some(work) = mailbox.pop() else {
            mailbox.is_working = false;
            return None;
        };
        let cancel = CancellationToken::new();
        let is_stoppable = work.is_stoppable();
        mailbox.running = Some(Running { cancel: cancel.clone(), is_stoppable });
        Some((work, cancel))
    }
}

/// Bytes of a message that waits.
pub(super) fn weight(message: &UserMessage) -> usize {
    message.text.len() + message.metadata.get().len()
}

fn depth(waiting: &VecDeque<Work>) -> f64 {
    f64::from(u32::try_from(waiting.len()).unwrap_or(u32::MAX))
}
