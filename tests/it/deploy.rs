//! Deploying: what is taken, what is refused, and how the server says so.

use std::fs;

use chinwag_tests::{
    admin::{Admin, Reply},
    artifacts,
    client::Client,
    components,
    server::{Settings, TestServer},
};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn an_upload_is_answered_with_all_that_is_known_of_the_version() {
    let server = TestServer::start().await;
    let echo = artifacts::bot("echo");
    let reply = server.admin().put("echo", echo.clone()).await;
    assert_eq!((reply.status, reply.content_type.as_str()), (201, "application/json"));
    let Value::Object(body) = &reply.body else { panic!("{reply:?}") };
    let mut fields: Vec<_> = body.keys().map(String::as_str).collect();
    fields.sort_unstable();
    let all = [
        "active",
        "compile_ms",
        "created",
        "digest",
        "exports",
        "grants_needed",
        "imports",
        "name",
        "size",
        "version",
    ];
    assert_eq!(fields, all);
    assert_eq!(
        (&body["name"], &body["version"], &body["active"]),
        (&json!("echo"), &json!(1), &json!(true))
    );
    assert_eq!(body["size"], json!(echo.len()));
    assert!(body["digest"].as_str().expect("a digest is text").starts_with("sha256:"), "{reply:?}");
    let exports = body["exports"].as_array().expect("exports are a list");
    assert!(exports.contains(&json!("on-message")), "{exports:?}");
}

#[tokio::test]
async fn the_active_component_again_changes_nothing() {
    let server = TestServer::with(&["echo"]).await;
    let reply = server.admin().put("echo", artifacts::bot("echo")).await;
    assert_eq!((reply.status, &reply.body["version"]), (200, &json!(1)));
    let bot = server.admin().bot("echo").await;
    assert_eq!(bot.body["versions"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_staged_version_waits_until_it_is_activated() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.deploy("bot", artifacts::versioned(1)).await;
    let mut browser = server.open("bot").await;
    let reply = admin.stage("bot", artifacts::versioned(2)).await;
    assert_eq!((reply.status, &reply.body["active"]), (201, &json!(false)));
    assert_eq!(browser.ask("a").await, ["v1:a"]);
    let reply = admin.activate("bot", 2).await;
    assert_eq!((reply.status, &reply.body["active"]), (200, &json!(2)));
    assert_eq!(browser.ask("b").await, ["v2:b"]);
}

#[tokio::test]
async fn rolling_back_goes_to_the_version_before_and_then_to_the_one_before_that() {
    let server = TestServer::start().await;
    let admin = server.admin();
    for version in 1..=3 {
        admin.deploy("bot", artifacts::versioned(version)).await;
    }
    let mut browser = server.open("bot").await;
    assert_eq!(browser.ask("a").await, ["v3:a"]);
    assert_eq!(admin.roll_back("bot").await.body["active"], json!(2));
    assert_eq!(browser.ask("b").await, ["v2:b"]);
    assert_eq!(admin.roll_back("bot").await.body["active"], json!(1));
    assert_eq!(browser.ask("c").await, ["v1:c"]);
    let reply = admin.roll_back("bot").await;
    assert_eq!((reply.status, reply.code()), (409, "nothing-to-roll-back"));
    assert_eq!(browser.ask("d").await, ["v1:d"]);
}

#[tokio::test]
async fn a_removed_bot_is_gone_and_its_sessions_are_told() {
    let server = TestServer::with(&["echo", "counter"]).await;
    let mut browser = server.open("echo").await;
    assert_eq!(server.admin().remove("echo").await.status, 204);
    let reply = server.admin().bot("echo").await;
    assert_eq!((reply.status, reply.code()), (404, "unknown-bot"));
    browser.say("are you there?").await;
    browser.until("new_message").await;
    let said = browser.screen().step_with("`echo` has been removed").clone();
    assert_eq!(said["isError"], json!(true));
    let bots = server.admin().bots().await.body;
    let names = bots.as_array().expect("a list of bots").iter().map(|bot| &bot["name"]);
    assert_eq!(names.collect::<Vec<_>>(), [&json!("counter")]);
}

#[tokio::test]
async fn what_is_no_bot_is_refused_in_words_and_the_active_version_goes_on() {
    let server = TestServer::with(&["echo"]).await;
    let mut browser = server.open("echo").await;
    let echo = artifacts::bot("echo");
    let noise: Vec<u8> =
        (0..4_096_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let refused = [
        (noise, "not-wasm", "not WebAssembly"),
        (Vec::new(), "empty-upload", "empty"),
        (components::core_module(), "core-module", "not a component"),
        (echo[..echo.len() / 2].to_vec(), "invalid-component", "not valid"),
        (components::without_exports(), "missing-export", "does not export `on-message`"),
        (components::wrong_type(), "wrong-export-type", "exports `on-message` with a wrong type"),
        (components::forbidden_import(), "forbidden-import", "imports `wasi:keyvalue/store@0.2.0`"),
        (components::other_version(), "wrong-package-version", "expected version `0.1.0`"),
    ];
    for (n, (component, code, words)) in refused.into_iter().enumerate() {
        let reply = server.admin().put("echo", component).await;
        assert_eq!((reply.status, reply.code()), (422, code), "{reply:?}");
        assert_eq!(reply.content_type, "application/problem+json");
        assert!(reply.detail().contains(words), "{code}: {}", reply.detail());
        assert_eq!(browser.ask(&format!("still {n}")).await, [format!("still {n}")]);
    }
    let bot = server.admin().bot("echo").await.body;
    assert_eq!((&bot["active"], bot["versions"].as_array().map(Vec::len)), (&json!(1), Some(1)));
    let left: Vec<_> = fs::read_dir(server.data_file("incoming")).expect("a folder").collect();
    assert!(left.is_empty(), "refused uploads leave files behind: {left:?}");
}

#[tokio::test]
async fn a_refusal_names_what_was_expected_and_what_was_found() {
    let server = TestServer::start().await;
    let reply = server.admin().put("bot", components::wrong_type()).await;
    let words = reply.detail();
    assert!(words.contains("expected `func(message: "), "{words}");
    assert!(words.contains("found `func()`"), "{words}");
    let reply = server.admin().put("bot", components::without_exports()).await;
    let words = reply.detail();
    assert!(
        words.contains("expected `func(message: ") && words.contains("found nothing"),
        "{words}"
    );
    let reply = server.admin().put("bot", components::forbidden_import()).await;
    assert!(reply.detail().contains("expected imports of `chinwag:bot`"), "{}", reply.detail());
    assert_eq!(server.admin().bot("bot").await.status, 404, "nothing was stored");
}

#[tokio::test]
async fn an_upload_larger_than_allowed_is_refused() {
    let server = Settings::default().env("CHINWAG_UPLOAD_MAX", "8 KiB").start().await;
    let reply = server.admin().put("echo", artifacts::bot("echo")).await;
    assert_eq!((reply.status, reply.code()), (413, "upload-too-large"));
    assert!(reply.detail().contains("8 KiB"), "{}", reply.detail());
}

#[tokio::test]
async fn nobody_without_the_token_learns_or_changes_anything() {
    let server = TestServer::with(&["echo"]).await;
    let token = chinwag_tests::server::TOKEN;
    let (nobody, stranger) = (server.admin(), Admin::new(&server.url, "a-guess"));
    let paths = [
        (Method::GET, "/api/bots"),
        (Method::GET, "/api/bots/echo"),
        (Method::GET, "/api/bots/echo/logs"),
        (Method::PUT, "/api/bots/echo"),
        (Method::POST, "/api/bots/echo/rollback"),
        (Method::POST, "/api/bots/echo/activate"),
        (Method::DELETE, "/api/bots/echo"),
        (Method::GET, "/api/bots/no-such-bot"),
    ];
    for (method, path) in paths {
        let in_query = format!("{path}?token={token}&access_token={token}");
        let tries = [
            (nobody.bare(method.clone(), path), "no-token"),
            (nobody.bare(method.clone(), &in_query), "no-token"),
            (stranger.request(method.clone(), path), "wrong-token"),
        ];
        for (request, code) in tries {
            let reply = server.admin().send(request.body("x")).await;
            assert_eq!((reply.status, reply.code()), (401, code), "{method} {path}");
        }
    }
    assert_eq!(server.admin().bot("echo").await.body["active"], json!(1));
}

#[tokio::test]
async fn names_that_are_no_bots_names_are_refused() {
    let server = TestServer::start().await;
    let long = "x".repeat(65);
    for name in ["Echo", "-echo", "e.cho", "e%20cho", "%C3%A9cho", "..%2F..%2Fetc", "%00", &long] {
        let reply = server.admin().put(name, artifacts::bot("echo")).await;
        assert_eq!((reply.status, reply.code()), (400, "bad-bot-name"), "`{name}`: {reply:?}");
    }
    let reply = server.admin().bots().await;
    assert_eq!(reply.body, json!([]));
}

#[tokio::test]
async fn what_is_not_there_cannot_be_activated() {
    let server = TestServer::with(&["echo"]).await;
    let code = |reply: Reply| (reply.status, reply.code().to_owned());
    assert_eq!(code(server.admin().activate("echo", 7).await), (404, "unknown-version".into()));
    assert_eq!(code(server.admin().activate("nobody", 1).await), (404, "unknown-bot".into()));
    assert_eq!(code(server.admin().remove("nobody").await), (404, "unknown-bot".into()));
}

#[tokio::test]
async fn a_watched_folder_is_deployed_and_deployed_again_when_a_file_changes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let put = |name: &str, component: &[u8]| {
        let work = folder.path().join(format!("{name}.part"));
        fs::write(&work, component).expect("the folder can be written");
        fs::rename(work, folder.path().join(name)).expect("the file can be renamed");
    };
    put("bot.wasm", &artifacts::versioned(1));
    put("broken.wasm", b"not a component");
    let server = Settings::default().flag("--watch", folder.path()).start().await;
    let mut browser = server.open("bot").await;
    assert_eq!(browser.ask("a").await, ["v1:a"]);
    put("bot.wasm", &artifacts::versioned(2));
    server.log().line(&["activated", "bot=bot", "version=2"]).await;
    assert_eq!(browser.ask("b").await, ["v2:b"]);
    put("echo.wasm", &artifacts::bot("echo"));
    server.log().line(&["activated", "bot=echo"]).await;
    assert_eq!(server.open("echo").await.ask("c").await, ["c"]);
    server.log().line(&["broken.wasm", "not WebAssembly"]).await;
}
