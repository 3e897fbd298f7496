//! The proof that a swap loses, doubles and reorders nothing.

use std::{collections::VecDeque, time::Instant};

use chinwag_tests::{
    admin::Admin,
    artifacts,
    browser::Browser,
    client::{Client, Event},
    components,
    server::TestServer,
    within,
};
use serde_json::json;
use tokio::{sync::watch, task::JoinSet};

const SESSIONS: usize = 8;
/// Versions that are activated in turn; a few of them, so that most activations are no compilations.
const VERSIONS: u64 = 6;
const ACTIVATIONS: usize = 120;
/// Every so many activations somebody uploads what is refused.
const FAILURE_EVERY: usize = 10;

/// When a version was the active one: from before its activation was asked for until after the next one was answered.
struct Reign {
    version: u64,
    from: Instant,
    to: Instant,
}

/// One message and its answer.
struct Exchange {
    sent: Instant,
    answered: Instant,
    version: u64,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_message_is_answered_once_in_order_by_a_version_that_was_active() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let first = admin.deploy("bot", artifacts::versioned(1)).await;
    let begin = Instant::now();

    let (over, answered) = (watch::Sender::new(false), watch::Sender::new(0_usize));
    let mut chats = JoinSet::new();
    for _ in 0..SESSIONS {
        let browser = server.open("bot").await;
        chats.spawn(chat(browser, over.subscribe(), answered.clone()));
    }
    let mut reigns = swap(&admin, first, begin, answered.subscribe()).await;
    over.send_replace(true);
    let exchanges: Vec<Exchange> = chats.join_all().await.into_iter().flatten().collect();

    let end = Instant::now();
    reigns.last_mut().expect("somebody reigned").to = end;
    assert!(reigns.len() > ACTIVATIONS, "{} activations", reigns.len() - 1);
    for exchange in &exchanges {
        let was_active = reigns.iter().any(|reign| {
            reign.version == exchange.version
                && reign.from <= exchange.answered
                && exchange.sent <= reign.to
        });
        assert!(was_active, "answered by version {}, which was not active", exchange.version);
    }
    let mut versions: Vec<_> = exchanges.iter().map(|exchange| exchange.version).collect();
    versions.sort_unstable();
    versions.dedup();
    assert!(versions.len() > 2, "the chats hardly noticed: only {versions:?} answered");
    let turns = server.metric("chinwag_turns_total", &["bot=\"bot\"", "outcome=\"ok\""]).await;
    assert_eq!(turns, exchanges.len() as f64, "each message had one turn");
}

/// Sends numbered messages, always two ahead of the answers, until it is over; checks every answer.
async fn chat(
    mut browser: Browser,
    over: watch::Receiver<bool>,
    answered: watch::Sender<usize>,
) -> Vec<Exchange> {
    let mut waiting = VecDeque::new();
    let mut exchanges = Vec::new();
    for number in 0_usize.. {
        if *over.borrow() {
            break;
        }
        let sent = Instant::now();
        waiting.push_back((number, browser.say(&format!("m{number}")).await, sent));
        if waiting.len() > 2 {
            let (number, id, sent) = waiting.pop_front().expect("there are three");
            exchanges.push(answer(&mut browser, number, &id, sent).await);
            answered.send_modify(|count| *count += 1);
        }
    }
    for (number, id, sent) in waiting {
        exchanges.push(answer(&mut browser, number, &id, sent).await);
    }
    let late = browser.settle().await;
    assert!(late.is_empty(), "something was answered twice: {late:?}");
    exchanges
}

/// The whole turn of one message: one run below it, one answer below the run, both by the same version.
async fn answer(browser: &mut Browser, number: usize, id: &str, sent: Instant) -> Exchange {
    let events = browser.until("task_end").await;
    let created: Vec<&Event> = events.iter().filter(|event| event.name == "new_message").collect();
    let [run, said] = created[..] else {
        panic!("message {number} is not answered once: {events:?}")
    };
    assert_eq!(run.text("parentId"), id, "an answer is out of order");
    assert_eq!(said.arg()["parentId"], run.arg()["id"]);
    let recorded = &run.arg()["metadata"];
    let version = recorded["version"].as_u64().expect("a run names its version");
    assert_eq!(recorded["bot"], json!("bot"));
    // Version n of the server is the component whose marker says n.
    assert_eq!(said.text("output"), format!("v{version}:m{number}"));
    Exchange { sent, answered: Instant::now(), version }
}

/// Uploads, activates, rolls back and fails in between, while the chats go on.
async fn swap(
    admin: &Admin,
    first: u64,
    begin: Instant,
    mut answered: watch::Receiver<usize>,
) -> Vec<Reign> {
    let mut reigns = vec![Reign { version: first, from: begin, to: begin }];
    for n in 0..ACTIVATIONS {
        if n % FAILURE_EVERY == 0 {
            fail(admin, n / FAILURE_EVERY).await;
        }
        let next = (n as u64 + 1) % VERSIONS + 1;
        let from = Instant::now();
        let is_new = reigns.iter().all(|reign| reign.version != next);
        if is_new {
            assert_eq!(admin.deploy("bot", artifacts::versioned(next)).await, next);
        } else {
            let reply = admin.activate("bot", next).await;
            assert_eq!((reply.status, &reply.body["active"]), (200, &json!(next)), "{reply:?}");
        }
        reigns.last_mut().expect("somebody reigned").to = Instant::now();
        reigns.push(Reign { version: next, from, to: from });
        // The next swap waits until somebody has been answered after this one.
        answered.mark_unchanged();
        within("an answer between two swaps", answered.changed()).await.expect("chats go on");
    }
    reigns
}

async fn fail(admin: &Admin, n: usize) {
    let bad = [components::core_module(), components::wrong_type(), b"noise".to_vec(), Vec::new()];
    let reply = admin.put("bot", bad[n % bad.len()].clone()).await;
    assert!((400..500).contains(&reply.status), "{reply:?}");
}
