//! The arguments of inbound events. What comes in is hostile: nothing here panics, and all of it is bounded by the
//! largest packet that the connection accepts.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::value::RawValue;

use crate::domain::{
    ActionId, AskKind, AudioChunk, ClientAnswer, ElementId, Json, StepId, UserMessage, to_json,
};

/// Why an event makes no sense.
#[derive(Debug, thiserror::Error)]
pub(in super::super) enum DecodeError {
    #[error("the event is malformed: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the event has no argument")]
    NoArgument,
    #[error("the argument of the event must be an object")]
    NoObject,
    #[error("the event has no attachment")]
    NoAttachment,
    #[error("the id of a message must be a lower-case UUID with hyphens")]
    Id,
}

/// The name of an event and its one argument.
#[derive(Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct Packet<T>(IgnoredAny, #[serde(default)] Option<T>);

fn argument<'a, T: Deserialize<'a>>(packet: &'a str) -> Result<T, DecodeError> {
    let Packet(_, argument) = serde_json::from_str(packet)?;
    argument.ok_or(DecodeError::NoArgument)
}

/// The values of settings: an object.
pub(super) fn settings(packet: &str) -> Result<Json, DecodeError> {
    let json: Box<RawValue> = argument(packet)?;
    if json.get().starts_with('{') { Ok(json.into()) } else { Err(DecodeError::NoObject) }
}

/// Any JSON; none counts as `null`.
pub(super) fn json(packet: &str) -> Result<Json, DecodeError> {
    match argument::<Box<RawValue>>(packet) {
        Ok(json) => Ok(json.into()),
        Err(DecodeError::NoArgument) => Ok(to_json(&())),
        Err(error) => Err(error),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MessageArgument {
    message: MessageDict,
    file_references: Option<Vec<FileReference>>,
}

#[derive(Deserialize)]
struct FileReference {
    id: ElementId,
}

/// Files of one message; the page itself offers fewer.
const MAX_FILES: usize = 100;

/// What is read of a message. Its thread, its time and its type are for the server to say.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MessageDict {
    id: String,
    output: String,
    name: Option<String>,
    parent_id: Option<String>,
    command: Option<String>,
    modes: Option<BTreeMap<String, String>>,
    metadata: Option<Box<RawValue>>,
}

/// A message that the user sent, and the ids of the files that are attached to it.
pub(super) fn message(packet: &str) -> Result<(UserMessage, Vec<ElementId>), DecodeError> {
    let MessageArgument { message, file_references } = argument(packet)?;
    let files = file_references.into_iter().flatten().map(|file| file.id).take(MAX_FILES).collect();
    Ok((user_message(message)?, files))
}

fn user_message(message: MessageDict) -> Result<UserMessage, DecodeError> {
    Ok(UserMessage {
        id: id(&message.id)?,
        text: message.output,
        created_at: Timestamp::now(),
        author: non_empty(message.name).unwrap_or_else(|| "User".into()),
        parent_id: non_empty(message.parent_id).as_deref().map(id).transpose()?,
        command: non_empty(message.command),
        modes: message.modes.unwrap_or_default(),
        metadata: object(message.metadata),
        files: Vec::new(),
        is_edit: false,
    })
}

/// A message that the user wrote anew.
pub(super) fn edit(packet: &str) -> Result<(StepId, String), DecodeError> {
    let MessageArgument { message, .. } = argument(packet)?;
    Ok((id(&message.id)?, message.output))
}

/// A message that the user marked, or not any more.
pub(super) fn favorite(packet: &str) -> Result<(StepId, bool), DecodeError> {
    #[derive(Deserialize)]
    struct Argument {
        message: Marked,
    }
    #[derive(Deserialize)]
    struct Marked {
        id: String,
        metadata: Metadata,
    }
    #[derive(Deserialize)]
    struct Metadata {
        #[serde(default)]
        favorite: bool,
    }
    let Argument { message } = argument(packet)?;
    Ok((id(&message.id)?, message.metadata.favorite))
}

/// What a client answers to a question; none for a call of a function.
pub(in super::super) fn answer(
    kind: Option<&AskKind>,
    text: &RawValue,
) -> Result<ClientAnswer, DecodeError> {
    #[derive(Deserialize)]
    struct Chosen {
        id: ActionId,
    }
    Ok(match kind {
        Some(AskKind::Text) => ClientAnswer::Text(user_message(serde_json::from_str(text.get())?)?),
        Some(AskKind::Action(_)) => {
            let Chosen { id } = serde_json::from_str(text.get())?;
            ClientAnswer::Action(id)
        }
        Some(AskKind::File(_)) => {
            let files: Vec<FileReference> = serde_json::from_str(text.get())?;
            ClientAnswer::Files(files.into_iter().map(|file| file.id).collect())
        }
        Some(AskKind::Element(_)) | None => ClientAnswer::Json(text.to_owned().into()),
    })
}

/// Clients know the message by the very text of its id, so other spellings of the same UUID are refused.
fn id(text: &str) -> Result<StepId, DecodeError> {
    let id: StepId = text.parse().map_err(|_| DecodeError::Id)?;
    if id.to_string() == text { Ok(id) } else { Err(DecodeError::Id) }
}

fn non_empty(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// Bots are promised an object.
fn object(json: Option<Box<RawValue>>) -> Json {
    match json {
        Some(json) if json.get().starts_with('{') => json.into(),
        _ => to_json(&BTreeMap::<&str, ()>::new()),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AudioArgument {
    #[serde(default)]
    is_start: bool,
    mime_type: String,
    #[serde(default)]
    elapsed_time: f64,
}

/// A piece of microphone audio; its samples are the packet's attachment.
pub(super) fn audio_chunk(packet: &str, data: Option<Bytes>) -> Result<AudioChunk, DecodeError> {
    let argument: AudioArgument = argument(packet)?;
    Ok(AudioChunk {
        is_start: argument.is_start,
        mime_type: argument.mime_type,
        elapsed_ms: whole(argument.elapsed_time),
        data: data.ok_or(DecodeError::NoAttachment)?,
    })
}

/// A clock that was set back may make a time negative.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and a negative number becomes 0"
)]
fn whole(milliseconds: f64) -> u64 {
    milliseconds as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(argument: &str) -> String {
        format!("[\"client_message\",{argument}]")
    }

    fn decode(argument: &str) -> Result<UserMessage, String> {
        message(&packet(argument)).map(|(it, _)| it).map_err(|error| error.to_string())
    }

    const ID: &str = "85d8bcb7-39f5-4c9d-b44c-baa0b21fa3c7";

    #[test]
    fn the_stock_clients_message_decodes() {
        let message = decode(
            r#"{"message":{"threadId":"","id":"85d8bcb7-39f5-4c9d-b44c-baa0b21fa3c7","name":"User","type":"user_message","output":"hello","createdAt":"2026-11-21T07:17:16.201Z","metadata":{"location":"http://127.0.0.1:8601/"}},"fileReferences":[]}"#,
        )
        .unwrap();
        assert_eq!(message.id.to_string(), ID);
        assert_eq!((message.text.as_str(), message.author.as_str()), ("hello", "User"));
        assert_eq!(message.metadata.get(), r#"{"location":"http://127.0.0.1:8601/"}"#);
        assert!(
            message.parent_id.is_none() && message.command.is_none() && message.modes.is_empty()
        );
    }

    #[test]
    fn commands_modes_and_parents_decode_and_empty_ones_count_as_none() {
        let full = decode(&format!(
            r#"{{"message":{{"id":"{ID}","output":"","name":"Ann","parentId":"{ID}","command":"search","modes":{{"llm":"big"}},"metadata":null}}}}"#
        ))
        .unwrap();
        assert_eq!(full.author, "Ann");
        assert_eq!(full.command.as_deref(), Some("search"));
        assert_eq!(full.parent_id.map(|id| id.to_string()).as_deref(), Some(ID));
        assert_eq!(full.modes.get("llm").map(String::as_str), Some("big"));
        assert_eq!(full.metadata.get(), "{}");
        let empty = decode(&format!(
            r#"{{"message":{{"id":"{ID}","output":"x","name":"","parentId":"","command":"","modes":null,"metadata":[1]}}}}"#
        ))
        .unwrap();
        assert_eq!(empty.author, "User");
        assert!(empty.parent_id.is_none() && empty.command.is_none());
        assert_eq!(empty.metadata.get(), "{}");
    }

    #[test]
    fn hostile_messages_are_refused_and_never_panic() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let long = format!(r#"{{"message":{{"id":"{}","output":"x"}}}}"#, "a".repeat(1_000_000));
        let nested = format!(r#"{{"message":{deep}}}"#);
        let braced = format!(r#"{{"message":{{"id":"{{{ID}}}","output":"x"}}}}"#);
        let upper = format!(r#"{{"message":{{"id":"{}","output":"x"}}}}"#, ID.to_uppercase());
        let numeric = format!(r#"{{"message":{{"id":"{ID}","output":7}}}}"#);
        let modes = format!(r#"{{"message":{{"id":"{ID}","output":"x","modes":{{"a":1}}}}}}"#);
        let parent = format!(r#"{{"message":{{"id":"{ID}","output":"x","parentId":"nope"}}}}"#);
        let surrogate = format!(r#"{{"message":{{"id":"{ID}","output":"\ud800"}}}}"#);
        for argument in [
            "null",
            "7",
            "\"text\"",
            "[]",
            "{}",
            r#"{"message":null}"#,
            r#"{"message":[]}"#,
            r#"{"message":{}}"#,
            r#"{"message":{"id":7,"output":"x"}}"#,
            r#"{"message":{"id":"not-a-uuid","output":"x"}}"#,
            &deep,
            &nested,
            &long,
            &braced,
            &upper,
            &numeric,
            &modes,
            &parent,
            &surrogate,
            "{\"message\":",
        ] {
            let head: String = argument.chars().take(60).collect();
            assert!(decode(argument).is_err(), "{head} was accepted");
        }
        for text in ["", "[]", "[\"client_message\"]", "[\"client_message\",{},{}]", "{}", "\u{0}"]
        {
            assert!(message(text).is_err(), "{text:?} was accepted");
        }
    }

    #[test]
    fn a_megabyte_of_text_decodes() {
        let text = "é".repeat(500_000);
        let message =
            decode(&format!(r#"{{"message":{{"id":"{ID}","output":"{text}"}}}}"#)).unwrap();
        assert_eq!(message.text, text);
    }

    #[test]
    fn any_json_is_a_window_message() {
        let decode = |argument: &str| json(&format!("[\"window_message\"{argument}]"));
        assert_eq!(decode("").unwrap().get(), "null");
        assert_eq!(decode(",null").unwrap().get(), "null");
        assert_eq!(decode(",[1, 2]").unwrap().get(), "[1, 2]");
        assert_eq!(
            decode(r#",{"a":{"b":"\ud83d\ude00"}}"#).unwrap().get(),
            r#"{"a":{"b":"\ud83d\ude00"}}"#
        );
        assert!(decode(",}").is_err());
    }

    #[test]
    fn odd_times_of_sound_are_bounded() {
        let chunk = |time: &str| {
            let text = format!(r#"["audio_chunk",{{"mimeType":"pcm16","elapsedTime":{time}}}]"#);
            audio_chunk(&text, Some(Bytes::from_static(b"x"))).map(|chunk| chunk.elapsed_ms)
        };
        assert_eq!(chunk("341.3").unwrap(), 341);
        assert_eq!(chunk("-5").unwrap(), 0);
        assert_eq!(chunk("1e300").unwrap(), u64::MAX);
        assert!(chunk("\"soon\"").is_err());
        assert!(audio_chunk(r#"["audio_chunk",{"mimeType":"pcm16"}]"#, None).is_err());
    }
}
