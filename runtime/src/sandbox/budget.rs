//! What a turn has used up of its limits.

use std::sync::Arc;

use wasmtime::ResourceLimiter;

use super::{
    cpu::CpuMeter,
    turn::{TurnError, Usage},
};
use crate::domain::{ByteSize, Limits};

/// Bytes that one table element takes in the host.
const TABLE_ELEMENT: usize = size_of::<usize>();

/// The limits of one turn and what is used of them.
#[derive(Debug)]
pub(super) struct Budget {
    limits: Arc<Limits>,
    cpu: Arc<CpuMeter>,
    usage: Arc<Usage>,
    memory: usize,
    memory_refused: bool,
    emits: u32,
    emit_bytes: u64,
    /// Set when a limit ends the turn: the trap that follows is only how the guest notices.
    exceeded: Option<TurnError>,
}

impl Budget {
    pub(super) fn new(limits: Arc<Limits>, cpu: Arc<CpuMeter>, usage: Arc<Usage>) -> Self {
        Self {
            limits,
            cpu,
            usage,
            memory: 0,
            memory_refused: false,
            emits: 0,
            emit_bytes: 0,
            exceeded: None,
        }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Looks at the CPU time that the turn has used. Waiting costs nothing, however long.
    pub(super) fn tick(&mut self) -> Result<(), TurnError> {
        if self.cpu.used() < self.limits.cpu {
            return Ok(());
        }
        Err(self.exceed(TurnError::CpuLimit(self.limits.cpu)))
    }

    /// Counts one emit of `size` bytes.
    pub(super) fn emit(&mut self, size: usize) -> Result<(), TurnError> {
        self.emits += 1;
        self.emit_bytes += size as u64;
        if self.emits > self.limits.emits {
            return Err(self.exceed(TurnError::EmitLimit(self.limits.emits)));
        }
        if self.emit_bytes > self.limits.emit_bytes.0 {
            return Err(self.exceed(TurnError::EmitBytesLimit(self.limits.emit_bytes)));
        }
        Ok(())
    }

    /// Why the turn was ended, if a limit ended it.
    pub(super) fn exceeded(&self) -> Option<TurnError> {
        let memory = || self.memory_refused.then_some(TurnError::MemoryLimit(self.limits.memory));
        self.exceeded.clone().or_else(memory)
    }

    fn exceed(&mut self, error: TurnError) -> TurnError {
        self.exceeded = Some(error.clone());
        error
    }

    fn grow(&mut self, bytes: usize) -> bool {
        let memory = self.memory.saturating_add(bytes);
        let fits = memory <= self.limits.memory.as_usize();
        if fits {
            self.memory = memory;
            self.usage.note_memory(memory);
        } else {
            // The guest may cope; if it traps instead, this is the reason to name.
            self.memory_refused = true;
        }
        fits
    }
}

/// Sums over all memories and tables of a component: wasmtime's own `StoreLimits` counts each by itself.
impl ResourceLimiter for Budget {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(self.grow(desired.saturating_sub(current)))
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(self.grow(desired.saturating_sub(current).saturating_mul(TABLE_ELEMENT)))
    }
}

/// Bytes that one emit may have, as a refusal for the guest.
pub(super) fn fits(size: usize, limit: ByteSize) -> Result<(), super::CallError> {
    if size as u64 <= limit.0 {
        return Ok(());
    }
    let message =
        format!("{size} bytes are more than the {limit} that one emit may have; split it");
    Err(super::CallError::new("too-large", message))
}
