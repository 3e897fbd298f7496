//! Pure types: what happened, what a bot shows, who and what it is about.
//!
//! **Invariant:** nothing here does I/O, knows a wire format, an engine or a database.

mod action;
mod bot;
mod element;
mod emit;
mod event;
mod id;
mod json;
mod limits;
mod step;
mod user;

pub use action::{Action, ActionDraft};
pub use bot::{BotName, BotNameError, Digest, Profile, Starter, VersionNumber, VersionRef};
pub use element::{Element, ElementContent, ElementDisplay, ElementKind, ElementSize};
pub use emit::{Emit, ToastKind};
pub use event::{AudioChunk, Callback, Click, Event, UserMessage};
pub use id::{ActionId, ElementId, SessionId, StepId, ThreadId, TurnId};
pub use json::{Json, JsonError, parse_json, to_json};
pub use limits::{ByteSize, Limits};
pub use step::{Step, StepKind};
pub use user::User;
