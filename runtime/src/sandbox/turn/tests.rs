//! Turns of a built bot.

use super::*;
use crate::domain::{StepId, UserMessage};

fn said(text: &str) -> Event {
    Event::Message(Box::new(UserMessage {
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
    }))
}

#[tokio::test]
async fn each_turn_of_the_echo_bot_says_back_what_was_said() {
    let (program, limits) = (Program::echo(), Arc::<Limits>::default());
    let bot: BotName = "echo".parse().unwrap();
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
        let turn = program.turn(TurnContext::for_nobody(&bot), said(&text), limits.clone(), calls);
        let (answer, heard) = tokio::join!(turn, heard);
        assert!(matches!(answer, Ok(Answer::Done)), "{answer:?}");
        assert_eq!(heard, [text]);
    }
}
