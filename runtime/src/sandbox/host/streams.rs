//! Streamed messages.

use wasmtime::{Result, component::Resource};

use super::{CallError, Error, HostCall, OpenStream, TurnState, check, emitter::HostMessageStream};
use crate::{domain::StepId, sandbox::weight::Weigh};

pub(super) fn finished(what: &str) -> CallError {
    CallError::new("finished", format!("this {what} is finished; open a new one"))
}

impl TurnState {
    /// The id of a stream that still takes text.
    fn stream(&self, it: &Resource<OpenStream>) -> Result<Result<StepId, CallError>> {
        let stream = self.table.get(it)?;
        Ok(if stream.is_finished { Err(finished("stream")) } else { Ok(stream.id) })
    }

    async fn token(
        &mut self,
        it: &Resource<OpenStream>,
        text: String,
        replaces: bool,
    ) -> Result<Result<(), Error>> {
        let id = check!(self, self.stream(it)?);
        check!(self, self.emit(text.weight())?);
        self.call(HostCall::StreamToken { id, text, replaces }).await?;
        Ok(Ok(()))
    }
}

impl HostMessageStream for TurnState {
    async fn id(&mut self, it: Resource<OpenStream>) -> Result<String> {
        Ok(self.table.get(&it)?.id.to_string())
    }

    async fn token(&mut self, it: Resource<OpenStream>, text: String) -> Result<Result<(), Error>> {
        Self::token(self, &it, text, false).await
    }

    async fn replace(
        &mut self,
        it: Resource<OpenStream>,
        text: String,
    ) -> Result<Result<(), Error>> {
        Self::token(self, &it, text, true).await
    }

    async fn finish(&mut self, it: Resource<OpenStream>) -> Result<Result<(), Error>> {
        let id = check!(self, self.stream(&it)?);
        self.table.get_mut(&it)?.is_finished = true;
        self.open.remove(&id);
        self.call(HostCall::FinishStream { id }).await?;
        Ok(Ok(()))
    }

    async fn drop(&mut self, it: Resource<OpenStream>) -> Result<()> {
        let stream = self.table.delete(it)?;
        if !stream.is_finished {
            self.open.remove(&stream.id);
            self.call(HostCall::FinishStream { id: stream.id }).await?;
        }
        Ok(())
    }
}
