//! Questions and function calls: the two events that clients acknowledge with an answer.

use serde::Serialize;
use serde_json::value::RawValue;

use super::step::StepDict;
use crate::domain::{ActionId, Ask, AskKind, ElementId, FunctionCall, StepId};

/// A question.
#[derive(Debug, Serialize)]
pub(in super::super) struct AskDict<'a> {
    msg: StepDict<'a>,
    spec: AskSpec<'a>,
}

/// What is asked for.
#[derive(Debug, Serialize)]
struct AskSpec<'a> {
    /// Seconds.
    timeout: u64,
    r#type: &'static str,
    step_id: StepId,
    #[serde(flatten)]
    wanted: Wanted<'a>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Wanted<'a> {
    Text {},
    Action { keys: &'a [ActionId] },
    File { accept: &'a [String], max_files: u32, max_size_mb: f64 },
    Element { element_id: ElementId },
}

impl<'a> AskDict<'a> {
    pub(super) fn new(ask: &'a Ask) -> Self {
        let (r#type, wanted) = match &ask.kind {
            AskKind::Text => ("text", Wanted::Text {}),
            AskKind::Action(keys) => ("action", Wanted::Action { keys }),
            AskKind::File(request) => {
                let wanted = Wanted::File {
                    accept: &request.accept,
                    max_files: request.max_files,
                    max_size_mb: mebibytes(request.max_bytes),
                };
                ("file", wanted)
            }
            AskKind::Element(element_id) => {
                ("element", Wanted::Element { element_id: *element_id })
            }
        };
        let spec =
            AskSpec { timeout: ask.timeout.as_secs().max(1), r#type, step_id: ask.step.id, wanted };
        Self { msg: StepDict::new(&ask.step), spec }
    }
}

/// Clients count in millions of bytes and servers in `MiB`: rounded down to hundredths, so that what a client sends is taken.
#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn mebibytes(bytes: u64) -> f64 {
    (bytes * 100 / (1 << 20)) as f64 / 100.0
}

/// A call of a function of the page.
#[derive(Debug, Serialize)]
pub(in super::super) struct CallDict<'a> {
    name: &'a str,
    args: &'a RawValue,
}

impl<'a> CallDict<'a> {
    pub(super) fn new(call: &'a FunctionCall) -> Self {
        Self { name: &call.name, args: &call.arguments }
    }
}
