//! Does harm on demand, beyond what the bots that loop, hoard, crash and flood do: forges, reaches for what is not its own,
//! leaks handles, floods. The first word of a message names the attempt, the rest is its argument; the answer says how it ended,
//! `allowed …` or `refused CODE …`. Echoes everything else.

mod flood;
mod forge;
mod script;

use chinwag_sdk::{Bot, Error, Message, Profile, Result, ask, emitter};

struct Rogue;

#[chinwag_sdk::bot]
impl Bot for Rogue {
    fn on_message(message: Message) -> Result {
        let (attempt, argument) = message.text.split_once(' ').unwrap_or((&message.text, ""));
        let outcome = match attempt {
            "update" => forge::update(argument),
            "remove" => forge::remove(argument),
            "button" => forge::button(argument),
            "unbutton" => forge::unbutton(argument),
            "element" => forge::element_below(argument),
            "element-at" => forge::element_at(argument),
            "take-element" => forge::take_element(argument),
            "step" => forge::step_inside(argument),
            "url" => forge::show_url(argument),
            "page" => forge::show_page(argument),
            "author" => forge::speak_as(argument),
            "own" => forge::own(),
            "script" => script::show(argument),
            "fail" => return Err(Error::new(argument)),
            "wait" => wait(),
            "handles" => flood::handles(),
            "steps" => flood::steps(),
            "replace" => flood::replace(argument.parse()?),
            "hide" => flood::hide(),
            "print" => flood::print(),
            "keys" => flood::keys(),
            "value" => flood::value(argument.parse()?),
            "audio" => flood::audio(argument.parse()?),
            _ => return emitter::send(message.text).map(drop),
        };
        let outcome = match outcome {
            Ok(outcome) => format!("allowed {outcome}"),
            Err(error) => format!("refused {} {error}", error.code().unwrap_or("-")),
        };
        emitter::send(outcome).map(drop)
    }

    fn describe() -> Result<Profile> {
        Ok(script::profile())
    }
}

/// Asks something that nobody answers.
fn wait() -> Result<String> {
    let answer = ask("Anybody?").timeout(std::time::Duration::from_secs(86_400)).text()?;
    Ok(answer.unwrap_or_else(|| "no answer".into()))
}
