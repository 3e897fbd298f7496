//! What is remembered, told again, forgotten and kept.

use super::{item::OVERHEAD, *};
use crate::domain::StepKind;

fn step(name: &str) -> Arc<Step> {
    Arc::new(Step::new(ThreadId::random(), StepKind::AssistantMessage, name))
}

fn names(transcript: &Transcript, cursor: &mut Cursor) -> Vec<String> {
    let mut names = Vec::new();
    while let Some(emits) = transcript.next(cursor) {
        for emit in emits {
            let Emit::StepCreated(step) = emit else { panic!("{emit:?}") };
            names.push(format!("{}:{}", step.name, step.output));
        }
    }
    names
}

#[test]
fn a_client_gets_what_changed_behind_its_cursor_as_well() {
    let mut transcript = Transcript::new(ByteSize::mib(1), true);
    let (a, b) = (step("a"), step("b"));
    let since = Instant::now();
    transcript.note(&Emit::StreamStarted(a.clone()));
    transcript.note(&Emit::StepCreated(b));
    let mut cursor = transcript.cursor(since);
    assert!(transcript.next(&mut cursor).is_some());
    transcript.note(&Emit::Token {
        step_id: a.id,
        text: "x".into(),
        replaces: false,
        is_input: false,
    });
    assert_eq!(names(&transcript, &mut cursor), ["b:", "a:x"]);
}

#[test]
fn what_a_client_has_seen_long_ago_is_not_sent_again() {
    let mut transcript = Transcript::new(ByteSize::mib(1), true);
    transcript.note(&Emit::StepCreated(step("a")));
    let since = Instant::now();
    transcript.note(&Emit::StepCreated(step("b")));
    assert_eq!(names(&transcript, &mut transcript.cursor(since)), ["b:"]);
}

#[test]
fn a_parent_is_remembered_for_as_long_as_its_children() {
    let mut transcript = Transcript::new(ByteSize(3 * (OVERHEAD as u64 + 8)), true);
    let mut put = |id: Option<StepId>, parent_id| {
        let mut step = Step::clone(&step("a"));
        step.id = id.unwrap_or(step.id);
        step.parent_id = parent_id;
        step.end = Some(step.start);
        transcript.note(&Emit::StepCreated(Arc::new(step.clone())));
        step.id
    };
    let run = put(None, None);
    let first = put(None, Some(run));
    let last: Vec<StepId> = (0..5).map(|_| put(None, Some(run))).collect();
    put(Some(run), None);
    assert!(transcript.step(run).is_some());
    assert!(transcript.step(first).is_none());
    assert!(transcript.step(last[4]).is_some());
}

#[test]
fn the_oldest_entries_are_forgotten_above_the_limit() {
    let mut transcript = Transcript::new(ByteSize(2 * (OVERHEAD as u64 + 8)), true);
    let (a, b, c) = (step("a"), step("b"), step("c"));
    for step in [&a, &b, &c] {
        let step = Step { end: Some(step.start), ..Step::clone(step) };
        transcript.note(&Emit::StepCreated(Arc::new(step)));
    }
    assert!(transcript.step(a.id).is_none());
    assert!(transcript.step(b.id).is_some() && transcript.step(c.id).is_some());
}
