//! One end of a conversation with a server that may die at any moment: what it says at random, and what it may rely on.

use std::{
    collections::{HashSet, VecDeque},
    time::{Duration, Instant},
};

use rand::{RngExt, rngs::StdRng};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::{browser::Browser, client::Client, visitor::Visitor};

/// What takes longer than this may have ended after all.
const ENDLESS: Duration = Duration::from_secs(15);

/// What somebody does after something else; one thing in five is the last, because the bot does not end it in time.
#[derive(Clone, Copy, Debug)]
enum Move {
    Say(&'static str),
    /// The bot asks, and is answered.
    Answer,
    /// Two messages at once: the second waits for the first.
    Hurry,
    /// A stream that the server does not live to end.
    Endless,
    /// A question that is never answered, and a message that waits behind it.
    Silence,
}

const MOVES: [Move; 10] = [
    Move::Say("hello"),
    Move::Say("stream 3"),
    Move::Say("stream 8"),
    Move::Say("steps"),
    Move::Say("actions"),
    Move::Say("image"),
    Move::Answer,
    Move::Hurry,
    Move::Endless,
    Move::Silence,
];

/// A conversation, as one of its ends saw it.
#[derive(Debug)]
pub struct Chat {
    /// Whose conversation it is.
    pub user: String,
    /// What the user sees.
    pub browser: Browser,
    /// Another conversation of the same user: what it shows as finished was kept after what was sent before.
    clock: Browser,
    heard: watch::Sender<u64>,
    /// Messages whose turn has not ended, in the order in which they were said.
    open: VecDeque<String>,
    /// Messages that the server has taken, but maybe not kept.
    taken: Vec<String>,
    /// Messages that are surely kept.
    pub kept: HashSet<String>,
    /// Messages that cannot have been answered.
    pub cut: Vec<(String, Instant)>,
    /// All that was on the screen when the last turn ended.
    pub finished: Vec<Value>,
}

impl Chat {
    /// Somebody opens a new conversation, or goes on with an old one.
    pub async fn open(url: &str, user: &str, thread: &str, heard: watch::Sender<u64>) -> Self {
        let visitor = Visitor::known_as(user, url).await;
        let mut browser = Browser::connect(url, visitor.tab("showcase").at(thread)).await;
        browser.until("task_end").await;
        if !thread.is_empty() {
            browser.until("resume_thread").await;
        }
        Self {
            user: user.to_owned(),
            browser,
            clock: visitor.open("echo").await,
            heard,
            open: VecDeque::new(),
            taken: Vec::new(),
            kept: HashSet::new(),
            cut: Vec::new(),
            finished: Vec::new(),
        }
    }

    /// Chats until the server is dead.
    pub async fn go_on(mut self, mut dice: StdRng) -> Self {
        while self.step(MOVES[dice.random_range(0..MOVES.len())]).await.is_some() {}
        self.cut.retain(|(_, since)| since.elapsed() < ENDLESS);
        self
    }

    /// Makes a move; none if the server is dead.
    async fn step(&mut self, what: Move) -> Option<()> {
        match what {
            Move::Say(text) => self.turn(text).await,
            Move::Answer => {
                self.say("ask").await;
                self.answer().await?;
                self.end().await
            }
            Move::Hurry => {
                self.say("stream 4").await;
                self.say("hello").await;
                self.settle().await?;
                self.ends().await
            }
            Move::Endless => {
                let message = self.say("slow").await;
                self.until("stream_token").await?;
                self.is_cut(message);
                self.end().await
            }
            Move::Silence => {
                let message = self.say("ask").await;
                self.until("ask").await?;
                self.is_cut(message);
                let message = self.say("hello").await;
                self.settle().await?;
                self.tick().await?;
                self.is_cut(message);
                self.ends().await
            }
        }
    }

    async fn turn(&mut self, text: &str) -> Option<()> {
        self.say(text).await;
        self.end().await
    }

    async fn say(&mut self, text: &str) -> String {
        let message = self.browser.say(text).await;
        self.open.push_back(message.clone());
        message
    }

    async fn answer(&mut self) -> Option<()> {
        loop {
            let event = self.browser.listen().await?;
            self.heard.send_modify(|heard| *heard += 1);
            if event.name == "ask" {
                let answer = json!({ "id": crate::uuid(), "output": "Ada" });
                self.browser.answer("ask", &answer).await;
                return Some(());
            }
        }
    }

    async fn until(&mut self, name: &str) -> Option<()> {
        loop {
            let event = self.browser.listen().await?;
            self.heard.send_modify(|heard| *heard += 1);
            if event.name == name {
                return Some(());
            }
        }
    }

    async fn ends(&mut self) -> Option<()> {
        while !self.open.is_empty() {
            self.end().await?;
        }
        Some(())
    }

    /// Waits until a turn has ended.
    async fn end(&mut self) -> Option<()> {
        loop {
            self.until("task_end").await?;
            if self.is_finished() {
                return Some(());
            }
        }
    }

    /// Takes note of what a turn's end means: all that was shown is kept. An answered question looks like an end, too.
    fn is_finished(&mut self) -> bool {
        let before = self.open.len();
        while let Some(message) = self.open.front() {
            let is_run = |step: &&Value| step["type"] == "run" && step["parentId"] == **message;
            let run = self.browser.screen().steps.iter().find(is_run);
            if !run.is_some_and(|run| run["end"].is_string()) {
                break;
            }
            self.kept.extend(self.open.pop_front());
        }
        let is_finished = self.open.len() < before;
        if is_finished {
            self.kept.extend(self.taken.drain(..));
            self.finished = self.shown();
        }
        is_finished
    }

    /// All that is on the screen, but for messages that may not be kept.
    fn shown(&mut self) -> Vec<Value> {
        let kept = &self.kept;
        let open = &self.open;
        let is_sure = |step: &&Value| {
            let id = step["id"].as_str().unwrap_or_default();
            kept.contains(id) || !open.iter().any(|it| it == id)
        };
        self.browser.screen().steps.iter().filter(is_sure).cloned().collect()
    }

    /// Waits until the server has taken what was said.
    async fn settle(&mut self) -> Option<()> {
        let events = self.browser.try_settle().await?;
        if events.last().is_some_and(|event| event.name == "task_end") {
            self.is_finished();
        }
        self.taken.extend(self.open.iter().cloned());
        Some(())
    }

    /// Has another conversation make a turn: what comes first is kept first.
    async fn tick(&mut self) -> Option<()> {
        self.clock.say("tick").await;
        while self.clock.listen().await?.name != "task_end" {}
        self.kept.extend(self.taken.drain(..));
        Some(())
    }

    fn is_cut(&mut self, message: String) {
        self.kept.insert(message.clone());
        self.cut.push((message, Instant::now()));
    }
}
