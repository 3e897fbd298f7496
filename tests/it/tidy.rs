//! The house is tidy, and whoever checks that sees what is planted.

use chinwag_tests::house::{Source, floors, sources, strays, untidy, wrong_arrows};

fn lib() -> String {
    let sources = sources("runtime/src");
    sources.into_iter().find(|source| source.path == "lib.rs").expect("there is a lib.rs").text
}

fn planted(path: &str, text: &str) -> [Source; 1] {
    [Source { path: path.into(), text: text.into() }]
}

#[test]
fn a_module_calls_only_what_lies_below_it() {
    let floors = floors(&lib());
    for module in ["domain", "sandbox", "bots", "session", "gateway", "server", "cli"] {
        assert!(
            floors.iter().flatten().any(|it| it == module),
            "`{module}` has no floor: {floors:?}"
        );
    }
    assert_eq!(wrong_arrows(&floors, &sources("runtime/src")), [] as [String; 0]);
}

#[test]
fn each_vendor_has_one_home() {
    assert_eq!(strays(&sources("runtime/src")), [] as [String; 0]);
}

#[test]
fn every_file_says_what_it_owns_is_short_and_postpones_nothing() {
    for folder in ["runtime/src", "guest-sdk", "examples", "tests", "xtask/src"] {
        assert_eq!(untidy(&sources(folder)), [] as [String; 0], "in {folder}");
    }
}

#[test]
fn a_planted_call_upward_is_seen_however_it_is_written() {
    let floors = floors(&lib());
    for text in [
        "use crate::gateway::Gateway;",
        "use crate::{domain::Step, gateway::Gateway};",
        "use crate::{\n    domain::{Step, StepId},\n    gateway,\n};",
        "fn f() { crate::gateway::router() }",
        "pub(in crate::gateway) fn f() {}",
    ] {
        assert_eq!(wrong_arrows(&floors, &planted("session/live.rs", text)).len(), 1, "{text}");
        assert!(wrong_arrows(&floors, &planted("gateway/wire.rs", text)).is_empty(), "{text}");
    }
    let sideways = planted("files.rs", "use crate::sandbox::Sandbox;");
    assert_eq!(wrong_arrows(&floors, &sideways).len(), 1);
    let from_the_ground = planted("domain/step.rs", "use crate::telemetry::chain;");
    assert_eq!(wrong_arrows(&floors, &from_the_ground).len(), 1);
    let words =
        planted("session.rs", "//! See [`crate::gateway`].\nconst A: &str = \"crate::gateway\";");
    assert!(wrong_arrows(&floors, &words).is_empty());
}

#[test]
fn a_planted_vendor_is_seen() {
    let uses = ["use wasmtime_wasi::p2;", "fn f(s: socketioxide::Socket) {}", "use clap::Parser;"];
    for text in uses {
        assert_eq!(strays(&planted("session/live.rs", text)).len(), 1, "{text}");
    }
    assert!(strays(&planted("cli/serve.rs", "use clap::Parser;")).is_empty());
    assert!(
        strays(&planted("session.rs", "// Nothing of wasmtime here.\nfn clapped() {}")).is_empty()
    );
}

#[test]
fn a_planted_untidiness_is_seen() {
    let later = ["//! A file.\n// TO", "DO: later"].concat();
    let long = format!("//! A file.\n{}", "\n".repeat(400));
    for text in ["fn f() {}", &later, &long] {
        assert_eq!(untidy(&planted("domain.rs", text)).len(), 1);
    }
}
