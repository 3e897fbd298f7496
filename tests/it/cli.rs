//! The command line, as people type it and as scripts read it.

use std::{fs, process::Output};

use chinwag_tests::{
    artifacts,
    client::Client,
    components,
    server::{self, TOKEN, TestServer},
    within,
};
use serde_json::{Value, json};
use tokio::process::Command;

struct Said {
    is_success: bool,
    out: String,
    err: String,
}

async fn run(mut command: Command) -> Said {
    let output = within("the end of a command", command.output()).await.expect("the command runs");
    let Output { status, stdout, stderr } = output;
    let text = |bytes| String::from_utf8(bytes).expect("a command writes text");
    Said { is_success: status.success(), out: text(stdout), err: text(stderr) }
}

/// Types a command that must work. Returns what it writes.
async fn works(server: &TestServer, arguments: &[&str]) -> String {
    let said = run(server.command(arguments)).await;
    assert!(said.is_success, "`chinwag {}` fails: {}", arguments.join(" "), said.err);
    said.out
}

/// Types a command that must not work. Returns what it complains about.
async fn fails(server: &TestServer, arguments: &[&str]) -> String {
    let said = run(server.command(arguments)).await;
    assert!(!said.is_success, "`chinwag {}` works: {}", arguments.join(" "), said.out);
    assert_eq!(said.out, "", "complaints go to stderr");
    said.err
}

/// A component in a file of the server's folder. Returns the file's name.
fn file(server: &TestServer, name: &str, component: &[u8]) -> String {
    fs::write(server.data().join(name), component).expect("the folder can be written");
    name.to_owned()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[tokio::test]
async fn a_bots_life_on_the_command_line() {
    let server = TestServer::start().await;
    assert!(works(&server, &["bots"]).await.contains("no bots yet"));
    let first = file(&server, "bot.wasm", &artifacts::versioned(1));
    let second = file(&server, "second.wasm", &artifacts::versioned(2));
    let said = works(&server, &["deploy", &first]).await;
    assert!(said.contains("`bot` is answered by version 1 now"), "{said}");
    let said = works(&server, &["deploy", &first]).await;
    assert!(said.contains("runs this component already, as version 1"), "{said}");
    let said = works(&server, &["deploy", &second, "--name", "bot", "--no-activate"]).await;
    assert!(said.contains("`chinwag activate bot 2`"), "{said}");

    let mut browser = server.open("bot").await;
    assert_eq!(browser.ask("a").await, ["v1:a"]);
    let said = works(&server, &["activate", "bot", "2"]).await;
    assert!(said.contains("`bot` is answered by version 2"), "{said}");
    assert_eq!(browser.ask("b").await, ["v2:b"]);
    works(&server, &["rollback", "bot"]).await;
    assert_eq!(browser.ask("c").await, ["v1:c"]);

    let said = works(&server, &["bots", "bot"]).await;
    assert!(said.contains("1 *") && said.contains("3 turns since the server started"), "{said}");
    let said = works(&server, &["remove", "bot"]).await;
    assert!(said.contains("`bot` and all its versions are removed"), "{said}");
    assert_eq!(server.admin().bots().await.body, json!([]));
}

#[tokio::test]
async fn scripts_read_json() {
    let server = TestServer::start().await;
    let bot = file(&server, "bot.wasm", &artifacts::versioned(1));
    let deployed = parsed(&works(&server, &["deploy", &bot, "--json"]).await);
    assert_eq!((&deployed["name"], &deployed["version"]), (&json!("bot"), &json!(1)));
    let bots = parsed(&works(&server, &["bots", "--json"]).await);
    assert_eq!((&bots[0]["name"], &bots[0]["active"]), (&json!("bot"), &json!(1)));
    let one = parsed(&works(&server, &["bots", "bot", "--json"]).await);
    assert_eq!(one["versions"][0]["digest"], deployed["digest"]);
    let active = parsed(&works(&server, &["activate", "bot", "1", "--json"]).await);
    assert_eq!(active["active"], json!(1));
    let inspected = parsed(&works(&server, &["inspect", &bot, "--json"]).await);
    assert_eq!((&inspected["admitted"], &inspected["digest"]), (&json!(true), &deployed["digest"]));
    assert_eq!(inspected["exports"], deployed["exports"]);
    let removed = parsed(&works(&server, &["remove", "bot", "--json"]).await);
    assert_eq!(removed, json!({ "removed": "bot" }));
}

#[tokio::test]
async fn logs_are_shown_and_followed() {
    let server = TestServer::with(&["sleeper"]).await;
    let mut browser = server.open("sleeper").await;
    browser.turn("log the first").await;
    let said = works(&server, &["logs", "sleeper"]).await;
    assert!(said.contains("INFO") && said.contains("the first"), "{said}");

    let mut command = server.command(&["logs", "sleeper", "--follow", "--json"]);
    let mut follower = command.stdout(std::process::Stdio::piped()).spawn().expect("it runs");
    let stdout = tokio::io::BufReader::new(follower.stdout.take().expect("stdout is a pipe"));
    let mut lines = tokio::io::AsyncBufReadExt::lines(stdout);
    let mut next =
        async || within("a line", lines.next_line()).await.expect("text").expect("a line");
    assert_eq!(parsed(&next().await)["text"], "the first");
    browser.turn("log the second").await;
    assert_eq!(parsed(&next().await)["text"], "the second");
}

#[tokio::test]
async fn a_component_that_a_server_would_refuse_is_refused_before_it_is_sent_and_after() {
    let server = TestServer::start().await;
    let module = file(&server, "module.wasm", &components::core_module());
    let said = fails(&server, &["deploy", &module]).await;
    assert!(
        said.contains("core WebAssembly module") && said.contains("code: core-module"),
        "{said}"
    );
    let nobody = server::command(&["inspect", &module], server.data());
    let said = run(nobody).await;
    assert!(!said.is_success && said.err.contains("code: core-module"), "{}", said.err);
}

#[tokio::test]
async fn complaints_say_what_to_do_next() {
    let server = TestServer::with(&["echo"]).await;
    let said = fails(&server, &["activate", "echo", "9"]).await;
    assert!(said.contains("`echo` has no version 9; `chinwag bots echo` lists"), "{said}");
    let said = fails(&server, &["rollback", "nobody"]).await;
    assert!(said.contains("there is no bot `nobody`"), "{said}");
    let said = fails(&server, &["deploy", "absent.wasm"]).await;
    assert!(said.contains("`absent.wasm` cannot be read"), "{said}");
    let said = fails(&server, &["bots", "--token", "a-guess"]).await;
    assert!(said.contains("code: wrong-token"), "{said}");
    // Port 9 is nobody's.
    let said = fails(&server, &["bots", "--server", "http://127.0.0.1:9"]).await;
    assert!(said.contains("no server answers at http://127.0.0.1:9"), "{said}");
    assert!(said.contains("hint: start one with `chinwag serve`"), "{said}");
    let nobody = server::command(&["bots", "--server", &server.url], server.data());
    let said = run(nobody).await.err;
    assert!(said.contains("the server wants the admin token, and none was found"), "{said}");
    assert!(said.contains("--data") && said.contains("CHINWAG_ADMIN_TOKEN"), "{said}");
}

#[tokio::test]
async fn without_a_token_of_its_own_a_server_makes_one_that_the_command_line_finds() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = server::command(&["serve", "--listen", "127.0.0.1:0"], folder.path());
    let mut serving = command.stdout(std::process::Stdio::piped()).spawn().expect("it runs");
    let stdout = tokio::io::BufReader::new(serving.stdout.take().expect("stdout is a pipe"));
    let mut lines = tokio::io::AsyncBufReadExt::lines(stdout);
    let line = within("the first line", lines.next_line()).await.expect("text").expect("a line");
    let url = line.rsplit(' ').next().expect("an address").to_owned();
    let said = run(server::command(&["bots", "--server", &url], folder.path())).await;
    assert!(said.is_success && said.out.contains("no bots yet"), "{}", said.err);
    let token = fs::metadata(folder.path().join(".chinwag/admin-token")).expect("a token");
    let mode = std::os::unix::fs::PermissionsExt::mode(&token.permissions());
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn a_second_server_on_the_same_address_says_what_is_wrong() {
    let server = TestServer::start().await;
    let address = server.url.strip_prefix("http://").expect("it speaks HTTP");
    let said = fails(&server, &["serve", "--listen", address, "--data", "other"]).await;
    assert!(said.contains(&format!("cannot listen on {address}")), "{said}");
    assert!(said.contains("--listen"), "{said}");
    assert!(!said.contains(TOKEN), "the token is nobody's business");
}

#[tokio::test]
async fn help_tells_what_there_is() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = server::command(&["--help"], folder.path());
    command.env("COLUMNS", "100");
    insta::assert_snapshot!(run(command).await.out, @r##"
    A chat server whose bots are sandboxed WebAssembly components

    Usage: chinwag <COMMAND>

    Commands:
      serve     Start a server
      deploy    Upload a bot and make it answer
      bots      List the bots, or the versions of one
      activate  Make a version answer, an older or a newer one
      grant     Let a held version have what it asks for, and make it answer
      rollback  Go back to the version that answered before this one
      remove    Remove a bot with all its versions; this cannot be undone
      logs      Show what a bot logs, prints and is refused
      inspect   Show what a component exports and imports, and whether a server would take it; or ask a
                server for a bot
      users     Say who may sign in with a password
      help      Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help
      -V, --version  Print version

    Examples:
      chinwag serve                      Start a server on http://127.0.0.1:8000
      chinwag deploy target/bots/echo.wasm
                                         Upload a bot; the next message is answered by it
      chinwag bots                       See what is deployed
      chinwag logs echo --follow         See what it logs
      chinwag rollback echo              Go back to the version before
    "##);
}
