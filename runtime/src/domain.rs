//! Pure types: what happened, what a bot shows, who and what it is about.
//!
//! **Invariant:** nothing here does I/O, knows a wire format, an engine or a database.

mod action;
mod ask;
mod bot;
mod composer;
mod disk;
mod element;
mod emit;
mod event;
mod file;
mod host;
mod id;
mod json;
mod limits;
mod list;
pub mod object;
mod sse;
mod step;
mod thread;
mod user;

pub use action::{Action, ActionDraft};
pub use ask::{Ask, AskKind, AskReply, ClientAnswer, FileRequest, FunctionCall};
pub use bot::{
    BotName, BotNameError, Digest, Profile, Starter, StarterCategory, VersionNumber, VersionRef,
    is_offered_name,
};
pub use composer::{
    Command, DateOptions, Mode, ModeOption, SettingsPanel, SettingsTab, Widget, WidgetItem,
    WidgetKind,
};
pub use disk::takes_nothing;
pub use element::{Element, ElementContent, ElementDisplay, ElementKind, ElementSize};
pub use emit::{Emit, ThreadView, ToastKind};
pub use event::{AudioChunk, Callback, Click, Event, ResumedThread, UserMessage};
pub use file::{FileInfo, UploadSettings};
pub use host::{HostPattern, HostPatternError, Peer};
pub use id::{ActionId, AskId, ElementId, FeedbackId, SessionId, StepId, ThreadId, TurnId, UserId};
pub use json::{Json, JsonError, parse_json, to_json};
pub use limits::{ByteSize, Limits, MAX_TIME};
pub use list::list;
pub use sse::DataLines;
pub use step::{INTERRUPTED, Step, StepKind};
pub use thread::{Content, Feedback, Thread, ThreadPage, ThreadQuery};
pub use user::{Account, User};
