//! Components that no server should take, written by hand.

/// Empty: a component that exports nothing, not even `on-message`.
#[must_use]
pub fn without_exports() -> Vec<u8> {
    component("(component)")
}

/// A core module, which is no component.
#[must_use]
pub fn core_module() -> Vec<u8> {
    component(r#"(module (func (export "on-message")))"#)
}

/// A component whose `on-message` takes nothing and answers nothing.
#[must_use]
pub fn wrong_type() -> Vec<u8> {
    component(
        r#"(component
            (core module $code (func (export "f")))
            (core instance $code (instantiate $code))
            (func $f (canon lift (core func $code "f")))
            (export "on-message" (func $f)))"#,
    )
}

/// A component that wants something of its host that no bot gets.
#[must_use]
pub fn forbidden_import() -> Vec<u8> {
    component(
        r#"(component
            (import "wasi:keyvalue/store@0.2.0" (instance)))"#,
    )
}

/// A component that was built for a package version which this host does not speak.
#[must_use]
pub fn other_version() -> Vec<u8> {
    component(
        r#"(component
            (import "chinwag:bot/log@7.0.0" (instance)))"#,
    )
}

/// A component that wants something whose name runs as a script on a careless page.
#[must_use]
pub fn odd_import() -> Vec<u8> {
    const NAME: &str = "<img src=x onerror=alert(__pwned='import')> [import]";
    let placeholder = "x".repeat(NAME.len());
    let mut component = component(&format!(r#"(component (import "{placeholder}" (func)))"#));
    let is_name = |window: &[u8]| window == placeholder.as_bytes();
    let at = component.windows(NAME.len()).position(is_name).expect("it is in there");
    component[at..at + NAME.len()].copy_from_slice(NAME.as_bytes());
    component
}

fn component(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("the text is WebAssembly")
}
