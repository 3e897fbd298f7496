//! kill -9 in the middle of conversations: whatever was shown as finished is there afterwards, and nothing is broken.

use chinwag_tests::{
    crowd::{Crowd, Memories, look_back, seed},
    server::Settings,
    visitor::Visitor,
};
use rand::{RngExt, SeedableRng, rngs::StdRng};

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
    let mut threads = Memories::new();
    let mut cut = 0;
    for life in 0..LIVES {
        let mut crowd = Crowd::begin(&server.url, PEOPLE, &threads, &mut dice).await;
        crowd.have_heard(dice.random_range(1..1_000)).await;
        server.kill().await;
        let chats = crowd.end().await;
        server.restart().await;
        cut += look_back(&server.url, chats, &mut threads, life).await;
    }
    assert!(cut > 0, "no answer was ever cut: the moments are all too late");
    let count: usize = threads.values().map(|it| it.len()).sum();
    assert!(count > PEOPLE, "hardly a conversation was kept: {count}");
}
