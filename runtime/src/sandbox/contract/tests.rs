//! What is refused, and in which words.

use super::*;

fn refusal(wat: &str) -> String {
    let wasm = wat::parse_str(wat).unwrap();
    let refusal = check(&wasm).unwrap_err();
    format!("{}: {}", refusal.code, refusal.message)
}

#[test]
fn what_is_no_component_is_told_from_what_is() {
    let code = |bytes: &[u8]| check(bytes).unwrap_err().code;
    assert_eq!(code(b""), "empty-upload");
    assert_eq!(code(b"\x7fELF\x02\x01"), "precompiled");
    assert_eq!(code(b"GIF89a"), "not-wasm");
    assert_eq!(code(b"\0asm"), "invalid-component");
    assert_eq!(code(&wat::parse_str("(module)").unwrap()), "core-module");
    let mut component = wat::parse_str("(component (core module))").unwrap();
    component.truncate(component.len() - 1);
    assert_eq!(code(&component), "invalid-component");
}

#[test]
fn a_component_without_callbacks_is_told_which_is_missing() {
    insta::assert_snapshot!(refusal("(component)"), @"missing-export: the component does not export `on-message`, which every bot must: expected `func(message: record { id: string, text: string, created-at-ms: u64, author: string, parent-id: option<string>, command: option<string>, modes: list<tuple<string, string>>, metadata: string }) -> result<_, string>`, found nothing; implement the world `chinwag:bot/bot@0.1.0`");
}

#[test]
fn an_import_that_no_bot_may_have_is_named() {
    let wat = r#"(component (import "acme:disk/raw@1.0.0" (instance)))"#;
    insta::assert_snapshot!(refusal(wat), @"forbidden-import: the component imports `acme:disk/raw@1.0.0`, which is not allowed: expected imports of `chinwag:bot` or of wasi:cli, wasi:clocks, wasi:filesystem, wasi:http, wasi:io, wasi:random, wasi:sockets (version 0.2.x), found `acme:disk/raw@1.0.0`");
}

#[test]
fn a_version_of_wasi_that_is_not_served_is_named() {
    let wat = r#"(component (import "wasi:cli/environment@0.3.0" (instance)))"#;
    insta::assert_snapshot!(refusal(wat), @"forbidden-import: the component imports `wasi:cli/environment@0.3.0`, which is not allowed: expected imports of `chinwag:bot` or of wasi:cli, wasi:clocks, wasi:filesystem, wasi:http, wasi:io, wasi:random, wasi:sockets (version 0.2.x), found `wasi:cli/environment@0.3.0`");
}

#[test]
fn another_version_of_the_package_is_refused_with_both_versions() {
    let wat = r#"(component (import "chinwag:bot/log@0.2.0" (instance)))"#;
    insta::assert_snapshot!(refusal(wat), @"wrong-package-version: the component imports `chinwag:bot/log@0.2.0`: expected version `0.1.0` of `chinwag:bot`, found `0.2.0`; build the bot with an SDK of the host's version");
}

#[test]
fn a_function_that_this_host_does_not_have_is_named() {
    let wat = r#"(component (import "chinwag:bot/log@0.1.7" (instance (export "shout" (func)))))"#;
    insta::assert_snapshot!(refusal(wat), @"unknown-import: the component imports `chinwag:bot/log@0.1.7#shout`, which this host does not know: expected an item of `chinwag:bot@0.1.0`; the bot may be built for a newer host");
}

#[test]
fn a_callback_of_a_wrong_type_is_refused_with_both_types() {
    let wat = r#"(component
        (core module $m (func (export "f") (param i32)))
        (core instance $i (instantiate $m))
        (func (export "on-message") (param "text" u32) (canon lift (core func $i "f"))))"#;
    insta::assert_snapshot!(refusal(wat), @"wrong-export-type: the component exports `on-message` with a wrong type: expected `func(message: record { id: string, text: string, created-at-ms: u64, author: string, parent-id: option<string>, command: option<string>, modes: list<tuple<string, string>>, metadata: string }) -> result<_, string>`, found `func(text: u32)`");
}

#[test]
fn every_0_2_version_of_wasi_is_accepted() {
    for patch in 0..=12 {
        let wat = format!(r#"(component (import "wasi:io/poll@0.2.{patch}" (instance)))"#);
        // Refused for what it lacks, not for what it imports.
        assert!(refusal(&wat).starts_with("missing-export"), "{patch}");
    }
}

#[test]
fn every_callback_of_the_domain_is_in_the_world() {
    let contract = Contract::load();
    for callback in Callback::ALL {
        let functions = match callback.interface() {
            Some(interface) => contract.exports.get(interface),
            None => Some(&contract.callbacks),
        };
        let is_there = functions.is_some_and(|functions| functions.contains_key(callback.name()));
        assert!(is_there, "`{callback}` is not in the world");
    }
    let callbacks: usize = contract.exports.values().map(BTreeMap::len).sum();
    assert_eq!(callbacks + contract.callbacks.len(), Callback::ALL.len());
}

#[test]
fn components_of_earlier_versions_are_still_admitted() {
    for fixture in ["echo-0.1.0.wasm", "showcase-0.1.0.wasm"] {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures");
        let surface = check(&std::fs::read(folder.join(fixture)).unwrap()).unwrap();
        assert!(surface.exports.iter().any(|it| it == "on-message"), "{fixture}: {surface:?}");
    }
}

#[test]
fn a_callback_whose_value_is_of_another_type_is_refused_with_both_types() {
    let wat = r#"(component
        (core module $m (func (export "f") (param i32)))
        (core instance $i (instantiate $m))
        (func $f (param "from-version" s32) (canon lift (core func $i "f")))
        (instance $upgrade (export "on-upgrade" (func $f)))
        (export "chinwag:bot/upgrade@0.1.0" (instance $upgrade)))"#;
    insta::assert_snapshot!(refusal(wat), @"wrong-export-type: the component exports `chinwag:bot/upgrade@0.1.0#on-upgrade` with a wrong type: expected `func(from-version: u32) -> result<_, string>`, found `func(from-version: s32)`");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// A real component, damaged: cut, and with bytes changed anywhere.
    #[test]
    fn a_damaged_component_is_taken_or_refused_in_words(
        cut in 0_usize..200_000,
        changes in proptest::collection::vec((0_usize..200_000, proptest::prelude::any::<u8>()), 0..6),
    ) {
        let mut wasm = include_bytes!("../../../../tests/fixtures/echo-0.1.0.wasm").to_vec();
        wasm.truncate(cut.max(8));
        for (at, byte) in changes {
            let at = at % wasm.len();
            wasm[at] = byte;
        }
        if let Err(refusal) = check(&wasm) {
            proptest::prop_assert!(!refusal.message.is_empty());
        }
    }
}
