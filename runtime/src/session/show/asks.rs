//! Questions and calls: the turn waits until the user or the page has answered, or nobody has in time.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::{sync::oneshot, time::timeout};

use super::Show;
use crate::{
    domain::{
        Action, ActionDraft, ActionId, Ask, AskId, AskKind, AskReply, ClientAnswer, ElementId,
        Emit, FunctionCall, Json, Step, StepId, StepKind, UserMessage,
    },
    sandbox::{AskDraft, CallError, MessageDraft, Reply, answer},
    session::turn::Place,
};

/// How a question ended.
enum Outcome {
    Answered(ClientAnswer),
    TimedOut,
    /// The turn was stopped.
    Abandoned,
}

/// A question that is about to be shown.
struct Question {
    step: Step,
    kind: AskKind,
    actions: Vec<Arc<Action>>,
}

impl Show<'_> {
    pub(super) async fn ask(
        &mut self,
        draft: AskDraft,
        limit: Duration,
        mut reply: Reply<Option<AskReply>>,
    ) {
        let result = match draft {
            AskDraft::Function { name, arguments } => {
                self.call_function(name, arguments, limit, &mut reply).await
            }
            draft => self.question(draft, limit, &mut reply).await,
        };
        answer(reply, result);
    }

    async fn call_function(
        &mut self,
        name: String,
        arguments: Json,
        limit: Duration,
        reply: &mut Reply<Option<AskReply>>,
    ) -> Result<Option<AskReply>, CallError> {
        let id = AskId::random();
        let answer = self.live.asks.open(id, None)?;
        self.live.checkpoint().await;
        let call = FunctionCall { id, name, arguments, timeout: limit };
        self.emit(Emit::FunctionCalled(Arc::new(call))).await;
        let outcome = self.wait(answer, limit, reply).await;
        self.live.asks.close(id);
        match outcome {
            Outcome::Answered(answer) => {
                self.emit(Emit::ClearCallFn).await;
                Ok(json(answer))
            }
            Outcome::TimedOut => {
                self.emit(Emit::FunctionTimedOut).await;
                Ok(None)
            }
            Outcome::Abandoned => {
                self.emit(Emit::ClearCallFn).await;
                Ok(None)
            }
        }
    }

    async fn question(
        &mut self,
        draft: AskDraft,
        limit: Duration,
        reply: &mut Reply<Option<AskReply>>,
    ) -> Result<Option<AskReply>, CallError> {
        // On the heap: a question waits for long, and would have room for what comes before and after.
        let question = Box::pin(self.prepare(draft)).await?;
        let id = AskId::random();
        let ask = Arc::new(Ask {
            id,
            step: Arc::new(question.step.clone()),
            kind: question.kind.clone(),
            timeout: limit,
        });
        let answer = self.live.asks.open(id, Some(ask.clone()))?;
        // Buttons and components come first: clients show the question with what they know then.
        Box::pin(self.show_parts(&question)).await;
        self.emit(Emit::Ask(ask)).await;
        self.live.checkpoint().await;
        let outcome = self.wait(answer, limit, reply).await;
        self.live.asks.close(id);
        self.resume_work(&outcome).await;
        let (reply, otherwise) = match outcome {
            Outcome::Answered(answer) => {
                (Box::pin(self.take(&question, answer)).await, "Cancelled")
            }
            Outcome::TimedOut => (None, "Timed out: no action was taken"),
            Outcome::Abandoned => (None, "Cancelled"),
        };
        Box::pin(self.settle(question, reply.as_ref(), otherwise)).await;
        Ok(reply)
    }

    /// Waits for an answer, for as long as somebody waits for it.
    async fn wait(
        &self,
        answer: oneshot::Receiver<ClientAnswer>,
        limit: Duration,
        reply: &mut Reply<Option<AskReply>>,
    ) -> Outcome {
        let away = self.place.and_then(Place::leave);
        let outcome = tokio::select! {
            answer = timeout(limit, answer) => match answer {
                Ok(Ok(answer)) => Outcome::Answered(answer),
                Ok(Err(_)) | Err(_) => Outcome::TimedOut,
            },
            () = reply.closed() => Outcome::Abandoned,
        };
        if let Some((place, away)) = self.place.zip(away) {
            place.come_back(away, reply.closed()).await;
        }
        outcome
    }

    async fn prepare(&mut self, draft: AskDraft) -> Result<Question, CallError> {
        let (id, mut actions) = (StepId::random(), Vec::new());
        let (draft, kind) = match draft {
            AskDraft::Text { question } => (question, AskKind::Text),
            AskDraft::File { question, request } => (question, AskKind::File(request)),
            AskDraft::Action { question, actions: drafts } => {
                actions = drafts.into_iter().map(|draft| action(id, draft)).collect();
                (question, AskKind::Action(actions.iter().map(|action| action.id).collect()))
            }
            AskDraft::Element { question, component } => {
                let element = self.component(ElementId::random(), component, Some(id));
                let element_id = element.id;
                self.emit(Emit::ElementShown(Arc::new(element))).await;
                (question, AskKind::Element(element_id))
            }
            AskDraft::Function { .. } => {
                return Err(CallError::new("invalid", "a call of a function is no question"));
            }
        };
        Ok(Question { step: self.asking(id, draft).await, kind, actions })
    }

    async fn asking(&mut self, id: StepId, draft: MessageDraft) -> Step {
        let mut step = self.message(id, draft).await;
        step.end = Some(step.start);
        step.is_asking = true;
        step
    }

    async fn show_parts(&mut self, question: &Question) {
        for action in &question.actions {
            self.emit(Emit::ActionAdded(action.clone())).await;
        }
    }

    /// Shows that the bot is at work again, as Chainlit does it.
    async fn resume_work(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Answered(_) => {
                if self.is_framed {
                    self.emit(Emit::TurnEnd).await;
                }
                self.emit(Emit::ClearAsk).await;
            }
            Outcome::TimedOut => self.emit(Emit::AskTimedOut).await,
            Outcome::Abandoned => self.emit(Emit::ClearAsk).await,
        }
        if self.is_framed {
            let is_over = matches!(outcome, Outcome::Answered(_));
            self.emit(if is_over { Emit::TurnStart } else { Emit::TurnGoesOn }).await;
        }
    }

    /// What the bot gets of a client's answer.
    async fn take(&mut self, question: &Question, answer: ClientAnswer) -> Option<AskReply> {
        match answer {
            ClientAnswer::Text(message) => Some(self.take_text(question, message).await),
            ClientAnswer::Action(id) => {
                let action = question.actions.iter().find(|action| action.id == id)?;
                let draft = &action.draft;
                self.live.interact(&draft.name).await;
                Some(AskReply::Action {
                    id,
                    name: draft.name.clone(),
                    label: draft.label.clone(),
                    payload: draft.payload.clone(),
                })
            }
            ClientAnswer::Files(ids) => {
                self.live.interact("file").await;
                let files: Vec<_> =
                    ids.iter().filter_map(|id| self.live.elements.info(*id)).collect();
                Some(AskReply::Files(files))
            }
            ClientAnswer::Json(json) => {
                self.live.interact("element").await;
                Some(AskReply::Json(json))
            }
        }
    }

    async fn take_text(&mut self, question: &Question, message: UserMessage) -> AskReply {
        self.live.interact(&message.text).await;
        let mut step = Step::new(self.live.thread_id, StepKind::UserMessage, message.author);
        step.id = message.id;
        step.parent_id = question.step.parent_id;
        step.output.clone_from(&message.text);
        step.end = Some(step.start);
        let is_known = self.shown(step.id).is_some();
        if !is_known {
            // The client shows it already.
            self.live.note_said(Arc::new(step), false);
        }
        AskReply::Text { message_id: message.id, text: message.text }
    }

    /// Takes away what only an open question needs, and says what became of it.
    async fn settle(&mut self, question: Question, reply: Option<&AskReply>, otherwise: &str) {
        let Question { mut step, kind, actions } = question;
        step.is_asking = false;
        step.end = Some(Timestamp::now());
        for action in actions {
            self.emit(Emit::ActionRemoved(action)).await;
        }
        match kind {
            AskKind::Text | AskKind::File(_) => {
                return self.live.outbox.note(&Emit::StepUpdated(Arc::new(step)));
            }
            AskKind::Action(_) => {
                step.output = match reply {
                    Some(AskReply::Action { label, name, .. }) => {
                        let label = if label.is_empty() { name } else { label };
                        format!("**Selected:** {label}")
                    }
                    _ => otherwise.to_owned(),
                };
            }
            AskKind::Element(id) => {
                self.emit(Emit::ElementRemoved(id)).await;
                step.output = match reply {
                    Some(AskReply::Json(json)) if is_submitted(json) => "Thanks for submitting",
                    _ => otherwise,
                }
                .to_owned();
            }
        }
        self.emit(Emit::StepUpdated(Arc::new(step))).await;
    }
}

fn action(message_id: StepId, draft: ActionDraft) -> Arc<Action> {
    Arc::new(Action { id: ActionId::random(), message_id, draft })
}

fn json(answer: ClientAnswer) -> Option<AskReply> {
    match answer {
        ClientAnswer::Json(json) => Some(AskReply::Json(json)),
        ClientAnswer::Text(_) | ClientAnswer::Action(_) | ClientAnswer::Files(_) => None,
    }
}

fn is_submitted(json: &Json) -> bool {
    #[derive(serde::Deserialize)]
    struct Submission {
        submitted: bool,
    }
    serde_json::from_str::<Submission>(json.get()).is_ok_and(|it| it.submitted)
}
