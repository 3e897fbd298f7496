//! People who chat with a server until it is gone, each at random, and look afterwards whether all is there.

use std::{
    collections::BTreeMap,
    time::{SystemTime, UNIX_EPOCH},
};

use rand::{RngExt, rngs::StdRng};
use serde_json::Value;
use tokio::{sync::watch, task::JoinSet};

use crate::{
    chat::Chat,
    kept::{Threads, check},
    within,
};

/// By user: their threads, as they were kept when the server came back last.
pub type Memories = BTreeMap<String, Threads>;

/// People who chat.
#[derive(Debug)]
pub struct Crowd {
    heard: watch::Receiver<u64>,
    chats: JoinSet<Chat>,
}

impl Crowd {
    /// So many people open their chats with the bot `showcase`, some of them an old one, and begin. Sign-in is by header.
    pub async fn begin(url: &str, people: usize, threads: &Memories, dice: &mut StdRng) -> Self {
        let (heard, hears) = watch::channel(0);
        let mut opened = JoinSet::new();
        for number in 0..people {
            let user = format!("user-{number}");
            let goes_on = dice.random::<bool>();
            let is_old = |(_, thread): &(&String, &Value)| {
                goes_on && thread["metadata"]["chat_profile"] == "showcase"
            };
            let old = threads.get(&user).and_then(|it| it.iter().find(is_old));
            let thread = old.map(|(id, _)| id.clone()).unwrap_or_default();
            let (url, heard) = (url.to_owned(), heard.clone());
            opened.spawn(async move { Chat::open(&url, &user, &thread, heard).await });
        }
        let mut chats = JoinSet::new();
        for chat in opened.join_all().await {
            chats.spawn(chat.go_on(rand::SeedableRng::seed_from_u64(dice.random())));
        }
        Self { heard: hears, chats }
    }

    /// Waits until they have heard so much of the server, all together.
    ///
    /// # Panics
    /// They have stopped to chat.
    pub async fn have_heard(&mut self, count: u64) {
        let reached = self.heard.wait_for(|heard| *heard >= count);
        drop(within("enough of a conversation", reached).await.expect("people chat"));
    }

    /// The server is gone: what each of them saw of it.
    pub async fn end(self) -> Vec<Chat> {
        self.chats.join_all().await
    }
}

/// Whether the server at `url` has all that they saw and all that it had before; remembers what it has now. Returns how many
/// answers were cut.
pub async fn look_back(url: &str, chats: Vec<Chat>, threads: &mut Memories, life: usize) -> usize {
    let (mut cut, mut checks) = (0, JoinSet::new());
    for chat in chats {
        cut += chat.cut.len();
        let known = threads.remove(&chat.user).unwrap_or_default();
        checks.spawn(check(url.to_owned(), chat, known, format!("life {life}")));
    }
    threads.extend(checks.join_all().await);
    cut
}

/// What decides about the moments: another one each time, or the one that is given.
///
/// # Panics
/// The machine believes that it is before 1970.
#[must_use]
pub fn seed() -> u64 {
    let given = std::env::var("CRASH_SEED").ok();
    given.and_then(|seed| seed.parse().ok()).unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
        u64::from(now.subsec_nanos())
    })
}
