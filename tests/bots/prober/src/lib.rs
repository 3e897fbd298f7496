//! Tries what a bot must not be able to do, and says how it ended: `allowed …` or `refused …`, with
//! the host's code if it gave one. The first word of a message names the attempt, `connect 8000`
//! with its argument.

mod emits;
mod state;
mod system;

use chinwag_sdk::{Bot, Error, Message, Result, emitter};

struct Prober;

#[chinwag_sdk::bot]
impl Bot for Prober {
    fn on_message(message: Message) -> Result {
        let (attempt, argument) = message.text.split_once(' ').unwrap_or((&message.text, ""));
        let outcome = match attempt {
            "env" => Ok(system::environment()),
            "read" => system::read(argument),
            "list" => system::list(),
            "write" => system::write(),
            "connect" => system::connect(argument),
            "resolve" => system::resolve(argument),
            "update" => emits::update_unknown(),
            "remove" => emits::remove_unknown(),
            "attach" => emits::attach_to_unknown(),
            "token-after-finish" => emits::token_after_finish(),
            "finish-twice" => emits::finish_twice(),
            "open" => emits::open_too_many(),
            "parent" => emits::open_in_unknown(),
            "large" => emits::send_too_much(),
            "script-url" => emits::show_a_script(),
            "json" => state::set_invalid_json(),
            "append" => state::append_to_a_number(),
            "key" => state::set_without_a_key(),
            "quota" => state::fill(),
            "store" => state::store(argument),
            _ => Err(Error::new("no such attempt")),
        };
        let outcome = match outcome {
            Ok(outcome) => format!("allowed {outcome}"),
            Err(error) => format!("refused {} {error}", error.code().unwrap_or("-")),
        };
        emitter::send(outcome).map(drop)
    }
}
