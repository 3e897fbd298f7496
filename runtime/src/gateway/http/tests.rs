//! Kept threads as their owners, strangers and those with an address reach them.

mod memory;

use axum::{
    body::Body,
    extract::{Path, Query, State as Extract},
    http::{HeaderMap, HeaderValue, Request, header::RANGE},
    response::Response,
};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Handle;

use super::*;
use crate::{
    db::{Change, Database},
    domain::{
        ByteSize, Element, ElementContent, ElementId, ElementKind, FeedbackId, SessionId, Step,
        StepKind, Thread, ThreadId, User, parse_json,
    },
    files::{Files, FilesSettings},
    session::SessionSettings,
};

use self::memory::Memory;

struct Rig {
    state: Arc<State>,
    db: Arc<Memory>,
    _dir: TempDir,
}

impl Rig {
    async fn new(sharing: bool) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let bots = Bots::sample(dir.path()).await;
        let uploads = UploadSettings::default();
        let settings = SessionSettings {
            timeout: std::time::Duration::from_secs(60),
            max_sessions: 10,
            mailbox: 8,
            slow_client: std::time::Duration::from_secs(1),
            concurrent_turns: 1,
            waiting_turns: 1,
            transcript: ByteSize::mib(1),
            uploads: uploads.clone(),
        };
        let files = FilesSettings { dir: dir.path().join("files"), url: None, is_durable: false };
        let files = Files::open(files).await.unwrap();
        let sessions =
            Sessions::new(bots.clone(), None, files.clone(), settings, Handle::current());
        let db = Arc::new(Memory::default());
        let state = Arc::new(State {
            sessions,
            bots,
            kept: Kept { files, db: Some(db.clone()) },
            uploads,
            sharing,
            ui: None,
            public: None,
            name: "Assistant".to_owned(),
            auth: Auth::off(),
        });
        Self { state, db, _dir: dir }
    }

    fn shared(&self) -> Shared {
        Extract(self.state.clone())
    }

    /// A thread with one answer and one picture.
    async fn thread(&self, owner: Option<&str>) -> (Thread, Element) {
        let id = ThreadId::random();
        let thread = Thread {
            id,
            bot: "echo".parse().unwrap(),
            owner: owner.map(Into::into),
            session: SessionId::random(),
            name: Some("hello".into()),
            tags: Vec::new(),
            metadata: object(),
            settings: None,
            shared_at: None,
            created_at: Timestamp::now(),
        };
        let step = Step::new(id, StepKind::AssistantMessage, "Assistant");
        let key = ElementId::random();
        let content = ElementContent::Stored(key, 10);
        let element = Element {
            message_id: Some(step.id),
            ..Element::new(id, ElementKind::Image, "dot.png", "image/png", content)
        };
        self.state.kept.files.put(id, key, Bytes::from_static(b"0123456789")).await.unwrap();
        let changes = vec![
            Change::Thread(Arc::new(thread.clone())),
            Change::Step(Arc::new(step)),
            Change::Element(Arc::new(element.clone())),
        ];
        self.db.write(changes).await.unwrap();
        (thread, element)
    }

    /// Fetches the picture by the right to read the thread.
    async fn picture(
        &self,
        user: CurrentUser,
        (thread, element): &(Thread, Element),
        range: Option<&'static str>,
    ) -> Response {
        let ElementContent::Stored(key, _) = element.content else { panic!("it has content") };
        let uri = format!("/?thread_id={}&", thread.id).parse().unwrap();
        let reader = Query::try_from_uri(&uri);
        let range = range.map(|range| (RANGE, HeaderValue::from_static(range)));
        let headers = HeaderMap::from_iter(range);
        let id = Path(key.to_string());
        file::get(self.shared(), Ok(user), id, reader, headers).await.into_response()
    }
}

fn object() -> crate::domain::Json {
    parse_json("{}".into()).unwrap()
}

fn user(name: &str) -> CurrentUser {
    let user = User { identifier: name.into(), display_name: None, metadata: object() };
    CurrentUser(Some(Arc::new(user)))
}

fn nobody() -> CurrentUser {
    CurrentUser(None)
}

fn body<T: serde::de::DeserializeOwned>(body: Value) -> Result<Json<T>, JsonRejection> {
    Ok(Json(serde_json::from_value(body).unwrap()))
}

async fn read(response: impl IntoResponse) -> (u16, Value) {
    let response = response.into_response();
    let status = response.status().as_u16();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap())
}

fn detail(status: u16, text: &str) -> (u16, Value) {
    (status, json!({ "detail": text }))
}

fn done() -> (u16, Value) {
    (200, json!({ "success": true }))
}

#[tokio::test]
async fn a_thread_is_reached_by_its_owner_alone() {
    let rig = Rig::new(true).await;
    let (thread, element) = rig.thread(Some("ann")).await;
    let id = || thread.id.to_string();
    let (status, dict) = read(thread::read(rig.shared(), user("ann"), Path(id())).await).await;
    assert_eq!((status, &dict["userIdentifier"]), (200, &json!("ann")));
    let url = dict["elements"][0]["url"].as_str().unwrap();
    assert!(url.ends_with(&format!("?thread_id={}", thread.id)), "{url}");
    let path = Path((id(), element.id.to_string()));
    let (_, dict) = read(thread::element(rig.shared(), user("ann"), path).await).await;
    assert_eq!(dict["name"], json!("dot.png"));
    for unknown in [ElementId::random().to_string(), "x".into()] {
        let path = Path((id(), unknown));
        let answer = thread::element(rig.shared(), user("ann"), path).await;
        assert_eq!(read(answer).await, (200, Value::Null));
    }

    for stranger in [user("bob"), nobody()] {
        let unauthorized = detail(401, "Unauthorized");
        let shared = || (rig.shared(), stranger.clone());
        let (state, who) = shared();
        assert_eq!(read(thread::read(state, who, Path(id())).await).await, unauthorized);
        let (state, who) = shared();
        let path = Path((id(), element.id.to_string()));
        assert_eq!(read(thread::element(state, who, path).await).await, unauthorized);
        let (state, who) = shared();
        let rename = body(json!({ "threadId": id(), "name": "mine" }));
        assert_eq!(read(thread::rename(state, who, rename).await).await, unauthorized);
        let (state, who) = shared();
        let share = body(json!({ "threadId": id(), "isShared": true }));
        assert_eq!(read(share::put(state, who, share).await).await, unauthorized);
        let (state, who) = shared();
        let delete = body(json!({ "threadId": id() }));
        assert_eq!(read(thread::delete(state, who, delete).await).await, unauthorized);
        let pair = (thread.clone(), element.clone());
        assert_eq!(rig.picture(stranger.clone(), &pair, None).await.status(), 401);
    }
    for unknown in [ThreadId::random().to_string(), "../x".into()] {
        let answer = thread::read(rig.shared(), user("ann"), Path(unknown)).await;
        assert_eq!(read(answer).await, detail(404, "Thread not found"));
    }
}

#[tokio::test]
async fn what_nobody_signed_in_for_is_read_by_nobody() {
    let rig = Rig::new(true).await;
    let (thread, _) = rig.thread(None).await;
    for stranger in [user("ann"), nobody()] {
        let path = Path(thread.id.to_string());
        let answer = thread::read(rig.shared(), stranger, path).await;
        assert_eq!(read(answer).await, detail(401, "Unauthorized"));
    }
    let query = || body(json!({ "pagination": { "first": 20 } }));
    let (status, page) = read(threads::post(rig.shared(), nobody(), query()).await).await;
    assert_eq!((status, &page["data"]), (200, &json!([])));
}

#[tokio::test]
async fn a_list_of_threads_is_bounded_and_asks_for_what_was_searched() {
    let rig = Rig::new(true).await;
    let (thread, _) = rig.thread(Some("ann")).await;
    let query = body(json!({
        "pagination": { "first": 4_000_000_000_u32, "cursor": "c" },
        "filter": { "search": " hello ", "feedback": 1 },
    }));
    let (status, page) = read(threads::post(rig.shared(), user("ann"), query).await).await;
    let id = json!(thread.id);
    let info = json!({ "hasNextPage": false, "startCursor": id, "endCursor": "end" });
    assert_eq!((status, &page["pageInfo"], &page["data"][0]["id"]), (200, &info, &id));
    let asked = rig.db.asked();
    assert_eq!((asked.owner.as_str(), asked.first), ("ann", 100));
    assert_eq!((asked.after.as_deref(), asked.search.as_deref()), (Some("c"), Some("hello")));
    assert_eq!(asked.feedback, Some(true));
    let query = body(json!({ "pagination": { "first": 0 }, "filter": { "feedback": 2 } }));
    assert_eq!(read(threads::post(rig.shared(), user("ann"), query).await).await.0, 422);
    let query = body(json!({ "pagination": { "first": 0 }, "filter": { "search": " " } }));
    assert_eq!(read(threads::post(rig.shared(), user("ann"), query).await).await.0, 200);
    assert_eq!((rig.db.asked().first, rig.db.asked().search), (1, None));
}

#[tokio::test]
async fn a_thread_is_renamed_within_bounds() {
    let rig = Rig::new(true).await;
    let (thread, _) = rig.thread(Some("ann")).await;
    let rename = async |name: &str| {
        let request = body(json!({ "threadId": thread.id, "name": name }));
        read(thread::rename(rig.shared(), user("ann"), request).await).await
    };
    assert_eq!(rename(" New name ").await, done());
    for name in ["", "  ", &"x".repeat(201)] {
        assert_eq!(rename(name).await.0, 422, "{name}");
    }
    let kept = rig.db.thread(thread.id).await.unwrap().unwrap();
    assert_eq!(kept.name.as_deref(), Some("New name"));
}

#[tokio::test]
async fn a_shared_thread_is_read_by_everybody_until_it_is_taken_back() {
    let rig = Rig::new(true).await;
    let both = rig.thread(Some("ann")).await;
    let id = both.0.id;
    let share = async |is_shared: bool| {
        let request = body(json!({ "threadId": id, "isShared": is_shared }));
        read(share::put(rig.shared(), user("ann"), request).await).await
    };
    let shown =
        async || read(share::get(rig.shared(), Viewer(None), Path(id.to_string())).await).await;
    let unknown = detail(404, "Thread not found");
    assert_eq!(shown().await, unknown);
    assert_eq!(share(true).await, done());
    let (status, dict) = shown().await;
    assert_eq!((status, &dict["userIdentifier"]), (200, &Value::Null));
    assert_eq!(dict["metadata"]["is_shared"], json!(true));
    assert_eq!(dict["metadata"].get("chat_profile"), None);
    for who in [user("bob"), nobody()] {
        assert_eq!(rig.picture(who, &both, None).await.status(), 200);
    }
    // A request that no user could be found for is that of a stranger.
    assert_eq!(share(false).await, done());
    assert_eq!(shown().await, unknown);
    assert_eq!(rig.picture(user("bob"), &both, None).await.status(), 401);
}

#[tokio::test]
async fn where_sharing_is_off_nothing_is_shared_and_what_was_can_be_taken_back() {
    let rig = Rig::new(false).await;
    let (thread, _) = rig.thread(Some("ann")).await;
    let share = Box::new(|thread: &mut Thread| thread.shared_at = Some(Timestamp::now()));
    rig.db.change_thread(thread.id, share).await.unwrap();
    let shown = share::get(rig.shared(), Viewer(None), Path(thread.id.to_string())).await;
    assert_eq!(read(shown).await, detail(404, "Thread not found"));
    let request = |is_shared: bool| body(json!({ "threadId": thread.id, "isShared": is_shared }));
    let answer = share::put(rig.shared(), user("ann"), request(true)).await;
    assert_eq!(read(answer).await, detail(403, "Thread sharing is not enabled"));
    let answer = share::put(rig.shared(), user("ann"), request(false)).await;
    assert_eq!(read(answer).await, done());
    assert!(rig.db.thread(thread.id).await.unwrap().unwrap().shared_at.is_none());
}

#[tokio::test]
async fn a_removed_thread_takes_its_files_along() {
    let rig = Rig::new(true).await;
    let (thread, _) = rig.thread(Some("ann")).await;
    let (other, _) = rig.thread(Some("ann")).await;
    let delete = || body(json!({ "threadId": thread.id }));
    assert_eq!(read(thread::delete(rig.shared(), user("ann"), delete()).await).await, done());
    assert_eq!(rig.state.kept.files.threads().await.unwrap(), [other.id]);
    let again = thread::delete(rig.shared(), user("ann"), delete()).await;
    assert_eq!(read(again).await, detail(404, "Thread not found"));
}

#[tokio::test]
async fn a_player_gets_the_part_of_a_file_that_it_asks_for() {
    let rig = Rig::new(true).await;
    let both = rig.thread(Some("ann")).await;
    let part = async |range: Option<&'static str>| {
        let response = rig.picture(user("ann"), &both, range).await;
        let status = response.status().as_u16();
        let header =
            |name: &str| response.headers().get(name).map(|it| it.to_str().unwrap().to_owned());
        let found = (status, header("content-range"), header("content-length"));
        assert!(status == 416 || header("accept-ranges").as_deref() == Some("bytes"));
        (found, response.into_body().collect().await.unwrap().to_bytes())
    };
    let (found, bytes) = part(None).await;
    assert_eq!((found, &bytes[..]), ((200, None, Some("10".into())), &b"0123456789"[..]));
    let (found, bytes) = part(Some("bytes=2-4")).await;
    assert_eq!(found, (206, Some("bytes 2-4/10".into()), Some("3".into())));
    assert_eq!(&bytes[..], b"234");
    let (found, _) = part(Some("bytes=10-")).await;
    assert_eq!((found.0, found.1), (416, Some("bytes */10".into())));
}

#[tokio::test]
async fn feedback_is_given_changed_and_taken_back_by_the_owner_of_the_thread() {
    let rig = Rig::new(true).await;
    let (thread, _) = rig.thread(Some("ann")).await;
    let (other, _) = rig.thread(Some("bob")).await;
    let step = crate::domain::StepId::random();
    let put = async |who: CurrentUser, id: Option<FeedbackId>, thread: ThreadId, value: u8| {
        let feedback = json!({ "id": id, "forId": step, "threadId": thread, "value": value, "comment": "nice" });
        let request = body(json!({ "feedback": feedback, "sessionId": SessionId::random() }));
        read(feedback::put(rig.shared(), who, request).await).await
    };
    let (status, answer) = put(user("ann"), None, thread.id, 1).await;
    assert_eq!((status, &answer["success"]), (200, &json!(true)));
    let id: FeedbackId = answer["feedbackId"].as_str().unwrap().parse().unwrap();
    assert_eq!(put(user("ann"), Some(id), thread.id, 0).await.1, answer);
    let kept = rig.db.feedback(id).await.unwrap().unwrap();
    assert_eq!(
        (kept.is_positive, kept.step_id, kept.comment.as_deref()),
        (false, step, Some("nice"))
    );

    assert_eq!(put(user("ann"), None, thread.id, 2).await.0, 422);
    assert_eq!(put(user("ann"), None, ThreadId::random(), 1).await.0, 404);
    for who in [user("bob"), nobody()] {
        assert_eq!(put(who.clone(), None, thread.id, 1).await.0, 401);
        let delete = body(json!({ "feedbackId": id }));
        assert_eq!(read(feedback::delete(rig.shared(), who, delete).await).await.0, 401);
    }
    // Somebody else's must not be moved away by its id.
    assert_eq!(put(user("bob"), Some(id), other.id, 1).await.0, 401);
    for (expected, id) in [(200, id.to_string()), (404, id.to_string()), (404, "x".into())] {
        let delete = body(json!({ "feedbackId": id }));
        let answer = feedback::delete(rig.shared(), user("ann"), delete).await;
        assert_eq!(read(answer).await.0, expected);
    }
}

#[tokio::test]
async fn without_persistence_the_routes_of_kept_threads_say_so() {
    let rig = Rig::new(true).await;
    let mut state = Arc::try_unwrap(rig.state).ok().expect("nobody else holds it");
    state.kept.db = None;
    let routes = routes(state);
    let off = detail(400, "Data persistence is not enabled");
    for (method, uri, body) in [
        ("POST", "/project/threads", r#"{"pagination":{"first":1}}"#),
        ("POST", "/project/threads", "{}"),
        ("GET", "/project/thread/x", ""),
        ("PUT", "/project/thread", r#"{"threadId":"x","name":"y"}"#),
        ("PUT", "/project/thread/share", r#"{"threadId":"x","isShared":true}"#),
        ("DELETE", "/project/thread", r#"{"threadId":"x"}"#),
        ("GET", "/project/thread/x/element/y", ""),
        ("PUT", "/feedback", "{}"),
        ("DELETE", "/feedback", r#"{"feedbackId":"x"}"#),
    ] {
        let request = Request::builder().method(method).uri(uri);
        let request = request.header("content-type", "application/json").body(Body::from(body));
        let response = tower::ServiceExt::oneshot(routes.clone(), request.unwrap()).await.unwrap();
        assert_eq!(read(response).await, off, "{method} {uri}");
    }
}
