//! Who gets in, and whose a session is: by a proxy's header and by tokens, which need nothing to be kept.

use std::time::{SystemTime, UNIX_EPOCH};

use chinwag_tests::{
    client::{Client, Tab},
    npm::Npm,
    server::{self, Settings, TestServer},
    visitor::{Answer, Visitor},
    within,
};
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};

/// What another program of the operator signs with.
const SECRET: &str = "the-secret-of-another-program-of-ours";

async fn by_header(bots: &[&str]) -> TestServer {
    let server = Settings::default().env("CHINWAG_AUTH__HEADER", "X-Forwarded-User").start().await;
    for bot in bots {
        server.deploy(bot).await;
    }
    server
}

async fn by_token() -> TestServer {
    let settings = Settings::default().env("CHINWAG_AUTH__JWT_SECRET", SECRET);
    let server = settings.start().await;
    server.deploy("echo").await;
    server
}

async fn signed_in(server: &TestServer, name: &str) -> Visitor {
    let mut visitor = Visitor::new(&server.url);
    let answer = visitor.post("/auth/header", |it| it.header("x-forwarded-user", name)).await;
    assert_eq!((answer.status, answer.body), (200, json!({ "success": true })));
    visitor
}

fn token(name: &str, metadata: &Value) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let claims = json!({ "identifier": name, "metadata": metadata, "exp": now + 60 });
    encode(&Header::default(), &claims, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap()
}

fn detail(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.body["detail"].as_str().unwrap_or_default())
}

const REFUSED: &str = "Connection refused by server";
const STRANGER: (u16, &str) = (401, "Invalid authentication token");

#[tokio::test]
async fn a_stranger_is_shown_the_door_and_a_signed_in_user_chats() {
    let server = by_header(&["echo"]).await;
    let mut stranger = Visitor::new(&server.url);
    let config = stranger.get("/auth/config").await.body;
    assert_eq!((&config["requireLogin"], &config["headerAuth"]), (&json!(true), &json!(true)));
    assert_eq!(config["oauthProviders"], json!([]));
    for path in ["/user", "/project/settings?language=en-US&", "/project/file/x?session_id=y"] {
        assert_eq!(detail(&stranger.get(path).await), STRANGER, "{path}");
    }
    let click = json!({ "sessionId": "x", "action": { "id": "y", "name": "z" } });
    let answer = stranger.post("/project/action", |it| it.json(&click)).await;
    assert_eq!(detail(&answer), STRANGER);
    assert_eq!(stranger.is_refused(Tab::new("echo")).await["message"], REFUSED);
    let answer = stranger.post("/auth/header", |it| it.json(&json!({}))).await;
    assert_eq!(detail(&answer), (401, "credentialssignin"));
    assert_eq!(answer.cookies, [] as [String; 0]);

    let mut ada = signed_in(&server, "ada@example.org").await;
    let user = ada.get("/user").await;
    assert_eq!((user.status, &user.body["identifier"]), (200, &json!("ada@example.org")));
    assert_eq!(ada.get("/project/settings").await.status, 200);
    assert_eq!(ada.open("echo").await.ask("hello").await, ["hello"]);
}

#[tokio::test]
async fn the_cookie_is_chainlits_and_is_secure_behind_a_proxy_that_speaks_https() {
    let server = by_header(&[]).await;
    let mut ada = Visitor::new(&server.url);
    let answer = ada.post("/auth/header", |it| it.header("x-forwarded-user", "ada")).await;
    let (name, attributes) = answer.cookies[0].split_once('=').unwrap();
    assert_eq!(name, "access_token");
    let (_, attributes) = attributes.split_once(';').unwrap();
    assert_eq!(attributes, " HttpOnly; Max-Age=1296000; Path=/; SameSite=lax");
    let secure = |it: reqwest::RequestBuilder| {
        it.header("x-forwarded-user", "ada").header("x-forwarded-proto", "https")
    };
    let answer = ada.post("/auth/header", secure).await;
    assert!(answer.cookies[0].ends_with("; SameSite=lax; Secure"), "{answer:?}");
}

#[tokio::test]
async fn npms_client_comes_with_its_cookie() {
    let server = by_header(&["echo"]).await;
    let ada = signed_in(&server, "ada").await;
    let mut npm = Npm::connect(&server.url, ada.tab("echo")).await;
    assert_eq!(npm.ask("hello").await, ["hello"]);
    npm.break_connection().await;
    npm.until("clear_call_fn").await;
    assert_eq!(npm.ask("again").await, ["again"]);
}

#[tokio::test]
async fn a_session_is_its_users_alone() {
    let server = by_header(&["greeter"]).await;
    let ada = signed_in(&server, "ada").await;
    let mut hers = ada.open("greeter").await;
    hers.until("action").await;
    hers.until("task_end").await;
    let mut bob = signed_in(&server, "bob").await;
    let stolen = Tab { session: hers.tab().session.clone(), ..bob.tab("greeter") };
    assert_eq!(bob.is_refused(stolen).await["message"], REFUSED);
    let action = hers.screen().action("Ping me");
    let click = json!({ "sessionId": hers.tab().session, "action": action });
    let answer = bob.post("/project/action", |it| it.json(&click)).await;
    assert_eq!(detail(&answer), (404, "Session not found"));
    let session = hers.tab().session.clone();
    let path = format!("/project/file/{session}?session_id={session}");
    assert_eq!(detail(&bob.get(&path).await), (401, "Unauthorized"));
    assert_eq!(hers.click("Ping me").await.0, 200);
}

#[tokio::test]
async fn who_signs_out_is_out() {
    let server = by_header(&["echo"]).await;
    let mut ada = signed_in(&server, "ada").await;
    let answer = ada.post("/logout", |it| it.json(&json!({}))).await;
    assert_eq!((answer.status, answer.body), (200, json!({ "success": true })));
    assert_eq!(ada.jar().len(), 0);
    assert_eq!(detail(&ada.get("/user").await), STRANGER);
    ada.is_refused(ada.tab("echo")).await;
}

#[tokio::test]
async fn a_cookie_that_was_tampered_with_opens_nothing() {
    let server = by_header(&["echo"]).await;
    let mut ada = signed_in(&server, "ada").await;
    let token = ada.jar()["access_token"].clone();
    let bob = signed_in(&server, "bob").await.jar()["access_token"].clone();
    let part = |token: &str, n| token.split('.').nth(n).unwrap().to_owned();
    let mixed = [part(&token, 0), part(&bob, 1), part(&token, 2)].join(".");
    let unsigned = [part(&token, 0), part(&token, 1), String::new()].join(".");
    for bad in [mixed, unsigned, token[1..].to_owned(), String::new()] {
        ada.jar().insert("access_token".into(), bad.clone());
        assert_eq!(detail(&ada.get("/user").await), STRANGER, "{bad}");
        ada.is_refused(ada.tab("echo")).await;
    }
    ada.jar().insert("access_token".into(), token);
    assert_eq!(ada.get("/user").await.status, 200);
}

#[tokio::test]
async fn who_was_signed_in_still_is_after_a_restart() {
    let mut server = by_header(&["echo"]).await;
    let token = signed_in(&server, "ada").await.jar()["access_token"].clone();
    server.restart().await;
    let mut ada = Visitor::new(&server.url);
    ada.jar().insert("access_token".into(), token);
    assert_eq!(ada.get("/user").await.body["identifier"], "ada");
}

#[tokio::test]
async fn pages_of_other_sites_sign_nobody_in_or_out() {
    let server = by_header(&[]).await;
    let mut ada = signed_in(&server, "ada").await;
    for path in ["/login", "/logout", "/auth/header", "/auth/jwt"] {
        for origin in ["https://evil.example", "null"] {
            let answer = ada.post(path, |it| it.header("origin", origin)).await;
            assert_eq!((answer.status, answer.cookies), (403, Vec::new()), "{path} {origin}");
        }
    }
}

#[tokio::test]
async fn a_token_of_another_program_signs_in() {
    let server = by_token().await;
    let mut visitor = Visitor::new(&server.url);
    let config = visitor.get("/auth/config").await.body;
    assert_eq!((&config["requireLogin"], &config["passwordAuth"]), (&json!(true), &json!(false)));
    let token = token("grace", &json!({ "team": "navy" }));
    for (header, text) in [
        (None, "Authorization header missing"),
        (Some("Basic YTpi".to_owned()), "Invalid authentication scheme. Please use Bearer"),
        (Some("Bearer nonsense".to_owned()), "Invalid token"),
        (Some(format!("Bearer {token}x")), "Invalid token"),
    ] {
        let answer = visitor
            .post("/auth/jwt", |it| match &header {
                Some(header) => it.header("authorization", header),
                None => it,
            })
            .await;
        assert_eq!(detail(&answer), (401, text));
    }
    let answer = visitor.post("/auth/jwt", |it| it.bearer_auth(&token)).await;
    assert_eq!((answer.status, answer.body), (200, json!({ "success": true })));
    let user = visitor.get("/user").await.body;
    assert_eq!((&user["identifier"], &user["metadata"]["team"]), (&json!("grace"), &json!("navy")));
    assert_eq!(visitor.open("echo").await.ask("hello").await, ["hello"]);
}

#[tokio::test]
async fn a_program_without_cookies_shows_its_token_at_each_request() {
    let server = by_token().await;
    let bearer = |path: &str| {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        client.get(format!("{}{path}", server.url)).bearer_auth(token("grace", &json!({})))
    };
    for path in ["/user", "/project/settings"] {
        let answer = within(path, bearer(path).send()).await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{path}");
    }
}

#[tokio::test]
async fn a_token_too_long_for_one_cookie_is_split() {
    let server = by_token().await;
    let mut grace = Visitor::new(&server.url);
    let long = token("grace", &json!({ "notes": "x".repeat(5_000) }));
    grace.post("/auth/jwt", |it| it.bearer_auth(&long)).await;
    let names: Vec<_> = grace.jar().keys().cloned().collect();
    assert_eq!(names, ["access_token_0", "access_token_1", "access_token_2"]);
    assert_eq!(grace.get("/user").await.body["identifier"], "grace");
    assert_eq!(grace.open("echo").await.ask("hello").await, ["hello"]);
    let second = grace.jar().remove("access_token_1").unwrap();
    assert_eq!(grace.get("/user").await.status, 401);
    grace.jar().insert("access_token_1".into(), second);
    let short = token("grace", &json!({}));
    grace.post("/auth/jwt", |it| it.bearer_auth(&short)).await;
    assert_eq!(grace.jar().keys().collect::<Vec<_>>(), ["access_token"]);
    grace.post("/auth/jwt", |it| it.bearer_auth(&long)).await;
    grace.post("/logout", |it| it).await;
    assert_eq!(grace.jar().len(), 0);
}

#[tokio::test]
async fn what_is_off_answers_as_chainlit_does() {
    let server = by_header(&[]).await;
    let mut visitor = Visitor::new(&server.url);
    let login = visitor.login("a", "b").await;
    assert_eq!(detail(&login), (400, "No auth_callback defined"));
    let oauth = visitor.get("/auth/oauth/generic").await;
    assert_eq!(detail(&oauth), (400, "No oauth_callback defined"));
    let token = token("ada", &json!({}));
    let jwt = visitor.post("/auth/jwt", |it| it.bearer_auth(token)).await;
    assert_eq!(detail(&jwt), (401, "Invalid token"));
}

#[tokio::test]
async fn sign_in_that_cannot_work_stops_the_server_in_words() {
    let folder = tempfile::tempdir().unwrap();
    for (variable, value, said) in [
        ("CHINWAG_AUTH__JWT_SECRET", "short", "auth.jwt_secret"),
        ("CHINWAG_AUTH__HEADER", "two words", "`two words`"),
        ("CHINWAG_AUTH__PROXIES", "10.0.0.0/99", "10.0.0.0/99"),
    ] {
        let mut command = server::command(&["serve", "--listen", "127.0.0.1:0"], folder.path());
        let output = within("the end of a server", command.env(variable, value).output()).await;
        let output = output.unwrap();
        assert!(!output.status.success());
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains(said), "{text}");
    }
}
