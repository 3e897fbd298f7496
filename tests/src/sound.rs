//! Sound that somebody's microphone hears, in numbered pieces, and what comes back of it.

use serde_json::{Value, json};

use crate::client::{Event, bytes};

/// A piece of sound of so many bytes.
#[must_use]
pub fn chunk(number: u32, size: usize) -> Value {
    let mut data = number.to_le_bytes().to_vec();
    data.resize(size, 0);
    let is_start = number == 0;
    json!({ "isStart": is_start, "mimeType": "pcm16", "elapsedTime": number, "data": bytes(&data) })
}

/// The numbers of the pieces that came back.
///
/// # Panics
/// A piece is too small to have one.
#[must_use]
pub fn numbers(events: &[Event]) -> Vec<u32> {
    let sounds = events.iter().filter(|event| event.name == "audio_chunk");
    let number = |data: Vec<u8>| u32::from_le_bytes(data[..4].try_into().expect("four bytes"));
    sounds.map(|sound| number(sound.bytes("data"))).collect()
}
