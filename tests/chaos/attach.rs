//! A user who attaches a file of a megabyte.

use chinwag_tests::{browser::Browser, client::Client, server::TestServer, within};
use reqwest::Method;
use tokio::{io::AsyncWriteExt, net::TcpStream};

/// The type of a form.
const KIND: &str = "multipart/form-data; boundary=chaos";

/// The form in which pages send a file.
fn form() -> String {
    let head = "--chaos\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\
                Content-Type: text/plain\r\n\r\n";
    [head, &"x".repeat(1 << 20), "\r\n--chaos--\r\n"].concat()
}

fn path(browser: &mut Browser) -> String {
    format!("/project/file?session_id={}", browser.tab().session)
}

/// The file is sent. Returns the status of the answer.
pub(crate) async fn attach(server: &TestServer, browser: &mut Browser) -> u16 {
    let request = server.admin().bare(Method::POST, &path(browser)).body(form());
    server.admin().send(request.header("content-type", KIND)).await.status
}

/// All of the file is sent but for its end, which is for the caller to send, or to leave.
pub(crate) async fn begin_to_attach(server: &TestServer, browser: &mut Browser) -> TcpStream {
    let (form, path) = (form(), path(browser));
    let host = server.url.strip_prefix("http://").expect("test servers speak HTTP");
    let connected = within("a connection", TcpStream::connect(host)).await;
    let mut stream = connected.expect("the server listens");
    let length = form.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: {KIND}\r\ncontent-length: {length}\r\n\r\n"
    );
    let sent = [&head, &form[..length - 100]].concat();
    within("the upload", stream.write_all(sent.as_bytes())).await.expect("the server reads");
    stream
}
