//! Clients of all kinds: quick, slow, absent, replaced.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::*;
use crate::domain::{ByteSize, StepKind};

/// A client that reads when it is told to, and keeps its screen as a Chainlit client does.
#[derive(Default)]
struct Client {
    inner: Mutex<ClientInner>,
}

#[derive(Default)]
struct ClientInner {
    room: usize,
    buffer: VecDeque<Emit>,
    steps: Vec<(StepId, String)>,
}

impl Client {
    fn with_room(room: usize) -> Arc<Self> {
        let client = Self::default();
        client.inner.lock().room = room;
        Arc::new(client)
    }

    fn read(&self) {
        let mut inner = self.inner.lock();
        while let Some(emit) = inner.buffer.pop_front() {
            match emit {
                Emit::StepCreated(step) | Emit::StepUpdated(step) | Emit::StreamStarted(step) => {
                    match inner.steps.iter_mut().find(|(id, _)| *id == step.id) {
                        Some((_, text)) => text.clone_from(&step.output),
                        None => inner.steps.push((step.id, step.output.clone())),
                    }
                }
                Emit::Token { step_id, text, .. } => {
                    if let Some((_, shown)) = inner.steps.iter_mut().find(|(id, _)| *id == step_id)
                    {
                        shown.push_str(&text);
                    }
                }
                _ => {}
            }
        }
    }

    fn screen(&self) -> Vec<String> {
        self.read();
        self.inner.lock().steps.iter().map(|(_, text)| text.clone()).collect()
    }
}

impl Broadcaster for Client {
    fn emit(&self, emit: &Emit) -> Result<(), EmitError> {
        let mut inner = self.inner.lock();
        if inner.buffer.len() >= inner.room {
            return Err(EmitError::Full);
        }
        inner.buffer.push_back(emit.clone());
        Ok(())
    }
}

async fn attach(outbox: &Outbox, client: &Arc<Client>) {
    if let Some(resync) = outbox.attach(client.clone()) {
        outbox.finish(resync).await;
    }
}

impl Outbox {
    async fn emit(&self, emit: Emit) {
        if let Some(generation) = self.begin(&emit) {
            self.go_on(&emit, generation).await;
        }
    }
}

fn outbox() -> Outbox {
    Outbox::new(Transcript::new(ByteSize::mib(1), false), Duration::from_secs(10))
}

fn step() -> Arc<Step> {
    Arc::new(Step::new(ThreadId::random(), StepKind::AssistantMessage, "bot"))
}

fn token(step: &Step, text: &str) -> Emit {
    Emit::Token { step_id: step.id, text: text.into(), replaces: false, is_input: false }
}

#[tokio::test]
async fn a_client_that_comes_back_sees_what_was_streamed_meanwhile() {
    let (outbox, step) = (outbox(), step());
    let client = Client::with_room(100);
    attach(&outbox, &client).await;
    outbox.emit(Emit::StreamStarted(step.clone())).await;
    outbox.emit(token(&step, "a")).await;
    outbox.detach();
    outbox.emit(token(&step, "b")).await;
    client.read();
    attach(&outbox, &client).await;
    outbox.emit(token(&step, "c")).await;
    assert_eq!(client.screen(), ["abc"]);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_read_is_set_aside_and_caught_up_when_it_reads() {
    let (outbox, step) = (outbox(), step());
    let client = Client::with_room(3);
    attach(&outbox, &client).await;
    outbox.emit(Emit::StreamStarted(step.clone())).await;
    // The deadline has passed: nobody is held up any more.
    outbox.emit(token(&step, "a")).await;
    assert!(outbox.inner.lock().aside.is_some());
    client.read();
    let resync = outbox.look_aside().expect("it reads again, and there is more");
    client.read();
    outbox.finish(resync).await;
    outbox.emit(token(&step, "b")).await;
    assert_eq!(client.screen(), ["ab"]);
}

#[tokio::test]
async fn an_emit_waits_for_a_slow_client() {
    let (outbox, step) = (outbox(), step());
    let client = Client::with_room(3);
    attach(&outbox, &client).await;
    let emit = outbox.emit(Emit::StreamStarted(step.clone()));
    let read = async { client.read() };
    tokio::join!(emit, read);
    assert_eq!(client.screen(), [""]);
}

#[tokio::test]
async fn the_busy_indicator_is_shown_again_after_a_reconnect() {
    let outbox = outbox();
    outbox.emit(Emit::TurnStart).await;
    let client = Client::with_room(100);
    attach(&outbox, &client).await;
    let last = client.inner.lock().buffer.back().cloned();
    assert!(matches!(last, Some(Emit::TurnStart)), "{last:?}");
}

/// What may happen to a streamed message and the connection to its client.
#[derive(Clone, Debug)]
enum Happening {
    Token(u8),
    Detach,
    Attach,
    Replace,
    Read,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        4 => any::<u8>().prop_map(Happening::Token),
        1 => Just(Happening::Detach),
        1 => Just(Happening::Attach),
        1 => Just(Happening::Replace),
        2 => Just(Happening::Read),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_the_screen_ends_up_whole(happenings in proptest::collection::vec(happening(), 0..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let (outbox, step) = (outbox(), step());
            let mut client = Client::with_room(1_000);
            let mut text = String::new();
            outbox.emit(Emit::StreamStarted(step.clone())).await;
            attach(&outbox, &client).await;
            for happening in happenings {
                match happening {
                    Happening::Token(n) => {
                        let piece = format!("{n} ");
                        text.push_str(&piece);
                        outbox.emit(token(&step, &piece)).await;
                    }
                    Happening::Detach => outbox.detach(),
                    Happening::Attach => attach(&outbox, &client).await,
                    Happening::Replace => {
                        client = Client::with_room(1_000);
                        attach(&outbox, &client).await;
                    }
                    Happening::Read => client.read(),
                }
            }
            attach(&outbox, &client).await;
            prop_assert_eq!(client.screen(), [text]);
            Ok(())
        })?;
    }
}
