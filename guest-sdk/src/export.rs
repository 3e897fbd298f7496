//! The bridge from the exports of the component to the methods of [`Bot`]. Which of them are
//! exported is the macro's business.

use std::marker::PhantomData;

use crate::{
    Bot, Error, Json, WindowMessage, bindings,
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
        described.describe_to(profile);
        Ok(())
    }
}
