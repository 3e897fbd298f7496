//! A loaded version: compiled, linked, ready for turns.

use std::collections::BTreeMap;

use wasmtime::{
    Engine,
    component::{Component, ComponentExportIndex, InstancePre},
};

use super::{
    Sandbox,
    contract::PACKAGE,
    engine::{MAX_TABLES, WAITING_MEMORIES, WAITING_TABLES},
    state::TurnState,
};
use crate::domain::Callback;

/// Compiled code does not load.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum LoadError {
    #[error("the compiled code does not fit this host: {0:#}")]
    Link(wasmtime::Error),
    #[error("the component does not export `{0}`, which every bot must")]
    MissingExport(Callback),
}

/// A version's code. Cheap to clone; turns of it may run at the same time.
#[derive(Clone)]
pub struct Program {
    pre: InstancePre<TurnState>,
    exports: BTreeMap<Callback, ComponentExportIndex>,
    weight: u32,
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Program").field("callbacks", &self.exports.keys()).finish_non_exhaustive()
    }
}

impl Program {
    /// Links a component and finds its callbacks.
    pub(super) fn link(sandbox: &Sandbox, component: &Component) -> Result<Self, LoadError> {
        let pre = sandbox.linker().instantiate_pre(component).map_err(LoadError::Link)?;
        let mut exports = BTreeMap::new();
        for callback in Callback::ALL {
            match export_of(component, callback) {
                Some(index) => drop(exports.insert(callback, index)),
                None if callback.interface().is_none() => {
                    return Err(LoadError::MissingExport(callback));
                }
                None => {}
            }
        }
        Ok(Self { pre, exports, weight: weight(component) })
    }

    /// How many places a turn of it takes while it waits for a person: one, or more if it has many memories or tables.
    #[must_use]
    pub fn weight(&self) -> u32 {
        self.weight
    }

    /// Whether the bot handles a callback.
    #[must_use]
    pub fn has(&self, callback: Callback) -> bool {
        self.exports.contains_key(&callback)
    }

    pub(super) fn export(&self, callback: Callback) -> Option<ComponentExportIndex> {
        self.exports.get(&callback).copied()
    }

    pub(super) fn pre(&self) -> &InstancePre<TurnState> {
        &self.pre
    }

    pub(super) fn engine(&self) -> &Engine {
        self.pre.engine()
    }
}

#[cfg(test)]
impl Program {
    /// A component as a server would have it, compiled in this process.
    pub(super) fn compiled(component: &[u8]) -> Self {
        let sandbox = Sandbox::new(1, 0).unwrap();
        let code = sandbox.engine().precompile_component(component).unwrap();
        let component = super::artifact::deserialize(sandbox.engine(), &code).unwrap();
        Self::link(&sandbox, &component).unwrap()
    }

    /// The example that says back what it hears, as `cargo xtask bots` has built it.
    pub(crate) fn echo() -> Self {
        let target = std::env::var_os("CARGO_TARGET_DIR").map(std::path::PathBuf::from);
        let target =
            target.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../target").into());
        let component = std::fs::read(target.join("bots/echo.wasm"));
        Self::compiled(&component.expect("`cargo xtask bots` builds the bots"))
    }

    /// Code that does nothing.
    pub(crate) fn sample() -> Self {
        let sandbox = Sandbox::new(1, 0).unwrap();
        let code = sandbox.engine().precompile_component(&wat::parse_str("(component)").unwrap());
        let component = super::artifact::deserialize(sandbox.engine(), &code.unwrap()).unwrap();
        let pre = sandbox.linker().instantiate_pre(&component).unwrap();
        Self { pre, exports: BTreeMap::new(), weight: 1 }
    }
}

fn weight(component: &Component) -> u32 {
    // What is not known is as much as is admitted.
    component.resources_required().map_or(MAX_TABLES / WAITING_TABLES, |it| {
        let (memories, tables) = (it.num_memories, it.num_tables);
        memories.div_ceil(WAITING_MEMORIES).max(tables.div_ceil(WAITING_TABLES)).max(1)
    })
}

fn export_of(component: &Component, callback: Callback) -> Option<ComponentExportIndex> {
    let Some(interface) = callback.interface() else {
        return component.get_export_index(None, callback.name());
    };
    // Exports of every compatible version count: `0.1.0` and, later, `0.1.5`.
    let engine = component.engine();
    let component_type = component.component_type();
    let (name, _) = component_type.exports(engine).find(|(name, _)| {
        name.strip_prefix(PACKAGE)
            .and_then(|rest| rest.strip_prefix('/'))
            .is_some_and(|rest| rest.split('@').next() == Some(interface))
    })?;
    let instance = component.get_export_index(None, name)?;
    component.get_export_index(Some(&instance), callback.name())
}
