//! What a message goes through beside the sandbox: the dialect and the way to the client.

use std::sync::Arc;

use chinwag::{
    domain::{Emit, Step, StepId, StepKind, ThreadId},
    gateway::measured::encode,
    session::{Broadcaster, EmitError, measured::Way},
};
use divan::{Bencher, black_box};

use super::TOKEN;

fn message(thread: ThreadId) -> Emit {
    let mut step = Step::new(thread, StepKind::AssistantMessage, "echo");
    step.parent_id = Some(StepId::random());
    step.output = "message 000001".to_owned();
    step.end = Some(step.start);
    Emit::StepCreated(Arc::new(step))
}

fn token(step_id: StepId) -> Emit {
    Emit::Token { step_id, text: "x".repeat(TOKEN), replaces: false, is_input: false }
}

#[divan::bench]
fn encode_a_message(bencher: Bencher<'_, '_>) {
    let emit = message(ThreadId::random());
    bencher.bench_local(|| encoded(&emit));
}

#[divan::bench]
fn encode_a_token(bencher: Bencher<'_, '_>) {
    let emit = token(StepId::random());
    bencher.bench_local(|| encoded(&emit));
}

fn encoded(emit: &Emit) -> Vec<u8> {
    let mut text = Vec::new();
    encode(black_box(emit), &mut text).expect("our own values serialise");
    text
}

/// A client that reads as fast as it is written to.
struct Reader;

impl Broadcaster for Reader {
    fn emit(&self, _: &Emit) -> Result<(), EmitError> {
        Ok(())
    }
}

/// Each is new: noted, to be kept, and once there are many, an old one is forgotten.
#[divan::bench]
fn show_a_message(bencher: Bencher<'_, '_>) {
    let (way, thread) = (Way::to(Arc::new(Reader)), ThreadId::random());
    bencher.with_inputs(|| message(thread)).bench_local_refs(|emit| assert!(way.emit(emit)));
}

#[divan::bench]
fn show_a_token(bencher: Bencher<'_, '_>) {
    let way = Way::to(Arc::new(Reader));
    let thread = ThreadId::random();
    let step = Step::new(thread, StepKind::AssistantMessage, "echo");
    let emit = token(step.id);
    assert!(way.emit(&Emit::StreamStarted(Arc::new(step))));
    bencher.bench_local(|| assert!(way.emit(black_box(&emit))));
}
