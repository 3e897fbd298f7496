//! Turns of a built bot.

use std::path::PathBuf;

use super::*;
use crate::domain::{StepId, UserMessage};

/// The example that says back what it hears, as `cargo xtask bots` has built it.
fn echo() -> Program {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../target").into());
    let component = std::fs::read(target.join("bots/echo.wasm"));
    Program::compiled(&component.expect("`cargo xtask bots` builds the bots"))
}

fn context() -> TurnContext {
    TurnContext {
        turn_id: TurnId::random(),
        session_id: SessionId::random(),
        thread_id: ThreadId::random(),
        bot: "echo".parse().unwrap(),
        user: None,
        client: Arc::default(),
        attached: Vec::new(),
        is_edit: false,
        reach: Arc::default(),
        usage: Arc::default(),
    }
}

fn said(text: &str) -> Event {
    Event::Message(UserMessage {
        id: StepId::random(),
        text: text.to_owned(),
        created_at: jiff::Timestamp::UNIX_EPOCH,
        author: "User".to_owned(),
        parent_id: None,
        command: None,
        modes: BTreeMap::new(),
        metadata: parse_json("{}".into()).unwrap(),
        files: Vec::new(),
        is_edit: false,
    })
}

#[tokio::test]
async fn each_turn_of_the_echo_bot_says_back_what_was_said() {
    let (program, limits) = (echo(), Limits::default());
    for number in 0..3 {
        let text = format!("message {number:06}");
        let (calls, mut served) = mpsc::channel(256);
        let heard = async {
            let mut heard = Vec::new();
            while let Some(call) = served.recv().await {
                match call {
                    HostCall::SendMessage { draft, .. } => heard.push(draft.content),
                    other => panic!("an echo does not ask for {other:?}"),
                }
            }
            heard
        };
        let turn = program.turn(context(), said(&text), &limits, calls);
        let (answer, heard) = tokio::join!(turn, heard);
        assert!(matches!(answer, Ok(Answer::Done)), "{answer:?}");
        assert_eq!(heard, [text]);
    }
}
