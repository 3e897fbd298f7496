//! What a guest asks of its host, as values on a channel.

mod refuse;

use bytes::Bytes;
use serde::Serialize;
use tokio::sync::{mpsc, oneshot};

use std::time::Duration;

use crate::domain::{
    ActionDraft, ActionId, AskReply, Command, ElementDisplay, ElementId, ElementKind, ElementSize,
    FileInfo, FileRequest, Json, Mode, SettingsPanel, StepId, StepKind, ToastKind,
};
use jiff::Timestamp;

/// Why the host refuses a call; the guest sees it as `types.error`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CallError {
    /// A stable, kebab-case code.
    pub code: &'static str,
    /// What happened and what to do about it.
    pub message: String,
}

impl CallError {
    /// A refusal.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// Where the answer of a call goes. A dropped reply ends the turn: nobody serves it any more.
pub type Reply<T> = oneshot::Sender<Result<T, CallError>>;

/// What a message says.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the WIT documents each field")]
pub struct MessageDraft {
    pub content: String,
    pub author: Option<String>,
    pub language: Option<String>,
    pub is_error: bool,
    pub metadata: Option<Json>,
    pub tags: Vec<String>,
}

/// How a step is shown.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the WIT documents each field")]
pub struct StepOptions {
    pub name: String,
    pub kind: StepKind,
    pub parent_id: Option<StepId>,
    pub input_language: Option<String>,
    pub output_language: Option<String>,
    pub default_open: bool,
    pub auto_collapse: bool,
    pub icon: Option<String>,
    pub tags: Vec<String>,
}

/// Where an element's content comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum ElementSource {
    /// The content itself.
    Bytes(Bytes),
    /// An address that the browser fetches.
    Url(String),
}

/// What a bot says of an element.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the WIT documents each field")]
pub struct ElementDraft {
    pub name: String,
    pub kind: ElementKind,
    pub source: ElementSource,
    pub mime: Option<String>,
    pub message_id: Option<StepId>,
    pub display: ElementDisplay,
    pub size: Option<ElementSize>,
    pub language: Option<String>,
    pub page: Option<u32>,
    pub auto_play: bool,
    /// A JSON object.
    pub player_config: Option<Json>,
}

/// A component of the page.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the WIT documents each field")]
pub struct ComponentDraft {
    pub name: String,
    /// A JSON object.
    pub props: Json,
    pub key: Option<String>,
    pub message_id: Option<StepId>,
    pub display: ElementDisplay,
}

/// Something in the side panel.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the WIT documents each case")]
pub enum SidebarItem {
    Element(ElementDraft),
    Component(ComponentDraft),
}

/// What a bot asks the user, or the page.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the WIT documents each case")]
pub enum AskDraft {
    Text { question: MessageDraft },
    Action { question: MessageDraft, actions: Vec<ActionDraft> },
    File { question: MessageDraft, request: FileRequest },
    Element { question: MessageDraft, component: ComponentDraft },
    Function { name: String, arguments: Json },
}

/// Who said something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the WIT documents each case")]
pub enum Role {
    User,
    Assistant,
}

/// A message as a model should see it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the WIT documents each field")]
pub struct HistoryEntry {
    pub id: StepId,
    pub role: Role,
    pub author: String,
    pub content: String,
    pub created_at: Timestamp,
}

/// How much a log line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the WIT documents each level")]
pub enum LogLevel {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

/// Answers a call.
pub fn answer<T>(reply: Reply<T>, result: Result<T, CallError>) {
    // The guest may have been stopped meanwhile.
    drop(reply.send(result));
}

/// Something asked of keys and values: those of a session, or those of a bot.
#[derive(Debug)]
#[expect(missing_docs, reason = "the WIT documents each call")]
pub enum MemoryCall {
    Get {
        key: String,
        reply: Reply<Option<Json>>,
    },
    Set {
        key: String,
        value: Json,
        reply: Reply<()>,
    },
    Append {
        key: String,
        value: Json,
        reply: Reply<()>,
    },
    Remove {
        key: String,
        reply: Reply<()>,
    },
    /// Those that begin so, sorted.
    Keys {
        prefix: String,
        reply: Reply<Vec<String>>,
    },
    Increment {
        key: String,
        by: i64,
        reply: Reply<i64>,
    },
    CompareAndSwap {
        key: String,
        expected: Option<String>,
        value: Option<Json>,
        reply: Reply<bool>,
    },
}

/// A piece of a model's answer.
#[derive(Debug)]
pub enum Piece {
    /// More text.
    Text(String),
    /// Nothing more: the complete answer, a JSON object.
    Complete(Json),
    /// Nothing more, and the answer is not complete.
    Failed(CallError),
}

/// One thing that a guest asks of its host. The sandbox has already checked sizes, counts and open resources; the
/// session checks whatever concerns ids and state. What is large is on the heap: a turn has room for many, and moves each often.
#[derive(Debug)]
#[expect(missing_docs, reason = "the WIT documents each call")]
pub enum HostCall {
    SendMessage {
        id: StepId,
        draft: Box<MessageDraft>,
    },
    UpdateMessage {
        id: StepId,
        draft: Box<MessageDraft>,
        reply: Reply<()>,
    },
    RemoveMessage {
        id: StepId,
        reply: Reply<()>,
    },
    OpenStream {
        id: StepId,
        draft: Box<MessageDraft>,
    },
    StreamToken {
        id: StepId,
        text: String,
        replaces: bool,
    },
    FinishStream {
        id: StepId,
    },
    OpenStep {
        id: StepId,
        options: Box<StepOptions>,
        reply: Reply<()>,
    },
    SetStepInput {
        id: StepId,
        text: String,
    },
    SetStepOutput {
        id: StepId,
        text: String,
    },
    StreamStepOutput {
        id: StepId,
        token: String,
    },
    SetStepError {
        id: StepId,
        text: String,
    },
    FinishStep {
        id: StepId,
    },
    SendAction {
        message_id: StepId,
        draft: Box<ActionDraft>,
        reply: Reply<ActionId>,
    },
    RemoveAction {
        id: ActionId,
        reply: Reply<()>,
    },
    SendElement {
        draft: Box<ElementDraft>,
        reply: Reply<ElementId>,
    },
    UpdateElement {
        id: ElementId,
        draft: Box<ElementDraft>,
        reply: Reply<()>,
    },
    RemoveElement {
        id: ElementId,
        reply: Reply<()>,
    },
    Toast {
        message: String,
        kind: ToastKind,
    },
    Status {
        text: String,
    },
    WindowMessage {
        data: Json,
    },
    AudioChunk {
        mime_type: Box<str>,
        track: Box<str>,
        data: Bytes,
    },
    AudioInterrupt,
    /// To the session's state.
    State(Box<MemoryCall>),
    /// To the bot's store.
    Store(Box<MemoryCall>),
    StreamStepInput {
        id: StepId,
        token: String,
    },
    SetStepGeneration {
        id: StepId,
        generation: Json,
    },
    /// The answer is none if nobody answered in time.
    Ask {
        draft: Box<AskDraft>,
        timeout: Duration,
        reply: Reply<Option<AskReply>>,
    },
    ShowComponent {
        draft: Box<ComponentDraft>,
        reply: Reply<ElementId>,
    },
    UpdateComponent {
        id: ElementId,
        props: Json,
        reply: Reply<()>,
    },
    SidebarTitle {
        title: String,
    },
    SidebarElements {
        items: Vec<SidebarItem>,
        key: Option<String>,
        reply: Reply<Vec<ElementId>>,
    },
    SetCommands {
        commands: Vec<Command>,
    },
    SetModes {
        modes: Vec<Mode>,
    },
    ShowSettings {
        panel: SettingsPanel,
    },
    /// The values of the settings: a JSON object.
    Settings {
        reply: Reply<Json>,
    },
    ThreadName {
        reply: Reply<Option<String>>,
    },
    SetThreadName {
        name: String,
    },
    SetThreadTags {
        tags: Vec<String>,
    },
    /// A JSON object.
    SetThreadMetadata {
        metadata: Json,
    },
    ThreadMetadata {
        reply: Reply<Json>,
    },
    /// The last messages, oldest first.
    History {
        limit: usize,
        reply: Reply<Vec<HistoryEntry>>,
    },
    /// The files of the session that users uploaded, oldest first.
    Files {
        reply: Reply<Vec<FileInfo>>,
    },
    ReadFile {
        id: ElementId,
        offset: u64,
        length: u64,
        reply: Reply<Bytes>,
    },
    TokenUsage {
        tokens: u32,
    },
    /// Asks a model. The request is a JSON object; the answer comes in pieces.
    Complete {
        model: String,
        request: Json,
        reply: Reply<mpsc::Receiver<Piece>>,
    },
    /// One line or more.
    Log {
        level: LogLevel,
        text: String,
    },
    /// Not asked for by the guest: a call of it was refused.
    Denied {
        code: &'static str,
        text: String,
    },
}
