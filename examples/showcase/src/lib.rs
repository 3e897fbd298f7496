//! Shows everything that a bot can show: the first word of a message decides what.

mod actions;
mod elements;
mod memory;
mod messages;
mod notices;
mod python;
mod steps;
mod tasks;
mod voice;

use std::{thread, time::Duration};

use chinwag_sdk::{
    Action, AudioChunk, Bot, Json, Message, Profile, Result, WindowMessage, emitter,
};

struct Showcase;

#[chinwag_sdk::bot]
impl Bot for Showcase {
    fn on_message(message: Message) -> Result {
        memory::count()?;
        let text = message.text.to_lowercase();
        let mut words = text.split_whitespace();
        let first = words.next().unwrap_or_default();
        let second = words.next();
        match first {
            "hello" => messages::hello(),
            "stream" => messages::stream(second),
            "streamseq" => messages::rewrite(),
            "slow" => messages::slow(),
            "update" => messages::update(),
            "remove" => messages::remove(),
            "code" => messages::code(),
            "error" => messages::fail(),
            "errormsg" => messages::error(),
            "echo" => messages::echo(&message),
            "steps" => steps::nested(),
            "longstep" => steps::long(),
            "steperror" => steps::failed(),
            "actions" => actions::offer(),
            "rmactions" => actions::withdraw(),
            "image" => elements::image(),
            "elements" => elements::inline(),
            "side" => elements::side(),
            "page" => elements::page(),
            "tasklist" => tasks::list(second),
            "toast" => notices::toasts(),
            "status" => notices::status(),
            "window" => notices::window(),
            "session" => memory::tell(),
            "noop" => Ok(()),
            _ => emitter::send(format!("You said: {}", message.text)).map(drop),
        }
    }

    fn on_action(action: Action) -> Result<Option<Json>> {
        actions::clicked(&action)
    }

    fn on_chat_start() -> Result {
        memory::begin()
    }

    fn on_stop() -> Result {
        memory::stopped()
    }

    fn on_window_message(message: WindowMessage) -> Result {
        notices::window_said(&message)
    }

    fn on_audio_start() -> Result<bool> {
        voice::begin()
    }

    fn on_audio_chunk(chunk: AudioChunk) -> Result {
        voice::hear(&chunk)
    }

    fn on_audio_end() -> Result {
        voice::end()
    }

    fn describe() -> Result<Profile> {
        Ok(Profile::new()
            .display_name("Showcase")
            .description(include_str!("description.md"))
            .starter("Say hello", "hello")
            .starter("Stream an answer", "stream 12")
            .starter("Work in steps", "steps"))
    }
}

/// Waits as a model or a tool would.
#[expect(clippy::disallowed_methods, reason = "a bot has a thread of its own")]
fn wait(milliseconds: u64) {
    thread::sleep(Duration::from_millis(milliseconds));
}
