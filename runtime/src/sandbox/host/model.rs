//! Models: the answer comes in pieces, which the guest takes or has put into a message.

use wasmtime::{Result, component::Resource};

use super::{CallError, Error, HostCall, OpenStream, TurnState, check};
use crate::{
    domain::{ByteSize, Json, parse_json},
    sandbox::{
        Piece,
        bindings::chinwag::bot::{emitter::HostMessageStream as _, model},
        budget::fits,
        state::Completion,
    },
};

/// Bytes of a request.
const MAX_REQUEST: ByteSize = ByteSize::mib(4);

/// A guest that does not take pieces has no more, however many answers it begins.
const MAX_OPEN: usize = 16;

impl TurnState {
    /// The next piece of text; none when there is no more.
    async fn piece(
        &mut self,
        it: &Resource<Completion>,
    ) -> Result<Result<Option<String>, CallError>> {
        let completion = self.table.get_mut(it)?;
        if completion.end.is_none() {
            completion.end = Some(match completion.pieces.recv().await {
                Some(Piece::Text(text)) => return Ok(Ok(Some(text))),
                Some(Piece::Complete(answer)) => Ok(answer),
                Some(Piece::Failed(error)) => Err(error),
                None => Err(CallError::new("model-failed", "the server gave the answer up")),
            });
        }
        Ok(match &completion.end {
            Some(Err(error)) => Err(error.clone()),
            Some(Ok(_)) | None => Ok(None),
        })
    }

    /// The complete answer, if it is there.
    fn whole(&self, it: &Resource<Completion>) -> Result<Option<Json>> {
        let end = self.table.get(it)?.end.as_ref();
        Ok(end.and_then(|end| end.as_ref().ok()).cloned())
    }
}

impl model::Host for TurnState {
    async fn complete(
        &mut self,
        model: String,
        request: String,
    ) -> Result<Result<Resource<Completion>, Error>> {
        check!(self, fits(request.len(), MAX_REQUEST));
        let request = check!(self, parse_json(request));
        if self.completions >= MAX_OPEN {
            let message =
                format!("{MAX_OPEN} answers of models are open; take one before asking again");
            return self.refuse(CallError::new("too-many-open", message)).await;
        }
        let asked = self.ask(|reply| HostCall::Complete { model, request, reply }).await?;
        let pieces = check!(self, asked);
        self.completions += 1;
        Ok(Ok(self.table.push(Completion { pieces, end: None })?))
    }
}

impl model::HostCompletion for TurnState {
    async fn next(&mut self, it: Resource<Completion>) -> Result<Result<Option<String>, Error>> {
        Ok(Ok(check!(self, self.piece(&it).await?)))
    }

    async fn stream_into(
        &mut self,
        it: Resource<Completion>,
        stream: Resource<OpenStream>,
    ) -> Result<Result<(), Error>> {
        while let Some(text) = check!(self, self.piece(&it).await?) {
            let stream = Resource::new_borrow(stream.rep());
            if let Err(error) = self.token(stream, text).await? {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    }

    async fn answer(&mut self, it: Resource<Completion>) -> Result<Result<String, Error>> {
        while check!(self, self.piece(&it).await?).is_some() {}
        let answer = self.whole(&it)?;
        Ok(Ok(answer.map(|answer| answer.get().to_owned()).unwrap_or_default()))
    }

    async fn drop(&mut self, it: Resource<Completion>) -> Result<()> {
        self.table.delete(it)?;
        self.completions -= 1;
        Ok(())
    }
}
