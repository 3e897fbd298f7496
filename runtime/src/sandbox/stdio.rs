//! A guest's standard output and error as lines of its log.

use bytes::{Bytes, BytesMut};
use tokio::{io::AsyncWrite, sync::mpsc};
use wasmtime_wasi::{
    async_trait,
    cli::{IsTerminal, StdoutStream},
    p2::{OutputStream, Pollable, StreamResult},
};

use super::{HostCall, LogLevel};

/// Bytes that a guest may write at once.
const PERMIT: usize = 8 << 10;
/// A line is cut here, so that a guest that never ends its line costs nothing.
const MAX_LINE: usize = 8 << 10;

/// One of the two streams.
#[derive(Clone, Debug)]
pub(super) struct LogStream {
    level: LogLevel,
    calls: mpsc::Sender<HostCall>,
    line: BytesMut,
}

impl LogStream {
    pub(super) fn stdout(calls: mpsc::Sender<HostCall>) -> Self {
        Self { level: LogLevel::Info, calls, line: BytesMut::new() }
    }

    pub(super) fn stderr(calls: mpsc::Sender<HostCall>) -> Self {
        Self { level: LogLevel::Warn, calls, line: BytesMut::new() }
    }

    fn push(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let text = piece.strip_suffix(b"\n").unwrap_or(piece);
            let room = MAX_LINE.saturating_sub(self.line.len());
            self.line.extend_from_slice(text.get(..room).unwrap_or(text));
            if piece.ends_with(b"\n") {
                self.flush_line();
            }
        }
    }

    fn flush_line(&mut self) {
        if self.line.is_empty() {
            return;
        }
        let text = String::from_utf8_lossy(&self.line.split()).into_owned();
        // A full channel drops the line: a log never holds up a turn, and the host counts lines above the limit anyway.
        drop(self.calls.try_send(HostCall::Log { level: self.level, text }));
    }
}

impl Drop for LogStream {
    fn drop(&mut self) {
        self.flush_line();
    }
}

#[async_trait]
impl Pollable for LogStream {
    async fn ready(&mut self) {}
}

#[async_trait]
impl OutputStream for LogStream {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.push(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(PERMIT)
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
