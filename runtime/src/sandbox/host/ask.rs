//! Questions: the turn waits, its clock stands still.

use std::time::Duration;

use wasmtime::Result;

use super::{CallError, Error, HostCall, TurnState, at_most, check, components::component};
use crate::{
    domain::{AskReply, FileRequest},
    sandbox::{
        AskDraft,
        bindings::chinwag::bot::{ask, components, emitter, files},
        convert::json_object,
        turn::TurnError,
        weight::Weigh,
    },
};

const TEXT: Duration = Duration::from_secs(60);
const CHOICE: Duration = Duration::from_secs(90);
const FUNCTION: Duration = Duration::from_secs(300);
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

const MAX_ACTIONS: usize = 64;
const MAX_ACCEPT: usize = 64;
const MAX_FILES: u32 = 100;
/// Bytes of a function's name.
const MAX_FUNCTION: usize = 256;

fn timeout(milliseconds: Option<u32>, default: Duration) -> Duration {
    milliseconds.map_or(default, |it| Duration::from_millis(it.into()).min(LONGEST))
}

fn function(name: String) -> Result<String, CallError> {
    if (1..=MAX_FUNCTION).contains(&name.len()) {
        return Ok(name);
    }
    let message = format!(
        "the name of a function has 1 to {MAX_FUNCTION} bytes, this one has {}",
        name.len()
    );
    Err(CallError::new("invalid-name", message))
}

impl TurnState {
    /// Asks, and waits for the answer of the kind that `take` knows.
    async fn question<T>(
        &mut self,
        draft: Box<AskDraft>,
        timeout: Duration,
        take: impl FnOnce(AskReply) -> Option<T>,
    ) -> Result<Result<Option<T>, Error>> {
        let wall = self.wall.clone();
        let asked = self.ask(|reply| HostCall::Ask { draft, timeout, reply });
        let Some(answer) = check!(self, wall.pause(asked).await?) else { return Ok(Ok(None)) };
        match take(answer) {
            Some(answer) => Ok(Ok(Some(answer))),
            None => Err(TurnError::Internal("an answer of another kind".to_owned()).into()),
        }
    }
}

fn json(answer: AskReply) -> Option<String> {
    let AskReply::Json(json) = answer else { return None };
    Some(json.get().to_owned())
}

impl ask::Host for TurnState {
    async fn message(
        &mut self,
        question: emitter::MessageDraft,
        timeout_ms: Option<u32>,
    ) -> Result<Result<Option<ask::TextAnswer>, Error>> {
        check!(self, self.emit(question.weight())?);
        let draft = AskDraft::Text { question: check!(self, question.try_into()) };
        self.question(Box::new(draft), timeout(timeout_ms, TEXT), |answer| match answer {
            AskReply::Text { message_id, text } => {
                Some(ask::TextAnswer { message_id: message_id.to_string(), text })
            }
            _ => None,
        })
        .await
    }

    async fn action(
        &mut self,
        question: emitter::MessageDraft,
        actions: Vec<emitter::ActionButton>,
        timeout_ms: Option<u32>,
    ) -> Result<Result<Option<ask::Choice>, Error>> {
        check!(self, self.emit(question.weight() + actions.weight())?);
        check!(self, at_most(MAX_ACTIONS, actions.len(), "buttons"));
        let actions = actions.into_iter().map(TryInto::try_into).collect::<Result<_, CallError>>();
        let draft = AskDraft::Action {
            question: check!(self, question.try_into()),
            actions: check!(self, actions),
        };
        self.question(Box::new(draft), timeout(timeout_ms, CHOICE), |answer| match answer {
            AskReply::Action { id, name, label, payload } => Some(ask::Choice {
                id: id.to_string(),
                name,
                label,
                payload: payload.get().to_owned(),
            }),
            _ => None,
        })
        .await
    }

    async fn file(
        &mut self,
        question: emitter::MessageDraft,
        request: ask::FileRequest,
        timeout_ms: Option<u32>,
    ) -> Result<Result<Option<Vec<files::FileInfo>>, Error>> {
        check!(self, self.emit(question.weight() + request.accept.weight())?);
        check!(self, at_most(MAX_ACCEPT, request.accept.len(), "types of files"));
        let request = FileRequest {
            accept: request.accept,
            max_files: request.max_files.clamp(1, MAX_FILES),
            max_bytes: request.max_bytes,
        };
        let draft = AskDraft::File { question: check!(self, question.try_into()), request };
        self.question(Box::new(draft), timeout(timeout_ms, CHOICE), |answer| match answer {
            AskReply::Files(files) => Some(files.into_iter().map(Into::into).collect()),
            _ => None,
        })
        .await
    }

    async fn element(
        &mut self,
        question: emitter::MessageDraft,
        element: components::Component,
        timeout_ms: Option<u32>,
    ) -> Result<Result<Option<String>, Error>> {
        check!(self, self.emit(question.weight() + element.weight())?);
        let element = components::Component { message_id: None, ..element };
        let draft = AskDraft::Element {
            question: check!(self, question.try_into()),
            component: check!(self, component(element)),
        };
        self.question(Box::new(draft), timeout(timeout_ms, CHOICE), json).await
    }

    async fn call_function(
        &mut self,
        name: String,
        arguments: String,
        timeout_ms: Option<u32>,
    ) -> Result<Result<Option<String>, Error>> {
        check!(self, self.emit(name.weight() + arguments.weight())?);
        let draft = AskDraft::Function {
            name: check!(self, function(name)),
            arguments: check!(self, json_object(arguments)),
        };
        self.question(Box::new(draft), timeout(timeout_ms, FUNCTION), json).await
    }
}
