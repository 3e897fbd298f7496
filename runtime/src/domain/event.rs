//! What happened to a session, as a bot is told.

use std::{collections::BTreeMap, fmt, sync::Arc};

use bytes::Bytes;
use jiff::Timestamp;

use super::{ActionId, Feedback, FileInfo, Json, StepId, ThreadId, User, VersionNumber};

/// A message that the user sent.
#[derive(Clone, Debug)]
pub struct UserMessage {
    /// Its id, made by the client.
    pub id: StepId,
    /// What the user wrote.
    pub text: String,
    /// When the server accepted it.
    pub created_at: Timestamp,
    /// The user's name.
    pub author: String,
    /// The message it answers.
    pub parent_id: Option<StepId>,
    /// The slash command.
    pub command: Option<String>,
    /// Mode id to option id.
    pub modes: BTreeMap<String, String>,
    /// A JSON object from the client.
    pub metadata: Json,
    /// What is attached to it. The client names ids; the session knows the rest.
    pub files: Vec<FileInfo>,
    /// Whether it replaces an earlier one of the same id.
    pub is_edit: bool,
}

/// A click on a button.
#[derive(Clone, Debug)]
pub struct Click {
    /// The button's id.
    pub id: ActionId,
    /// The message it belongs to; none if a script of the page made the action up.
    pub message_id: Option<StepId>,
    /// The action's name.
    pub name: String,
    /// The button's text.
    pub label: String,
    /// What was attached to the action.
    pub payload: Json,
}

/// A piece of microphone audio.
#[derive(Clone, Debug)]
pub struct AudioChunk {
    /// Whether it is the first since the microphone opened.
    pub is_start: bool,
    /// The format.
    pub mime_type: String,
    /// Milliseconds since the microphone opened.
    pub elapsed_ms: u64,
    /// The samples.
    pub data: Bytes,
}

/// A kept conversation that is opened again, as a bot is told.
#[derive(Clone, Debug)]
pub struct ResumedThread {
    /// Its id.
    pub id: ThreadId,
    /// What it is called.
    pub name: Option<String>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// What the bot noted: a JSON object.
    pub metadata: Json,
    /// When it began.
    pub created_at: Timestamp,
}

/// Something that happened, for a bot to handle in one turn. What is large is on the heap: a turn hands it through many hands.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the WIT documents the callback of each")]
pub enum Event {
    Message(Box<UserMessage>),
    Action(Box<Click>),
    ChatStart,
    ChatEnd,
    Stop,
    WindowMessage(Json),
    AudioStart,
    AudioChunk(Box<AudioChunk>),
    AudioEnd,
    ChatResume(Box<ResumedThread>),
    SettingsUpdate(Json),
    SettingsEdit(Json),
    Feedback(Box<Feedback>),
    RenameAuthor(String),
    SharedThread(Box<ResumedThread>, Option<Arc<User>>),
    AppStartup,
    AppShutdown,
    Upgrade(VersionNumber),
}

impl Event {
    /// The callback that handles the event.
    #[must_use]
    pub fn callback(&self) -> Callback {
        match self {
            Self::Message(_) => Callback::Message,
            Self::Action(_) => Callback::Action,
            Self::ChatStart => Callback::ChatStart,
            Self::ChatEnd => Callback::ChatEnd,
            Self::Stop => Callback::Stop,
            Self::WindowMessage(_) => Callback::WindowMessage,
            Self::AudioStart => Callback::AudioStart,
            Self::AudioChunk(_) => Callback::AudioChunk,
            Self::AudioEnd => Callback::AudioEnd,
            Self::ChatResume(_) => Callback::ChatResume,
            Self::SettingsUpdate(_) => Callback::SettingsUpdate,
            Self::SettingsEdit(_) => Callback::SettingsEdit,
            Self::Feedback(_) => Callback::Feedback,
            Self::RenameAuthor(_) => Callback::RenameAuthor,
            Self::SharedThread(..) => Callback::SharedThread,
            Self::AppStartup => Callback::AppStartup,
            Self::AppShutdown => Callback::AppShutdown,
            Self::Upgrade(_) => Callback::Upgrade,
        }
    }
}

/// A function that a bot may export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the WIT documents each callback")]
pub enum Callback {
    Message,
    Action,
    ChatStart,
    ChatEnd,
    Stop,
    WindowMessage,
    AudioStart,
    AudioChunk,
    AudioEnd,
    Describe,
    ChatResume,
    SettingsUpdate,
    SettingsEdit,
    Feedback,
    RenameAuthor,
    SharedThread,
    AppStartup,
    AppShutdown,
    Upgrade,
}

impl Callback {
    /// All callbacks.
    pub const ALL: [Self; 19] = [
        Self::Message,
        Self::Action,
        Self::ChatStart,
        Self::ChatEnd,
        Self::Stop,
        Self::WindowMessage,
        Self::AudioStart,
        Self::AudioChunk,
        Self::AudioEnd,
        Self::Describe,
        Self::ChatResume,
        Self::SettingsUpdate,
        Self::SettingsEdit,
        Self::Feedback,
        Self::RenameAuthor,
        Self::SharedThread,
        Self::AppStartup,
        Self::AppShutdown,
        Self::Upgrade,
    ];

    /// Its name in the WIT package, for example `on-message`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Message => "on-message",
            Self::Action => "on-action",
            Self::ChatStart => "on-chat-start",
            Self::ChatEnd => "on-chat-end",
            Self::Stop => "on-stop",
            Self::WindowMessage => "on-window-message",
            Self::AudioStart => "on-audio-start",
            Self::AudioChunk => "on-audio-chunk",
            Self::AudioEnd => "on-audio-end",
            Self::Describe => "describe",
            Self::ChatResume => "on-chat-resume",
            Self::SettingsUpdate => "on-settings-update",
            Self::SettingsEdit => "on-settings-edit",
            Self::Feedback => "on-feedback",
            Self::RenameAuthor => "rename-author",
            Self::SharedThread => "on-shared-thread-view",
            Self::AppStartup => "on-app-startup",
            Self::AppShutdown => "on-app-shutdown",
            Self::Upgrade => "on-upgrade",
        }
    }

    /// Whether clients show that the bot is at work. The rest happens beside the conversation.
    #[must_use]
    pub fn is_framed(self) -> bool {
        let settings = matches!(self, Self::SettingsUpdate | Self::SettingsEdit);
        settings || self == Self::ChatResume || self.is_run()
    }

    /// Whether what it shows stands below a step of its own.
    #[must_use]
    pub fn is_run(self) -> bool {
        matches!(self, Self::Message | Self::ChatStart | Self::AudioEnd)
    }

    /// The interface of `chinwag:bot` that holds it; none for what every bot exports.
    #[must_use]
    pub fn interface(self) -> Option<&'static str> {
        match self {
            Self::Message | Self::Action | Self::AudioChunk => None,
            Self::ChatStart => Some("chat-start"),
            Self::ChatEnd => Some("chat-end"),
            Self::Stop => Some("stop"),
            Self::WindowMessage => Some("window-message"),
            Self::AudioStart | Self::AudioEnd => Some("audio"),
            Self::Describe => Some("describe"),
            Self::ChatResume => Some("chat-resume"),
            Self::SettingsUpdate => Some("settings-update"),
            Self::SettingsEdit => Some("settings-edit"),
            Self::Feedback => Some("feedback"),
            Self::RenameAuthor => Some("author"),
            Self::SharedThread => Some("shared-thread"),
            Self::AppStartup | Self::AppShutdown => Some("app"),
            Self::Upgrade => Some("upgrade"),
        }
    }
}

impl fmt::Display for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
