//! Audio in and out. Chunks arrive beside the turns, so the state of both has its own keys.

use chinwag_sdk::{AudioChunk, Result, audio, emitter, session};

pub(crate) fn begin() -> Result<bool> {
    session::set("audio_count", &0)?;
    Ok(true)
}

/// Answers the first chunk with a hum, which the third one interrupts.
pub(crate) fn hear(chunk: &AudioChunk) -> Result {
    let count = session::update("audio_count", |count: &mut u32| *count += 1)?;
    let AudioChunk { is_start, mime_type, data, .. } = chunk;
    let is_start = if *is_start { "True" } else { "False" };
    let heard = format!("isStart={is_start} mime={mime_type} type=bytes len={}", data.len());
    session::set("audio_last", &heard)?;
    match count {
        1 => {
            session::set("audio_first", &heard)?;
            audio::play_samples("t1", (0..1_200).map(|n| if n % 2 == 0 { 0 } else { 16 }))
        }
        3 => audio::interrupt(),
        _ => Ok(()),
    }
}

pub(crate) fn end() -> Result {
    let count: u32 = session::get("audio_count")?.unwrap_or_default();
    let [first, last] = ["audio_first", "audio_last"].map(session::get::<String>);
    let (first, last) = (first?.unwrap_or_default(), last?.unwrap_or_default());
    emitter::send(format!("audio ended chunks={count} first[{first}] last[{last}]")).map(drop)
}
