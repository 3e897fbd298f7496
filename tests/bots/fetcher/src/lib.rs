//! Sends requests to wherever it is told to, and says what came of each: the status and the length of the answer, or the
//! code of the failure.

use std::io::Read;

use chinwag_sdk::{
    Bot, Error, Message, Profile, Result, emitter,
    http::{self, Response},
    json,
    model::{self, Completion},
};

struct Fetcher;

#[chinwag_sdk::bot]
impl Bot for Fetcher {
    fn describe() -> Result<Profile> {
        Ok(Profile::new()
            .request_host("api.example.com")
            .request_secret("key")
            .request_model("small"))
    }

    fn on_message(message: Message) -> Result {
        let (command, argument) = message.text.split_once(' ').unwrap_or((&message.text, ""));
        let said = match command {
            "get" => said(get(argument)),
            "read" => get(argument).and_then(Response::text).unwrap_or_else(|error| code(&error)),
            "follow" => said(follow(argument)),
            "post" => said(post(argument)),
            "secret" => said(http::get(argument).header("x-key", "{{secret:key}}").send()),
            "complete" => return complete(argument),
            "exhaust" => exhaust(argument),
            // Until one is refused.
            "flood" => {
                let mut count = 0;
                let error = loop {
                    match get(argument) {
                        Ok(_) => count += 1,
                        Err(error) => break error,
                    }
                };
                format!("{count} requests, then {}", code(&error))
            }
            other => format!("`{other}` is no command"),
        };
        emitter::send(said)?;
        Ok(())
    }
}

/// Asks a model, which answers in a streamed message.
fn complete(argument: &str) -> Result {
    let (name, text) = argument.split_once(' ').unwrap_or((argument, ""));
    let request = json!({ "messages": [{ "role": "user", "content": text }] });
    let completion = match model::complete(name, &request) {
        Ok(completion) => completion,
        Err(error) => return emitter::send(code(&error)).map(drop),
    };
    let message = emitter::stream()?;
    match completion.stream_into(&message) {
        Ok(answer) => message.token(format!(" ({})", answer.finish_reason.unwrap_or_default())),
        Err(error) => message.token(format!(" ({})", code(&error))),
    }
}

/// Asks a model again and again, until it is refused.
fn exhaust(name: &str) -> String {
    let request = json!({ "messages": [{ "role": "user", "content": "again" }] });
    let mut count = 0;
    loop {
        match model::complete(name, &request).and_then(Completion::answer) {
            Ok(_) => count += 1,
            Err(error) => return format!("{count} answers, then {}", code(&error)),
        }
    }
}

fn get(url: &str) -> Result<Response> {
    http::get(url).send()
}

/// Follows redirects, as a careless bot would.
fn follow(url: &str) -> Result<Response> {
    let response = get(url)?;
    match response.header("location") {
        Some(location) => follow(location),
        None => Ok(response),
    }
}

/// Sends as many bytes as the number before the address says.
fn post(argument: &str) -> Result<Response> {
    let (count, url) = argument.split_once(' ').unwrap_or(("0", argument));
    http::post(url).body(vec![b'x'; count.parse()?]).send()
}

fn said(response: Result<Response>) -> String {
    let mut response = match response {
        Ok(response) => response,
        Err(error) => return code(&error),
    };
    let mut bytes = Vec::new();
    let read = response.read_to_end(&mut bytes);
    let status = response.status();
    match read {
        Ok(length) => format!("{status}, {length} bytes"),
        Err(_) => format!("{status}, cut after {} bytes", bytes.len()),
    }
}

fn code(error: &Error) -> String {
    error.code().unwrap_or("none").to_owned()
}
