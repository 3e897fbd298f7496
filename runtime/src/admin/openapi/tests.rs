//! The description says what the code does: its routes, its codes, its names.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use metrics_exporter_prometheus::PrometheusBuilder;
use serde::Serialize;
use serde_json::Value;
use tower::ServiceExt;

use super::DESCRIPTION;
use crate::{
    admin::{Readiness, health, probes, table, tests::Server},
    bots::Grants,
    domain::Limits,
};

fn described() -> Value {
    serde_json::from_str(DESCRIPTION).expect("the description is JSON")
}

fn texts<'a>(values: impl IntoIterator<Item = &'a Value>) -> BTreeSet<String> {
    values.into_iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The names of an object's members.
fn members(value: &Value) -> BTreeSet<String> {
    value.as_object().expect("an object").keys().cloned().collect()
}

/// The methods of which an answer to one that nobody knows says that they are known.
fn allowed(status: StatusCode, headers: &header::HeaderMap) -> BTreeSet<String> {
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    let allow = headers[header::ALLOW].to_str().unwrap().to_lowercase();
    // Whoever knows GET knows HEAD.
    allow.split(',').filter(|method| *method != "head").map(str::to_owned).collect()
}

#[tokio::test]
async fn every_route_is_described_with_its_methods_and_no_other_is() {
    let server = Server::start().await;
    let mut routes = BTreeMap::new();
    for (path, _) in table() {
        let path = format!("/api{path}");
        let reply = server.ask("PROPFIND", &path.replace("{name}", "echo"), "").await;
        routes.insert(path, allowed(reply.status, &reply.headers));
    }
    let handle = || PrometheusBuilder::new().build_recorder().handle();
    for (path, _) in health::table(handle(), Readiness::default()) {
        let request = Request::builder().method("PROPFIND").uri(path).body(Body::empty()).unwrap();
        let probes = probes(handle(), Readiness::default());
        let response = probes.oneshot(request).await.unwrap();
        routes.insert(path.to_owned(), allowed(response.status(), response.headers()));
    }
    let description = described();
    let paths = description["paths"].as_object().unwrap().iter();
    let methods = |item: &Value| members(item).into_iter().filter(|it| it != "parameters");
    let paths = paths.map(|(path, item)| (path.clone(), methods(item).collect()));
    assert_eq!(paths.collect::<BTreeMap<_, BTreeSet<_>>>(), routes);
}

#[tokio::test]
async fn whoever_holds_the_token_is_given_the_description() {
    let reply = Server::start().await.ask("GET", "/api/openapi.json", "").await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.headers[header::CONTENT_TYPE], "application/json");
    assert_eq!(reply.body, described());
}

/// What all files below a folder say, but for tests.
fn sources(folder: &Path) -> String {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let text = |path: PathBuf| match path.extension() {
        None => sources(&path),
        Some(_) if path.ends_with("tests.rs") => String::new(),
        Some(_) => fs::read_to_string(path).unwrap(),
    };
    entries.map(text).collect()
}

/// Texts that stand in a source as the argument `at` of calls of `function`.
fn arguments(source: &str, function: &str, at: usize) -> Vec<String> {
    let calls = source.split(function).skip(1);
    let argument = calls.filter_map(|call| call.split(',').nth(at));
    let text = argument.map(|it| it.trim().trim_start_matches("&format!("));
    let text = text.filter_map(|it| it.strip_prefix('"')?.split('"').next());
    text.map(str::to_owned).collect()
}

/// Every code that a problem can have: those that the admin API makes itself, those of errors of bots, and those with which
/// components are refused.
fn codes() -> BTreeSet<String> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let own = arguments(include_str!("../problem.rs"), "Self::new(", 1);
    let mut codes = BTreeSet::from_iter(own);
    codes.extend(arguments(&sources(&home.join("admin")), "Problem::new(", 1));
    let errors = include_str!("../../bots/error.rs");
    let errors = errors.split("pub fn code").nth(1).and_then(|it| it.split("\n    }\n").next());
    let errors = errors.expect("errors have codes").split('"');
    codes.extend(errors.skip(1).step_by(2).map(str::to_owned));
    let sandbox = sources(&home.join("sandbox"));
    codes.extend(arguments(&sandbox, "Refusal::new(", 0));
    codes.extend(arguments(&sandbox, "unknown_item(", 0));
    // What is wrong is one or the other.
    let each = |code: String| ["import", "export"].map(|noun| code.replace("{noun}", noun));
    codes.into_iter().flat_map(each).collect()
}

#[test]
fn the_codes_that_are_described_are_those_that_problems_can_have() {
    let description = described();
    let components = &description["components"];
    let all = texts(components["schemas"]["Code"]["enum"].as_array().unwrap());
    assert_eq!(all, codes());
    let place = "/content/application~1problem+json/schema/properties/code/enum";
    let responses = components["responses"].as_object().unwrap().values();
    let by_status = responses.filter_map(|it| it.pointer(place)?.as_array()).flatten();
    assert_eq!(texts(by_status), all, "each code belongs to a status");
}

#[test]
fn limits_and_grants_are_described_by_their_names() {
    fn names(value: &impl Serialize) -> BTreeSet<String> {
        members(&serde_json::to_value(value).unwrap())
    }
    let description = described();
    let schemas = &description["components"]["schemas"];
    for (schema, names) in
        [("Limits", names(&Limits::default())), ("Grants", names(&Grants::default()))]
    {
        assert_eq!(members(&schemas[schema]["properties"]), names, "{schema}");
        assert_eq!(texts(schemas[schema]["required"].as_array().unwrap()), names, "{schema}");
        let set = format!("Set{schema}");
        assert_eq!(members(&schemas[&set]["properties"]), names, "{set}");
    }
}

/// What a description refers to, as pointers into it.
fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => {
            let own = map.get("$ref").and_then(Value::as_str);
            let own = own.map(|it| it.trim_start_matches('#').to_owned());
            own.into_iter().chain(map.values().flat_map(references)).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn everything_that_the_description_refers_to_is_in_it() {
    let description = described();
    let references = references(&description);
    assert!(references.len() > 100, "the description is taken apart: {}", references.len());
    for reference in references {
        assert!(description.pointer(&reference).is_some(), "there is no `{reference}`");
    }
}
