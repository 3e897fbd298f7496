//! Questions that a turn waits for: one at a time in a session. Answers come past the mailbox, which the waiting turn holds
//! up.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::Session;
use crate::{
    domain::{Ask, AskId, AskKind, ClientAnswer, FileRequest, StepId},
    sandbox::CallError,
};

/// The question that is open, if one is.
#[derive(Debug, Default)]
pub(super) struct OpenAsks(Mutex<Option<Open>>);

#[derive(Debug)]
struct Open {
    id: AskId,
    /// None for a call of a function.
    ask: Option<Arc<Ask>>,
    answer: oneshot::Sender<ClientAnswer>,
}

impl OpenAsks {
    /// Opens a question. The answer comes at the other end, unless the question is closed before.
    pub(super) fn open(
        &self,
        id: AskId,
        ask: Option<Arc<Ask>>,
    ) -> Result<oneshot::Receiver<ClientAnswer>, CallError> {
        let mut open = self.0.lock();
        if open.is_some() {
            let message = "another question of this session is open; ask again when it is answered";
            return Err(CallError::new("busy", message));
        }
        let (answer, receiver) = oneshot::channel();
        *open = Some(Open { id, ask, answer });
        Ok(receiver)
    }

    /// Closes a question; nothing happens if it is closed.
    pub(super) fn close(&self, id: AskId) {
        self.0.lock().take_if(|open| open.id == id);
    }

    fn answer(&self, id: AskId, answer: ClientAnswer) {
        let open = self.0.lock().take_if(|open| open.id == id && open.fits(&answer));
        if let Some(open) = open {
            // The turn may have ended just now.
            drop(open.answer.send(answer));
        }
    }

    fn file_request(&self, parent: StepId) -> Option<FileRequest> {
        let open = self.0.lock();
        let ask = open.as_ref()?.ask.as_ref()?;
        match &ask.kind {
            // Clients name the parent of the message that asks; the message itself would do as well.
            AskKind::File(request)
                if ask.step.parent_id == Some(parent) || ask.step.id == parent =>
            {
                Some(request.clone())
            }
            _ => None,
        }
    }
}

impl Open {
    /// Whether a client answers what it was asked.
    fn fits(&self, answer: &ClientAnswer) -> bool {
        let kind = self.ask.as_ref().map(|ask| &ask.kind);
        match (kind, answer) {
            (Some(AskKind::Text), ClientAnswer::Text(_))
            | (Some(AskKind::Element(_)) | None, ClientAnswer::Json(_)) => true,
            (Some(AskKind::Action(keys)), ClientAnswer::Action(id)) => keys.contains(id),
            (Some(AskKind::File(request)), ClientAnswer::Files(files)) => {
                !files.is_empty() && files.len() <= request.max_files as usize
            }
            _ => false,
        }
    }
}

impl Session {
    /// The user answered a question, or the page a call. An answer to an older question, or to another kind, is ignored.
    pub fn answer(&self, id: AskId, answer: ClientAnswer) {
        self.live().asks.answer(id, answer);
    }

    /// Which files the open question asks for, if it stands below `parent`.
    #[must_use]
    pub fn file_request(&self, parent: StepId) -> Option<FileRequest> {
        self.live().asks.file_request(parent)
    }
}
