//! The imports of a bot: each checks what concerns this turn alone and passes the rest on as a [`HostCall`].

use wasmtime::{Result, component::Resource};

use super::{
    CallError, ElementDraft, HostCall, MemoryCall,
    bindings::chinwag::bot::{
        emitter::{self, Error},
        log, session, types,
    },
    budget::fits,
    convert::{json_object, step_id, unknown},
    state::{OpenStep, OpenStream, ProfileDraft, TurnState},
    weight::Weigh,
};
use crate::domain::{ActionId, ByteSize, ElementId, StepId, parse_json};

mod ask;
mod components;
mod composer;
mod files;
mod memory;
mod model;
mod profile;
mod steps;
mod streams;
mod thread;

/// Bytes of one audio chunk.
const AUDIO_CHUNK: ByteSize = ByteSize::mib(1);
/// Bytes of a log line, and of the texts of a profile.
const MAX_LINE: usize = 8 << 10;

/// Leaves the enclosing host function with an error that the guest sees, and that is counted and logged.
macro_rules! check {
    ($state:ident, $result:expr) => {
        match $result {
            Ok(value) => value,
            Err(error) => return $state.refuse(CallError::from(error)).await,
        }
    };
}
pub(super) use check;

impl TurnState {
    /// Counts an emit; too large a one is refused, one too many ends the turn.
    fn emit(&mut self, size: usize) -> Result<Result<(), CallError>> {
        if let Err(error) = fits(size, self.budget.limits().emit_size) {
            return Ok(Err(error));
        }
        self.budget.emit(size)?;
        self.unserved += size;
        Ok(Ok(()))
    }

    /// Counts an element and `more` bytes of text with it. Its content has a limit of its own and lies on disk rather than in the client's queue.
    fn emit_element(
        &mut self,
        element: &emitter::Element,
        more: usize,
    ) -> Result<Result<(), CallError>> {
        let content = match &element.source {
            emitter::ElementSource::Bytes(bytes) => bytes.len(),
            emitter::ElementSource::Url(_) => 0,
        };
        if let Err(error) = fits(content, self.budget.limits().element_size) {
            return Ok(Err(error));
        }
        self.emit(element.weight() + more)
    }

    /// Tells the guest, and everybody who watches it, that a call is refused.
    async fn refuse<T>(&mut self, error: CallError) -> Result<Result<T, Error>> {
        let text = cut(error.message.clone());
        self.call(HostCall::Denied { code: error.code, text }).await?;
        Ok(Err(error.into()))
    }

    /// Makes room for one more stream or step.
    fn open(&mut self) -> Result<StepId, CallError> {
        let limit = self.budget.limits().open_resources;
        if self.open.len() >= limit {
            let message = format!(
                "{limit} streams and steps are open already; finish some before opening more"
            );
            return Err(CallError::new("too-many-open", message));
        }
        let id = StepId::random();
        self.open.insert(id);
        Ok(id)
    }
}

impl types::Host for TurnState {}

impl emitter::Host for TurnState {
    async fn send_message(
        &mut self,
        draft: emitter::MessageDraft,
    ) -> Result<Result<String, Error>> {
        check!(self, self.emit(draft.weight())?);
        let draft = Box::new(check!(self, draft.try_into()));
        let id = StepId::random();
        self.call(HostCall::SendMessage { id, draft }).await?;
        Ok(Ok(id.to_string()))
    }

    async fn update_message(
        &mut self,
        id: String,
        draft: emitter::MessageDraft,
    ) -> Result<Result<(), Error>> {
        check!(self, self.emit(draft.weight())?);
        let draft = Box::new(check!(self, draft.try_into()));
        let id = check!(self, step_id(&id).ok_or_else(|| unknown("message", &id)));
        check!(self, self.ask(|reply| HostCall::UpdateMessage { id, draft, reply }).await?);
        Ok(Ok(()))
    }

    async fn remove_message(&mut self, id: String) -> Result<Result<(), Error>> {
        check!(self, self.emit(id.weight())?);
        let id = check!(self, step_id(&id).ok_or_else(|| unknown("message", &id)));
        check!(self, self.ask(|reply| HostCall::RemoveMessage { id, reply }).await?);
        Ok(Ok(()))
    }

    async fn stream_message(
        &mut self,
        draft: emitter::MessageDraft,
    ) -> Result<Result<Resource<OpenStream>, Error>> {
        check!(self, self.emit(draft.weight())?);
        let draft = Box::new(check!(self, draft.try_into()));
        let id = check!(self, self.open());
        self.call(HostCall::OpenStream { id, draft }).await?;
        Ok(Ok(self.table.push(OpenStream { id, is_finished: false })?))
    }

    async fn open_step(
        &mut self,
        options: emitter::StepOptions,
    ) -> Result<Result<Resource<OpenStep>, Error>> {
        check!(self, self.emit(options.weight())?);
        let options = Box::new(check!(self, options.try_into()));
        let id = check!(self, self.open());
        let opened = self.ask(|reply| HostCall::OpenStep { id, options, reply }).await?;
        if let Err(error) = opened {
            self.open.remove(&id);
            return self.refuse(error).await;
        }
        Ok(Ok(self.table.push(OpenStep { id, is_finished: false })?))
    }

    async fn send_action(
        &mut self,
        message_id: String,
        action: emitter::ActionButton,
    ) -> Result<Result<String, Error>> {
        check!(self, self.emit(action.weight())?);
        let draft = Box::new(check!(self, action.try_into()));
        let message_id =
            check!(self, step_id(&message_id).ok_or_else(|| unknown("message", &message_id)));
        let id = self.ask(|reply| HostCall::SendAction { message_id, draft, reply }).await?;
        Ok(Ok(check!(self, id).to_string()))
    }

    async fn remove_action(&mut self, id: String) -> Result<Result<(), Error>> {
        check!(self, self.emit(id.weight())?);
        let id: ActionId = check!(self, id.parse().map_err(|_| unknown("action", &id)));
        check!(self, self.ask(|reply| HostCall::RemoveAction { id, reply }).await?);
        Ok(Ok(()))
    }

    async fn send_element(&mut self, element: emitter::Element) -> Result<Result<String, Error>> {
        check!(self, self.emit_element(&element, 0)?);
        let draft = Box::new(check!(self, element.try_into()));
        let id = self.ask(|reply| HostCall::SendElement { draft, reply }).await?;
        Ok(Ok(check!(self, id).to_string()))
    }

    async fn update_element(
        &mut self,
        id: String,
        element: emitter::Element,
    ) -> Result<Result<(), Error>> {
        check!(self, self.emit_element(&element, 0)?);
        let draft = Box::new(check!(self, element.try_into()));
        let id: ElementId = check!(self, id.parse().map_err(|_| unknown("element", &id)));
        check!(self, self.ask(|reply| HostCall::UpdateElement { id, draft, reply }).await?);
        Ok(Ok(()))
    }

    async fn send_video(
        &mut self,
        element: emitter::Element,
        player_config: String,
    ) -> Result<Result<String, Error>> {
        check!(self, self.emit_element(&element, player_config.weight())?);
        let player_config = Some(check!(self, json_object(player_config)));
        let draft = check!(self, element.try_into());
        let draft = Box::new(ElementDraft { player_config, ..draft });
        let id = self.ask(|reply| HostCall::SendElement { draft, reply }).await?;
        Ok(Ok(check!(self, id).to_string()))
    }

    async fn remove_element(&mut self, id: String) -> Result<Result<(), Error>> {
        check!(self, self.emit(id.weight())?);
        let id: ElementId = check!(self, id.parse().map_err(|_| unknown("element", &id)));
        check!(self, self.ask(|reply| HostCall::RemoveElement { id, reply }).await?);
        Ok(Ok(()))
    }

    async fn toast(
        &mut self,
        message: String,
        kind: emitter::ToastKind,
    ) -> Result<Result<(), Error>> {
        check!(self, self.emit(message.weight())?);
        self.call(HostCall::Toast { message, kind: kind.into() }).await?;
        Ok(Ok(()))
    }

    async fn status(&mut self, text: String) -> Result<Result<(), Error>> {
        check!(self, self.emit(text.weight())?);
        self.call(HostCall::Status { text }).await?;
        Ok(Ok(()))
    }

    async fn window_message(&mut self, data: String) -> Result<Result<(), Error>> {
        check!(self, self.emit(data.len())?);
        let data = check!(self, parse_json(data));
        self.call(HostCall::WindowMessage { data }).await?;
        Ok(Ok(()))
    }

    async fn audio_chunk(
        &mut self,
        mime_type: String,
        track: String,
        data: Vec<u8>,
    ) -> Result<Result<(), Error>> {
        check!(self, fits(data.len(), AUDIO_CHUNK));
        check!(self, self.emit(data.len())?);
        let (mime_type, track) = (mime_type.into(), track.into());
        self.call(HostCall::AudioChunk { mime_type, track, data: data.into() }).await?;
        Ok(Ok(()))
    }

    async fn audio_interrupt(&mut self) -> Result<Result<(), Error>> {
        check!(self, self.emit(0)?);
        self.call(HostCall::AudioInterrupt).await?;
        Ok(Ok(()))
    }

    async fn token_usage(&mut self, tokens: u32) -> Result<Result<(), Error>> {
        check!(self, self.emit(0)?);
        self.call(HostCall::TokenUsage { tokens }).await?;
        Ok(Ok(()))
    }
}

impl log::Host for TurnState {
    async fn write(&mut self, level: log::Level, message: String) -> Result<()> {
        self.call(HostCall::Log { level: level.into(), text: cut(message) }).await
    }
}

/// Refuses texts that are too long for where they are shown.
fn no_longer(limit: ByteSize, text: &str, what: &str) -> Result<(), CallError> {
    if text.len() as u64 <= limit.0 {
        return Ok(());
    }
    let message = format!("{what} may have {limit}, this one has {} bytes", text.len());
    Err(CallError::new("too-large", message))
}

/// Refuses lists that no client could show.
fn at_most(limit: usize, count: usize, what: &str) -> Result<(), CallError> {
    if count <= limit {
        return Ok(());
    }
    let message = format!("{count} {what} are more than the {limit} that there may be");
    Err(CallError::new("too-many", message))
}

/// What is shown or logged unasked is kept short. Gives the rest of the memory back: the guest chose its size.
pub(super) fn cut(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(MAX_LINE));
    text.shrink_to_fit();
    text
}

#[cfg(test)]
mod tests;
