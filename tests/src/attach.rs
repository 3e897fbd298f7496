//! Files that somebody attaches to what they say.

use serde_json::json;

use crate::{browser::Browser, client::Client, uuid, visitor::Visitor};

/// What stands between the parts of a form.
pub const BOUNDARY: &str = "a-boundary";
/// The content type of a form.
pub const FORM: &str = "multipart/form-data; boundary=a-boundary";

/// A form with one file, as browsers send it.
#[must_use]
pub fn form(name: &str, mime: &str, content: &[u8]) -> Vec<u8> {
    let end = format!("\r\n--{BOUNDARY}--\r\n");
    [head(name, mime).as_bytes(), content, end.as_bytes()].concat()
}

/// What stands in a form before the content of its file.
#[must_use]
pub fn head(name: &str, mime: &str) -> String {
    format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: {mime}\r\n\r\n"
    )
}

/// The user of an open tab attaches a text to a message, and waits until the bot is done. Returns the ids of the
/// message and of the file.
///
/// # Panics
/// The server does not take the file.
pub async fn say_with_file(
    visitor: &mut Visitor,
    browser: &mut Browser,
    text: &str,
    (name, content): (&str, &str),
) -> (String, String) {
    let path = format!("/project/file?session_id={}", browser.tab().session);
    let form = form(name, "text/plain", content.as_bytes());
    let answer = visitor.post(&path, |it| it.header("content-type", FORM).body(form)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let id = uuid();
    let message = json!({ "id": id, "name": "User", "type": "user_message", "output": text });
    browser.screen().show(message.clone());
    let payload = json!({ "message": message, "fileReferences": [{ "id": answer.body["id"] }] });
    browser.emit("client_message", &[payload]).await;
    browser.until("task_end").await;
    let file = answer.body["id"].as_str().expect("a file has an id");
    (id, file.to_owned())
}
