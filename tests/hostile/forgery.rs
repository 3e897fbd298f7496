//! Guests that pretend to be others, and reach for what is not their own. Rows 14, 15, 25 and 34.

use chinwag_tests::{
    client::Client,
    server::{Settings, TestServer},
    uuid,
};
use serde_json::json;

use crate::{
    denial::{is_cut, is_refused, is_well, serving, strict},
    healthy::Healthy,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_other_sessions_and_the_user_have_shown_is_out_of_reach() {
    let server = serving(strict(), &["echo", "rogue"]).await;
    let mut others = Healthy::begin(&server).await;
    let mut victim = server.open("rogue").await;
    let shown = victim.ask("own").await;
    let shown = shown.last().and_then(|text| text.strip_prefix("allowed ")).expect("they are told");
    let theirs: Vec<_> = shown.split(' ').map(str::to_owned).collect();
    let [message, button, element] = &theirs[..] else { panic!("{theirs:?}") };
    let before = (victim.screen().steps.clone(), victim.screen().elements.clone());

    let mut browser = server.open("rogue").await;
    let said = browser.say("hello").await;
    browser.until("task_end").await;
    let made_up = uuid();
    for (attempt, id, code) in [
        ("update", message.as_str(), "unknown-message"),
        ("remove", message, "unknown-message"),
        ("button", message, "unknown-message"),
        ("element", message, "unknown-message"),
        ("step", message, "unknown-parent"),
        ("unbutton", button, "unknown-action"),
        ("element-at", element, "unknown-element"),
        ("take-element", element, "unknown-element"),
        // What the user said is in this session, and not the bot's to change.
        ("update", &said, "unknown-message"),
        ("remove", &said, "unknown-message"),
        ("update", &made_up, "unknown-message"),
        ("update", "../../../etc/passwd", "unknown-message"),
        ("take-element", "../../../etc/passwd", "unknown-element"),
        ("unbutton", "<script>alert(1)</script>", "unknown-action"),
    ] {
        let answers = browser.ask(&format!("{attempt} {id}")).await;
        let is_so = answers.iter().all(|text| text.starts_with(&format!("refused {code} ")));
        assert!(is_so && answers.len() == 1, "`{attempt} {id}`: expected `{code}`: {answers:?}");
        is_refused(&server, "rogue", code).await;
    }
    assert_eq!(browser.screen().step_with("hello")["output"], "hello");
    others.go_on().await;
    victim.settle().await;
    let after = (victim.screen().steps.clone(), victim.screen().elements.clone());
    assert_eq!(after, before);
    others.end().await;
    is_well(&server).await;
}

#[tokio::test]
async fn a_bot_cannot_speak_as_the_user_whatever_name_it_takes() {
    let server = serving(Settings::default(), &["rogue"]).await;
    let mut browser = server.open("rogue").await;
    for name in ["User", "user", "system", "Error", "<img src=x onerror=alert(1)>", "\u{202e}resU"]
    {
        let id = browser.say(&format!("author {name}")).await;
        let events = browser.until("task_end").await;
        let says_so =
            |event: &&chinwag_tests::client::Event| event.text("output") == "I owe the bot money";
        let forged = events.iter().find(says_so).expect("it is shown").arg();
        assert_eq!((&forged["type"], &forged["name"]), (&json!("assistant_message"), &json!(name)));
        let run = browser.screen().step("on_message").clone();
        assert_eq!((&forged["parentId"], &run["parentId"]), (&run["id"], &json!(id)));
        assert_ne!(forged["id"], "00000000-0000-4000-8000-000000000000");
        assert_eq!(forged["threadId"], run["threadId"]);
        assert_eq!(forged["isError"], json!(false));
    }
    let users = browser.screen().steps.iter().filter(|step| step["type"] == "user_message");
    assert_eq!(users.count(), 6, "only what the user said is the user's");
}

#[tokio::test]
async fn addresses_that_run_scripts_are_refused_however_they_are_spelt() {
    let server = serving(Settings::default(), &["rogue"]).await;
    let mut browser = server.open("rogue").await;
    for url in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "\\tjavascript:alert(1)",
        "java\\tscript:alert(1)",
        "\\njava\\nscript:alert(1)",
        "vbscript:x",
        "data:text/html,<script>alert(1)</script>",
        "blob:http://localhost/x",
        "file:///etc/passwd",
        "//evil.example/x",
        "/api/bots",
        "/project/file/x",
        "public/x",
        "",
    ] {
        let answers = browser.ask(&format!("url {url}")).await;
        let refused = answers.last().is_some_and(|text| text.starts_with("refused invalid-url"));
        assert!(refused, "`{url}`: {answers:?}");
    }
    is_refused(&server, "rogue", "invalid-url").await;
    assert!(browser.screen().elements.is_empty());
}

#[tokio::test]
async fn what_a_bot_shows_as_a_page_is_downloaded_and_runs_nothing() {
    let server = serving(Settings::default(), &["rogue"]).await;
    let mut browser = server.open("rogue").await;
    let session = browser.tab().session.clone();
    for mime in [
        "text/html",
        "image/svg+xml",
        "application/xhtml+xml",
        "text/html;charset=utf-8",
        "text/plain, text/html",
        "text/html\r\nX-Evil: 1",
        "nonsense",
    ] {
        browser.ask(&format!("page {mime}")).await;
        let element = browser.screen().elements.last().expect("it is shown").clone();
        let key = element["chainlitKey"].as_str().expect("an element has a key");
        let path = format!("/project/file/{key}?session_id={session}");
        let response = server.admin().open_request(&path).send().await.expect("an answer");
        let headers = response.headers();
        let header = |name: &str| headers[name].to_str().expect("text").to_owned();
        let place = header("content-disposition");
        assert!(place.starts_with("attachment; filename*=UTF-8''"), "{mime}: {place}");
        assert!(place.is_ascii() && !place.contains(['"', '<', '\r', '\n']), "{mime}: {place}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{mime}");
        assert!(header("content-security-policy").contains("sandbox"), "{mime}");
        assert!(!headers.contains_key("x-evil") && !headers.contains_key("set-cookie"), "{mime}");
    }
    is_well(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_in_the_middle_of_a_stream_leaves_nothing_open_in_any_chat() {
    let server = serving(strict(), &["echo", "crasher"]).await;
    let mut others = Healthy::begin(&server).await;
    for crash in ["trap", "panic", "exit", "trap-stream", "trap-stream"] {
        let mut browser = server.open("crasher").await;
        browser.turn(crash).await;
        if crash == "trap-stream" {
            let screen = browser.screen();
            let stream = screen.step_with("half a sen").clone();
            let step = screen.step("doomed").clone();
            for open in [&stream, &step] {
                assert_eq!(
                    (open["isError"].as_bool(), open["end"].is_string()),
                    (Some(true), true)
                );
            }
            assert_eq!(stream["parentId"], step["id"]);
        }
        is_cut(&server, &mut browser, "trap").await;
        // Whoever comes back is told the same, once.
        let texts = browser.screen().texts();
        let mut again = server.reopen(browser.hang_up().anew()).await;
        again.settle().await;
        assert_eq!(again.screen().texts(), texts);
        others.go_on().await;
    }
    others.end().await;
    is_well(&server).await;
}

/// Answers of the server to paths that lead out of where they belong.
#[tokio::test]
async fn paths_that_lead_out_lead_nowhere() {
    let server = serving(Settings::default(), &["echo"]).await;
    let mut browser = server.open("echo").await;
    let session = browser.tab().session.clone();
    let secret = std::fs::read_to_string(server.data_file("auth-secret")).unwrap_or_default();
    for begin in
        ["/public/", "/avatars/", "/assets/", "/project/file/", "/api/bots/", "/_chinwag/", "/"]
    {
        for out in [
            "../data/admin-token",
            "..%2fdata%2fadmin-token",
            "%2e%2e/%2e%2e/etc/passwd",
            "..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
            "....//....//etc/passwd",
            "..%5c..%5cetc%5cpasswd",
            "%2fetc%2fpasswd",
            "%252e%252e%252fetc%252fpasswd",
            "x%00.png",
            "..",
            "%2e%2e",
        ] {
            let path = format!("{begin}{out}?session_id={session}");
            let (status, body) = raw_get(&server, &path).await;
            assert!((300..500).contains(&status) || !body.contains("root:"), "{path}: {status}");
            assert!(
                !body.contains("root:x:") && (secret.is_empty() || !body.contains(&secret)),
                "{path}"
            );
            assert!(status < 500, "{path}: {status} {body}");
            let is_page = body.contains("<!doctype html>") || body.contains("<svg");
            assert!(status >= 400 || is_page, "{path}: {status} {body}");
        }
    }
    is_well(&server).await;
}

/// GETs a path exactly as it is written: clients would tidy it up.
async fn raw_get(server: &TestServer, path: &str) -> (u16, String) {
    let head = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    let answer = crate::raw::exchange(server, head.as_bytes()).await;
    let status = answer.get(9..12).and_then(|status| status.parse().ok());
    (status.unwrap_or_else(|| panic!("{path}: {answer}")), answer)
}
