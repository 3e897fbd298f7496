//! What a crash cut, ended: pure, so that all databases do it alike.

use std::{collections::HashSet, sync::Arc};

use jiff::Timestamp;

use super::Change;
use crate::domain::{INTERRUPTED, Step, StepId, StepKind, ThreadId};

/// What ends the steps of a thread that a crash left open, and answers the messages that it left unanswered. Returns
/// how many of those there were. `steps` are all of the thread.
pub(super) fn recover(
    thread: ThreadId,
    steps: &[Arc<Step>],
    pending: &[StepId],
    now: Timestamp,
) -> (Vec<Change>, usize) {
    let mut changes = Vec::new();
    for step in steps.iter().filter(|it| is_open(it)) {
        changes.push(Change::Step(Arc::new(ended(step, now))));
    }
    let there: HashSet<StepId> = steps.iter().map(|it| it.id).collect();
    let mut interrupted = 0;
    for message in pending {
        let answering =
            |it: &&Arc<Step>| it.kind == StepKind::Run && it.parent_id == Some(*message);
        let run = steps.iter().rev().find(answering);
        // A run that ended answered its message: only the note that it did is missing.
        if there.contains(message) && run.is_none_or(|it| is_open(it)) {
            interrupted += 1;
            let run = run.map_or_else(|| begun(thread, *message, now, &mut changes), |it| it.id);
            changes.push(Change::Step(Arc::new(apology(thread, run, now))));
        }
        changes.push(Change::Settled(thread, *message));
    }
    (changes, interrupted)
}

/// Whether the step waits for an end, or for an answer, that does not come.
pub(super) fn is_open(step: &Step) -> bool {
    let waits = step.end.is_none() || step.is_streaming || step.is_asking;
    step.kind != StepKind::UserMessage && waits
}

/// Adds the run of a message that nobody had begun to answer.
fn begun(thread: ThreadId, message: StepId, now: Timestamp, changes: &mut Vec<Change>) -> StepId {
    let run = Step {
        parent_id: Some(message),
        created_at: now,
        start: now,
        ..Step::new(thread, StepKind::Run, "on-message")
    };
    changes.push(Change::Step(Arc::new(ended(&run, now))));
    run.id
}

fn ended(step: &Step, now: Timestamp) -> Step {
    let mut step = step.clone();
    if step.kind == StepKind::Run {
        step.mark_interrupted();
    }
    // What was said stays said: a message that was cut is no error message.
    let is_error = step.is_error || !step.kind.is_message();
    Step { end: Some(now), is_streaming: false, is_asking: false, is_error, ..step }
}

fn apology(thread: ThreadId, run: StepId, now: Timestamp) -> Step {
    Step {
        parent_id: Some(run),
        output: INTERRUPTED.to_owned(),
        created_at: now,
        start: now,
        end: Some(now),
        is_error: true,
        ..Step::new(thread, StepKind::AssistantMessage, "Error")
    }
}
