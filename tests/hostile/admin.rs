//! People without the token, and users with files that are none. Rows 33 and 35.

use std::fs;

use chinwag_tests::{
    artifacts,
    client::Client,
    server::{Settings, TOKEN, TestServer},
    within,
};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use crate::denial::{is_well, serving};

#[tokio::test]
async fn no_route_of_the_operator_opens_without_the_very_token_in_its_place() {
    let server = serving(Settings::default(), &["echo"]).await;
    let admin = server.admin();
    let routes = [
        (Method::GET, "/api/bots"),
        (Method::GET, "/api/bots/echo"),
        (Method::PUT, "/api/bots/echo"),
        (Method::DELETE, "/api/bots/echo"),
        (Method::POST, "/api/bots/echo/activate"),
        (Method::POST, "/api/bots/echo/rollback"),
        (Method::PUT, "/api/bots/echo/limits"),
        (Method::PUT, "/api/bots/echo/grants"),
        (Method::GET, "/api/bots/echo/logs?follow=true"),
        (Method::GET, "/api/stats"),
        (Method::GET, "/api/sessions"),
        (Method::GET, "/api/no-such-route"),
        (Method::PATCH, "/api/bots/echo"),
        (Method::HEAD, "/api/bots"),
    ];
    let cut = &TOKEN[..TOKEN.len() - 1];
    for (method, path) in routes {
        let bare = || admin.bare(method.clone(), path);
        let header = |text: &str| bare().header("authorization", text);
        for request in [
            bare(),
            header(TOKEN),
            header(&format!("Basic {TOKEN}")),
            header("Bearer "),
            header("Bearer"),
            header(&format!("Bearer {cut}")),
            header(&format!("Bearer {TOKEN}x")),
            header(&format!("Bearer {}", TOKEN.to_uppercase())),
            header(&format!("Bearer {TOKEN}, Bearer x")),
            header(&format!("Bearer {}", "x".repeat(8_000))),
            bare().header(
                "cookie",
                format!("authorization=Bearer {TOKEN}; token={TOKEN}; access_token={TOKEN}"),
            ),
            bare().header("x-admin-token", TOKEN),
            bare().basic_auth("admin", Some(TOKEN)),
        ] {
            let reply = admin.send(request.body(r#"{"version":1}"#)).await;
            assert_eq!(reply.status, 401, "{method} {path}: {reply:?}");
        }
    }
    assert_eq!(admin.bot("echo").await.body["active"], 1);
    is_well(&server).await;
}

#[tokio::test]
async fn forms_of_other_sites_change_nothing() {
    let server = serving(Settings::default(), &["echo"]).await;
    let admin = server.admin();
    let kinds =
        ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"];
    for path in ["/api/bots/echo/rollback", "/api/bots/echo/activate", "/api/bots/echo"] {
        for kind in kinds {
            for origin in ["https://evil.example", "null"] {
                let form = admin.bare(Method::POST, &format!("{path}?token={TOKEN}"));
                let form = form.header("origin", origin).header("content-type", kind);
                let body = format!("token={TOKEN}&version=1&_method=DELETE");
                let response =
                    within("an answer", form.body(body).send()).await.expect("an answer");
                assert!(matches!(response.status().as_u16(), 401 | 403), "{path} {kind} {origin}");
                let allowed = response.headers().get("access-control-allow-origin");
                assert_eq!(allowed, None, "{path} {kind} {origin}");
            }
        }
    }
    // What a browser asks before it sends a header of its own.
    let asks =
        admin.bare(Method::OPTIONS, "/api/bots/echo").header("origin", "https://evil.example");
    let asks = asks.header("access-control-request-method", "DELETE");
    let asks = asks.header("access-control-request-headers", "authorization");
    let response = asks.send().await.expect("an answer");
    assert_eq!(response.headers().get("access-control-allow-origin"), None);
    let bot = admin.bot("echo").await.body;
    assert_eq!((&bot["active"], bot["versions"].as_array().map(Vec::len)), (&1.into(), Some(1)));
    let reply = admin.put("echo", artifacts::bot("echo")).await;
    assert_eq!(reply.status, 200, "whoever has the token is let in: {reply:?}");
}

/// A form with one file.
fn form(name: &str, mime: &str) -> Vec<u8> {
    let head = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"";
    format!("{head}{name}\"\r\nContent-Type: {mime}\r\n\r\n<script>alert(1)</script>\r\n--x--\r\n")
        .into()
}

fn upload(server: &TestServer, session: &str, form: Vec<u8>) -> RequestBuilder {
    let path = format!("/project/file?session_id={session}&");
    let request = server.admin().bare(Method::POST, &path);
    request.header("content-type", "multipart/form-data; boundary=x").body(form)
}

#[tokio::test]
async fn a_file_of_any_name_and_type_is_served_as_nothing_that_runs() {
    let server = serving(Settings::default(), &["echo"]).await;
    let mut browser = server.open("echo").await;
    let session = browser.tab().session.clone();
    let long = "x".repeat(5_000);
    for (name, mime) in [
        ("page.html", "text/html"),
        ("page.html", "TEXT/HTML; charset=utf-8"),
        ("picture.svg", "image/svg+xml"),
        ("script.js", "application/javascript"),
        ("page.xhtml", "application/xhtml+xml"),
        ("list", "text/plain, text/html"),
        ("none", "not a type"),
        ("a\u{202e}gnp.exe\u{200f}\u{2066}.html", "text/html"),
        ("..\\..\\windows\\system32\\x.html", "text/html"),
        ("../../../../etc/passwd", "text/html"),
        ("C:\\x.html", "text/html"),
        ("<img src=x onerror=alert(1)>.html", "text/html"),
        ("a%22%0d%0aSet-Cookie: x=1.html", "text/html"),
        (long.as_str(), "text/html"),
        ("...", "text/html"),
    ] {
        let reply = server.admin().send(upload(&server, &session, form(name, mime))).await;
        assert_eq!(reply.status, 200, "{name:?} {mime}: {reply:?}");
        let id = reply.body["id"].as_str().expect("it has an id");
        let kept = reply.body["name"].as_str().unwrap_or("named by its id");
        let is_bad = |c: char| c.is_control() || "/\\\u{202e}".contains(c);
        assert!(!kept.contains(is_bad) && kept.len() <= 1_000, "{name:?}: {kept:?}");
        let path = format!("/project/file/{id}?session_id={session}");
        let response = server.admin().open_request(&path).send().await.expect("an answer");
        let header = |name: &str| response.headers()[name].to_str().expect("text").to_owned();
        assert_eq!(response.status().as_u16(), 200);
        let place = header("content-disposition");
        assert!(place.starts_with("attachment; filename*=UTF-8''"), "{name:?} {mime}: {place}");
        assert!(!place.contains(['/', '\\', '"', '<']), "{name:?}: {place}");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert!(header("content-security-policy").contains("sandbox"), "{name:?} {mime}");
        assert_eq!(response.headers().get("set-cookie"), None);
    }
    // What no header may hold is not even read.
    for name in ["a\u{1b}[31m.html", "a\u{0}.html", "a\u{7f}.html", "a\r.html"] {
        let reply = server.admin().send(upload(&server, &session, form(name, "text/html"))).await;
        assert_eq!(reply.status, 400, "{name:?}: {reply:?}");
        assert_ne!(reply.body["detail"], Value::Null, "{name:?}: {reply:?}");
    }
    // On the disk they have names of the server's making, below the folder of their conversation.
    let folders: Vec<_> = fs::read_dir(server.data_file("files")).expect("a folder").collect();
    assert_eq!(folders.len(), 1, "{folders:?}");
    let kept: Vec<_> =
        fs::read_dir(folders[0].as_ref().expect("a folder").path()).expect("a folder").collect();
    assert_eq!(kept.len(), 15, "{kept:?}");
    for file in kept {
        let name = file.expect("a file").file_name().into_string().expect("text");
        assert!(name.chars().all(|c| c.is_ascii_hexdigit() || c == '-'), "{name}");
    }
    is_well(&server).await;
}

#[tokio::test]
async fn many_tiny_files_take_the_room_that_they_cost() {
    let settings = Settings::default().env("CHINWAG_LIMITS__FILES", "1 MiB");
    let server = serving(settings, &["echo"]).await;
    let mut browser = server.open("echo").await;
    let session = browser.tab().session.clone();
    let mut taken = 0;
    let refused = loop {
        let reply =
            server.admin().send(upload(&server, &session, form("a.txt", "text/plain"))).await;
        if reply.status != 200 {
            break reply;
        }
        taken += 1;
        assert!(taken < 1_000, "there is no end to it");
    };
    assert_eq!(refused.status, 413, "{refused:?}");
    assert_ne!(refused.body["detail"], Value::Null, "{refused:?}");
    assert!(taken > 100, "{taken} files of a few bytes");
    // Another session has room of its own.
    let mut other = server.open("echo").await;
    let session = other.tab().session.clone();
    let reply = server.admin().send(upload(&server, &session, form("a.txt", "text/plain"))).await;
    assert_eq!(reply.status, 200, "{reply:?}");
}
