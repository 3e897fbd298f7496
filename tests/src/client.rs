//! Somebody with a chat page: what the page says to the server, and what it does with the answers. The wire is another's business:
//! [`crate::browser`] writes its own frames, [`crate::npm`] uses npm's client.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Map, Value, json};
use tokio::time::timeout;

use crate::{PATIENCE, screen::Screen, uuid, within};

/// An event from the server. Bytes in it stand as `{"$bytes": "BASE64"}`.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Its arguments; every event of the protocol has exactly one.
    pub args: Vec<Value>,
}

impl Event {
    /// The argument.
    #[must_use]
    pub fn arg(&self) -> &Value {
        self.args.first().unwrap_or(&Value::Null)
    }

    /// A text field of the argument; empty if it is not there.
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        self.arg()[field].as_str().unwrap_or_default()
    }

    /// Bytes in a field of the argument.
    ///
    /// # Panics
    /// There are none.
    #[must_use]
    pub fn bytes(&self, field: &str) -> Vec<u8> {
        let text = self.arg()[field]["$bytes"].as_str().expect("the field holds bytes");
        BASE64_STANDARD.decode(text).expect("the bytes are base64")
    }
}

/// The bytes that [`bytes`] has written down.
#[must_use]
pub fn bytes_of(value: &Value) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(value["$bytes"].as_str()?).ok()
}

/// Bytes in an argument of an event.
#[must_use]
pub fn bytes(bytes: &[u8]) -> Value {
    json!({ "$bytes": BASE64_STANDARD.encode(bytes) })
}

/// A browser tab: who it says that it is, and what is on its screen. It outlives connections.
#[derive(Clone, Debug)]
pub struct Tab {
    /// The id of its session.
    pub session: String,
    /// The bot that its user picked.
    pub bot: String,
    /// What it says of itself when it connects, where that is not what every tab says.
    pub says: Map<String, Value>,
    /// The header `Cookie` that its requests have; empty for none.
    pub cookies: String,
    /// What it shows.
    pub screen: Screen,
}

impl Tab {
    /// A fresh tab whose user picks `bot`; the empty name picks none.
    #[must_use]
    pub fn new(bot: &str) -> Self {
        Self {
            session: uuid(),
            bot: bot.into(),
            says: Map::new(),
            cookies: String::new(),
            screen: Screen::default(),
        }
    }

    /// The same session, at the thread that it has shown, with nothing on the screen: what a page is whose server was away.
    #[must_use]
    pub fn anew(&self) -> Self {
        let (session, cookies) = (self.session.clone(), self.cookies.clone());
        Self { session, cookies, ..Self::new(&self.bot) }.at(&self.screen.thread)
    }

    /// The same tab, opening a thread; the empty id is none.
    #[must_use]
    pub fn at(mut self, thread: &str) -> Self {
        self.says.insert("threadId".into(), thread.into());
        self
    }

    /// The payload of CONNECT, as the stock page sends it.
    #[must_use]
    pub fn auth(&self) -> Value {
        let mut auth = json!({
            "clientType": "webapp",
            "sessionId": self.session,
            "threadId": "",
            "userEnv": "{}",
            "chatProfile": self.bot,
        });
        auth.as_object_mut().expect("it is one").extend(self.says.clone());
        auth
    }
}

/// A connected chat page.
#[expect(async_fn_in_trait, reason = "tests know which client they use")]
pub trait Client {
    /// The tab that is connected.
    fn tab(&mut self) -> &mut Tab;

    /// The next event, before the screen knows it.
    async fn receive(&mut self) -> Event;

    /// Sends an event.
    async fn emit(&mut self, event: &str, args: &[Value]);

    /// The server's address.
    fn url(&self) -> &str;

    /// What is on the screen.
    fn screen(&mut self) -> &mut Screen {
        &mut self.tab().screen
    }

    /// The next event, which changes the screen.
    async fn next(&mut self) -> Event {
        let event = within("an event", self.receive()).await;
        self.screen().apply(&event);
        event
    }

    /// All events up to the first of this name.
    async fn until(&mut self, name: &str) -> Vec<Event> {
        self.until_that(name, |event| event.name == name).await
    }

    /// All events up to the first that fits.
    async fn until_that(&mut self, what: &str, fits: impl Fn(&Event) -> bool) -> Vec<Event> {
        let mut events = Vec::new();
        loop {
            let Ok(event) = timeout(PATIENCE, self.receive()).await else {
                panic!("{what}: not within {PATIENCE:?}, but {:?}", names(&events));
            };
            self.screen().apply(&event);
            let is_last = fits(&event);
            events.push(event);
            if is_last {
                return events;
            }
        }
    }

    /// The user sends a message. Returns its id.
    async fn say(&mut self, text: &str) -> String {
        let id = uuid();
        let message = json!({
            "threadId": "",
            "id": id,
            "name": "User",
            "type": "user_message",
            "output": text,
            "createdAt": "2026-11-21T08:00:00.000Z",
            "metadata": { "location": self.url() },
        });
        self.screen().show(message.clone());
        let payload = json!({ "message": message, "fileReferences": [] });
        self.emit("client_message", &[payload]).await;
        id
    }

    /// The user sends a message and waits until the bot is done. Returns all that happened.
    async fn turn(&mut self, text: &str) -> Vec<Event> {
        self.say(text).await;
        self.until("task_end").await
    }

    /// The user sends a message and waits until the bot is done. Returns the texts of the bot's messages that came of it.
    async fn ask(&mut self, text: &str) -> Vec<String> {
        let id = self.say(text).await;
        self.until("task_end").await;
        self.screen().answers(&id)
    }

    /// The user clicks a button of this label. Returns status and body of the answer.
    async fn click(&mut self, label: &str) -> (u16, Value) {
        let action = self.screen().action(label);
        let body = json!({ "sessionId": self.tab().session, "action": action });
        let request = reqwest::Client::builder().no_proxy().build().expect("a client can be made");
        let request = request.post(format!("{}/project/action", self.url())).json(&body);
        let request = request.header("cookie", &self.tab().cookies);
        let response = within("the answer to a click", request.send()).await;
        let response = response.expect("the server answers");
        let status = response.status().as_u16();
        (status, response.json().await.expect("the answer is JSON"))
    }
}

/// The texts of the bot's messages that appeared whole.
#[must_use]
pub fn bubbles(events: &[Event]) -> Vec<&str> {
    let is_bubble =
        |event: &&Event| event.name == "new_message" && event.text("type") == "assistant_message";
    events.iter().filter(is_bubble).map(|event| event.text("output")).collect()
}

/// The names of events.
#[must_use]
pub fn names(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| event.name.as_str()).collect()
}
