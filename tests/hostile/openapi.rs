//! The admin API, asked for everything that its own description lets one ask, and for much that it does not. Schemathesis makes
//! the requests, by the rules in `openapi.toml`, and compares each answer with the description.

use std::{fs, time::Duration};

use chinwag_tests::{
    admin::Admin,
    artifacts,
    client::Client,
    healthy::Healthy,
    server::{TOKEN, TestServer},
};
use serde_json::{Value, json};
use tokio::{process::Command, time::timeout};

use crate::denial::is_well;

const RULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/hostile/openapi.toml");
/// The bots that the rules name.
const BOTS: [&str; 2] = ["counter", "versioned"];
/// A run makes so many requests; no time for one is long, but a busy machine may take its time.
const BOUND: Duration = Duration::from_secs(100);

/// A server with a bot whose users go on, and the two that are asked for: one has versions that were active, one that is
/// staged and one that is held.
async fn serving() -> TestServer {
    let server = TestServer::with(&["echo", "counter"]).await;
    let admin = server.admin();
    for number in 1..=2 {
        admin.deploy("versioned", artifacts::versioned(number)).await;
    }
    let staged = admin.stage("versioned", artifacts::versioned(3)).await;
    let held = admin.put("versioned", artifacts::bot("showcase")).await;
    assert_eq!((staged.status, held.status), (201, 201), "{staged:?} {held:?}");
    assert_ne!(held.body["grants_needed"], json!([]), "{held:?}");
    server
}

async fn description(admin: &Admin) -> Value {
    let reply =
        admin.send(admin.request("GET".parse().expect("a method"), "/api/openapi.json")).await;
    assert_eq!((reply.status, reply.content_type.as_str()), (200, "application/json"));
    reply.body
}

/// Makes requests of a description. Returns whether every answer was as described, and what there is to say of it.
async fn fuzz(server: &TestServer, description: &Value, selection: &[&str]) -> (bool, String) {
    let file = server.data().join("openapi.json");
    fs::write(&file, description.to_string()).expect("the folder can be written");
    let mut command = Command::new(artifacts::schemathesis());
    command.args(["--config-file", RULES, "--no-color", "run"]).arg(file).args(selection);
    command.args(["--url", &server.url, "--header", &format!("Authorization: Bearer {TOKEN}")]);
    command.current_dir(server.data()).kill_on_drop(true);
    let output = timeout(BOUND, command.output()).await.expect("the requests end in time");
    let output = output.expect("it was installed");
    let said = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
    (output.status.success(), said.concat())
}

/// How often another version of a bot has become active.
async fn swaps(admin: &Admin, bot: &str) -> usize {
    admin.bot(bot).await.body["swaps"].as_array().map_or(0, Vec::len)
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_asked_of_the_admin_api_is_answered_as_it_is_described() {
    let server = serving().await;
    let admin = server.admin();
    let before = swaps(&admin, "versioned").await;
    let others = Healthy::begin(&server).await;
    let description = description(&admin).await;
    let selection = ["--exclude-operation-id", "removeBot"];
    let (is_as_described, said) = fuzz(&server, &description, &selection).await;
    assert!(is_as_described, "{said}");
    others.end().await;
    is_well(&server).await;
    let after = swaps(&admin, "versioned").await;
    assert!(after > before, "the requests changed nothing: {said}");
    for (bot, answer) in BOTS.into_iter().zip(["1", "v1:are you there?"]) {
        let reset = admin.limit(bot, &json!({})).await;
        let activated = admin.activate(bot, 1).await;
        assert_eq!((reset.status, activated.status), (200, 200), "{bot}: {reset:?} {activated:?}");
        let answers = server.open(bot).await.ask("are you there?").await;
        assert_eq!(answers.len(), 1, "{bot}: {answers:?}");
        assert!(answers[0].contains(answer), "{bot}: {answers:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bots_that_are_removed_between_other_requests_are_gone_and_no_other_is() {
    let server = serving().await;
    let admin = server.admin();
    let others = Healthy::begin(&server).await;
    let description = description(&admin).await;
    let selection = ["--phases", "fuzzing,stateful", "--include-path-regex", "^/api/bots/"];
    let (is_as_described, said) = fuzz(&server, &description, &selection).await;
    assert!(is_as_described, "{said}");
    others.end().await;
    is_well(&server).await;
    for bot in BOTS {
        assert_eq!(admin.bot(bot).await.code(), "unknown-bot", "{said}");
        assert!(!server.data_file("bots").join(bot).exists(), "`{bot}` is still on the disk");
    }
    let left = admin.bots().await.body;
    let left: Vec<_> = left.as_array().into_iter().flatten().map(|bot| &bot["name"]).collect();
    assert_eq!(left, ["echo"]);
}

#[tokio::test]
async fn a_description_that_says_something_else_than_the_server_does_is_found_out() {
    let server = serving().await;
    let truth = description(&server.admin()).await;
    let emits = "/components/schemas/SetLimits/properties/emits";
    let few = json!({ "type": "integer", "minimum": 1, "maximum": 10 });
    let token = json!([{ "adminToken": [] }]);
    for (operation, place, lie, finding) in [
        ("listBots", "/components/schemas/BotName/type", json!("null"), "Response violates schema"),
        (
            "getBot",
            "/paths/~1api~1bots~1{name}/get/responses/200",
            json!(null),
            "Undocumented status code",
        ),
        ("setLimits", emits, json!({ "type": "string" }), "Schema-valid request rejected"),
        ("setLimits", emits, few, "Schema-violating request accepted"),
        (
            "isAlive",
            "/paths/~1healthz/get/security",
            token,
            "accepts requests without authentication",
        ),
    ] {
        let mut changed = truth.clone();
        *changed.pointer_mut(place).expect("the description has this place") = lie;
        let selection =
            ["--phases", "coverage", "--warnings", "off", "--include-operation-id", operation];
        let (is_as_described, said) = fuzz(&server, &changed, &selection).await;
        assert!(!is_as_described, "{operation} is as `{place}` says now: {said}");
        assert!(said.contains(finding), "`{finding}` is not said of {operation}: {said}");
    }
}
