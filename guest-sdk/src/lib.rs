//! Write a chat bot, compile it to `wasm32-wasip2`, upload it to a Chinwag server.
//!
//! ```
//! use chinwag_sdk::{Bot, Message, Result, emitter};
//!
//! struct Echo;
//!
//! #[chinwag_sdk::bot]
//! impl Bot for Echo {
//!     fn on_message(message: Message) -> Result {
//!         emitter::send(message.text)?;
//!         Ok(())
//!     }
//! }
//! ```
//!
//! In reading order: [`Bot`] is what you implement, one method for each thing that can happen.
//! [`emitter`] shows things to the user: messages, streams, steps, buttons, elements, components.
//! [`ask`](mod@ask) asks the user and waits for the answer. [`session`] says whom you talk to and
//! remembers what must outlive the call, [`store`] what all its sessions share; [`thread`] and [`history`] are the conversation, [`files`]
//! what the user attached to it. [`composer`], [`settings`] and [`sidebar`] are what stands around
//! the messages. [`http`] asks other servers, [`model`] models, [`audio`] plays sound, [`log`] writes to the bot's log, [`Profile`] presents the
//! bot. Every function that can fail returns [`Result`], and every standard error becomes an
//! [`Error`] through `?`.
//!
//! **Each call is a fresh sandbox.** Statics, thread locals and everything else in memory are gone
//! when the method returns; what must stay goes into [`session`] state.
//!
//! A bot crate is a `cdylib` (`crate-type = ["cdylib"]`) that depends on this crate alone:
//!
//! ```text
//! cargo build --release --target wasm32-wasip2
//! chinwag deploy target/wasm32-wasip2/release/my_bot.wasm
//! ```
//!
//! On any other target the crate compiles, so that the parts of a bot that do not call the host can
//! be tested there; a call of the host panics.

// The bindings and the macros name this crate by its name, also from inside.
extern crate self as chinwag_sdk;

mod bindings;
mod bot;
mod error;
mod event;
mod export;

pub mod ask;
pub mod audio;
pub mod composer;
pub mod emitter;
pub mod files;
pub mod history;
pub mod http;
pub mod log;
pub mod model;
mod profile;
pub mod session;
pub mod settings;
pub mod sidebar;
pub mod store;
pub mod thread;
mod values;
pub mod wit;

pub use chinwag_sdk_macros::bot;
pub use serde_json::{Value as Json, json};

pub use self::{
    ask::{ask, call_function},
    bot::Bot,
    error::{Error, Result},
    event::{Action, AudioChunk, Feedback, Message, SettingsValues, WindowMessage},
    profile::{Category, Profile, Starter},
};

/// What the expansion of [`macro@bot`] names. Not part of the interface.
#[doc(hidden)]
pub mod __private {
    pub use wit_bindgen::rt;

    pub use crate::{
        bindings::{
            app, app::export_app, audio, audio::export_audio, author, author::export_author,
            chat_end, chat_end::export_chat_end, chat_resume, chat_resume::export_chat_resume,
            chat_start, chat_start::export_chat_start, core, core::export_core, describe,
            describe::export_describe, feedback, feedback::export_feedback, settings_edit,
            settings_edit::export_settings_edit, settings_update,
            settings_update::export_settings_update, shared_thread,
            shared_thread::export_shared_thread, stop, stop::export_stop, upgrade,
            upgrade::export_upgrade, window_message, window_message::export_window_message,
        },
        export::Exported,
    };
}
