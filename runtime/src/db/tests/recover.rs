//! What a crash cut, ended at the next start.

use super::*;
use crate::domain::StepKind;

const APOLOGY: &str = "The server stopped while this was being answered. Send the message again.";

fn child(parent: &Step, kind: StepKind, output: &str) -> Step {
    let mut step = Step::new(parent.thread_id, kind, "on-message");
    step.parent_id = Some(parent.id);
    step.output = output.into();
    step
}

impl Home {
    async fn recovered(&self) -> usize {
        self.db.recover().await.unwrap()
    }

    /// A thread with one accepted message.
    async fn accepted(&self) -> (ThreadId, Step) {
        let id = self.thread("ann", "one", &["earlier"]).await;
        let message = said(id, "question");
        self.write(vec![step(message.clone()), Change::Accepted(id, message.id)]).await;
        (id, message)
    }

    async fn steps(&self, thread: ThreadId) -> Vec<Arc<Step>> {
        self.db.content(thread).await.unwrap().steps
    }
}

#[tokio::test]
async fn a_message_that_nobody_had_begun_to_answer_gets_a_failed_run_and_an_apology() {
    let home = Home::new().await;
    let (id, message) = home.accepted().await;
    let home = home.reopened().await;
    assert_eq!(home.recovered().await, 1);
    let steps = home.steps(id).await;
    let [_, question, run, apology] = &steps[..] else { panic!("{steps:?}") };
    assert!(!question.is_error);
    assert_eq!(
        (run.kind, run.name.as_str(), run.parent_id),
        (StepKind::Run, "on-message", Some(message.id))
    );
    assert_eq!(run.metadata.as_ref().unwrap().get(), r#"{"interrupted":true}"#);
    assert!(run.is_error && run.end.is_some());
    assert_eq!(
        (apology.kind, apology.name.as_str(), apology.output.as_str(), apology.parent_id),
        (StepKind::AssistantMessage, "Error", APOLOGY, Some(run.id))
    );
    assert!(apology.is_error && apology.end.is_some());
    assert_eq!(home.recovered().await, 0);
    assert_eq!(home.steps(id).await.len(), 4);
    assert_eq!(home.found("ann", "stopped answered").await, ["one"]);
}

#[tokio::test]
async fn an_open_run_and_all_that_is_open_in_it_is_ended_and_what_was_said_stays() {
    let home = Home::new().await;
    let (id, message) = home.accepted().await;
    let noted = Some(parse_json(r#"{"a":1}"#.into()).unwrap());
    let run = Step { metadata: noted, ..child(&message, StepKind::Run, "") };
    let tool = child(&run, StepKind::Tool, "half");
    let done = Step { end: Some(run.start), ..child(&run, StepKind::Tool, "done") };
    let text = Step {
        is_streaming: true,
        end: Some(run.start),
        ..child(&run, StepKind::AssistantMessage, "The ans")
    };
    home.write([&run, &tool, &done, &text].map(|it| step(it.clone())).to_vec()).await;
    assert_eq!(home.recovered().await, 1);
    let steps = home.steps(id).await;
    let [_, _, run, tool, done, text, apology] = &steps[..] else { panic!("{steps:?}") };
    assert_eq!(run.metadata.as_ref().unwrap().get(), r#"{"a":1,"interrupted":true}"#);
    assert!(run.is_error && run.end.is_some() && tool.is_error && tool.end.is_some());
    assert!(!done.is_error && tool.metadata.is_none());
    assert_eq!((text.output.as_str(), text.is_streaming, text.is_error), ("The ans", false, false));
    assert_eq!((apology.output.as_str(), apology.parent_id), (APOLOGY, Some(run.id)));
    assert_eq!(home.recovered().await, 0);
    assert_eq!(home.steps(id).await.len(), 7);
    assert_eq!(home.found("ann", "ans").await, ["one"]);
}

#[tokio::test]
async fn a_question_that_nobody_can_answer_any_more_waits_no_more() {
    let home = Home::new().await;
    let (id, message) = home.accepted().await;
    let run = child(&message, StepKind::Run, "");
    let end = Some(run.start);
    let question = child(&run, StepKind::AssistantMessage, "Which?");
    home.write(vec![step(run), step(Step { is_asking: true, end, ..question })]).await;
    assert_eq!(home.recovered().await, 1);
    let steps = home.steps(id).await;
    let [_, _, _, question, _] = &steps[..] else { panic!("{steps:?}") };
    assert_eq!((question.is_asking, question.is_error), (false, false));
}

#[tokio::test]
async fn a_message_that_was_answered_is_left_alone() {
    let home = Home::new().await;
    let (settled, message) = home.accepted().await;
    home.write(vec![Change::Settled(settled, message.id)]).await;
    // The crash came between the end of the run and the note that the turn is over.
    let (answered, message) = home.accepted().await;
    let run = child(&message, StepKind::Run, "");
    home.write(vec![step(Step { end: Some(run.start), ..run })]).await;
    // The message was removed before it was answered.
    let (removed, message) = home.accepted().await;
    home.write(vec![Change::StepRemoved(removed, message.id)]).await;
    assert_eq!(home.recovered().await, 0);
    for (thread, count) in [(settled, 2), (answered, 3), (removed, 1)] {
        let steps = home.steps(thread).await;
        assert!(steps.len() == count && steps.iter().all(|it| !it.is_error), "{steps:?}");
    }
}

#[tokio::test]
async fn an_open_run_without_a_message_is_ended_without_an_apology() {
    let home = Home::new().await;
    let id = home.thread("", "one", &[]).await;
    home.write(vec![step(Step::new(id, StepKind::Run, "on-chat-start"))]).await;
    assert_eq!(home.recovered().await, 0);
    let steps = home.steps(id).await;
    let [run] = &steps[..] else { panic!("{steps:?}") };
    assert!(run.is_error && run.end.is_some());
    assert_eq!(run.metadata.as_ref().unwrap().get(), r#"{"interrupted":true}"#);
}

#[tokio::test]
async fn each_of_several_messages_is_answered_for() {
    let home = Home::new().await;
    let (id, first) = home.accepted().await;
    let second = said(id, "and then");
    let run = child(&first, StepKind::Run, "");
    home.write(vec![step(run.clone()), step(second.clone()), Change::Accepted(id, second.id)])
        .await;
    let (other, _) = home.accepted().await;
    assert_eq!(home.recovered().await, 3);
    let steps = home.steps(id).await;
    let runs: Vec<_> =
        steps.iter().filter(|it| it.kind == StepKind::Run).map(|it| it.parent_id).collect();
    assert_eq!(runs, [Some(first.id), Some(second.id)]);
    let apologies = |steps: &[Arc<Step>]| steps.iter().filter(|it| it.output == APOLOGY).count();
    assert_eq!((apologies(&steps), apologies(&home.steps(other).await)), (2, 1));
}
