//! A guest's standard output and error as lines of its log.

use bytes::{Bytes, BytesMut};
use tokio::{io::AsyncWrite, sync::mpsc};
use wasmtime_wasi::{
    async_trait,
    cli::{IsTerminal, StdoutStream},
    p2::{OutputStream, Pollable, StreamError, StreamResult},
};

use super::{HostCall, LogLevel};

/// Bytes that a guest may write at once.
const PERMIT: usize = 8 << 10;

/// One of the two streams.
#[derive(Clone, Debug)]
pub(super) struct LogStream {
    level: LogLevel,
    calls: mpsc::Sender<HostCall>,
    text: BytesMut,
}

impl LogStream {
    pub(super) fn stdout(calls: mpsc::Sender<HostCall>) -> Self {
        Self { level: LogLevel::Info, calls, text: BytesMut::new() }
    }

    pub(super) fn stderr(calls: mpsc::Sender<HostCall>) -> Self {
        Self { level: LogLevel::Warn, calls, text: BytesMut::new() }
    }

    /// Sends what is complete, as one call however many lines it has.
    fn push(&mut self, bytes: &[u8]) {
        self.text.extend_from_slice(bytes);
        let complete = match self.text.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => end + 1,
            // A guest that never ends its line costs a bounded amount of memory.
            None if self.text.len() > PERMIT => self.text.len(),
            None => return,
        };
        let lines = self.text.split_to(complete);
        self.send(&lines);
    }

    fn send(&self, text: &[u8]) {
        if !text.is_empty() {
            let text = String::from_utf8_lossy(text).into_owned();
            // There is room: `check_write` made sure of it. A last half line may find none, and is not worth a wait.
            self.calls.try_send(HostCall::Log { level: self.level, text }).ok();
        }
    }
}

impl Drop for LogStream {
    fn drop(&mut self) {
        self.send(&self.text);
    }
}

#[async_trait]
impl Pollable for LogStream {
    async fn ready(&mut self) {
        // A closed channel is ready: the next write finds it closed.
        self.calls.reserve().await.ok();
    }
}

#[async_trait]
impl OutputStream for LogStream {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        if bytes.len() > PERMIT {
            return Err(StreamError::trap("wrote more than `check-write` permits"));
        }
        self.push(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(if self.calls.capacity() == 0 { 0 } else { PERMIT })
    }
}

impl IsTerminal for LogStream {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for LogStream {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        // Only WASI 0.3 asks for this form, and no bot may import that.
        Box::new(tokio::io::sink())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}
