//! Messages and steps as Chainlit's two kinds of dict. Each kind has keys of its own and carries no others.

use std::{borrow::Cow, collections::BTreeMap};

use jiff::{Timestamp, fmt::temporal::DateTimePrinter};
use serde::{Serialize, Serializer, ser::Error};
use serde_json::value::RawValue;

use crate::domain::{Step, StepId, StepKind, ThreadId};

/// A message or a step, whole.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(in super::super) enum StepDict<'a> {
    Message(MessageFields<'a>),
    Step(StepFields<'a>),
}

impl<'a> StepDict<'a> {
    pub(in super::super) fn new(step: &'a Step) -> Self {
        if step.kind.is_message() {
            Self::Message(MessageFields::new(step))
        } else {
            Self::Step(StepFields::new(step))
        }
    }
}

/// A bubble.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct MessageFields<'a> {
    id: StepId,
    thread_id: ThreadId,
    parent_id: Option<StepId>,
    created_at: Instant,
    command: Option<&'a str>,
    modes: Option<&'a BTreeMap<String, String>>,
    start: Instant,
    end: Option<Instant>,
    output: &'a str,
    name: &'a str,
    r#type: &'static str,
    language: Option<&'a str>,
    streaming: bool,
    is_error: bool,
    wait_for_answer: bool,
    metadata: Metadata<'a>,
    tags: Option<&'a [String]>,
}

impl<'a> MessageFields<'a> {
    fn new(step: &'a Step) -> Self {
        Self {
            id: step.id,
            thread_id: step.thread_id,
            parent_id: step.parent_id,
            created_at: Instant(step.created_at),
            command: step.command.as_deref(),
            modes: (!step.modes.is_empty()).then_some(&step.modes),
            start: Instant(step.start),
            end: step.end.map(Instant),
            output: &step.output,
            name: &step.name,
            r#type: kind(step.kind),
            language: step.language.as_deref(),
            streaming: step.is_streaming,
            is_error: step.is_error,
            wait_for_answer: step.is_asking,
            metadata: Metadata(step.metadata.as_deref()),
            tags: tags(step),
        }
    }
}

/// What is not a bubble: a run, a tool call, …
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct StepFields<'a> {
    name: Cow<'a, str>,
    r#type: &'static str,
    id: StepId,
    thread_id: ThreadId,
    parent_id: Option<StepId>,
    streaming: bool,
    metadata: Metadata<'a>,
    tags: Option<&'a [String]>,
    input: &'a str,
    is_error: bool,
    output: &'a str,
    created_at: Instant,
    start: Instant,
    end: Option<Instant>,
    language: Option<&'a str>,
    default_open: bool,
    auto_collapse: bool,
    show_input: ShowInput<'a>,
    generation: Option<&'a RawValue>,
}

impl<'a> StepFields<'a> {
    fn new(step: &'a Step) -> Self {
        Self {
            name: name(step),
            r#type: kind(step.kind),
            id: step.id,
            thread_id: step.thread_id,
            parent_id: step.parent_id,
            streaming: step.is_streaming,
            metadata: Metadata(step.metadata.as_deref()),
            tags: tags(step),
            input: &step.input,
            is_error: step.is_error,
            output: &step.output,
            created_at: Instant(step.created_at),
            start: Instant(step.start),
            end: step.end.map(Instant),
            language: step.language.as_deref(),
            default_open: step.default_open,
            auto_collapse: step.auto_collapse,
            show_input: step
                .input_language
                .as_deref()
                .map_or(ShowInput::Plain(true), ShowInput::Code),
            generation: step.generation.as_deref(),
        }
    }
}

/// How clients show a step's input: as it stands, or as code of a language.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum ShowInput<'a> {
    Plain(bool),
    Code(&'a str),
}

/// A run is called by its callback, and clients know those by Chainlit's spelling: `on_message`.
fn name(step: &Step) -> Cow<'_, str> {
    if step.kind == StepKind::Run && step.name.contains('-') {
        step.name.replace('-', "_").into()
    } else {
        step.name.as_str().into()
    }
}

fn tags(step: &Step) -> Option<&[String]> {
    (!step.tags.is_empty()).then_some(&step.tags)
}

fn kind(kind: StepKind) -> &'static str {
    match kind {
        StepKind::UserMessage => "user_message",
        StepKind::AssistantMessage => "assistant_message",
        StepKind::Run => "run",
        StepKind::Tool => "tool",
        StepKind::Llm => "llm",
        StepKind::Retrieval => "retrieval",
        StepKind::Embedding => "embedding",
        StepKind::Rerank => "rerank",
        StepKind::Undefined => "undefined",
    }
}

/// A time as clients expect it: UTC, ISO 8601, always six digits of a second.
#[derive(Debug)]
pub(in super::super) struct Instant(pub(in super::super) Timestamp);

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(6));
        // Many are in each answer: printed at once, they cost half of what a format string does.
        let mut text = String::with_capacity(32);
        PRINTER.print_timestamp(&self.0, &mut text).map_err(S::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

/// An object even if there is nothing in it: clients read its keys without asking.
#[derive(Debug)]
struct Metadata<'a>(Option<&'a RawValue>);

impl Serialize for Metadata<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(json) => json.serialize(serializer),
            None => serializer.collect_map::<(), (), _>([]),
        }
    }
}
