//! The only home of wasmtime: compiles uploads in a child process, loads what was compiled, and runs turns.
//!
//! A turn does not call back: what a guest asks of its host is a [`HostCall`] on a bounded channel, which whoever started
//! the turn serves until the channel closes. So this module knows no session, no wire and no database.

mod artifact;
mod bindings;
mod budget;
mod call;
mod compile;
mod compile_child;
mod contract;
mod convert;
mod cpu;
mod engine;
mod host;
mod http;
mod program;
mod signature;
mod state;
mod stdio;
mod structure;
mod turn;
mod wall;
mod weight;

pub use artifact::ArtifactKey;
pub use call::{
    AskDraft, CallError, ComponentDraft, ElementDraft, ElementSource, HistoryEntry, HostCall,
    LogLevel, MemoryCall, MessageDraft, Piece, Reply, Role, SidebarItem, StepOptions, answer,
};
pub use compile::{CompileError, CompileSettings, Compiled, Compiler};
pub use compile_child::run_child;
pub use contract::{PACKAGE, Refusal, Surface, check as inspect};
pub use engine::{EpochThread, MAX_MEMORY, Sandbox, SandboxError};
pub use program::{LoadError, Program};
pub use turn::{Answer, ClientInfo, TurnContext, TurnError, Usage};
