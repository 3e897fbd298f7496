//! What a server has kept of conversations, held against what was seen of them.

use std::collections::{BTreeMap, HashSet};

use reqwest::Method;
use serde_json::{Value, json};

use crate::{chat::Chat, client::Client, visitor::Visitor};

/// The threads of somebody, by id, as the server has kept them.
pub type Threads = BTreeMap<String, Value>;

/// Whether all that somebody saw of a server that died is there now, and all that was `known` before. Returns their threads.
///
/// # Panics
/// Something is lost, doubled or broken.
pub async fn check(url: String, mut chat: Chat, known: Threads, life: String) -> (String, Threads) {
    let mut visitor = Visitor::known_as(&chat.user, &url).await;
    let mut threads = Threads::new();
    for id in listed(&mut visitor).await {
        let answer = visitor.get(&format!("/project/thread/{id}")).await;
        assert_eq!(answer.status, 200, "{life}: {id}: {}", answer.body);
        is_whole(&answer.body, &life);
        threads.insert(id, answer.body);
    }
    let here = chat.browser.screen().thread.clone();
    for (id, before) in &known {
        let now = threads.get(id).unwrap_or_else(|| panic!("{life}: thread {id} is lost"));
        if *id == here {
            holds(now, before["steps"].as_array().expect("a list"), &life);
        } else {
            assert_eq!(now, before, "{life}: a thread changes by itself");
        }
    }
    let Some(thread) = threads.get(&here) else {
        assert!(chat.kept.is_empty(), "{life}: {} lost all of thread `{here}`", chat.user);
        return (chat.user, threads);
    };
    holds(thread, &chat.finished, &life);
    for message in &chat.kept {
        step(thread, message, &life);
    }
    for (message, _) in &chat.cut {
        let run = run_of(thread, message, &life);
        assert_eq!(run["metadata"]["interrupted"], json!(true), "{life}: {run}");
    }
    (chat.user, threads)
}

/// The ids of all threads of somebody.
///
/// # Panics
/// The server does not list them, or one of them twice.
pub async fn listed(visitor: &mut Visitor) -> Vec<String> {
    let page = json!({ "pagination": { "first": 100 }, "filter": {} });
    let answer = visitor.json(Method::POST, "/project/threads", &page).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let list = answer.body["data"].as_array().cloned().unwrap_or_default();
    let ids: Vec<_> = list.iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect();
    let distinct: HashSet<_> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "a thread is listed twice");
    ids
}

/// The steps of a thread.
#[must_use]
pub fn steps(thread: &Value) -> &[Value] {
    thread["steps"].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn step<'a>(thread: &'a Value, id: &str, life: &str) -> &'a Value {
    let found = steps(thread).iter().find(|step| step["id"] == id);
    found.unwrap_or_else(|| panic!("{life}: thread {} lacks {id}", thread["id"]))
}

/// The one run that answers a message.
fn run_of<'a>(thread: &'a Value, message: &str, life: &str) -> &'a Value {
    let is_run = |step: &&Value| step["type"] == "run" && step["parentId"] == message;
    let runs: Vec<_> = steps(thread).iter().filter(is_run).collect();
    let [run] = runs[..] else { panic!("{life}: {} runs of {message}: {runs:?}", runs.len()) };
    run
}

/// Nothing in a thread waits for what does not come, or stands below what is not there; what was cut says so.
///
/// # Panics
/// Something does.
pub fn is_whole(thread: &Value, life: &str) {
    let mut seen = HashSet::new();
    for step in steps(thread) {
        let parent = &step["parentId"];
        assert!(parent.is_null() || seen.contains(parent), "{life}: out of place: {step}");
        assert!(seen.insert(&step["id"]), "{life}: twice: {step}");
        assert_ne!(step["streaming"], json!(true), "{life}: {step}");
        assert_ne!(step["waitForAnswer"], json!(true), "{life}: {step}");
        assert!(step["type"] == "user_message" || step["end"].is_string(), "{life}: {step}");
    }
    // An answer to a question stands below the run that asked.
    let is_said = |step: &&Value| step["type"] == "user_message" && step["parentId"].is_null();
    for message in steps(thread).iter().filter(is_said) {
        let run = run_of(thread, message["id"].as_str().expect("an id"), life);
        let says_so = |step: &&Value| {
            let text = step["output"].as_str().unwrap_or_default();
            step["parentId"] == run["id"] && text.starts_with("The server stopped")
        };
        let told = steps(thread).iter().filter(says_so).count();
        let is_interrupted = run["metadata"]["interrupted"] == true;
        assert_eq!(told, usize::from(is_interrupted), "{life}: {run}");
        assert_eq!(run["isError"], json!(is_interrupted), "{life}: {run}");
    }
}

/// A thread holds what was on a screen, word for word.
fn holds(thread: &Value, finished: &[Value], life: &str) {
    for shown in finished {
        let kept = step(thread, shown["id"].as_str().expect("an id"), life);
        let is_users = shown["type"] == "user_message";
        for field in ["type", "name", "output", "input", "parentId", "isError", "language"] {
            // Who is signed in says it, whatever name the page gives.
            let is_told = shown.get(field).is_some() && !(is_users && field == "name");
            assert!(!is_told || kept[field] == shown[field], "{life}: {kept} was {shown}");
        }
    }
}
