//! The one engine of a process, its linker, and the thread that ticks its epochs.

use std::{
    fmt,
    sync::{
        Arc,
        mpsc::{RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig,
    component::{HasSelf, Linker},
};

use super::{bindings, state::TurnState};
use crate::domain::ByteSize;

/// How often a running guest yields its thread and its CPU time is looked at.
const TICK: Duration = Duration::from_millis(5);

/// The largest memory that any bot may be granted: slots are reserved at start.
pub const MAX_MEMORY: ByteSize = ByteSize::mib(1_024);
/// A component made of more core instances than this is not a bot but an attack.
const MAX_CORE_INSTANCES: u32 = 64;
const MAX_MEMORIES: u32 = 4;
pub(super) const MAX_TABLES: u32 = 16;
/// What a component has that counts once while it waits for a person. Most have one of each; room for four memories of ten thousand
/// would be more address space than there is.
pub(super) const WAITING_MEMORIES: u32 = 1;
pub(super) const WAITING_TABLES: u32 = 4;
/// The host's book-keeping of one core instance and of a whole component; the largest part is a slot for each function.
const CORE_INSTANCE_SIZE: usize = 4 << 20;
const COMPONENT_INSTANCE_SIZE: usize = 8 << 20;
/// Python's runtime alone has about 30,000 functions in its table.
const MAX_TABLE_ELEMENTS: usize = 100_000;
/// A process may have so many memory maps, unless `vm.max_map_count` says otherwise.
const LINUX_MAPS: u32 = 65_530;
/// A turn has a stack with its guard, a table, and a memory in up to three parts.
const MAPS_OF_TURN: u32 = 6;
/// Of the rest of the process.
const OTHER_MAPS: u32 = 1_000;
/// Kept resident between turns rather than given back to the kernel: halves the cost of a turn.
const MEMORY_RESIDENT: usize = 128 << 10;
const TABLE_RESIDENT: usize = 64 << 10;

/// No engine could be made.
#[derive(Debug, thiserror::Error)]
#[error("the sandbox cannot start: {0:#}")]
pub struct SandboxError(wasmtime::Error);

/// Runs guests. Cheap to clone; one per process.
#[derive(Clone)]
pub struct Sandbox {
    engine: Engine,
    linker: Arc<Linker<TurnState>>,
    room: Room,
}

/// How many turns there is room for.
#[derive(Clone, Copy)]
struct Room {
    /// That run at the same time.
    turns: u32,
    /// That wait for a person.
    waiting: u32,
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sandbox")
    }
}

impl Sandbox {
    /// An engine with room for `turns` turns at the same time and for `waiting` that wait for a person, or for as many as the address
    /// space has room for.
    ///
    /// # Errors
    /// The machine cannot run wasmtime at all.
    pub fn new(turns: u32, waiting: u32) -> Result<Self, SandboxError> {
        let turns = turns.max(1);
        let room = Room { turns, waiting: waiting.min(mappable(turns)) };
        let (engine, room) = pooled(room).map_err(SandboxError)?;
        let linker = link(&engine).map_err(SandboxError)?;
        Ok(Self { engine, linker: Arc::new(linker), room })
    }

    /// How many turns have room at the same time.
    #[must_use]
    pub fn turns(&self) -> u32 {
        self.room.turns
    }

    /// How many turns of weight 1 have room that wait for a person, see [`Program::weight`](super::Program::weight).
    #[must_use]
    pub fn waiting(&self) -> u32 {
        self.room.waiting
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(super) fn linker(&self) -> &Linker<TurnState> {
        &self.linker
    }

    /// Starts the thread that ticks epochs. A thread of the operating system, because a spinning guest can hold up every
    /// timer of an async runtime.
    ///
    /// # Errors
    /// No thread can be made.
    pub fn spawn_epochs(&self) -> std::io::Result<EpochThread> {
        let engine = self.engine.weak();
        let (stop, stopped) = sync_channel::<()>(0);
        let thread = std::thread::Builder::new().name("epochs".into()).spawn(move || {
            while stopped.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                let Some(engine) = engine.upgrade() else { return };
                engine.increment_epoch();
            }
        })?;
        Ok(EpochThread { stop: Some(stop), thread: Some(thread) })
    }
}

/// Ticks epochs until it is dropped.
#[derive(Debug)]
pub struct EpochThread {
    stop: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for EpochThread {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// What compiled code depends on. The child that compiles uses exactly these settings.
pub(super) fn settings() -> Config {
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        // Component-model async makes each turn 1.3 to 2 times dearer and is used by no bot: the world is synchronous.
        .concurrency_support(false)
        .memory_init_cow(true)
        .wasm_backtrace_max_frames(std::num::NonZeroUsize::new(16))
        .wasm_multi_memory(true);
    config
}

/// How many turns can wait beside those that run before a process has more memory maps than the kernel allows, which Linux does
/// without asking how much memory there is.
fn mappable(turns: u32) -> u32 {
    let text = std::fs::read_to_string("/proc/sys/vm/max_map_count").unwrap_or_default();
    let most = text.trim().parse().unwrap_or(LINUX_MAPS);
    (most.saturating_sub(OTHER_MAPS) / MAPS_OF_TURN).saturating_sub(turns)
}

fn pooled(mut room: Room) -> wasmtime::Result<(Engine, Room)> {
    loop {
        let mut config = settings();
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(room)));
        match Engine::new(&config) {
            Ok(engine) => return Ok((engine, room)),
            // Each memory slot reserves 4 GiB of address space and more; a container may not have that much.
            Err(error) if room.turns + room.waiting > 16 => {
                let Room { turns, waiting } = room;
                tracing::warn!(turns, waiting, %error, "no room for so many turns; trying half");
                room = match waiting > turns {
                    true => Room { turns, waiting: waiting / 2 },
                    false => Room { turns: turns.div_ceil(2), waiting },
                };
            }
            Err(error) => return Err(error),
        }
    }
}

fn pool(room: Room) -> PoolingAllocationConfig {
    let slots = room.turns.saturating_add(room.waiting);
    let for_all = |running: u32, waiting: u32| {
        room.turns.saturating_mul(running).saturating_add(room.waiting.saturating_mul(waiting))
    };
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(slots)
        .total_stacks(slots)
        // Enough for the greediest component in every place, so that none takes another's; those that wait have as many places as
        // they weigh. It is address space, not memory.
        .total_core_instances(slots.saturating_mul(MAX_CORE_INSTANCES))
        .total_memories(for_all(MAX_MEMORIES, WAITING_MEMORIES))
        .total_tables(for_all(MAX_TABLES, WAITING_TABLES))
        .max_core_instance_size(CORE_INSTANCE_SIZE)
        .max_component_instance_size(COMPONENT_INSTANCE_SIZE)
        .max_core_instances_per_component(MAX_CORE_INSTANCES)
        .max_memories_per_component(MAX_MEMORIES)
        .max_tables_per_component(MAX_TABLES)
        .max_memories_per_module(MAX_MEMORIES)
        .max_tables_per_module(MAX_TABLES)
        .table_elements(MAX_TABLE_ELEMENTS)
        .max_memory_size(MAX_MEMORY.as_usize())
        .linear_memory_keep_resident(MEMORY_RESIDENT)
        .table_keep_resident(TABLE_RESIDENT)
        // Needs Linux 6.7; falls back by itself.
        .pagemap_scan(Enabled::Auto);
    pool
}

fn link(engine: &Engine) -> wasmtime::Result<Linker<TurnState>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
    bindings::Complete::add_to_linker::<_, HasSelf<_>>(&mut linker, |state: &mut TurnState| state)?;
    Ok(linker)
}
