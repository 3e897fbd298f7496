//! Questions that wait for an answer: from the user, or from the page.

use std::time::Duration;

use chinwag_sdk::{Json, Result, ask, call_function, emitter, emitter::Component, json};

use crate::python;

const PATIENCE: Duration = Duration::from_secs(30);
const IMPATIENCE: Duration = Duration::from_secs(1);

pub(crate) fn name() -> Result {
    let name = ask("What is your name?").timeout(PATIENCE).text()?;
    emitter::send(format!("Your name is {}", name.as_deref().unwrap_or("None"))).map(drop)
}

pub(crate) fn too_late() -> Result {
    let answer = ask("Too slow?").timeout(IMPATIENCE).text()?;
    emitter::send(format!("ask result {}", answer.as_deref().unwrap_or("None"))).map(drop)
}

pub(crate) fn choice() -> Result {
    let buttons = [("yes", "Yes"), ("no", "No")]
        .map(|(name, label)| emitter::action(name).label(label).payload(json!({ "value": name })));
    let chosen = match ask("Choose!").timeout(PATIENCE).actions(buttons)? {
        Some(choice) => python::repr(&choice.payload_as()?),
        None => "None".to_owned(),
    };
    emitter::send(format!("You chose {chosen}")).map(drop)
}

pub(crate) fn files() -> Result {
    let question = ask("Upload a text file").timeout(PATIENCE).file();
    let files = question.accept("text/plain").max_size_mb(1).max_files(2).receive()?;
    let files = files.unwrap_or_default();
    let files: Vec<_> =
        files.iter().map(|file| format!("{} {} {}", file.name, file.mime, file.size)).collect();
    emitter::send(format!("Uploaded: {}", files.join(", "))).map(drop)
}

pub(crate) fn form() -> Result {
    let form = Component::new("Form").props(&json!({ "title": "T" }));
    let answer = ask("Fill the form").timeout(PATIENCE).element(form)?;
    emitter::send(format!("element result {}", python::dumps(&answer)?)).map(drop)
}

pub(crate) fn function() -> Result {
    tell(call_function("test_fn", &json!({ "a": 1 }))?.as_ref())
}

pub(crate) fn slow_function() -> Result {
    tell(ask::function("slow_fn").timeout(IMPATIENCE).call(&json!({ "a": 1 }))?.as_ref())
}

fn tell(answer: Option<&Json>) -> Result {
    emitter::send(format!("fn result {}", python::dumps(&answer)?)).map(drop)
}
