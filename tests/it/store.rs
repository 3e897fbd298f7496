//! What a bot remembers for all its sessions.

use chinwag_tests::{artifacts, client::Client, server::TestServer};

/// What the bot says of a command to its store.
async fn store(browser: &mut impl Client, command: &str) -> String {
    let said = browser.ask(&format!("store {command}")).await;
    said.into_iter().next().expect("the bot answers")
}

#[tokio::test]
async fn what_one_session_stores_another_finds_also_after_a_new_version_and_a_restart() {
    let mut server = TestServer::with(&["prober"]).await;
    let (mut one, mut other) = (server.open("prober").await, server.open("prober").await);
    assert_eq!(store(&mut one, "set word soup").await, "allowed soup");
    assert_eq!(store(&mut other, "get word").await, "allowed soup");
    assert_eq!(store(&mut other, "set words all").await, "allowed all");
    assert_eq!(store(&mut one, "keys wor").await, "allowed word,words");
    assert_eq!(store(&mut one, "add word 1").await.split(' ').nth(1), Some("not-a-number"));

    server.admin().deploy("prober", artifacts::bot("echo")).await;
    assert_eq!(server.admin().roll_back("prober").await.status, 200);
    assert_eq!(store(&mut one, "get word").await, "allowed soup");
    drop((one, other));
    // Killed: what a turn has stored is on the disk when the turn is over.
    server.restart().await;
    let mut browser = server.open("prober").await;
    assert_eq!(store(&mut browser, "get word").await, "allowed soup");
    assert_eq!(store(&mut browser, "keys").await, "allowed word,words");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_that_count_at_the_same_time_lose_nothing() {
    const SESSIONS: usize = 8;
    const TIMES: usize = 10;
    let server = TestServer::with(&["prober"]).await;
    let mut counting = tokio::task::JoinSet::new();
    for _ in 0..SESSIONS {
        let mut browser = server.open("prober").await;
        counting.spawn(async move {
            let mut sums = Vec::new();
            for _ in 0..TIMES {
                sums.push(store(&mut browser, "add visits 1").await);
            }
            sums
        });
    }
    let mut sums: Vec<usize> = counting
        .join_all()
        .await
        .concat()
        .iter()
        .map(|said| said.strip_prefix("allowed ").and_then(|sum| sum.parse().ok()).expect("a sum"))
        .collect();
    sums.sort_unstable();
    assert_eq!(sums, (1..=SESSIONS * TIMES).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_bot_that_is_removed_takes_its_store_with_it() {
    let server = TestServer::with(&["prober"]).await;
    let mut browser = server.open("prober").await;
    assert_eq!(store(&mut browser, "set word soup").await, "allowed soup");
    assert_eq!(server.admin().remove("prober").await.status, 204);
    server.deploy("prober").await;
    let mut browser = server.open("prober").await;
    assert_eq!(store(&mut browser, "get word").await, "allowed nothing");
}
