//! The bridge from the exports of the component to the methods of [`Bot`]. Which of them are
//! exported is the macro's business.

use std::marker::PhantomData;

use crate::{
    Bot, Error, Feedback, Json, SettingsValues, WindowMessage, bindings,
    session::User,
    thread::Thread,
    wit::types::{Action, AudioChunk, Message},
};

/// The exports of `B`.
#[derive(Debug)]
pub struct Exported<B>(PhantomData<B>);

impl<B> Exported<B> {
    /// Keeps `B` in use where nothing is exported.
    pub const NEW: Self = Self(PhantomData);
}

type Outcome<T = ()> = Result<T, String>;

fn outcome<T>(result: crate::Result<T>) -> Outcome<T> {
    result.map_err(|error: Error| error.to_string())
}

impl<B: Bot> bindings::core::Guest for Exported<B> {
    fn on_message(message: Message) -> Outcome {
        outcome(B::on_message(message))
    }

    fn on_action(action: Action) -> Outcome<Option<String>> {
        outcome(B::on_action(action)).map(|answer| answer.as_ref().map(Json::to_string))
    }

    fn on_audio_chunk(chunk: AudioChunk) -> Outcome {
        outcome(B::on_audio_chunk(chunk))
    }
}

impl<B: Bot> bindings::chat_start::exports::chinwag::bot::chat_start::Guest for Exported<B> {
    fn on_chat_start() -> Outcome {
        outcome(B::on_chat_start())
    }
}

impl<B: Bot> bindings::chat_end::exports::chinwag::bot::chat_end::Guest for Exported<B> {
    fn on_chat_end() -> Outcome {
        outcome(B::on_chat_end())
    }
}

impl<B: Bot> bindings::stop::exports::chinwag::bot::stop::Guest for Exported<B> {
    fn on_stop() -> Outcome {
        outcome(B::on_stop())
    }
}

impl<B: Bot> bindings::window_message::exports::chinwag::bot::window_message::Guest
    for Exported<B>
{
    fn on_window_message(data: String) -> Outcome {
        outcome(B::on_window_message(WindowMessage { data }))
    }
}

impl<B: Bot> bindings::audio::exports::chinwag::bot::audio::Guest for Exported<B> {
    fn on_audio_start() -> Outcome<bool> {
        outcome(B::on_audio_start())
    }

    fn on_audio_end() -> Outcome {
        outcome(B::on_audio_end())
    }
}

impl<B: Bot> bindings::describe::exports::chinwag::bot::describe::Guest for Exported<B> {
    fn describe(profile: &bindings::describe::chinwag::bot::profile::Profile) -> Outcome {
        let described = outcome(B::describe())?;
        outcome(described.describe_to(profile))
    }
}

/// Each world has types of its own for what all of them call a thread.
macro_rules! thread {
    ($thread:expr) => {{
        let thread = $thread;
        Thread {
            id: thread.id,
            name: thread.name,
            created_at_ms: thread.created_at_ms,
            tags: thread.tags,
            metadata: thread.metadata,
        }
    }};
}

impl<B: Bot> bindings::chat_resume::exports::chinwag::bot::chat_resume::Guest for Exported<B> {
    fn on_chat_resume(thread: bindings::chat_resume::chinwag::bot::thread::ThreadInfo) -> Outcome {
        outcome(B::on_chat_resume(thread!(thread)))
    }
}

impl<B: Bot> bindings::settings_update::exports::chinwag::bot::settings_update::Guest
    for Exported<B>
{
    fn on_settings_update(values: String) -> Outcome {
        outcome(B::on_settings_update(SettingsValues { values }))
    }
}

impl<B: Bot> bindings::settings_edit::exports::chinwag::bot::settings_edit::Guest for Exported<B> {
    fn on_settings_edit(values: String) -> Outcome {
        outcome(B::on_settings_edit(SettingsValues { values }))
    }
}

impl<B: Bot> bindings::feedback::exports::chinwag::bot::feedback::Guest for Exported<B> {
    fn on_feedback(
        feedback: bindings::feedback::exports::chinwag::bot::feedback::Feedback,
    ) -> Outcome {
        outcome(B::on_feedback(Feedback {
            id: feedback.id,
            step_id: feedback.step_id,
            is_positive: feedback.positive,
            comment: feedback.comment,
        }))
    }
}

impl<B: Bot> bindings::author::exports::chinwag::bot::author::Guest for Exported<B> {
    fn rename_author(name: String) -> Outcome<String> {
        outcome(B::rename_author(name))
    }
}

impl<B: Bot> bindings::shared_thread::exports::chinwag::bot::shared_thread::Guest for Exported<B> {
    fn on_shared_thread_view(
        thread: bindings::shared_thread::chinwag::bot::thread::ThreadInfo,
        viewer: Option<bindings::shared_thread::chinwag::bot::session::User>,
    ) -> Outcome<bool> {
        let viewer = viewer.map(|user| User {
            identifier: user.identifier,
            display_name: user.display_name,
            metadata: user.metadata,
        });
        outcome(B::on_shared_thread_view(thread!(thread), viewer))
    }
}

impl<B: Bot> bindings::app::exports::chinwag::bot::app::Guest for Exported<B> {
    fn on_app_startup() -> Outcome {
        outcome(B::on_app_startup())
    }

    fn on_app_shutdown() -> Outcome {
        outcome(B::on_app_shutdown())
    }
}

impl<B: Bot> bindings::upgrade::exports::chinwag::bot::upgrade::Guest for Exported<B> {
    fn on_upgrade(from_version: u32) -> Outcome {
        outcome(B::on_upgrade(from_version))
    }
}
