//! How much of everything an upload is made of: counted before anything is validated or compiled, in one pass that allocates
//! nothing. The largest runtimes that people compile in (Python's has 30,000 functions) stay far below.

use wasmparser::{Parser, Payload};

use super::contract::Refusal;

/// What is counted, and how much of it there may be.
const LIMITS: [(&str, u64); 7] = [
    ("modules and components inside", 512),
    ("functions", 200_000),
    ("types", 200_000),
    ("imports and exports", 200_000),
    ("data and element segments", 200_000),
    ("instances and aliases", 200_000),
    ("bytes of one function", 4 << 20),
];

/// Refuses a component that is made of more than any bot needs.
///
/// # Errors
/// Says what there is too much of, and how much. What does not parse is refused too.
pub(super) fn measure(wasm: &[u8]) -> Result<(), Refusal> {
    let [mut parts, mut functions, mut types, mut names] = [0_u64; 4];
    let [mut segments, mut instances, mut largest] = [0_u64; 3];
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(|error| {
            Refusal::new("invalid-component", format!("this component is not valid: {error}"))
        })?;
        match payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => parts += 1,
            Payload::FunctionSection(it) => functions += u64::from(it.count()),
            Payload::ComponentCanonicalSection(it) => functions += u64::from(it.count()),
            Payload::TypeSection(it) => types += u64::from(it.count()),
            Payload::CoreTypeSection(it) => types += u64::from(it.count()),
            Payload::ComponentTypeSection(it) => types += u64::from(it.count()),
            Payload::ImportSection(it) => names += u64::from(it.count()),
            Payload::ExportSection(it) => names += u64::from(it.count()),
            Payload::ComponentImportSection(it) => names += u64::from(it.count()),
            Payload::ComponentExportSection(it) => names += u64::from(it.count()),
            Payload::DataSection(it) => segments += u64::from(it.count()),
            Payload::ElementSection(it) => segments += u64::from(it.count()),
            Payload::InstanceSection(it) => instances += u64::from(it.count()),
            Payload::ComponentInstanceSection(it) => instances += u64::from(it.count()),
            Payload::ComponentAliasSection(it) => instances += u64::from(it.count()),
            Payload::CodeSectionEntry(body) => {
                let range = body.range();
                largest = largest.max(range.end.saturating_sub(range.start) as u64);
            }
            _ => {}
        }
    }
    let found = [parts, functions, types, names, segments, instances, largest];
    match LIMITS.iter().zip(found).find(|((_, most), found)| found > most) {
        Some(((what, most), found)) => {
            let message = format!("the component has {found} {what}, and there may be {most}");
            Err(Refusal::new("too-complex", message))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(component: &str) -> String {
        let refusal = measure(&wat::parse_str(component).unwrap()).unwrap_err();
        assert_eq!(refusal.code, "too-complex");
        refusal.message
    }

    #[test]
    fn too_much_of_anything_is_refused_with_the_count() {
        let module = |inside: &str| refused(&format!("(component (core module {inside}))"));
        insta::assert_snapshot!(module(&"(func)".repeat(200_001)), @"the component has 200001 functions, and there may be 200000");
        insta::assert_snapshot!(module(&"(type (func))".repeat(200_001)), @"the component has 200001 types, and there may be 200000");
        insta::assert_snapshot!(module(&format!("(memory 1) {}", "(data \"\")".repeat(200_001))), @"the component has 200001 data and element segments, and there may be 200000");
        insta::assert_snapshot!(module(&format!("(func {})", "nop ".repeat(5 << 20))), @"the component has 5242882 bytes of one function, and there may be 4194304");
        let modules = "(core module)".repeat(513);
        insta::assert_snapshot!(refused(&format!("(component {modules})")), @"the component has 513 modules and components inside, and there may be 512");
        // However they are nested.
        let nested = format!("(component {})", "(component (core module))".repeat(300));
        insta::assert_snapshot!(refused(&nested), @"the component has 600 modules and components inside, and there may be 512");
    }

    #[test]
    fn an_ordinary_component_is_not_too_complex() {
        let component = "(component (core module (memory 1) (func) (data (i32.const 0) \"x\")))";
        measure(&wat::parse_str(component).unwrap()).unwrap();
    }
}
