//! Steps: nested, streamed, failed.

use chinwag_sdk::{Error, Result, emitter, json};

use crate::wait;

pub(crate) fn nested() -> Result {
    let outer = emitter::step("outer_tool").tool().open()?;
    outer.input_json(&json!({ "q": "weather" }))?;
    think()?;
    retrieve()?;
    outer.output("outer output")?;
    outer.finish()?;
    add("x", 2)?;
    emitter::send("All steps finished").map(drop)
}

/// Appears inside the step that is open.
fn think() -> Result {
    let step = emitter::step("inner_llm").llm().open()?;
    step.input("prompt text")?;
    for token in ["think", "ing ", "done"] {
        step.token(token)?;
        wait(20);
    }
    step.finish()
}

fn retrieve() -> Result {
    let draft = emitter::step("inner_retrieval").retrieval().icon("search").tag("a");
    let step = draft.output_language("json").default_open().auto_collapse().open()?;
    step.input("query")?;
    step.output_json(&json!({ "docs": [1, 2] }))?;
    step.finish()
}

fn add(a: &str, b: u32) -> Result {
    let arguments = json!({ "a": a, "b": b });
    emitter::step("decorated_tool").tool().output_language("json").run(|step| {
        step.input_json(&arguments)?;
        step.output_json(&arguments)
    })
}

pub(crate) fn long() -> Result {
    let step = emitter::step("long_tool").tool().open()?;
    step.input("in")?;
    wait(1_000);
    step.output("out")?;
    step.finish()?;
    emitter::send("long step finished").map(drop)
}

/// `run` ends the step as failed when the work fails.
pub(crate) fn failed() -> Result {
    emitter::step("bad_tool").tool().run(|step| {
        step.input("x")?;
        Err(Error::new("tool exploded"))
    })
}
