//! What a store holds: one turn's identity, budget, open resources and way to the host.

use std::{collections::BTreeSet, sync::Arc};

use tokio::sync::mpsc;
use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

use super::{
    CallError, HostCall, Piece, Reply,
    budget::Budget,
    http::Http,
    stdio::LogStream,
    turn::{TurnContext, TurnError},
    wall::WallClock,
};
use crate::domain::{Json, Profile, StepId};

/// Handles that a guest may hold at once, WASI's included.
const MAX_RESOURCES: usize = 4_096;

/// Bytes of emits that may wait for the host; beyond them the guest waits until it has taken all.
const MAX_UNSERVED: usize = 256 << 10;

/// A streamed message that the guest holds.
#[derive(Debug)]
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct OpenStream {
    pub(super) id: StepId,
    pub(super) is_finished: bool,
}

/// A step that the guest holds.
#[derive(Debug)]
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct OpenStep {
    pub(super) id: StepId,
    pub(super) is_finished: bool,
}

/// A model's answer that is being made.
#[derive(Debug)]
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct Completion {
    pub(super) pieces: mpsc::Receiver<Piece>,
    /// How it ended, once it has.
    pub(super) end: Option<Result<Json, CallError>>,
}

/// The profile that `describe` fills in.
#[derive(Debug, Default)]
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct ProfileDraft(pub(super) Profile);

/// The data of one turn's store.
#[derive(Debug)]
pub(super) struct TurnState {
    pub(super) context: TurnContext,
    pub(super) budget: Budget,
    pub(super) wall: Arc<WallClock>,
    pub(super) table: ResourceTable,
    /// Streams and steps that are open.
    pub(super) open: BTreeSet<StepId>,
    /// Answers of models that the guest holds.
    pub(super) completions: usize,
    pub(super) calls: mpsc::Sender<HostCall>,
    /// Bytes of emits since the host had taken all.
    pub(super) unserved: usize,
    wasi: Option<Box<Wasi>>,
    /// Made when the guest first touches HTTP.
    pub(super) http: Option<Box<Http>>,
}

struct Wasi(WasiCtx);

impl std::fmt::Debug for Wasi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Wasi")
    }
}

impl TurnState {
    pub(super) fn new(
        context: TurnContext,
        budget: Budget,
        wall: Arc<WallClock>,
        calls: mpsc::Sender<HostCall>,
    ) -> Self {
        let mut table = ResourceTable::new();
        table.set_max_capacity(MAX_RESOURCES);
        let open = BTreeSet::new();
        Self {
            context,
            budget,
            wall,
            table,
            open,
            completions: 0,
            calls,
            unserved: 0,
            wasi: None,
            http: None,
        }
    }

    /// Hands a call to the host; waits while it has too many already, which is the back-pressure a guest feels.
    pub(super) async fn call(&mut self, call: HostCall) -> wasmtime::Result<()> {
        self.calls.send(call).await.map_err(|_| TurnError::Abandoned)?;
        if self.unserved > MAX_UNSERVED {
            self.unserved = 0;
            // As much room as there can be is there when nothing waits any more.
            let all = self.calls.reserve_many(self.calls.max_capacity()).await;
            drop(all.map_err(|_| TurnError::Abandoned)?);
        }
        Ok(())
    }

    /// Hands a call to the host and waits for the answer.
    pub(super) async fn ask<T>(
        &mut self,
        call: impl FnOnce(Reply<T>) -> HostCall,
    ) -> wasmtime::Result<Result<T, CallError>> {
        let (reply, answer) = tokio::sync::oneshot::channel();
        self.call(call(reply)).await?;
        answer.await.map_err(|_| TurnError::Abandoned.into())
    }
}

impl WasiView for TurnState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        // Built on first use: most turns of small bots never touch WASI.
        let wasi = self.wasi.get_or_insert_with(|| Box::new(Wasi(wasi(&self.calls))));
        WasiCtxView { ctx: &mut wasi.0, table: &mut self.table }
    }
}

/// No arguments, no environment, no files, no network; standard output and error go to the bot's log.
fn wasi(calls: &mpsc::Sender<HostCall>) -> WasiCtx {
    WasiCtxBuilder::new()
        .stdout(LogStream::stdout(calls.clone()))
        .stderr(LogStream::stderr(calls.clone()))
        .allow_tcp(false)
        .allow_udp(false)
        .allow_ip_name_lookup(false)
        // A turn cannot be stopped while the host fills its buffer.
        .max_random_size(64 << 10)
        .build()
}
