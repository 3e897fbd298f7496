//! The two lanes of a session: what happens in one is handled one at a time, in the order of arrival.
//!
//! A lane has a task only while there is something to do, so that an idle session costs no more than its memory.

use std::{collections::VecDeque, panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::live::Live;
use crate::{
    domain::{Event, UserMessage},
    sandbox::{Answer, TurnError},
    telemetry::names,
};

/// Which lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// Messages, actions, window messages, lifecycle.
    Turns,
    /// The microphone.
    Audio,
}

/// Something for a lane to do.
#[derive(Debug)]
pub(super) enum Work {
    /// A turn; the answer goes to whoever waits for it.
    Turn(Event, Option<oneshot::Sender<Result<Answer, TurnError>>>),
    /// Something that the client sent was not understood: say so.
    Refuse(String),
    /// The user pressed stop while nothing ran: say so, then tell the bot.
    StopIdle,
}

impl From<Event> for Work {
    fn from(event: Event) -> Self {
        Self::Turn(event, None)
    }
}

impl From<UserMessage> for Work {
    fn from(message: UserMessage) -> Self {
        Event::Message(message).into()
    }
}

/// A lane's mailbox has no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MailboxFull;

/// One lane's mailbox.
#[derive(Debug, Default)]
pub(super) struct Mailbox {
    waiting: VecDeque<Work>,
    /// Whether a task works the lane.
    is_working: bool,
    /// Cancels the turn that runs.
    running: Option<CancellationToken>,
    is_closed: bool,
}

impl Mailbox {
    /// Cancels the running turn. Returns whether there was one.
    pub(super) fn cancel(&mut self) -> bool {
        self.running.as_ref().inspect(|token| token.cancel()).is_some()
    }

    /// Puts something before everything that waits.
    fn push_front(&mut self, work: Work) {
        metrics::gauge!(names::MAILBOX_DEPTH).increment(1);
        self.waiting.push_front(work);
    }

    fn depth(&self) -> usize {
        self.waiting.len()
    }
}

impl Live {
    /// Hands an event to a lane; never waits.
    pub(super) fn enqueue(self: &Arc<Self>, lane: Lane, work: Work) -> Result<(), MailboxFull> {
        let mut mailbox = self.mailbox(lane).lock();
        if mailbox.is_closed || mailbox.depth() >= self.context.settings.mailbox {
            return Err(MailboxFull);
        }
        mailbox.waiting.push_back(work);
        metrics::gauge!(names::MAILBOX_DEPTH).increment(1);
        if !std::mem::replace(&mut mailbox.is_working, true) {
            self.spawn_worker(lane);
        }
        Ok(())
    }

    /// Cancels the running turn and has the bot told; when nothing runs, says that too.
    pub(super) fn interrupt(self: &Arc<Self>) {
        let mut mailbox = self.mailbox(Lane::Turns).lock();
        if mailbox.is_closed {
            return;
        }
        let work = if mailbox.cancel() { Event::Stop.into() } else { Work::StopIdle };
        // One waiting stop is enough, however often the button is pressed.
        if !matches!(mailbox.waiting.front(), Some(Work::StopIdle | Work::Turn(Event::Stop, _))) {
            mailbox.push_front(work);
        }
        if !std::mem::replace(&mut mailbox.is_working, true) {
            self.spawn_worker(Lane::Turns);
        }
    }

    /// Cancels what runs, forgets what waits, and has the bot told that the chat is over.
    pub(super) fn end(self: &Arc<Self>) {
        for lane in [Lane::Audio, Lane::Turns] {
            let mut mailbox = self.mailbox(lane).lock();
            mailbox.is_closed = true;
            metrics::gauge!(names::MAILBOX_DEPTH).decrement(depth(&mailbox.waiting));
            mailbox.waiting.clear();
            mailbox.cancel();
            if lane == Lane::Turns {
                mailbox.push_front(Event::ChatEnd.into());
                if !std::mem::replace(&mut mailbox.is_working, true) {
                    self.spawn_worker(lane);
                }
            }
        }
    }

    fn spawn_worker(self: &Arc<Self>, lane: Lane) {
        let live = self.clone();
        let work = async move {
            while let Some((work, cancel)) = live.next(lane) {
                // A mistake of ours must not leave a lane that nobody works, and a client that waits for ever.
                if AssertUnwindSafe(live.work(work, &cancel)).catch_unwind().await.is_err() {
                    live.apologise().await;
                }
            }
        };
        drop(self.context.tasks.spawn_on(work, &self.context.runtime));
    }

    /// The next thing to do; none when the lane is empty, and its task ends.
    fn next(&self, lane: Lane) -> Option<(Work, CancellationToken)> {
        let mut mailbox = self.mailbox(lane).lock();
        mailbox.running = None;
        let Some(work) = mailbox.waiting.pop_front() else {
            mailbox.is_working = false;
            return None;
        };
        metrics::gauge!(names::MAILBOX_DEPTH).decrement(1);
        let cancel = CancellationToken::new();
        // Only what a person may want to stop: cancelling `on-stop` itself would leave the bot untold.
        if matches!(
            work,
            Work::Turn(
                Event::Message(_) | Event::ChatStart | Event::Action(_) | Event::AudioEnd,
                _
            )
        ) {
            mailbox.running = Some(cancel.clone());
        }
        Some((work, cancel))
    }
}

fn depth(waiting: &VecDeque<Work>) -> f64 {
    f64::from(u32::try_from(waiting.len()).unwrap_or(u32::MAX))
}
