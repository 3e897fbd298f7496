//! Work that the user may watch.

use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};

use super::StepKind;
use crate::{Error, Result, wit::emitter as host};

/// A step before it is opened. Made by [`step`](super::step).
#[derive(Clone, Debug)]
#[must_use = "nothing is shown until it is opened"]
pub struct StepDraft {
    options: host::StepOptions,
}

impl StepDraft {
    pub(super) fn new(name: impl Into<String>) -> Self {
        let options = host::StepOptions {
            name: name.into(),
            kind: StepKind::Undefined,
            parent_id: None,
            input_language: Some("json".to_owned()),
            output_language: None,
            default_open: false,
            auto_collapse: false,
            icon: None,
            tags: Vec::new(),
        };
        Self { options }
    }

    /// What kind of work it is; [`StepKind::Undefined`] by default.
    pub fn kind(mut self, kind: StepKind) -> Self {
        self.options.kind = kind;
        self
    }

    /// A tool or function call.
    pub fn tool(self) -> Self {
        self.kind(StepKind::Tool)
    }

    /// A language model's call.
    pub fn llm(self) -> Self {
        self.kind(StepKind::Llm)
    }

    /// A search for documents.
    pub fn retrieval(self) -> Self {
        self.kind(StepKind::Retrieval)
    }

    /// Shows it inside this step, instead of the innermost step that is open.
    pub fn inside(mut self, parent: &Step) -> Self {
        self.options.parent_id = Some(parent.id());
        self
    }

    /// Shows the input as code of this language; `json` by default.
    pub fn input_language(mut self, language: impl Into<String>) -> Self {
        self.options.input_language = Some(language.into());
        self
    }

    /// Shows the input as plain text.
    pub fn plain_input(mut self) -> Self {
        self.options.input_language = None;
        self
    }

    /// Shows the output as code of this language; Markdown by default.
    pub fn output_language(mut self, language: impl Into<String>) -> Self {
        self.options.output_language = Some(language.into());
        self
    }

    /// Unfolds the step at once.
    pub fn default_open(mut self) -> Self {
        self.options.default_open = true;
        self
    }

    /// Folds the step when it ends.
    pub fn auto_collapse(mut self) -> Self {
        self.options.auto_collapse = true;
        self
    }

    /// A Lucide icon's name, instead of the kind's icon.
    pub fn icon(mut self, name: impl Into<String>) -> Self {
        self.options.icon = Some(name.into());
        self
    }

    /// Adds a word to find the step by.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.options.tags.push(tag.into());
        self
    }

    /// Opens the step; it ends when dropped.
    ///
    /// A `?` that leaves the function drops it as well, and so ends it as done: [`run`](Self::run)
    /// tells a failure.
    ///
    /// # Errors
    ///
    /// Codes `too-many-open`, `unknown-parent`.
    pub fn open(self) -> Result<Step> {
        let step = host::open_step(&self.options).map_err(Error::from_host)?;
        Ok(Step { step })
    }

    /// Opens the step, does the work, and ends the step: as failed if the work fails.
    ///
    /// ```
    /// # use chinwag_sdk::emitter;
    /// # fn wrap() -> chinwag_sdk::Result {
    /// let sum: u32 = emitter::step("add").tool().run(|step| {
    ///     step.input_json(&["1", "2"])?;
    ///     let sum = "1".parse::<u32>()? + "2".parse::<u32>()?;
    ///     step.output(sum.to_string())?;
    ///     Ok(sum)
    /// })?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open) and of the work.
    pub fn run<T>(self, work: impl FnOnce(&Step) -> Result<T>) -> Result<T> {
        let step = self.open()?;
        let result = work(&step);
        if let Err(error) = &result {
            step.error(error.to_string())?;
        }
        result
    }
}

/// An open step. What is emitted while it is open appears inside it; it ends when dropped.
#[derive(Debug)]
#[must_use = "a step ends when dropped"]
pub struct Step {
    step: host::Step,
}

impl Step {
    /// The step's id, a UUID.
    #[must_use]
    pub fn id(&self) -> String {
        self.step.id()
    }

    /// Sets the input shown in the step.
    ///
    /// # Errors
    ///
    /// See the [module](super).
    pub fn input(&self, text: impl AsRef<str>) -> Result {
        self.step.set_input(text.as_ref()).map_err(Error::from_host)
    }

    /// Sets the input as JSON, indented.
    ///
    /// # Errors
    ///
    /// If the value cannot be written as JSON.
    pub fn input_json<T: Serialize + ?Sized>(&self, value: &T) -> Result {
        self.input(indented(value)?)
    }

    /// Sets the output, replacing what was streamed.
    ///
    /// # Errors
    ///
    /// See the [module](super).
    pub fn output(&self, text: impl AsRef<str>) -> Result {
        self.step.set_output(text.as_ref()).map_err(Error::from_host)
    }

    /// Sets the output as JSON, indented; `output_language("json")` colours it.
    ///
    /// # Errors
    ///
    /// If the value cannot be written as JSON.
    pub fn output_json<T: Serialize + ?Sized>(&self, value: &T) -> Result {
        self.output(indented(value)?)
    }

    /// Appends to the output as it is made.
    ///
    /// # Errors
    ///
    /// See the [module](super).
    pub fn token(&self, text: impl AsRef<str>) -> Result {
        self.step.stream_output(text.as_ref()).map_err(Error::from_host)
    }

    /// Appends to the input as it is made, for example a model's arguments of a tool call.
    ///
    /// # Errors
    ///
    /// See the [module](super).
    pub fn stream_input(&self, text: impl AsRef<str>) -> Result {
        self.step.stream_input(text.as_ref()).map_err(Error::from_host)
    }

    /// Notes what a model was asked and what it answered: kept for tools that analyse
    /// conversations, and not shown.
    ///
    /// ```
    /// # use chinwag_sdk::{emitter, json};
    /// # fn wrap() -> chinwag_sdk::Result {
    /// let step = emitter::step("gpt").llm().open()?;
    /// step.generation(&json!({ "model": "gpt", "inputs": ["Hi"], "completion": "Hello!" }))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Code `invalid-json` for what is not written as a JSON object.
    pub fn generation<T: Serialize + ?Sized>(&self, generation: &T) -> Result {
        self.step.set_generation(&serde_json::to_string(generation)?).map_err(Error::from_host)
    }

    /// Marks the step as failed, with this text as its output. It stays open.
    ///
    /// # Errors
    ///
    /// See the [module](super).
    pub fn error(&self, text: impl AsRef<str>) -> Result {
        self.step.set_error(text.as_ref()).map_err(Error::from_host)
    }

    /// Ends the step.
    ///
    /// # Errors
    ///
    /// See the [module](super).
    pub fn finish(self) -> Result {
        self.step.finish().map_err(Error::from_host)
    }
}

/// JSON with four spaces, as chat clients show it.
fn indented<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    let mut text = Vec::new();
    let formatter = PrettyFormatter::with_indent(b"    ");
    value.serialize(&mut Serializer::with_formatter(&mut text, formatter))?;
    Ok(String::from_utf8(text)?)
}

#[cfg(test)]
mod tests {
    #[test]
    fn json_is_indented_by_four_spaces() {
        let text = super::indented(&serde_json::json!({ "q": "weather" })).unwrap();
        assert_eq!(text, "{\n    \"q\": \"weather\"\n}");
    }
}
