//! Does at the begin what a key of the user says: `greet`, `explode`, or nothing. So one bot stands for
//! several apps that were recorded.

use chinwag_sdk::{
    Bot, Category, Error, Json, Message, Profile, Result, Starter, emitter, json, session,
    thread::Thread,
};

const KEY: &str = "API_KEY";

struct Herald;

#[chinwag_sdk::bot]
impl Bot for Herald {
    fn on_chat_start() -> Result {
        match key().as_str() {
            "greet" => emitter::send("Welcome!").map(drop),
            "explode" => Err(Error::new("chat start exploded")),
            _ => Ok(()),
        }
    }

    fn on_chat_resume(_: Thread) -> Result {
        emitter::send("Welcome back").map(drop)
    }

    fn on_message(message: Message) -> Result {
        match message.text.as_str() {
            "hello" => emitter::send("Hello from the bot").map(drop),
            "error" => Err(Error::new("handler exploded")),
            "session" => emitter::send(told().to_string()).map(drop),
            other => emitter::send(format!("You said: {other}")).map(drop),
        }
    }

    fn describe() -> Result<Profile> {
        let hello = Starter::new("Say hello", "hello").icon("/public/a.png");
        let category = Category::new("Cat one").icon("/public/a.png");
        Ok(Profile::new()
            .display_name("Alpha")
            .description("The **alpha** profile")
            .icon("/public/a.png")
            .require_environment(KEY)
            .with_starter(hello)
            .category(category.starter(Starter::new("c1", "hello"))))
    }
}

fn key() -> String {
    session::environment(KEY).unwrap_or_default()
}

fn told() -> Json {
    json!({
        "id": session::id(),
        "env": { KEY: key() },
        "counter": 1,
        "settings": {},
        "user": null,
        "resumed": null,
        "stopped": null,
        "profile": session::chat_profile(),
        "client": session::client_type(),
    })
}
