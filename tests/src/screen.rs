//! What the stock page shows, by its own rules: events change messages, buttons and pictures. Words that a page would drop in silence are
//! a failure here.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::client::Event;

/// What a tab shows.
#[derive(Clone, Debug, Default)]
pub struct Screen {
    /// Messages and steps in the order in which they appeared.
    pub steps: Vec<Value>,
    /// Their ids, because a flood of them is looked up in no time only so.
    ids: HashSet<String>,
    /// Buttons.
    pub actions: Vec<Value>,
    /// Pictures, files, tables.
    pub elements: Vec<Value>,
    /// Whether the bot is shown to be at work.
    pub is_loading: bool,
    /// The thread that it shows; empty if the page does not know yet.
    pub thread: String,
}

impl Screen {
    /// Lets an event change the screen.
    ///
    /// # Panics
    /// A page would drop what the event says, or choke on it.
    pub fn apply(&mut self, event: &Event) {
        let arg = event.arg();
        match event.name.as_str() {
            "task_start" => self.is_loading = true,
            "task_end" => self.is_loading = false,
            "new_message" | "stream_start" => self.show(arg.clone()),
            "update_message" => self.update(arg),
            "delete_message" => {
                self.ids.remove(event.text("id"));
                self.steps.retain(|step| step["id"] != arg["id"]);
            }
            "stream_token" => self.token(arg),
            "ask" => self.show(arg["msg"].clone()),
            "first_interaction" => event.text("thread_id").clone_into(&mut self.thread),
            "resume_thread" => self.resume(arg),
            "action" => self.actions.push(arg.clone()),
            "remove_action" => self.actions.retain(|action| action["id"] != arg["id"]),
            "element" => {
                self.elements.retain(|element| element["id"] != arg["id"]);
                self.elements.push(arg.clone());
            }
            "remove_element" => self.elements.retain(|element| element["id"] != arg["id"]),
            _ => {}
        }
    }

    /// Shows a message or a step, or what became of it.
    ///
    /// # Panics
    /// It lacks what every page needs, or appears below something that is not on the screen.
    pub fn show(&mut self, step: Value) {
        for field in ["id", "type", "output"] {
            assert!(step[field].is_string(), "a page chokes on a step without `{field}`: {step}");
        }
        if !self.ids.insert(step["id"].as_str().unwrap_or_default().to_owned()) {
            self.update(&step);
            return;
        }
        let parent = step["parentId"].as_str();
        let is_placed = parent.is_none_or(|parent| self.ids.contains(parent));
        assert!(is_placed, "a page drops what appears below an unknown step: {step}");
        self.steps.push(step);
    }

    /// Shows a thread in place of all else.
    fn resume(&mut self, thread: &Value) {
        let list = |field: &str| thread[field].as_array().cloned().unwrap_or_default();
        *self = Self {
            thread: thread["id"].as_str().expect("a thread has an id").to_owned(),
            elements: list("elements"),
            is_loading: self.is_loading,
            ..Self::default()
        };
        for step in list("steps") {
            self.show(step);
        }
    }

    fn update(&mut self, step: &Value) {
        if let Some(known) = self.steps.iter_mut().find(|known| known["id"] == step["id"]) {
            merge(known, step);
        }
    }

    fn token(&mut self, token: &Value) {
        let known = self.steps.iter_mut().find(|known| known["id"] == token["id"]);
        let known =
            known.unwrap_or_else(|| panic!("a page drops a token of an unknown step: {token}"));
        let field = if token["isInput"] == true { "input" } else { "output" };
        let text = token["token"].as_str().expect("a token is text");
        let old = known[field].as_str().filter(|_| token["isSequence"] != true);
        known[field] = json!(old.unwrap_or_default().to_owned() + text);
    }

    /// The texts of all bubbles that are not the user's, in order.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        self.steps.iter().filter(|step| step["type"] == "assistant_message").map(output).collect()
    }

    /// The texts of the bubbles that came of a message of the user: those below its run, and those (errors) that stand after it.
    #[must_use]
    pub fn answers(&self, message: &str) -> Vec<String> {
        let below = self.steps.iter().filter(|step| {
            step["type"] == "assistant_message" && self.ancestors(step).any(|id| id == message)
        });
        below.map(output).collect()
    }

    /// The bubble, or the step, whose text contains this.
    ///
    /// # Panics
    /// There is none.
    #[must_use]
    pub fn step_with(&self, text: &str) -> &Value {
        let mut found = self.steps.iter().filter(|step| output(step).contains(text));
        found.next_back().unwrap_or_else(|| panic!("nothing says `{text}`: {:?}", self.texts()))
    }

    /// The last step of this name.
    ///
    /// # Panics
    /// There is none.
    #[must_use]
    pub fn step(&self, name: &str) -> &Value {
        let mut found = self.steps.iter().filter(|step| step["name"] == name);
        found.next_back().unwrap_or_else(|| panic!("there is no step `{name}`"))
    }

    /// The button with this label, the latest if there are several.
    ///
    /// # Panics
    /// There is none.
    #[must_use]
    pub fn action(&self, label: &str) -> Value {
        let mut found = self.actions.iter().filter(|action| action["label"] == label);
        found.next_back().unwrap_or_else(|| panic!("there is no button `{label}`")).clone()
    }

    /// Checks that nothing waits for what does not come.
    ///
    /// # Panics
    /// Something does.
    pub fn is_at_rest(&self) {
        for step in &self.steps {
            assert_ne!(step["streaming"], json!(true), "{step}");
            assert_ne!(step["waitForAnswer"], json!(true), "{step}");
            assert!(step["type"] != "run" || step["end"].is_string(), "{step}");
        }
    }

    fn ancestors<'a>(&'a self, step: &'a Value) -> impl Iterator<Item = &'a str> {
        let parent = |step: &&'a Value| {
            let id = &step["parentId"];
            self.steps.iter().find(|known| known["id"] == *id)
        };
        let chain = std::iter::successors(Some(step), parent).skip(1);
        chain.filter_map(|step| step["id"].as_str())
    }
}

fn output(step: &Value) -> String {
    step["output"].as_str().unwrap_or_default().to_owned()
}

fn merge(known: &mut Value, step: &Value) {
    let nothing = Map::new();
    for (field, value) in step.as_object().unwrap_or(&nothing) {
        known[field] = value.clone();
    }
}
