//! Steps.

use wasmtime::{Result, component::Resource};

use super::{
    CallError, Error, HostCall, OpenStep, TurnState, check, emitter::HostStep, streams::finished,
};
use crate::{
    domain::StepId,
    sandbox::{convert::json_object, weight::Weigh},
};

impl TurnState {
    /// Shows `text` in a step that is still open.
    async fn show(
        &mut self,
        it: &Resource<OpenStep>,
        text: String,
        call: impl FnOnce(StepId, String) -> HostCall,
    ) -> Result<Result<(), Error>> {
        let id = check!(self, self.step(it)?);
        check!(self, self.emit(text.weight())?);
        self.call(call(id, text)).await?;
        Ok(Ok(()))
    }

    fn step(&self, it: &Resource<OpenStep>) -> Result<Result<StepId, CallError>> {
        let step = self.table.get(it)?;
        Ok(if step.is_finished { Err(finished("step")) } else { Ok(step.id) })
    }
}

impl HostStep for TurnState {
    async fn id(&mut self, it: Resource<OpenStep>) -> Result<String> {
        Ok(self.table.get(&it)?.id.to_string())
    }

    async fn set_input(
        &mut self,
        it: Resource<OpenStep>,
        text: String,
    ) -> Result<Result<(), Error>> {
        self.show(&it, text, |id, text| HostCall::SetStepInput { id, text }).await
    }

    async fn set_output(
        &mut self,
        it: Resource<OpenStep>,
        text: String,
    ) -> Result<Result<(), Error>> {
        self.show(&it, text, |id, text| HostCall::SetStepOutput { id, text }).await
    }

    async fn stream_output(
        &mut self,
        it: Resource<OpenStep>,
        token: String,
    ) -> Result<Result<(), Error>> {
        self.show(&it, token, |id, token| HostCall::StreamStepOutput { id, token }).await
    }

    async fn stream_input(
        &mut self,
        it: Resource<OpenStep>,
        token: String,
    ) -> Result<Result<(), Error>> {
        self.show(&it, token, |id, token| HostCall::StreamStepInput { id, token }).await
    }

    async fn set_generation(
        &mut self,
        it: Resource<OpenStep>,
        generation: String,
    ) -> Result<Result<(), Error>> {
        let id = check!(self, self.step(&it)?);
        check!(self, self.emit(generation.weight())?);
        let generation = check!(self, json_object(generation));
        self.call(HostCall::SetStepGeneration { id, generation }).await?;
        Ok(Ok(()))
    }

    async fn set_error(
        &mut self,
        it: Resource<OpenStep>,
        text: String,
    ) -> Result<Result<(), Error>> {
        self.show(&it, text, |id, text| HostCall::SetStepError { id, text }).await
    }

    async fn finish(&mut self, it: Resource<OpenStep>) -> Result<Result<(), Error>> {
        let id = check!(self, self.step(&it)?);
        self.table.get_mut(&it)?.is_finished = true;
        self.open.remove(&id);
        self.call(HostCall::FinishStep { id }).await?;
        Ok(Ok(()))
    }

    async fn drop(&mut self, it: Resource<OpenStep>) -> Result<()> {
        let step = self.table.delete(it)?;
        if !step.is_finished {
            self.open.remove(&step.id);
            self.call(HostCall::FinishStep { id: step.id }).await?;
        }
        Ok(())
    }
}
