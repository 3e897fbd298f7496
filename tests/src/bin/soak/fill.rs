//! Before anything is measured, what has a bound is filled up to it: SQLite's caches would else grow with what is kept, for hours, and a
//! leak would hide behind them.

use chinwag_tests::{client::Client, server::TestServer, visitor::Visitor};
use tokio::task::JoinSet;

/// Users who write and read at once: as many as the server has connections to its database that read.
const USERS: usize = 4;
/// Conversations of each. Together they are larger than the caches: 16 MiB of the connection that writes, 4 MiB of each that reads.
const CONVERSATIONS: usize = 23;
/// Messages of each conversation.
const MESSAGES: usize = 10;
/// Bytes of a message, which is echoed. Not more, because memory that large texts have needed once would hide a leak, too.
const BYTES: usize = 40_000;

/// Writes conversations and reads them. The bot `echo` must be there.
pub(crate) async fn caches(server: &TestServer) {
    let mut writers = JoinSet::new();
    for number in 0..USERS {
        writers.spawn(write(server.url.clone(), number));
    }
    let written = writers.join_all().await;
    // All at once, or one connection would read for all.
    let mut readers = JoinSet::new();
    for (user, threads) in written {
        readers.spawn(read(user, threads));
    }
    readers.join_all().await;
}

async fn write(url: String, number: usize) -> (Visitor, Vec<String>) {
    let user = Visitor::known_as(&format!("filler {number}"), &url).await;
    let text = "a few words ".repeat(BYTES / 12);
    let mut threads = Vec::new();
    for _ in 0..CONVERSATIONS {
        let mut browser = user.open("echo").await;
        for _ in 0..MESSAGES {
            assert_eq!(browser.ask(&text).await, [text.as_str()]);
        }
        // A session that is over frees what it remembers.
        browser.emit("clear_session", &[]).await;
        browser.settle().await;
        threads.push(browser.hang_up().screen.thread);
    }
    (user, threads)
}

async fn read(mut user: Visitor, threads: Vec<String>) {
    for thread in threads.iter().chain(&threads) {
        let answer = user.get(&format!("/project/thread/{thread}")).await;
        let steps = answer.body["steps"].as_array().map_or(0, Vec::len);
        assert_eq!(steps, 3 * MESSAGES, "message, run and answer are kept of each turn");
    }
}
