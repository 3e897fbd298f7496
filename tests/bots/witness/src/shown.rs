//! What few bots show.

use chinwag_sdk::{
    Error, Result,
    emitter::{
        self, Component,
        element::{self, Source},
    },
    json, sidebar,
};

/// A step whose input comes piece by piece, with what a model was asked.
pub(crate) fn streamed_input() -> Result {
    let step = emitter::step("model").llm().open()?;
    for piece in ["{\"city\":", "\"Basel\"}"] {
        step.stream_input(piece)?;
    }
    step.generation(&json!({ "model": "m", "completion": "sunny" }))?;
    step.output("sunny")?;
    step.finish()
}

pub(crate) fn film() -> Result {
    let film = element::video("film", Source::url("https://example.org/film.mp4"));
    let film = film.player_config(json!({ "file": { "attributes": { "loop": true } } }));
    emitter::message("A film").element(film).send().map(drop)
}

/// The second component takes the place of the first, and then has other props.
pub(crate) fn same_key() -> Result {
    let counter = |count| Component::new("Counter").props(&json!({ "count": count })).key("only");
    let first = counter(1).show()?;
    let second = counter(2).show()?;
    if first != second {
        return Err(Error::new("the same key has two ids"));
    }
    second.update(&json!({ "count": 3 }))
}

/// A panel with an element and a component.
pub(crate) fn title(title: &str) -> Result {
    sidebar::titled(title)
        .element(element::text("words", "words at the side"))
        .component(Component::new("Counter").props(&json!({ "count": 7 })))
        .show()
}

/// Says how a question ended, also that it was refused.
pub(crate) fn answered(answer: Result<Option<String>>) -> Result {
    let text = match answer {
        Ok(Some(answer)) => format!("answered {answer}"),
        Ok(None) => "nobody answered".to_owned(),
        Err(error) => format!("refused {}", error.code().unwrap_or("-")),
    };
    emitter::send(text).map(drop)
}
