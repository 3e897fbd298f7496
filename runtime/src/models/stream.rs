//! An answer as it comes: server-sent events, each a piece of it.

use reqwest::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::{sync::mpsc, time::timeout};

use super::{SILENCE, failed, silent, unreachable};
use crate::{
    domain::{DataLines, Json, to_json},
    sandbox::{CallError, Piece},
};

/// Bytes of an answer.
const MAX_ANSWER: usize = 4 << 20;
/// Tool calls of an answer.
const MAX_CALLS: usize = 128;
/// Bytes of text that a token stands for, about.
const TOKEN: usize = 4;

/// What has come of an answer.
#[derive(Debug, Default)]
pub(super) struct Answer {
    asked: usize,
    content: String,
    tool_calls: Vec<ToolCall>,
    finish_reason: Option<String>,
    usage: Option<Value>,
    bytes: usize,
}

#[derive(Debug, Default, Serialize)]
struct ToolCall {
    id: String,
    r#type: &'static str,
    function: Function,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Function {
    name: Option<String>,
    arguments: Option<String>,
}

/// One event of a provider; what is not named here does not matter.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Chunk {
    choices: Vec<Choice>,
    usage: Option<Value>,
    error: Option<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Choice {
    delta: Delta,
    finish_reason: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Delta {
    content: Option<String>,
    tool_calls: Option<Vec<CallDelta>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CallDelta {
    index: usize,
    id: Option<String>,
    function: Option<Function>,
}

/// The complete answer, as a bot gets it.
#[derive(Serialize)]
struct Complete<'a> {
    content: &'a str,
    tool_calls: &'a [ToolCall],
    finish_reason: Option<&'a str>,
    usage: Option<&'a Value>,
}

impl Answer {
    /// An answer to a request of so many bytes.
    pub(super) fn new(asked: usize) -> Self {
        Self { asked, ..Self::default() }
    }

    /// Reads all of it, and hands the text on as it comes.
    pub(super) async fn read(
        &mut self,
        mut response: Response,
        pieces: &mpsc::Sender<Piece>,
    ) -> Result<(), CallError> {
        let mut lines = DataLines::default();
        loop {
            let chunk = timeout(SILENCE, response.chunk()).await.map_err(|_| silent())?;
            let Some(chunk) = chunk.map_err(|error| unreachable(&error))? else {
                // Some providers end without saying so.
                return match self.finish_reason {
                    Some(_) => Ok(()),
                    None => Err(failed("the provider's answer breaks off".to_owned())),
                };
            };
            self.bytes += chunk.len();
            for line in lines.push(&chunk) {
                if line == b"[DONE]" {
                    return Ok(());
                }
                let text = self.take(&line)?;
                if !text.is_empty() && pieces.send(Piece::Text(text)).await.is_err() {
                    return Ok(());
                }
            }
        }
    }

    /// Takes one event; returns its text.
    fn take(&mut self, line: &[u8]) -> Result<String, CallError> {
        let chunk: Chunk = serde_json::from_slice(line)
            .map_err(|error| failed(format!("the provider's answer is not understood: {error}")))?;
        if let Some(error) = chunk.error {
            let text: String = error.to_string().chars().take(super::MAX_REFUSAL).collect();
            return Err(failed(format!("the provider fails: {text}")));
        }
        if self.bytes > MAX_ANSWER {
            return Err(failed(format!("the provider's answer has more than {MAX_ANSWER} bytes")));
        }
        self.usage = chunk.usage.or(self.usage.take());
        let Some(choice) = chunk.choices.into_iter().next() else { return Ok(String::new()) };
        self.finish_reason = choice.finish_reason.or(self.finish_reason.take());
        for call in choice.delta.tool_calls.unwrap_or_default() {
            self.call(call)?;
        }
        let text = choice.delta.content.unwrap_or_default();
        self.content.push_str(&text);
        Ok(text)
    }

    fn call(&mut self, delta: CallDelta) -> Result<(), CallError> {
        if delta.index >= MAX_CALLS {
            return Err(failed(format!("the model calls more than {MAX_CALLS} tools")));
        }
        while self.tool_calls.len() <= delta.index {
            self.tool_calls.push(ToolCall { r#type: "function", ..ToolCall::default() });
        }
        let Some(call) = self.tool_calls.get_mut(delta.index) else { return Ok(()) };
        call.id.push_str(&delta.id.unwrap_or_default());
        let function = delta.function.unwrap_or_default();
        if let Some(name) = function.name {
            call.function.name.get_or_insert_default().push_str(&name);
        }
        let arguments = function.arguments.unwrap_or_default();
        call.function.arguments.get_or_insert_default().push_str(&arguments);
        Ok(())
    }

    pub(super) fn to_json(&self) -> Json {
        to_json(&Complete {
            content: &self.content,
            tool_calls: &self.tool_calls,
            finish_reason: self.finish_reason.as_deref(),
            usage: self.usage.as_ref(),
        })
    }

    /// What it cost, or about what if the provider does not say.
    pub(super) fn tokens(&self) -> u64 {
        let said = self.usage.as_ref().and_then(|usage| usage["total_tokens"].as_u64());
        said.unwrap_or(((self.asked + self.content.len()) / TOKEN) as u64)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answer(events: &[Value]) -> (Answer, String) {
        let mut answer = Answer::new(400);
        let text =
            events.iter().map(|it| answer.take(it.to_string().as_bytes()).unwrap()).collect();
        (answer, text)
    }

    fn delta(delta: &Value) -> Value {
        json!({ "choices": [{ "index": 0, "delta": delta, "finish_reason": null }] })
    }

    #[test]
    fn text_and_calls_of_tools_are_put_together_from_their_pieces() {
        let (answer, text) = answer(&[
            delta(&json!({ "role": "assistant", "content": "" })),
            delta(&json!({ "content": "It " })),
            delta(&json!({ "content": "rains." })),
            delta(
                &json!({ "tool_calls": [{ "index": 0, "id": "a", "function": { "name": "look", "arguments": "" } }] }),
            ),
            delta(
                &json!({ "tool_calls": [{ "index": 0, "function": { "arguments": "{\"at\":" } }] }),
            ),
            delta(&json!({ "tool_calls": [{ "index": 0, "function": { "arguments": "1}" } }] })),
            json!({ "choices": [{ "delta": {}, "finish_reason": "tool_calls" }] }),
            json!({ "choices": [], "usage": { "total_tokens": 12 } }),
        ]);
        assert_eq!((text.as_str(), answer.tokens()), ("It rains.", 12));
        insta::assert_snapshot!(answer.to_json().get(), @r#"{"content":"It rains.","tool_calls":[{"id":"a","type":"function","function":{"name":"look","arguments":"{\"at\":1}"}}],"finish_reason":"tool_calls","usage":{"total_tokens":12}}"#);
    }

    #[test]
    fn a_provider_that_tells_no_usage_is_counted_by_its_bytes() {
        let (answer, _) = answer(&[delta(&json!({ "content": "x".repeat(40) }))]);
        assert_eq!(answer.tokens(), 110);
    }

    #[test]
    fn what_is_no_answer_is_a_failure_in_words() {
        let mut answer = Answer::new(0);
        for (line, words) in [
            ("nonsense", "not understood"),
            (r#"{"error": {"message": "overloaded"}}"#, "overloaded"),
            (
                r#"{"choices": [{"delta": {"tool_calls": [{"index": 99999}]}}]}"#,
                "more than 128 tools",
            ),
        ] {
            let error = answer.take(line.as_bytes()).unwrap_err();
            assert!(error.code == "model-failed" && error.message.contains(words), "{error:?}");
        }
    }
}
