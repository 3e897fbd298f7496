//! The session as a bot sees it: who it is talking to, and its state; and the store that all its sessions share.

use wasmtime::Result;

use super::{CallError, Error, HostCall, MemoryCall, TurnState, check, session};
use crate::{
    domain::{ByteSize, Json, parse_json},
    sandbox::bindings::chinwag::bot::store,
};

/// Bytes of a key.
const MAX_KEY: usize = 256;

fn key(key: String) -> Result<String, CallError> {
    if (1..=MAX_KEY).contains(&key.len()) {
        return Ok(key);
    }
    let message = format!("a key has 1 to {MAX_KEY} bytes, this one has {}", key.len());
    Err(CallError::new("invalid-key", message))
}

/// A value, and before it is parsed whether there could ever be room for it.
fn value(limit: ByteSize, text: String) -> Result<Json, CallError> {
    if text.len() as u64 > limit.0 {
        let message =
            format!("the value has {} bytes; there is room for {limit} in all", text.len());
        return Err(CallError::new("quota-exceeded", message));
    }
    Ok(parse_json(text)?)
}

impl TurnState {
    fn value(&self, text: String) -> Result<Json, CallError> {
        value(self.budget.limits().state, text)
    }

    fn stored_value(&self, text: String) -> Result<Json, CallError> {
        value(self.budget.limits().store, text)
    }
}

impl session::Host for TurnState {
    async fn id(&mut self) -> Result<String> {
        Ok(self.context.session_id.to_string())
    }

    async fn thread_id(&mut self) -> Result<String> {
        Ok(self.context.thread_id.to_string())
    }

    async fn current_user(&mut self) -> Result<Option<session::User>> {
        Ok(self.context.user.as_deref().map(Into::into))
    }

    async fn chat_profile(&mut self) -> Result<String> {
        Ok(self.context.bot.to_string())
    }

    async fn client_type(&mut self) -> Result<String> {
        Ok(self.context.client.kind.clone())
    }

    async fn locale(&mut self) -> Result<Option<String>> {
        Ok(self.context.client.locale.clone())
    }

    async fn environment(&mut self, key: String) -> Result<Option<String>> {
        Ok(self.context.client.environment.get(&key).cloned())
    }

    async fn environment_keys(&mut self) -> Result<Vec<String>> {
        Ok(self.context.client.environment.keys().cloned().collect())
    }

    async fn is_edit(&mut self) -> Result<bool> {
        Ok(self.context.is_edit)
    }

    async fn get(&mut self, key: String) -> Result<Option<String>> {
        let value = self.ask(|reply| HostCall::State(MemoryCall::Get { key, reply })).await?;
        Ok(value?.map(|value| value.get().to_owned()))
    }

    async fn set(&mut self, name: String, value: String) -> Result<Result<(), Error>> {
        let (key, value) = (check!(self, key(name)), check!(self, self.value(value)));
        check!(
            self,
            self.ask(|reply| HostCall::State(MemoryCall::Set { key, value, reply })).await?
        );
        Ok(Ok(()))
    }

    async fn append(&mut self, name: String, value: String) -> Result<Result<(), Error>> {
        let (key, value) = (check!(self, key(name)), check!(self, self.value(value)));
        check!(
            self,
            self.ask(|reply| HostCall::State(MemoryCall::Append { key, value, reply })).await?
        );
        Ok(Ok(()))
    }

    async fn remove(&mut self, name: String) -> Result<Result<(), Error>> {
        let key = check!(self, key(name));
        check!(self, self.ask(|reply| HostCall::State(MemoryCall::Remove { key, reply })).await?);
        Ok(Ok(()))
    }

    async fn keys(&mut self) -> Result<Vec<String>> {
        Ok(self
            .ask(|reply| HostCall::State(MemoryCall::Keys { prefix: String::new(), reply }))
            .await??)
    }

    async fn compare_and_swap(
        &mut self,
        name: String,
        expected: Option<String>,
        value: Option<String>,
    ) -> Result<Result<bool, Error>> {
        let key = check!(self, key(name));
        let value = check!(self, value.map(|value| self.value(value)).transpose());
        let swap =
            |reply| HostCall::State(MemoryCall::CompareAndSwap { key, expected, value, reply });
        Ok(Ok(check!(self, self.ask(swap).await?)))
    }
}

impl store::Host for TurnState {
    async fn get(&mut self, key: String) -> Result<Result<Option<String>, Error>> {
        let get = |reply| HostCall::Store(MemoryCall::Get { key, reply });
        let value = check!(self, self.ask(get).await?);
        Ok(Ok(value.map(|value| value.get().to_owned())))
    }

    async fn set(&mut self, name: String, value: String) -> Result<Result<(), Error>> {
        let (key, value) = (check!(self, key(name)), check!(self, self.stored_value(value)));
        let set = |reply| HostCall::Store(MemoryCall::Set { key, value, reply });
        check!(self, self.ask(set).await?);
        Ok(Ok(()))
    }

    async fn remove(&mut self, name: String) -> Result<Result<(), Error>> {
        let key = check!(self, key(name));
        let remove = |reply| HostCall::Store(MemoryCall::Remove { key, reply });
        check!(self, self.ask(remove).await?);
        Ok(Ok(()))
    }

    async fn keys(&mut self, prefix: String) -> Result<Result<Vec<String>, Error>> {
        let keys = |reply| HostCall::Store(MemoryCall::Keys { prefix, reply });
        Ok(Ok(check!(self, self.ask(keys).await?)))
    }

    async fn increment(&mut self, name: String, by: i64) -> Result<Result<i64, Error>> {
        let key = check!(self, key(name));
        let increment = |reply| HostCall::Store(MemoryCall::Increment { key, by, reply });
        Ok(Ok(check!(self, self.ask(increment).await?)))
    }

    async fn compare_and_swap(
        &mut self,
        name: String,
        expected: Option<String>,
        value: Option<String>,
    ) -> Result<Result<bool, Error>> {
        let key = check!(self, key(name));
        let value = check!(self, value.map(|value| self.stored_value(value)).transpose());
        let swap =
            |reply| HostCall::Store(MemoryCall::CompareAndSwap { key, expected, value, reply });
        Ok(Ok(check!(self, self.ask(swap).await?)))
    }
}
