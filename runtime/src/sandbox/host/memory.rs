//! The session as a bot sees it: who it is talking to, and its state; and the store that all its sessions share.

use wasmtime::Result;

use super::{CallError, Error, HostCall, MemoryCall, TurnState, check, session};
use crate::{
    domain::{Json, parse_json},
    sandbox::{Reply, bindings::chinwag::bot::store},
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

/// Which keys and values a call is for.
#[derive(Clone, Copy)]
enum Place {
    Session,
    Bot,
}

impl Place {
    fn call(self, call: MemoryCall) -> HostCall {
        match self {
            Self::Session => HostCall::State(Box::new(call)),
            Self::Bot => HostCall::Store(Box::new(call)),
        }
    }
}

/// What session state and the store have in common.
impl TurnState {
    async fn remembered<T>(
        &mut self,
        place: Place,
        call: impl FnOnce(Reply<T>) -> MemoryCall,
    ) -> Result<Result<T, CallError>> {
        self.ask(|reply| place.call(call(reply))).await
    }

    /// A value, and before it is parsed whether there could ever be room for it.
    fn value(&self, place: Place, text: String) -> Result<Json, CallError> {
        let limit = match place {
            Place::Session => self.budget.limits().state,
            Place::Bot => self.budget.limits().store,
        };
        if text.len() as u64 > limit.0 {
            let message =
                format!("the value has {} bytes; there is room for {limit} in all", text.len());
            return Err(CallError::new("quota-exceeded", message));
        }
        Ok(parse_json(text)?)
    }

    async fn put(
        &mut self,
        place: Place,
        name: String,
        value: String,
    ) -> Result<Result<(), Error>> {
        let (key, value) = (check!(self, key(name)), check!(self, self.value(place, value)));
        let set = |reply| MemoryCall::Set { key, value, reply };
        check!(self, self.remembered(place, set).await?);
        Ok(Ok(()))
    }

    async fn forget(&mut self, place: Place, name: String) -> Result<Result<(), Error>> {
        let key = check!(self, key(name));
        let remove = |reply| MemoryCall::Remove { key, reply };
        check!(self, self.remembered(place, remove).await?);
        Ok(Ok(()))
    }

    async fn swap(
        &mut self,
        place: Place,
        name: String,
        expected: Option<String>,
        value: Option<String>,
    ) -> Result<Result<bool, Error>> {
        let key = check!(self, key(name));
        let value = check!(self, value.map(|value| self.value(place, value)).transpose());
        let swap = |reply| MemoryCall::CompareAndSwap { key, expected, value, reply };
        Ok(Ok(check!(self, self.remembered(place, swap).await?)))
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
        let get = |reply| MemoryCall::Get { key, reply };
        let value = self.remembered(Place::Session, get).await??;
        Ok(value.map(|value| value.get().to_owned()))
    }

    async fn set(&mut self, key: String, value: String) -> Result<Result<(), Error>> {
        self.put(Place::Session, key, value).await
    }

    async fn append(&mut self, name: String, value: String) -> Result<Result<(), Error>> {
        let place = Place::Session;
        let (key, value) = (check!(self, key(name)), check!(self, self.value(place, value)));
        let append = |reply| MemoryCall::Append { key, value, reply };
        check!(self, self.remembered(place, append).await?);
        Ok(Ok(()))
    }

    async fn remove(&mut self, key: String) -> Result<Result<(), Error>> {
        self.forget(Place::Session, key).await
    }

    async fn keys(&mut self) -> Result<Vec<String>> {
        let keys = |reply| MemoryCall::Keys { prefix: String::new(), reply };
        Ok(self.remembered(Place::Session, keys).await??)
    }

    async fn compare_and_swap(
        &mut self,
        key: String,
        expected: Option<String>,
        value: Option<String>,
    ) -> Result<Result<bool, Error>> {
        self.swap(Place::Session, key, expected, value).await
    }
}

impl store::Host for TurnState {
    async fn get(&mut self, key: String) -> Result<Result<Option<String>, Error>> {
        let get = |reply| MemoryCall::Get { key, reply };
        let value = check!(self, self.remembered(Place::Bot, get).await?);
        Ok(Ok(value.map(|value| value.get().to_owned())))
    }

    async fn set(&mut self, key: String, value: String) -> Result<Result<(), Error>> {
        self.put(Place::Bot, key, value).await
    }

    async fn remove(&mut self, key: String) -> Result<Result<(), Error>> {
        self.forget(Place::Bot, key).await
    }

    async fn keys(&mut self, prefix: String) -> Result<Result<Vec<String>, Error>> {
        let keys = |reply| MemoryCall::Keys { prefix, reply };
        Ok(Ok(check!(self, self.remembered(Place::Bot, keys).await?)))
    }

    async fn increment(&mut self, name: String, by: i64) -> Result<Result<i64, Error>> {
        let key = check!(self, key(name));
        let increment = |reply| MemoryCall::Increment { key, by, reply };
        Ok(Ok(check!(self, self.remembered(Place::Bot, increment).await?)))
    }

    async fn compare_and_swap(
        &mut self,
        key: String,
        expected: Option<String>,
        value: Option<String>,
    ) -> Result<Result<bool, Error>> {
        self.swap(Place::Bot, key, expected, value).await
    }
}
