//! Echoes what it hears, and reports how loud it was when the microphone closes.

mod level;

use chinwag_sdk::{AudioChunk, Bot, Message, Profile, Result, audio, emitter, session};

use self::level::Level;

struct Voice;

#[chinwag_sdk::bot]
impl Bot for Voice {
    fn on_message(_: Message) -> Result {
        emitter::send("Press the microphone and say something.").map(drop)
    }

    fn on_audio_start() -> Result<bool> {
        session::set("level", &Level::default())?;
        Ok(true)
    }

    fn on_audio_chunk(chunk: AudioChunk) -> Result {
        session::update("level", |level: &mut Level| level.hear(chunk.samples()))?;
        audio::play("echo", &chunk.data)
    }

    fn on_audio_end() -> Result {
        let level: Level = session::get("level")?.unwrap_or_default();
        emitter::send(level.to_string()).map(drop)
    }

    fn describe() -> Result<Profile> {
        Ok(Profile::new()
            .display_name("Voice")
            .description("Says back what you say, and tells how loud you were."))
    }
}
