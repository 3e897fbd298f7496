//! The others: people who chat with a healthy bot while something bad happens beside them, and notice everything that is lost,
//! doubled or out of order.

use std::time::Duration;

use tokio::{
    sync::watch,
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};

use crate::{
    browser::Browser,
    client::{Client, bubbles},
    server::TestServer,
    within,
};

/// How many they are.
pub const PEOPLE: usize = 24;
/// How long they think before they say something. Without it they would be an attack of their own.
const THOUGHT: Duration = Duration::from_millis(100);

/// How many answers each of them has had.
type Counts = [usize; PEOPLE];

/// People who chat until they are told to stop.
#[derive(Debug)]
pub struct Healthy {
    over: watch::Sender<bool>,
    answered: watch::Receiver<Counts>,
    chats: JoinSet<()>,
}

impl Healthy {
    /// They open their tabs and begin. The bot `echo` must be there.
    pub async fn begin(server: &TestServer) -> Self {
        let over = watch::Sender::new(false);
        let (count, answered) = watch::channel([0; PEOPLE]);
        let mut chats = JoinSet::new();
        for person in 0..PEOPLE {
            let browser = server.open("echo").await;
            chats.spawn(chat(person, browser, over.subscribe(), count.clone()));
        }
        Self { over, answered, chats }
    }

    /// Waits until each of them has got two more answers.
    ///
    /// # Panics
    /// One of them has stopped to chat.
    pub async fn go_on(&mut self) {
        let goal = self.answered.borrow().map(|count| count + 2);
        let is_reached = |counts: &Counts| counts.iter().zip(&goal).all(|(now, goal)| now >= goal);
        let reached = self.answered.wait_for(is_reached);
        drop(within("answers to everybody else", reached).await.expect("the others chat"));
    }

    /// They stop; each has had every answer, once and in order.
    pub async fn end(mut self) {
        self.go_on().await;
        self.over.send_replace(true);
        self.chats.join_all().await;
    }
}

async fn chat(
    person: usize,
    mut browser: Browser,
    over: watch::Receiver<bool>,
    count: watch::Sender<Counts>,
) {
    let mut thoughts = interval(THOUGHT);
    thoughts.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut said = Vec::new();
    while !*over.borrow() {
        thoughts.tick().await;
        let text = format!("person {person}, message {}", said.len());
        let events = browser.turn(&text).await;
        assert_eq!(bubbles(&events), [text.as_str()], "an answer is lost, doubled or another's");
        said.push(text);
        count.send_modify(|counts| counts[person] += 1);
    }
    assert_eq!(browser.screen().texts(), said, "what was answered is not on the screen in order");
}
