//! Shows everything that a bot can show: the first word of a message decides what.

mod actions;
mod around;
mod elements;
mod memory;
mod messages;
mod notices;
mod past;
mod python;
mod questions;
mod steps;
mod tasks;
mod voice;

use std::{thread, time::Duration};

use chinwag_sdk::{
    Action, AudioChunk, Bot, Feedback, Json, Message, Profile, Result, SettingsValues,
    WindowMessage, emitter, session::User, thread::Thread,
};

struct Showcase;

#[chinwag_sdk::bot]
impl Bot for Showcase {
    fn on_message(message: Message) -> Result {
        memory::count()?;
        past::edited(&message);
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
            "rename" => messages::renamed(),
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
            "custom" => elements::custom(),
            "ask" => questions::name(),
            "asktimeout" => questions::too_late(),
            "askaction" => questions::choice(),
            "askfile" => questions::files(),
            "askelement" => questions::form(),
            "callfn" => questions::function(),
            "callfntimeout" => questions::slow_function(),
            "commands" => around::commands(),
            "modes" => around::modes(),
            "settings" => around::panel(),
            "settingstabs" => around::tabs(),
            "sidebar" => around::side(),
            "sidebarclose" => around::close_side(),
            "file" => past::attached(),
            "files" => past::files(),
            "history" => past::messages(),
            "tasklist" => tasks::list(second),
            "toast" => notices::toasts(),
            "status" => notices::status(),
            "tokens" => notices::tokens(),
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

    fn on_chat_resume(_: Thread) -> Result {
        past::resumed()
    }

    fn on_settings_update(values: SettingsValues) -> Result {
        around::changed(&values)
    }

    fn on_settings_edit(_: SettingsValues) -> Result {
        Ok(())
    }

    fn on_feedback(feedback: Feedback) -> Result {
        past::liked(&feedback);
        Ok(())
    }

    fn rename_author(name: String) -> Result<String> {
        Ok(messages::author(name))
    }

    /// Whoever did not share a conversation keeps it to themselves.
    fn on_shared_thread_view(_: Thread, _: Option<User>) -> Result<bool> {
        Ok(false)
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
            .starter("Hello starter", "hello")
            .starter("Stream starter", "stream"))
    }
}

/// Waits as a model or a tool would.
#[expect(clippy::disallowed_methods, reason = "a bot has a thread of its own")]
fn wait(milliseconds: u64) {
    thread::sleep(Duration::from_millis(milliseconds));
}
