//! Sound out. Sound in arrives at [`Bot::on_audio_chunk`](crate::Bot::on_audio_chunk).

use crate::{Error, Result, wit::emitter as host};

/// The format that every client plays: signed 16-bit little-endian mono samples at 24,000 Hz.
pub const PCM16: &str = "pcm16";

/// The samples in a second of [`PCM16`].
pub const SAMPLE_RATE: u32 = 24_000;

/// Plays [`PCM16`] data, at most 1 MiB. Chunks of one track are played one after the other.
///
/// # Errors
///
/// Code `too-large`.
pub fn play(track: impl AsRef<str>, data: &[u8]) -> Result {
    host::audio_chunk(PCM16, track.as_ref(), data).map_err(Error::from_host)
}

/// Plays samples, at most 524,288 of them.
///
/// ```
/// use chinwag_sdk::audio;
///
/// # fn wrap() -> chinwag_sdk::Result {
/// let tenth = audio::SAMPLE_RATE / 10;
/// audio::play_samples("beep", (0..tenth).map(|n| if n % 48 < 24 { 4_000 } else { -4_000 }))?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// Code `too-large`.
pub fn play_samples(track: impl AsRef<str>, samples: impl IntoIterator<Item = i16>) -> Result {
    let data: Vec<u8> = samples.into_iter().flat_map(i16::to_le_bytes).collect();
    play(track, &data)
}

/// Stops what is playing. The interrupted track stays silent: use a new name afterwards.
///
/// # Errors
///
/// As the host says; none is expected.
pub fn interrupt() -> Result {
    host::audio_interrupt().map_err(Error::from_host)
}
