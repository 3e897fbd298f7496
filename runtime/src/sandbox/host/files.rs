//! Files that the user uploaded.

use wasmtime::Result;

use super::{CallError, Error, HostCall, TurnState, check};
use crate::{
    domain::{ByteSize, ElementId, FileInfo},
    sandbox::{bindings::chinwag::bot::files, convert::unknown},
};

/// Bytes of one read.
const MAX_READ: ByteSize = ByteSize::mib(1);

impl files::Host for TurnState {
    async fn attached(&mut self) -> Result<Vec<files::FileInfo>> {
        Ok(self.context.attached.iter().cloned().map(Into::into).collect())
    }

    async fn all(&mut self) -> Result<Vec<files::FileInfo>> {
        let files = self.ask(|reply| HostCall::Files { reply }).await??;
        Ok(files.into_iter().map(Into::into).collect())
    }

    async fn read(
        &mut self,
        id: String,
        offset: u64,
        length: u32,
    ) -> Result<Result<Vec<u8>, Error>> {
        let id: ElementId = check!(self, id.parse().map_err(|_| unknown("file", &id)));
        let length = u64::from(length).min(MAX_READ.0);
        let piece = self.ask(|reply| HostCall::ReadFile { id, offset, length, reply }).await?;
        Ok(Ok(check!(self, piece).into()))
    }
}

impl From<FileInfo> for files::FileInfo {
    fn from(file: FileInfo) -> Self {
        Self { id: file.id.to_string(), name: file.name, mime: file.mime, size: file.size }
    }
}
