//! Takes more than there is.

use std::io::{self, Write};

use chinwag_sdk::{Error, Result, audio, emitter, log, session, wit};

const MANY: usize = 1_000_000;

/// Opens streams, shows them as complete and keeps their handles.
pub(crate) fn handles() -> Result<String> {
    let mut kept = Vec::new();
    for _ in 0..MANY {
        let stream = stream()?;
        stream.finish().map_err(Error::from_host)?;
        kept.push(stream);
    }
    Ok(kept.len().to_string())
}

/// Opens steps and streams by turns until it is refused.
pub(crate) fn steps() -> Result<String> {
    let (mut steps, mut streams) = (Vec::new(), Vec::new());
    loop {
        let open = steps.len() + streams.len();
        steps.push(emitter::step("one more").open().map_err(|error| error.context(open))?);
        streams.push(stream().map_err(|error| error.context(open + 1))?);
    }
}

/// Replaces the text of one message, again and again, by 100 KB.
pub(crate) fn replace(times: usize) -> Result<String> {
    let stream = emitter::stream()?;
    for n in 0..times {
        stream.replace(format!("{n} {}", "x".repeat(100_000)))?;
    }
    Ok(times.to_string())
}

/// Prints a line without end.
pub(crate) fn print() -> Result<String> {
    let mut stdout = io::stdout().lock();
    loop {
        stdout.write_all(&[b'x'; 4_096])?;
        stdout.flush()?;
    }
}

/// Does what is refused behind more lines of log than a second may have.
pub(crate) fn hide() -> Result<String> {
    for n in 0..1_000 {
        log::info!("nothing to see here {n}");
    }
    wit::emitter::remove_element("x").map_err(Error::from_host)?;
    Ok(String::new())
}

/// Sets one small key after the other.
pub(crate) fn keys() -> Result<String> {
    for n in 0..MANY {
        session::set(&n.to_string(), &n).map_err(|error| error.context(n))?;
    }
    Ok(MANY.to_string())
}

/// Sets one value of so many bytes.
pub(crate) fn value(bytes: usize) -> Result<String> {
    session::set("value", &"x".repeat(bytes)).map(|()| bytes.to_string())
}

/// Plays so many bytes of sound at once, by the host's function: the SDK's own cuts them up.
pub(crate) fn audio(bytes: usize) -> Result<String> {
    wit::emitter::audio_chunk("pcm16", "noise", &vec![0; bytes]).map_err(Error::from_host)?;
    audio::interrupt()?;
    Ok(bytes.to_string())
}

fn stream() -> Result<wit::emitter::MessageStream> {
    let draft = wit::emitter::MessageDraft {
        content: "x".into(),
        author: None,
        language: None,
        is_error: false,
        metadata: None,
        tags: Vec::new(),
    };
    wit::emitter::stream_message(&draft).map_err(Error::from_host)
}
