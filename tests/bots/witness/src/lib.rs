//! Notes what happens around conversations: logs what has no session, keeps the rest in state, and
//! tells it when asked. The first word of a message says what to do, the rest is its argument.
//!
//! Its components differ in their version marker, as those of the bot `versioned` do.

mod shown;

use std::{hint, str, time::Duration};

use chinwag_sdk::{
    AudioChunk, Bot, Category, Error, Json, Message, Profile, Result, SettingsValues, Starter, ask,
    emitter, json, log,
    session::{self, User},
    thread::{self, Thread},
};

/// Kept whole in the data of the component.
static VERSION: [u8; 14] = *b"VERSION=000001";

/// Longer than any test: a question ends because somebody ends it.
const AN_HOUR: Duration = Duration::from_secs(3_600);

struct Witness;

#[chinwag_sdk::bot]
impl Bot for Witness {
    fn on_message(message: Message) -> Result {
        let (word, argument) = message.text.split_once(' ').unwrap_or((&message.text, ""));
        match word {
            "name" => thread::set_name(argument)?,
            "tags" => thread::set_tags(argument.split_whitespace())?,
            "note" => thread::set_metadata(&argument.parse::<Json>()?)?,
            "input" => shown::streamed_input()?,
            "film" => shown::film()?,
            "key" => shown::same_key()?,
            "title" => shown::title(argument)?,
            "ask" => shown::answered(ask("Well?").timeout(AN_HOUR).text())?,
            _ => {}
        }
        tell(&message)
    }

    /// Asks in the lane that runs beside the messages: one question at a time.
    fn on_audio_chunk(_: AudioChunk) -> Result {
        shown::answered(ask("And now?").text())
    }

    fn on_chat_resume(thread: Thread) -> Result {
        session::set("resumed", &thread.name)
    }

    fn on_settings_edit(values: SettingsValues) -> Result {
        emitter::send(format!("settings_edit {}", values.values)).map(drop)
    }

    /// Those whose notes say `{"open": true}` may be read by everybody, and those that say
    /// `{"open": "NAME"}` by the user of that name.
    fn on_shared_thread_view(thread: Thread, viewer: Option<User>) -> Result<bool> {
        let notes: Json = thread.metadata_as()?;
        Ok(match (notes.get("open"), viewer) {
            (Some(Json::Bool(is_open)), _) => *is_open,
            (Some(Json::String(name)), Some(viewer)) => *name == viewer.identifier,
            _ => false,
        })
    }

    fn rename_author(name: String) -> Result<String> {
        log::info!("asked for the name of {name}");
        if name == "nobody" { Err(Error::new("nobody has no name")) } else { Ok(name) }
    }

    fn on_app_startup() -> Result {
        log::info!("version {} begins", version()?);
        Ok(())
    }

    fn on_app_shutdown() -> Result {
        log::info!("version {} ends", version()?);
        Ok(())
    }

    fn on_upgrade(from_version: u32) -> Result {
        session::set("upgraded_from", &from_version)
    }

    fn describe() -> Result<Profile> {
        let starter = Starter::new("Look", "look").command("Search").icon("/public/look.svg");
        Ok(Profile::new()
            .category(Category::new("Looking").icon("/public/eye.svg").starter(starter))
            .overrides(json!({ "ui": { "name": "The witness" } })))
    }
}

/// All that it knows, as JSON.
fn tell(message: &Message) -> Result {
    let told = json!({
        "text": message.text,
        "version": version()?,
        "name": thread::name(),
        "notes": thread::metadata::<Json>()?,
        "resumed": session::get::<Json>("resumed")?,
        "upgraded_from": session::get::<u32>("upgraded_from")?,
        "locale": session::locale(),
        "is_edit": session::is_edit(),
    });
    emitter::send(told.to_string()).map(drop)
}

fn version() -> Result<u32> {
    // The compiler must not see what the number is: the file may say another one.
    let marker = hint::black_box(&VERSION);
    let digits = str::from_utf8(marker)?.trim_start_matches("VERSION=");
    Ok(digits.parse()?)
}
