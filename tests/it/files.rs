//! Files that users attach: streamed in, bounded, served back as what they are, gone with their session.

use chinwag_tests::{
    attach::{BOUNDARY, FORM, form, head},
    browser::Browser,
    client::Client,
    server::{Settings, TestServer},
    uuid, within,
};
use futures_util::stream;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::sync::mpsc;

/// The user drops a file onto the page.
fn upload(server: &TestServer, session: &str, query: &str) -> RequestBuilder {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client can be made");
    // The stray `&` is the stock client's.
    let url = format!("{}/project/file?session_id={session}{query}&", server.url);
    client.post(url).header("content-type", FORM)
}

async fn send(request: RequestBuilder) -> (u16, Value) {
    let response = answer(request).await;
    (response.status().as_u16(), response.json().await.expect("the answer is JSON"))
}

async fn answer(request: RequestBuilder) -> Response {
    within("an answer", request.send()).await.expect("the server answers")
}

/// An upload that ends well. Returns the file's id.
async fn attach(server: &TestServer, browser: &mut Browser, form: Vec<u8>) -> String {
    let session = browser.tab().session.clone();
    let (status, body) = send(upload(server, &session, "").body(form)).await;
    assert_eq!(status, 200, "{body}");
    body["id"].as_str().expect("there is an id").to_owned()
}

fn download(server: &TestServer, session: &str, id: &str) -> RequestBuilder {
    server.admin().open_request(&format!("/project/file/{id}?session_id={session}&"))
}

fn detail(text: &str) -> Value {
    json!({ "detail": text })
}

/// How many files lie in the server's data folder, finished or not.
fn kept(server: &TestServer) -> usize {
    let folders = std::fs::read_dir(server.data_file("files")).expect("the folder is there");
    let files = folders.flat_map(|it| std::fs::read_dir(it.expect("a folder").path()));
    files.flatten().count()
}

#[tokio::test]
async fn an_upload_comes_back_as_it_was_and_to_its_session_alone() {
    let server = TestServer::with(&["echo"]).await;
    let mut browser = server.open("echo").await;
    let session = browser.tab().session.clone();
    let content: Vec<u8> = (0..700_000_u32).map(|at| (at % 251) as u8).collect();
    let id = attach(&server, &mut browser, form("../a \u{e9}.csv", "text/csv", &content)).await;

    let response = answer(download(&server, &session, &id)).await;
    let header = |name: &str| response.headers()[name].to_str().expect("text").to_owned();
    assert_eq!((response.status().as_u16(), header("content-type").as_str()), (200, "text/csv"));
    assert_eq!(header("content-length"), "700000");
    // No browser is to run what a user uploaded as a page of this server.
    assert_eq!(header("content-disposition"), "attachment; filename*=UTF-8''a%20%C3%A9.csv");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(response.bytes().await.expect("bytes"), content);

    let part =
        answer(download(&server, &session, &id).header("range", "bytes=300000-300004")).await;
    assert_eq!(part.status().as_u16(), 206);
    assert_eq!(part.headers()["content-range"], "bytes 300000-300004/700000");
    assert_eq!(part.bytes().await.expect("bytes"), content[300_000..300_005]);

    let mut other = server.open("echo").await;
    let other = other.tab().session.clone();
    assert_eq!(send(download(&server, &other, &id)).await, (404, detail("File not found")));
    assert_eq!(send(download(&server, &uuid(), &id)).await, (401, detail("Unauthorized")));
}

#[tokio::test]
async fn what_is_not_wanted_is_refused_and_leaves_nothing() {
    let settings = Settings::default()
        .env("CHINWAG_UPLOADS__MAX_SIZE_MB", "1")
        .env("CHINWAG_UPLOADS__ACCEPT", "text/*, .png");
    let server = settings.start().await;
    server.deploy("echo").await;
    let mut browser = server.open("echo").await;
    let session = browser.tab().session.clone();
    let large = vec![b'x'; 1_000_001];
    let gone = uuid();
    let parent = format!("&ask_parent_id={}", uuid());
    for (session, query, form, status, text) in [
        (
            &session,
            "",
            form("a.exe", "application/x-msdownload", b"MZ"),
            400,
            "File type not allowed",
        ),
        (
            &session,
            "",
            form("a.txt", "text/plain", &large),
            400,
            "File size too large: at most 1000000 bytes are allowed",
        ),
        (&session, "", form("a.txt", "text/plain", b""), 400, "File is empty"),
        (&session, "", head("a.txt", "text/plain").into_bytes(), 400, "The upload broke off"),
        (&session, &parent, form("a.txt", "text/plain", b"x"), 404, "Parent message not found"),
        (
            &session,
            "&ask_parent_id=x",
            form("a.txt", "text/plain", b"x"),
            404,
            "Parent message not found",
        ),
        (&gone, "", form("a.txt", "text/plain", b"x"), 404, "Session not found"),
        (
            &session,
            "",
            format!("--{BOUNDARY}--\r\n").into_bytes(),
            422,
            "the form has no field `file`",
        ),
    ] {
        let answer = send(upload(&server, session, query).body(form)).await;
        assert_eq!(answer, (status, detail(text)));
    }
    let no_form = upload(&server, &session, "").header("content-type", "text/plain").body("x");
    assert_eq!(send(no_form).await.0, 400);
    assert_eq!(kept(&server), 0);
    attach(&server, &mut browser, form("A.PNG", "application/octet-stream", b"x")).await;
    attach(&server, &mut browser, form("a.txt", "text/plain", &large[1..])).await;
    assert_eq!(kept(&server), 2);
}

#[tokio::test]
async fn where_uploads_are_off_the_page_does_not_offer_them_and_none_is_taken() {
    let server = Settings::default().env("CHINWAG_UPLOADS__ENABLED", "false").start().await;
    server.deploy("echo").await;
    let mut browser = server.open("echo").await;
    let session = browser.tab().session.clone();
    let refused = send(upload(&server, &session, "").body(form("a.txt", "text/plain", b"x"))).await;
    assert_eq!(refused, (400, detail("File upload is not enabled")));
    let (_, text) = server.get("/project/settings?language=en-US&").await;
    let settings: Value = serde_json::from_str(&text).expect("settings are JSON");
    assert_eq!(settings["features"]["spontaneous_file_upload"]["enabled"], json!(false));
}

#[tokio::test]
async fn uploads_at_once_do_not_take_more_than_a_session_may_keep() {
    let server = Settings::default().env("CHINWAG_LIMITS__FILES", "4 MiB").start().await;
    server.deploy("echo").await;
    let mut browser = server.open("echo").await;
    let session = browser.tab().session.clone();
    let form = form("a.txt", "text/plain", &vec![b'x'; 1_500_000]);
    let mut uploads = tokio::task::JoinSet::new();
    for _ in 0..6 {
        uploads.spawn(send(upload(&server, &session, "").body(form.clone())));
    }
    let answers = uploads.join_all().await;
    let taken = answers.iter().filter(|(status, _)| *status == 200).count();
    let refused = answers.iter().filter(|(status, _)| *status == 413).count();
    assert!(taken <= 2 && taken + refused == 6, "{answers:?}");
    assert_eq!(kept(&server), taken);
    // What was refused has given back its room.
    let small = chinwag_tests::attach::form("b.txt", "text/plain", &vec![b'x'; 900_000]);
    attach(&server, &mut browser, small).await;
}

#[tokio::test]
async fn an_upload_that_stalls_or_is_given_up_leaves_nothing() {
    let server = Settings::default().env("CHINWAG_UPLOADS__TIMEOUT", "1s").start().await;
    server.deploy("echo").await;
    let mut browser = server.open("echo").await;
    let session = browser.tab().session.clone();
    let begin = || {
        let (pieces, body) = mpsc::channel::<std::io::Result<Vec<u8>>>(4);
        let body = stream::unfold(body, async |mut body| Some((body.recv().await?, body)));
        (pieces, upload(&server, &session, "").body(reqwest::Body::wrap_stream(body)))
    };
    let some = || Ok([head("a.txt", "text/plain").into_bytes(), vec![b'x'; 600_000]].concat());

    let (pieces, request) = begin();
    pieces.send(some()).await.expect("there is room");
    let (status, body) = send(request).await;
    assert_eq!((status, body), (408, detail("The upload stalled: nothing came for 1 s")));
    assert_eq!(kept(&server), 0);

    let (pieces, request) = begin();
    pieces.send(some()).await.expect("there is room");
    let mut sending = tokio::task::JoinSet::new();
    sending.spawn(request.send());
    within("the begin of the file", poll(|| kept(&server) == 1)).await;
    sending.shutdown().await;
    within("the end of the file", poll(|| kept(&server) == 0)).await;
}

/// Waits until something is so that nothing announces.
async fn poll(is_so: impl Fn() -> bool) {
    while !is_so() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn files_of_earlier_sessions_are_gone_after_a_restart_and_what_is_not_ours_stays() {
    let mut server = Settings::default().env("CHINWAG_STORE", "off").start().await;
    server.deploy("echo").await;
    let mut browser = server.open("echo").await;
    attach(&server, &mut browser, form("a.txt", "text/plain", b"x")).await;
    assert_eq!(kept(&server), 1);
    std::fs::create_dir(server.data_file("files/lost+found")).expect("a folder can be made");
    server.restart().await;
    assert_eq!(kept(&server), 0);
    assert!(server.data_file("files/lost+found").exists());
}
