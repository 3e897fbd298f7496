//! Sign-in with a password, and the command line that says who has one.

use std::process::Stdio;

use chinwag_tests::{
    client::Client,
    npm::Npm,
    server::{Settings, TestServer},
    visitor::Visitor,
    within,
};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

async fn with_ada() -> TestServer {
    let server = Settings::default().env("CHINWAG_AUTH__PASSWORD", "true").start().await;
    server.deploy("echo").await;
    let said = users(&server, &["add", "ada", "--display-name", "Ada L."], "analytical\n").await;
    assert_eq!(said, Ok("`ada` may sign in now\n".into()));
    server
}

/// Types `chinwag users` with this on stdin.
async fn users(server: &TestServer, arguments: &[&str], stdin: &str) -> Result<String, String> {
    let mut command = server.command(&["users"]);
    command.args(arguments).args(["--data", "data"]);
    if !stdin.is_empty() {
        command.arg("--password-stdin");
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command runs");
    let mut input = child.stdin.take().expect("stdin is a pipe");
    input.write_all(stdin.as_bytes()).await.expect("the command reads");
    drop(input);
    let output = within("the end of a command", child.wait_with_output()).await.expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("a command writes text");
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

#[tokio::test]
async fn a_user_with_a_password_signs_in_and_chats() {
    let server = with_ada().await;
    let mut ada = Visitor::new(&server.url);
    assert_eq!(ada.get("/auth/config").await.body["passwordAuth"], json!(true));
    let wrong = ada.login("ada", "Analytical").await;
    assert_eq!((wrong.status, &wrong.body), (401, &json!({ "detail": "credentialssignin" })));
    assert_eq!(ada.login("bob", "analytical").await.body, wrong.body);
    assert_eq!(ada.post("/login", |it| it.body("username=ada")).await.status, 422);
    assert_eq!(ada.login("ada", "analytical").await.body, json!({ "success": true }));
    let user = ada.get("/user").await.body;
    assert_eq!((&user["identifier"], &user["display_name"]), (&json!("ada"), &json!("Ada L.")));
    assert!(user["id"].is_string() && user["createdAt"].as_str().unwrap().ends_with('Z'), "{user}");
    let mut npm = Npm::connect(&server.url, ada.tab("echo")).await;
    assert_eq!(npm.ask("hello").await, ["hello"]);
}

#[tokio::test]
async fn the_stock_pages_form_is_understood() {
    let server = with_ada().await;
    let mut ada = Visitor::new(&server.url);
    let part = |name: &str, value: &str| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let form = [part("username", "ada"), part("password", "analytical"), "--x--\r\n".into()];
    let answer = ada
        .post("/login", |it| {
            it.header("content-type", "multipart/form-data; boundary=x").body(form.concat())
        })
        .await;
    assert_eq!((answer.status, answer.body), (200, json!({ "success": true })));
}

#[tokio::test]
async fn who_is_removed_or_gets_another_password_is_signed_out_while_the_server_runs() {
    let server = with_ada().await;
    let mut ada = Visitor::new(&server.url);
    ada.login("ada", "analytical").await;
    users(&server, &["password", "ada"], "difference\n").await.unwrap();
    assert_eq!(ada.get("/user").await.status, 401);
    ada.is_refused(ada.tab("echo")).await;
    assert_eq!(ada.login("ada", "analytical").await.status, 401);
    assert_eq!(ada.login("ada", "difference").await.status, 200);
    users(&server, &["remove", "ada"], "").await.unwrap();
    assert_eq!(ada.get("/user").await.status, 401);
    assert_eq!(ada.login("ada", "difference").await.status, 401);
}

#[tokio::test]
async fn users_come_and_go_on_the_command_line() {
    let server = with_ada().await;
    let table = users(&server, &["list"], "").await.unwrap();
    assert!(table.contains("ada") && table.contains("with a password"), "{table}");
    let list: Value =
        serde_json::from_str(&users(&server, &["list", "--json"], "").await.unwrap()).unwrap();
    assert_eq!((&list[0]["name"], &list[0]["has_password"]), (&json!("ada"), &json!(true)));
    for (arguments, stdin, said) in [
        (&["add", "ada"][..], "analytical\n", "there is a user `ada` already"),
        (&["add", "bob"][..], "\n", "a password is not empty"),
        (&["add", " bob"][..], "analytical\n", "cannot be a name"),
        (&["add", "bob"][..], "", "--password-stdin"),
        (&["password", "bob"][..], "analytical\n", "there is no user `bob`"),
        (&["remove", "bob"][..], "", "there is no user `bob`"),
    ] {
        let error = users(&server, arguments, stdin).await.unwrap_err();
        assert!(error.contains(said), "{arguments:?}: {error}");
    }
    users(&server, &["remove", "ada"], "").await.unwrap();
    assert!(users(&server, &["list"], "").await.unwrap().contains("no users yet"));
}

#[tokio::test]
async fn guessing_is_slow() {
    let server = with_ada().await;
    let mut visitor = Visitor::new(&server.url);
    let mut last = 0;
    for _ in 0..20 {
        last = visitor.login("ada", "a guess").await.status;
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429);
}
