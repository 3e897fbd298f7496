//! Messages: whole, streamed, changed, removed, failed.

use chinwag_sdk::{
    Error, Json, Message, Result,
    emitter::{self, element},
    json,
};
use serde::Serialize;

use crate::{python, wait};

pub(crate) fn hello() -> Result {
    emitter::send("Hello from the bot").map(drop)
}

/// `tok0 tok1 …`, as fast as a person reads.
pub(crate) fn stream(count: Option<&str>) -> Result {
    let count: u32 = count.map_or(Ok(12), str::parse)?;
    let stream = emitter::stream()?;
    for n in 0..count {
        stream.token(format!("tok{n} "))?;
        wait(150);
    }
    stream.finish().map(drop)
}

/// A stream that says all of its text anew each time.
pub(crate) fn rewrite() -> Result {
    let stream = emitter::stream()?;
    stream.token("one")?;
    stream.replace("one two")?;
    stream.replace("one two three")?;
    stream.finish()?.update("one two three done")
}

/// Long enough for the user to press stop.
pub(crate) fn slow() -> Result {
    let stream = emitter::stream()?;
    for n in 0..200 {
        stream.token(format!("s{n} "))?;
        wait(100);
    }
    stream.finish().map(drop)
}

pub(crate) fn update() -> Result {
    let message = emitter::send("before")?;
    wait(300);
    message.update("after")
}

pub(crate) fn remove() -> Result {
    let message = emitter::send("to be removed")?;
    let file = message.element(element::text("rm.txt", "x"))?;
    wait(300);
    file.remove()?;
    message.remove()?;
    emitter::send("removed").map(drop)
}

pub(crate) fn code() -> Result {
    emitter::message("{\n    \"a\": 1\n}").language("json").send()?;
    emitter::message("print('hi')").language("python").send().map(drop)
}

pub(crate) fn fail() -> Result {
    Err(Error::new("handler exploded"))
}

pub(crate) fn error() -> Result {
    emitter::message("This is an error message").error().send().map(drop)
}

/// Shown under the name that `rename_author` makes of this one.
pub(crate) fn renamed() -> Result {
    emitter::message("renamed author").author("ToRename").send().map(drop)
}

pub(crate) fn author(name: String) -> String {
    if name == "ToRename" { "Renamed Bot".to_owned() } else { name }
}

/// What the client sent beside the text.
pub(crate) fn echo(message: &Message) -> Result {
    #[derive(Serialize)]
    struct Echo<'a> {
        command: Option<&'a str>,
        modes: Json,
        metadata: Json,
        author: &'a str,
    }
    let modes = message.modes.iter().map(|(mode, option)| (mode.clone(), json!(option)));
    let echo = Echo {
        command: message.command.as_deref(),
        modes: Json::Object(modes.collect()),
        metadata: message.metadata_as()?,
        author: &message.author,
    };
    emitter::send(python::dumps(&echo)?).map(drop)
}
