//! kill -9 in the middle of conversations: whatever was shown as finished is there afterwards, and nothing is broken.

mod chat;

use std::{
    collections::{BTreeMap, HashSet},
    time::{SystemTime, UNIX_EPOCH},
};

use chinwag_tests::{
    client::Client,
    server::{Settings, TestServer},
    visitor::Visitor,
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{sync::watch, task::JoinSet};

use chat::Chat;

/// How often the server is killed.
const LIVES: usize = 10;
/// How many people chat when it is.
const PEOPLE: usize = 20;

#[tokio::test]
async fn killed_in_the_middle_of_conversations_the_server_has_lost_nothing_that_was_finished() {
    let seed = seed();
    println!("CRASH_SEED={seed}");
    let mut dice = StdRng::seed_from_u64(seed);
    let (variable, header) = Visitor::PROXY;
    let mut server = Settings::default().env(variable, header).start().await;
    for bot in ["echo", "showcase"] {
        server.deploy(bot).await;
    }
    // By user: their threads, as they were kept when the server came back.
    let mut threads: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    let mut cut = 0;
    for life in 0..LIVES {
        let chats = live(&mut server, &threads, &mut dice).await;
        server.restart().await;
        let mut checks = JoinSet::new();
        for chat in chats {
            cut += chat.cut.len();
            let known = threads.remove(&chat.user).unwrap_or_default();
            checks.spawn(check(server.url.clone(), chat, known, format!("life {life}")));
        }
        threads.extend(checks.join_all().await);
    }
    assert!(cut > 0, "no answer was ever cut: the moments are all too late");
    let count: usize = threads.values().map(BTreeMap::len).sum();
    assert!(count > PEOPLE, "hardly a conversation was kept: {count}");
}

/// Lets people chat, and kills the server at some moment.
async fn live(
    server: &mut TestServer,
    threads: &BTreeMap<String, BTreeMap<String, Value>>,
    dice: &mut StdRng,
) -> Vec<Chat> {
    let heard = watch::Sender::new(0);
    let mut opened = JoinSet::new();
    for number in 0..PEOPLE {
        let user = format!("user-{number}");
        let goes_on = dice.random::<bool>();
        let is_old = |(_, thread): &(&String, &Value)| {
            goes_on && thread["metadata"]["chat_profile"] == "showcase"
        };
        let old = threads.get(&user).and_then(|it| it.iter().find(is_old));
        let thread = old.map(|(id, _)| id.clone()).unwrap_or_default();
        let (url, heard) = (server.url.clone(), heard.clone());
        opened.spawn(async move { Chat::open(&url, &user, &thread, heard).await });
    }
    let mut chats = JoinSet::new();
    for chat in opened.join_all().await {
        chats.spawn(chat.go_on(StdRng::seed_from_u64(dice.random())));
    }
    let moment = dice.random_range(1..1_000);
    let mut heard = heard.subscribe();
    let reached = heard.wait_for(|heard| *heard >= moment);
    drop(chinwag_tests::within("enough of a conversation", reached).await.expect("people chat"));
    server.kill().await;
    chats.join_all().await
}

/// Whether all that somebody saw is there. Returns their threads.
async fn check(
    url: String,
    mut chat: Chat,
    known: BTreeMap<String, Value>,
    life: String,
) -> (String, BTreeMap<String, Value>) {
    let mut visitor = Visitor::known_as(&chat.user, &url).await;
    let mut threads = BTreeMap::new();
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
async fn listed(visitor: &mut Visitor) -> Vec<String> {
    let page = json!({ "pagination": { "first": 100 }, "filter": {} });
    let answer = visitor.json(Method::POST, "/project/threads", &page).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let list = answer.body["data"].as_array().cloned().unwrap_or_default();
    let ids: Vec<_> = list.iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect();
    let distinct: HashSet<_> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "a thread is listed twice");
    ids
}

fn steps(thread: &Value) -> &[Value] {
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

/// Nothing in a thread waits for what does not come, or stands below what is not there.
fn is_whole(thread: &Value, life: &str) {
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

/// What decides about the moments: another one each time, or the one that is given.
fn seed() -> u64 {
    let given = std::env::var("CRASH_SEED").ok();
    given.and_then(|seed| seed.parse().ok()).unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
        u64::from(now.subsec_nanos())
    })
}
