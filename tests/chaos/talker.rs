//! Somebody who counts aloud to a bot that says it after them, and notices whatever is lost, doubled or out of order, also after the
//! server was away.

use chinwag_tests::{
    browser::Browser,
    client::{Client, Tab},
    server::TestServer,
};

/// The bot that says all after its users.
pub(crate) const ECHO: &str = "echo";
/// How a message begins that tells of an answer which did not come.
const CUT: &str = "The server stopped";

/// One conversation.
#[derive(Debug)]
pub(crate) struct Talker {
    pub(crate) browser: Browser,
    /// Ids and texts in the order in which they were said.
    said: Vec<(String, String)>,
    /// How many of them were answered, but for those that the server lived to refuse.
    answered: usize,
}

impl Talker {
    /// Somebody opens a chat.
    pub(crate) async fn open(server: &TestServer) -> Self {
        Self { browser: server.open(ECHO).await, said: Vec::new(), answered: 0 }
    }

    /// Says the next number, and hears it; none if the server is gone.
    pub(crate) async fn talk(&mut self) -> Option<()> {
        let text = format!("number {}", self.said.len());
        let id = self.browser.say(&text).await;
        self.said.push((id.clone(), text.clone()));
        while self.browser.listen().await?.name != "task_end" {}
        assert_eq!(self.browser.screen().answers(&id), [text], "lost, doubled or another's");
        self.answered += 1;
        Some(())
    }

    /// Talks until the server is gone.
    pub(crate) async fn talk_on(mut self) -> Self {
        while self.talk().await.is_some() {}
        self
    }

    /// The page finds the server again, with the same session, and shows what the server has kept. All is there, once and in
    /// order; of what was said last, the answer may have been cut, and then that is said.
    pub(crate) async fn come_back(self, server: &TestServer) -> Self {
        let tab = self.browser.hang_up();
        assert!(!tab.screen.thread.is_empty(), "the page does not know its thread");
        let mut browser = Browser::knock(&server.url, Tab::anew(&tab)).await.expect("it is let in");
        browser.until("resume_thread").await;
        let mut back = Self { browser, ..self };
        back.has_all();
        back
    }

    /// Whether the screen has all that was said and answered.
    fn has_all(&mut self) {
        let screen = self.browser.screen();
        screen.is_at_rest();
        let users = screen.steps.iter().filter(|step| step["type"] == "user_message");
        let shown: Vec<&str> = users.map(|step| step["id"].as_str().expect("an id")).collect();
        let said: Vec<&str> = self.said.iter().map(|(id, _)| id.as_str()).collect();
        assert!(shown.len() >= self.answered, "lost: {shown:?} of {said:?}");
        assert_eq!(shown, said[..shown.len()], "lost, doubled or out of order");
        for (n, (id, text)) in self.said[..shown.len()].iter().enumerate() {
            let answers = screen.answers(id);
            let [answer] = &answers[..] else { panic!("answers to {text}: {answers:?}") };
            let is_cut = n >= self.answered && answer.starts_with(CUT);
            assert!(is_cut || answer == text, "the answer to {text} is {answer}");
        }
        self.said.truncate(shown.len());
        self.answered = self.said.len();
    }
}
