//! The border as clients meet it: a server on which nothing is deployed, and no network.

use std::fs;

use axum::{
    body::Body,
    http::{Method, Request, Response, StatusCode},
};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Handle;
use tower::ServiceExt as _;

use crate::{
    files::{Files, FilesSettings},
    session::SessionSettings,
};

use super::{polling::Client, *};

mod echo;

const SESSION: &str = "7e77cb90-ce71-4d1c-b77e-ea21b0c473a3";

struct Rig {
    router: Router,
    /// Holds `data`, `ui` and `public`.
    dir: TempDir,
}

impl Rig {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        for (file, text) in [
            ("ui/index.html", "<head><!-- TAG INJECTION PLACEHOLDER --></head>"),
            ("ui/assets/index-1a2b.js", "1"),
            ("ui/translations/en-US.json", r#"{"a": "b"}"#),
            ("ui/translations/de.json", r#"{"a": "ä"}"#),
            ("public/note.txt", "hello"),
            ("public/avatars/my_bot.png", "png"),
            ("data/secret", "key"),
        ] {
            let file = dir.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        Self::of(dir, Bots::sample(&data).await).await
    }

    async fn of(dir: TempDir, bots: Bots) -> Self {
        let data = dir.path().join("data");
        let settings = SessionSettings::small();
        let files = FilesSettings { dir: data.join("files"), url: None, is_durable: false };
        let files = Files::open(files).await.unwrap();
        let sessions =
            Sessions::new(bots.clone(), None, files.clone(), settings.clone(), Handle::current());
        let page = GatewaySettings {
            ui: Some(dir.path().join("ui")),
            public: Some(dir.path().join("public")),
            allowed_origins: vec!["https://friend.example".into()],
            name: "Tea & Talk".into(),
            uploads: settings.uploads,
            sharing: true,
        };
        let kept = Kept { files, db: None };
        Self { router: router(sessions, bots, Auth::off(), kept, page), dir }
    }

    async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Sends a GET as a page of `origin` does.
    async fn as_page(&self, origin: &str, uri: &str) -> Response<Body> {
        let request = Request::get(uri).header("host", "chat.example").header("origin", origin);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn get(&self, uri: &str) -> (StatusCode, Value) {
        read(self.send(Request::get(uri).body(Body::empty()).unwrap()).await).await
    }

    async fn post(&self, uri: &str, body: &str) -> (StatusCode, Value) {
        let request = Request::post(uri).header("content-type", "application/json");
        read(self.send(request.body(Body::from(body.to_owned())).unwrap()).await).await
    }
}

/// The status and the body: as JSON, or else as text.
async fn read(response: Response<Body>) -> (StatusCode, Value) {
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let text = || Value::String(String::from_utf8_lossy(&body).into_owned());
    (status, serde_json::from_slice(&body).unwrap_or_else(|_| text()))
}

fn detail(text: &str) -> Value {
    json!({ "detail": text })
}

#[tokio::test]
async fn a_connect_that_cannot_be_served_is_refused_without_saying_why() {
    let rig = Rig::new().await;
    let no_bot = format!(r#"{{"clientType":"webapp","sessionId":"{SESSION}","threadId":""}}"#);
    let bad_thread = format!(r#"{{"sessionId":"{SESSION}","threadId":"x"}}"#);
    let long = format!(r#"{{"sessionId":"{}"}}"#, "x".repeat(900_000));
    for auth in [
        &no_bot,
        &bad_thread,
        &long,
        "",
        "{}",
        "[]",
        "7",
        r#"{"sessionId":7}"#,
        r#"{"sessionId":"x"}"#,
    ] {
        let mut client = Client::open(rig.router.clone()).await;
        let answer = client.connect(auth).await;
        assert_eq!(answer, r#"44{"message":"Connection refused by server"}"#);
    }
}

#[tokio::test]
async fn pages_of_foreign_origins_get_nothing() {
    let rig = Rig::new().await;
    for uri in [
        "/health",
        "/ws/socket.io/?EIO=4&transport=polling",
        "/ws/socket.io?EIO=4&transport=polling",
    ] {
        for (origin, status) in [
            ("http://chat.example", StatusCode::OK),
            ("https://friend.example", StatusCode::OK),
            ("https://evil.example", StatusCode::FORBIDDEN),
            ("null", StatusCode::FORBIDDEN),
        ] {
            let response = rig.as_page(origin, uri).await;
            assert_eq!(response.status(), status, "{origin} {uri}");
            let mirrored = response.headers().get("access-control-allow-origin");
            let is_friend = origin == "https://friend.example";
            assert_eq!(mirrored.map(|it| it.to_str().unwrap()), is_friend.then_some(origin));
        }
    }
}

#[tokio::test]
async fn a_page_of_an_allowed_origin_may_send_json_with_credentials() {
    let rig = Rig::new().await;
    let request = Request::builder()
        .method(Method::OPTIONS)
        .uri("/project/action")
        .header("origin", "https://friend.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type");
    let response = rig.send(request.body(Body::empty()).unwrap()).await;
    let header = |name: &str| response.headers().get(name).unwrap().to_str().unwrap();
    assert_eq!(header("access-control-allow-origin"), "https://friend.example");
    assert_eq!(header("access-control-allow-credentials"), "true");
    assert_eq!(header("access-control-allow-headers"), "content-type");
}

#[tokio::test]
async fn the_routes_that_the_stock_page_needs_answer() {
    let rig = Rig::new().await;
    assert_eq!(rig.get("/health").await, (StatusCode::OK, json!({ "status": "ok" })));
    assert_eq!(rig.get("/user").await, (StatusCode::OK, Value::Null));
    let (status, login) = rig.get("/auth/config").await;
    assert_eq!((status, &login["requireLogin"]), (StatusCode::OK, &Value::Null));
    // The stray `&` is the stock client's.
    let (status, settings) = rig.get("/project/settings?language=en-US&chat_profile=none&").await;
    assert_eq!((status, &settings["ui"]["name"]), (StatusCode::OK, &json!("Tea & Talk")));
    assert_eq!(settings["features"]["audio"]["enabled"], json!(false));
    assert_eq!((&settings["chatProfiles"], &settings["starters"]), (&json!([]), &json!([])));
    let german = (StatusCode::OK, json!({ "translation": { "a": "ä" } }));
    assert_eq!(rig.get("/project/translations?language=de-CH&").await, german);
    let english = (StatusCode::OK, json!({ "translation": { "a": "b" } }));
    assert_eq!(rig.get("/project/translations?language=fr").await, english);
    assert_eq!(rig.get("/project/translations").await, english);
    assert_eq!(rig.get("/logo?theme=dark&").await.0, StatusCode::OK);
}

#[tokio::test]
async fn bad_requests_are_answered_with_a_detail() {
    let rig = Rig::new().await;
    for uri in [
        "/project/settings?language=en_US",
        "/project/translations?language=../x",
        "/logo?theme=blue",
    ] {
        let (status, body) = rig.get(uri).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{uri}");
        assert!(body["detail"].is_string(), "{uri}: {body}");
    }
    let not_found = |text| (StatusCode::NOT_FOUND, detail(text));
    assert_eq!(rig.get("/nowhere").await, not_found("Not Found"));
    assert_eq!(rig.get("/api/nowhere").await, not_found("Not Found"));
    assert_eq!(rig.get("/project/action").await.0, StatusCode::METHOD_NOT_ALLOWED);
    let unauthorized = (StatusCode::UNAUTHORIZED, detail("Unauthorized"));
    assert_eq!(rig.get(&format!("/project/file/x?session_id={SESSION}&")).await, unauthorized);
    let click = format!(r#"{{"sessionId":"{SESSION}","action":{{"id":"x","name":"a"}}}}"#);
    assert_eq!(rig.post("/project/action", &click).await, not_found("Session not found"));
    for body in ["{}", "{", "[]", r#"{"sessionId":7}"#] {
        assert!(rig.post("/project/action", body).await.0.is_client_error(), "{body}");
    }
    let (status, _) = rig.post("/set-session-cookie", r#"{"session_id":"a; Domain=b"}"#).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let huge = format!(r#"{{"session_id":"{}"}}"#, "x".repeat(1_000_000));
    assert_eq!(rig.post("/set-session-cookie", &huge).await.0, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn what_is_not_built_answers_as_chainlit_does_when_it_is_off() {
    let rig = Rig::new().await;
    let off = |text| (StatusCode::BAD_REQUEST, detail(text));
    assert_eq!(rig.post("/login", "{}").await, off("No auth_callback defined"));
    assert_eq!(rig.post("/project/threads", "{}").await, off("Data persistence is not enabled"));
    assert_eq!(rig.post("/mcp", "{}").await, off("This app does not support MCP."));
    assert_eq!(rig.get("/auth/oauth/github").await, off("No oauth_callback defined"));
    assert_eq!(rig.post("/logout", "{}").await, (StatusCode::OK, json!({ "success": true })));
}

#[tokio::test]
async fn the_session_cookie_is_chainlits() {
    let rig = Rig::new().await;
    let request = Request::post("/set-session-cookie").header("content-type", "application/json");
    let body = Body::from(format!(r#"{{"session_id":"{SESSION}"}}"#));
    let response = rig.send(request.body(body).unwrap()).await;
    let cookie = response.headers().get("set-cookie").unwrap().to_str().unwrap().to_owned();
    assert_eq!(cookie, format!("X-Chainlit-Session-id={SESSION}; HttpOnly; Path=/; SameSite=lax"));
    assert_eq!(read(response).await.1, json!({ "message": "Session cookie set" }));
}

#[tokio::test]
async fn files_outside_of_the_public_folder_are_out_of_reach() {
    let rig = Rig::new().await;
    assert_eq!(rig.get("/public/note.txt").await, (StatusCode::OK, json!("hello")));
    assert_eq!(rig.get("/avatars/My.Bot").await, (StatusCode::OK, json!("png")));
    assert!(rig.dir.path().join("data/secret").exists());
    for uri in [
        "/public/../data/secret",
        "/public/%2e%2e/data/secret",
        "/public/..%2fdata%2fsecret",
        "/public//etc/passwd",
        "/public/none.txt",
        "/assets/../../data/secret",
        "/assets/%2e%2e/index.html",
        "/../data/secret",
        "/%2e%2e/data/secret",
        "/avatars/..%2f..%2fdata%2fsecret",
    ] {
        let (status, body) = rig.get(uri).await;
        assert!(status.is_client_error(), "{uri}: {status} {body}");
    }
}

#[tokio::test]
async fn a_person_gets_the_page_under_every_path_and_a_script_does_not() {
    let rig = Rig::new().await;
    let page =
        "<head><title>Tea &amp; Talk</title>\n    <link rel=\"icon\" href=\"/favicon\" /></head>";
    for uri in ["/", "/login", "/thread/1", "/login/callback", "/env"] {
        let request = Request::get(uri).header("accept", "text/html,*/*;q=0.8");
        let (status, body) = read(rig.send(request.body(Body::empty()).unwrap()).await).await;
        assert_eq!((status, body), (StatusCode::OK, json!(page)), "{uri}");
    }
    assert_eq!(rig.get("/thread/1").await.0, StatusCode::NOT_FOUND);
    assert_eq!(rig.get("/assets/index-1a2b.js").await.0, StatusCode::OK);
    assert_eq!(rig.get("/assets/none.js").await.0, StatusCode::NOT_FOUND);
}
