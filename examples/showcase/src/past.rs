//! What was there before this turn: the conversation, its files, its user's opinion.

use chinwag_sdk::{Feedback, Message, Result, emitter, files, history, log, session};
use serde::Serialize;

use crate::python;

/// As many messages as a model would be shown.
const WINDOW: u32 = 100;

pub(crate) fn messages() -> Result {
    #[derive(Serialize)]
    struct Said {
        role: &'static str,
        content: String,
    }
    let said = history::messages(WINDOW).into_iter();
    let said: Vec<_> =
        said.map(|entry| Said { role: entry.role.as_str(), content: entry.content }).collect();
    emitter::send(python::dumps(&said)?).map(drop)
}

/// The files that came with the message.
pub(crate) fn attached() -> Result {
    let files = files::attached().into_iter().map(|file| {
        let kind = kind(&file.mime);
        format!("{} ({}, {} bytes, type {kind})", file.name, file.mime, file.size)
    });
    let files: Vec<_> = files.collect();
    emitter::send(format!("Got files: {}", files.join("; "))).map(drop)
}

/// What clients show a file as.
fn kind(mime: &str) -> &'static str {
    match mime.split('/').next() {
        Some("image") => "image",
        Some("audio") => "audio",
        Some("video") => "video",
        _ if mime == "application/pdf" => "pdf",
        _ => "file",
    }
}

/// All files of the conversation, each with its first line.
pub(crate) fn files() -> Result {
    let mut lines = Vec::new();
    for file in files::all() {
        let text = String::from_utf8_lossy(&file.read()?).into_owned();
        lines.push(format!("{}: {}", file.name, text.lines().next().unwrap_or_default()));
    }
    emitter::send(format!("All files: {}", lines.join("; "))).map(drop)
}

pub(crate) fn resumed() -> Result {
    session::set("resumed", &true)
}

pub(crate) fn liked(feedback: &Feedback) {
    let comment = feedback.comment.as_deref().unwrap_or_default();
    let liked = if feedback.is_positive { "liked" } else { "did not like" };
    log::info!("the user {liked} {}: {comment}", feedback.step_id);
}

pub(crate) fn edited(message: &Message) {
    if session::is_edit() {
        log::info!("the user edited {}", message.id);
    }
}
