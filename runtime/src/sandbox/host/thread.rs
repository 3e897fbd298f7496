//! The conversation: its name, tags and notes, and what was said in it.

use wasmtime::Result;

use super::{CallError, Error, HostCall, TurnState, at_most, check, no_longer};
use crate::{
    domain::ByteSize,
    sandbox::{
        HistoryEntry, Role,
        bindings::chinwag::bot::{history, thread},
        convert::{json_object, milliseconds},
        weight::Weigh,
    },
};

const MAX_NAME: ByteSize = ByteSize::kib(1);
const MAX_TAGS: usize = 32;
/// Bytes of a tag.
const MAX_TAG: ByteSize = ByteSize(256);
/// Messages of one answer.
const MAX_MESSAGES: usize = 1_000;

impl thread::Host for TurnState {
    async fn name(&mut self) -> Result<Option<String>> {
        Ok(self.ask(|reply| HostCall::ThreadName { reply }).await??)
    }

    async fn set_name(&mut self, name: String) -> Result<Result<(), Error>> {
        check!(self, no_longer(MAX_NAME, &name, "the name of a thread"));
        check!(self, self.emit(name.weight())?);
        self.call(HostCall::SetThreadName { name }).await?;
        Ok(Ok(()))
    }

    async fn set_tags(&mut self, tags: Vec<String>) -> Result<Result<(), Error>> {
        check!(self, at_most(MAX_TAGS, tags.len(), "tags"));
        for tag in &tags {
            check!(self, no_longer(MAX_TAG, tag, "a tag"));
        }
        check!(self, self.emit(tags.weight())?);
        self.call(HostCall::SetThreadTags { tags }).await?;
        Ok(Ok(()))
    }

    async fn metadata(&mut self) -> Result<String> {
        let metadata = self.ask(|reply| HostCall::ThreadMetadata { reply }).await??;
        Ok(metadata.get().to_owned())
    }

    async fn set_metadata(&mut self, metadata: String) -> Result<Result<(), Error>> {
        check!(self, self.emit(metadata.weight())?);
        let metadata = check!(self, json_object(metadata));
        self.call(HostCall::SetThreadMetadata { metadata }).await?;
        Ok(Ok(()))
    }
}

impl history::Host for TurnState {
    async fn messages(&mut self, limit: u32) -> Result<Vec<history::Entry>> {
        let limit = usize::try_from(limit).unwrap_or(MAX_MESSAGES).min(MAX_MESSAGES);
        let entries = self.ask(|reply| HostCall::History { limit, reply }).await??;
        Ok(entries.into_iter().map(Into::into).collect())
    }
}

impl From<HistoryEntry> for history::Entry {
    fn from(entry: HistoryEntry) -> Self {
        Self {
            id: entry.id.to_string(),
            role: match entry.role {
                Role::User => history::Role::User,
                Role::Assistant => history::Role::Assistant,
            },
            author: entry.author,
            content: entry.content,
            created_at_ms: milliseconds(entry.created_at),
        }
    }
}
