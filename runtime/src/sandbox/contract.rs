//! Whether a component fits the bot world: what it imports is allowed, what it exports has the right type. Every refusal
//! names the import or export, what was expected and what was found.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use wasmparser::{Encoding, Parser, Payload, Validator, WasmFeatures};
use wit_parser::{
    InterfaceId, Resolve, SourceMap, WorldId, WorldItem,
    decoding::{DecodedWasm, decode},
};

use super::{signature::signature, structure::measure};
use crate::domain::Callback;

/// The package that bots and host speak.
pub const PACKAGE: &str = "chinwag:bot";

/// The WASI packages that a bot may import; files and sockets are linked but inert, and requests need a grant.
const WASI: [&str; 7] = [
    "wasi:cli",
    "wasi:clocks",
    "wasi:filesystem",
    "wasi:http",
    "wasi:io",
    "wasi:random",
    "wasi:sockets",
];
/// Of `wasi:http` there is what sends requests.
const HTTP: [&str; 2] = ["outgoing-handler", "types"];
const WASI_VERSION: &str = "0.2.";

/// A component is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// A stable code, for example `missing-export`.
    pub code: String,
    /// What is wrong and what to do about it.
    pub message: String,
}

impl Refusal {
    pub(super) fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into() }
    }
}

/// What a component imports and exports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Surface {
    /// Functions that the host calls, and other exports.
    pub exports: Vec<String>,
    /// Interfaces that the host provides.
    pub imports: Vec<String>,
}

/// Checks a component against the bot world.
///
/// # Errors
/// Says in words what does not fit.
pub fn check(wasm: &[u8]) -> Result<Surface, Refusal> {
    is_component(wasm)?;
    measure(wasm)?;
    let features = WasmFeatures::default() | WasmFeatures::MULTI_MEMORY;
    Validator::new_with_features(features).validate_all(wasm).map_err(|error| {
        Refusal::new("invalid-component", format!("this component is not valid: {error}"))
    })?;
    let undecodable = |why: String| {
        let message = format!("the component's types cannot be read: {why}");
        Refusal::new("invalid-component", message)
    };
    let (resolve, world) = match decode(wasm).map_err(|error| undecodable(format!("{error:#}")))? {
        DecodedWasm::Component(resolve, world) => (resolve, world),
        DecodedWasm::WitPackage(..) => {
            return Err(undecodable("it is a WIT package, not a program".to_owned()));
        }
    };
    let contract = Contract::load();
    Found { resolve, world, contract: &contract }.check()
}

/// Tells a component from what people upload by mistake.
fn is_component(wasm: &[u8]) -> Result<(), Refusal> {
    const HINT: &str = "build a component, for example with `cargo build --target wasm32-wasip2`";
    if wasm.is_empty() {
        return Err(Refusal::new("empty-upload", format!("the upload is empty; {HINT}")));
    }
    if wasm.starts_with(b"\x7fELF") {
        let message =
            "this is code compiled ahead of time; Chinwag compiles bots itself: upload the `.wasm`";
        return Err(Refusal::new("precompiled", message));
    }
    if !wasm.starts_with(b"\0asm") {
        let message = format!("this is not WebAssembly (it does not begin with `\\0asm`); {HINT}");
        return Err(Refusal::new("not-wasm", message));
    }
    match Parser::new(0).parse_all(wasm).next() {
        Some(Ok(Payload::Version { encoding: Encoding::Component, .. })) => Ok(()),
        Some(Ok(Payload::Version { encoding: Encoding::Module, .. })) => {
            let message = format!("this is a core WebAssembly module, not a component; {HINT}");
            Err(Refusal::new("core-module", message))
        }
        Some(Err(error)) => {
            Err(Refusal::new("invalid-component", format!("this component is not valid: {error}")))
        }
        _ => Err(Refusal::new("invalid-component", "this component has no header")),
    }
}

type Functions = BTreeMap<String, String>;

/// The bot world of this host: names of functions and their signatures.
struct Contract {
    version: String,
    imports: BTreeMap<String, Functions>,
    exports: BTreeMap<String, Functions>,
    /// The exports that stand in no interface.
    callbacks: Functions,
}

impl Contract {
    fn load() -> Self {
        let (resolve, world) = own_world();
        let mut contract = Self {
            version: String::new(),
            imports: BTreeMap::new(),
            exports: BTreeMap::new(),
            callbacks: Functions::new(),
        };
        let Some(world) = resolve.worlds.get(world) else { return contract };
        for (key, item) in &world.imports {
            if let WorldItem::Interface { id, .. } = item {
                let name = resolve.name_world_key(key);
                let name = Name::parse(&name);
                name.version.clone_into(&mut contract.version);
                contract.imports.insert(name.interface.to_owned(), functions(&resolve, *id));
            }
        }
        for (key, item) in &world.exports {
            let name = resolve.name_world_key(key);
            match item {
                WorldItem::Interface { id, .. } => {
                    let interface = Name::parse(&name).interface.to_owned();
                    contract.exports.insert(interface, functions(&resolve, *id));
                }
                WorldItem::Function(function) => {
                    contract.callbacks.insert(name, signature(&resolve, function));
                }
                WorldItem::Type { .. } => {}
            }
        }
        contract
    }
}

/// The `wit/` folder that this binary was built with.
fn own_world() -> (Resolve, WorldId) {
    macro_rules! sources {
        ($($file:literal),* $(,)?) => {{
            let mut map = SourceMap::default();
            $(map.push_str($file, include_str!(concat!("../../../wit/", $file)));)*
            map
        }};
    }
    let map = sources![
        "app.wit",
        "ask.wit",
        "audio.wit",
        "author.wit",
        "chat-end.wit",
        "chat-resume.wit",
        "chat-settings.wit",
        "chat-start.wit",
        "components.wit",
        "composer.wit",
        "describe.wit",
        "emitter.wit",
        "feedback.wit",
        "files.wit",
        "history.wit",
        "log.wit",
        "model.wit",
        "profile.wit",
        "session.wit",
        "settings-edit.wit",
        "settings-update.wit",
        "shared-thread.wit",
        "sidebar.wit",
        "stop.wit",
        "store.wit",
        "thread.wit",
        "types.wit",
        "upgrade.wit",
        "window-message.wit",
        "world.wit",
    ];
    const BUILT: &str = "the bindings of this binary were generated from the same files";
    let mut resolve = Resolve::default();
    let group = map.parse().map_err(|(_, error)| error).expect(BUILT);
    let package = resolve.push_group(group).expect(BUILT);
    let world = resolve.select_world(&[package], Some("complete")).expect(BUILT);
    (resolve, world)
}

fn functions(resolve: &Resolve, interface: InterfaceId) -> Functions {
    let Some(interface) = resolve.interfaces.get(interface) else { return Functions::new() };
    interface.functions.iter().map(|(name, it)| (name.clone(), signature(resolve, it))).collect()
}

/// `package/interface@version`.
struct Name<'a> {
    package: &'a str,
    interface: &'a str,
    version: &'a str,
}

impl<'a> Name<'a> {
    fn parse(name: &'a str) -> Self {
        let (path, version) = name.split_once('@').unwrap_or((name, ""));
        let (package, interface) = path.split_once('/').unwrap_or((path, ""));
        Self { package, interface, version }
    }

    /// `0.1.0` and `0.1.7` fit each other, `0.2.0` does not.
    fn fits(&self, version: &str) -> bool {
        let minor = |version: &str| version.splitn(3, '.').take(2).map(str::to_owned).collect();
        let (ours, theirs): (Vec<_>, Vec<_>) = (minor(version), minor(self.version));
        ours == theirs
    }
}

/// An uploaded component.
struct Found<'a> {
    resolve: Resolve,
    world: WorldId,
    contract: &'a Contract,
}

impl Found<'_> {
    fn check(&self) -> Result<Surface, Refusal> {
        let mut surface = Surface::default();
        let Some(world) = self.resolve.worlds.get(self.world) else { return Ok(surface) };
        for (key, item) in &world.imports {
            let name = self.resolve.name_world_key(key);
            match item {
                WorldItem::Interface { id, .. } => self.import(&name, *id)?,
                WorldItem::Function(_) => return Err(forbidden(&name)),
                WorldItem::Type { .. } => continue,
            }
            surface.imports.push(name);
        }
        let mut callbacks = Functions::new();
        for (key, item) in &world.exports {
            let name = self.resolve.name_world_key(key);
            match item {
                WorldItem::Interface { id, .. } => self.export(&name, *id)?,
                WorldItem::Function(function) => {
                    callbacks.insert(name.clone(), signature(&self.resolve, function));
                }
                WorldItem::Type { .. } => continue,
            }
            surface.exports.push(name);
        }
        for callback in Callback::ALL.iter().filter(|callback| callback.interface().is_none()) {
            let expected = self.contract.callbacks.get(callback.name());
            self.callback(callback.name(), expected, callbacks.get(callback.name()), &surface)?;
        }
        Ok(surface)
    }

    fn import(&self, full: &str, id: InterfaceId) -> Result<(), Refusal> {
        let name = Name::parse(full);
        let is_there = name.package != "wasi:http" || HTTP.contains(&name.interface);
        if WASI.contains(&name.package) && is_there && name.version.starts_with(WASI_VERSION) {
            return Ok(());
        }
        if name.package != PACKAGE {
            return Err(forbidden(full));
        }
        self.version("imports", full, &name)?;
        let Some(known) = self.contract.imports.get(name.interface) else {
            return Err(unknown_item("unknown-import", "imports", full, &self.contract.version));
        };
        self.same("imports", full, id, known)
    }

    fn export(&self, full: &str, id: InterfaceId) -> Result<(), Refusal> {
        let name = Name::parse(full);
        if name.package != PACKAGE {
            // A command's `wasi:cli/run`, say: nobody calls it.
            return Ok(());
        }
        self.version("exports", full, &name)?;
        let Some(known) = self.contract.exports.get(name.interface) else {
            return Err(unknown_item("unknown-export", "exports", full, &self.contract.version));
        };
        self.same("exports", full, id, known)?;
        // An interface is exported whole.
        let found = functions(&self.resolve, id);
        match known.keys().find(|function| !found.contains_key(*function)) {
            None => Ok(()),
            Some(missing) => {
                let message = format!("the component exports `{full}` without `{missing}`");
                Err(Refusal::new("missing-export", message))
            }
        }
    }

    /// Every function of the component's interface is one of ours.
    fn same(
        &self,
        verb: &str,
        full: &str,
        id: InterfaceId,
        known: &Functions,
    ) -> Result<(), Refusal> {
        let noun = verb.trim_end_matches('s');
        for (function, found) in functions(&self.resolve, id) {
            let path = format!("{full}#{function}");
            match known.get(&function) {
                Some(expected) if *expected == found => {}
                Some(expected) => {
                    let message = format!(
                        "the component {verb} `{path}` with a wrong type: expected `{expected}`, found `{found}`"
                    );
                    return Err(Refusal::new(&format!("wrong-{noun}-type"), message));
                }
                None => {
                    let code = format!("unknown-{noun}");
                    return Err(unknown_item(&code, verb, &path, &self.contract.version));
                }
            }
        }
        Ok(())
    }

    fn version(&self, verb: &str, full: &str, name: &Name<'_>) -> Result<(), Refusal> {
        if name.fits(&self.contract.version) {
            return Ok(());
        }
        let message = format!(
            "the component {verb} `{full}`: expected version `{}` of `{PACKAGE}`, found `{}`; \
             build the bot with an SDK of the host's version",
            self.contract.version, name.version
        );
        Err(Refusal::new("wrong-package-version", message))
    }

    fn callback(
        &self,
        name: &str,
        expected: Option<&String>,
        found: Option<&String>,
        surface: &Surface,
    ) -> Result<(), Refusal> {
        let expected = expected.map_or("", String::as_str);
        match found {
            Some(found) if found == expected => Ok(()),
            Some(found) => {
                let message = format!(
                    "the component exports `{name}` with a wrong type: expected `{expected}`, found `{found}`"
                );
                Err(Refusal::new("wrong-export-type", message))
            }
            None => {
                let exports = match surface.exports.as_slice() {
                    [] => "nothing".to_owned(),
                    exports => format!("`{}`", exports.join("`, `")),
                };
                let message = format!(
                    "the component does not export `{name}`, which every bot must: expected `{expected}`, \
                     found {exports}; implement the world `{PACKAGE}/bot@{}`",
                    self.contract.version
                );
                Err(Refusal::new("missing-export", message))
            }
        }
    }
}

fn forbidden(name: &str) -> Refusal {
    let message = format!(
        "the component imports `{name}`, which is not allowed: expected imports of `{PACKAGE}` or of {} \
         (version {WASI_VERSION}x), found `{name}`",
        WASI.join(", ")
    );
    Refusal::new("forbidden-import", message)
}

fn unknown_item(code: &str, verb: &str, path: &str, version: &str) -> Refusal {
    let message = format!(
        "the component {verb} `{path}`, which this host does not know: expected an item of `{PACKAGE}@{version}`; \
         the bot may be built for a newer host"
    );
    Refusal::new(code, message)
}

#[cfg(test)]
mod tests;
