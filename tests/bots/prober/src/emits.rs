//! Emits that the host must refuse.

use chinwag_sdk::{
    Error, Result,
    emitter::{
        self, MessageHandle,
        element::{self, Source},
    },
    wit,
};

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

pub(crate) fn update_unknown() -> Result<String> {
    MessageHandle::from_id(NOBODY).update("mine now").map(done)
}

pub(crate) fn remove_unknown() -> Result<String> {
    MessageHandle::from_id(NOBODY).remove().map(done)
}

pub(crate) fn attach_to_unknown() -> Result<String> {
    MessageHandle::from_id(NOBODY).action(emitter::action("mine")).map(|action| action.id().into())
}

pub(crate) fn token_after_finish() -> Result<String> {
    let stream = raw_stream()?;
    stream.token("whole").map_err(Error::from_host)?;
    stream.finish().map_err(Error::from_host)?;
    stream.token("more").map(done).map_err(Error::from_host)
}

pub(crate) fn finish_twice() -> Result<String> {
    let stream = raw_stream()?;
    stream.token("whole").map_err(Error::from_host)?;
    stream.finish().map_err(Error::from_host)?;
    stream.finish().map(done).map_err(Error::from_host)
}

/// Opens until it is refused: the error names how many were open.
pub(crate) fn open_too_many() -> Result<String> {
    let mut steps = Vec::new();
    for _ in 0..100_000 {
        match emitter::step("one more").open() {
            Ok(step) => steps.push(step),
            Err(error) => return Err(error.context(steps.len())),
        }
    }
    Ok(steps.len().to_string())
}

pub(crate) fn open_in_unknown() -> Result<String> {
    let options = wit::emitter::StepOptions {
        name: "child".into(),
        kind: wit::emitter::StepKind::Tool,
        parent_id: Some(NOBODY.into()),
        input_language: None,
        output_language: None,
        default_open: false,
        auto_collapse: false,
        icon: None,
        tags: Vec::new(),
    };
    wit::emitter::open_step(&options).map(|step| step.id()).map_err(Error::from_host)
}

pub(crate) fn send_too_much() -> Result<String> {
    emitter::send("x".repeat(2 << 20)).map(|message| message.id().into())
}

pub(crate) fn show_a_script() -> Result<String> {
    let element = element::image("image.png", Source::url("javascript:alert(1)"));
    emitter::send("a picture")?.element(element).map(|element| element.id().into())
}

/// The wrapper of the SDK cannot be used after `finish`.
fn raw_stream() -> Result<wit::emitter::MessageStream> {
    let draft = wit::emitter::MessageDraft {
        content: String::new(),
        author: None,
        language: None,
        is_error: false,
        metadata: None,
        tags: Vec::new(),
    };
    wit::emitter::stream_message(&draft).map_err(Error::from_host)
}

fn done(_: ()) -> String {
    String::new()
}
