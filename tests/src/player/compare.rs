//! When what the server says is what the recording has: the same values, where ids are other ones for the same things, and times are
//! some times.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Difference, Player};
use crate::{client::bytes_of, trace::bytes_in};

/// What Chinwag says of every turn in the metadata of its run: who looks for the cause of an answer begins there.
const OF_TURNS: [&str; 3] = ["bot", "turn", "version"];

/// Which of our ids stands for which recorded one.
pub(super) struct Ids {
    known: BTreeMap<String, String>,
    /// The name of the bot, which stands for `Assistant`.
    bot: &'static str,
}

impl Ids {
    pub(super) fn of(bot: &'static str) -> Self {
        Self { known: BTreeMap::new(), bot }
    }

    /// A recorded value with our ids.
    pub(super) fn translated(&self, value: Value) -> Value {
        match value {
            Value::String(text) => json!(self.text(&text)),
            Value::Array(list) => list.into_iter().map(|item| self.translated(item)).collect(),
            Value::Object(map) => {
                map.into_iter().map(|(key, item)| (key, self.translated(item))).collect()
            }
            other => other,
        }
    }

    /// A recorded text with our ids.
    pub(super) fn text(&self, text: &str) -> String {
        let ids = self.known.iter().filter(|(theirs, ours)| theirs != ours);
        ids.fold(text.to_owned(), |text, (theirs, ours)| text.replace(theirs.as_str(), ours))
    }

    /// The same thing has the same id everywhere.
    pub(super) fn is_same(&mut self, ours: &str, theirs: &str) -> bool {
        self.known.entry(theirs.into()).or_insert_with(|| ours.into()) == ours
    }

    /// The places at which two values differ.
    pub(super) fn differences(&mut self, ours: &Value, theirs: &Value) -> Vec<String> {
        let mut found = Vec::new();
        self.compare(ours, theirs, "", &mut found);
        found
    }

    fn compare(&mut self, ours: &Value, theirs: &Value, place: &str, found: &mut Vec<String>) {
        let is_same = match (ours, theirs) {
            (_, theirs) if bytes_in(theirs).is_some() => {
                bytes_of(ours).map(|bytes| bytes.len() as u64) == bytes_in(theirs)
            }
            (Value::Object(our_map), Value::Object(their_map)) => {
                for (key, theirs) in their_map {
                    match our_map.get(key) {
                        Some(ours) => self.compare(ours, theirs, &format!("{place}/{key}"), found),
                        None => found.push(format!("{place}/{key} is missing, recorded: {theirs}")),
                    }
                }
                let is_turns = place.ends_with("/metadata");
                let is_ours = |key: &str| is_turns && OF_TURNS.contains(&key);
                let more = our_map.iter().filter(|(key, _)| !their_map.contains_key(*key));
                let more = more.filter(|(key, _)| !is_ours(key));
                found.extend(more.map(|(key, it)| format!("{place}/{key} is not recorded: {it}")));
                true
            }
            (Value::Array(our_list), Value::Array(their_list)) => {
                for (at, (ours, theirs)) in our_list.iter().zip(their_list).enumerate() {
                    self.compare(ours, theirs, &format!("{place}/{at}"), found);
                }
                our_list.len() == their_list.len()
            }
            (Value::String(ours), Value::String(theirs)) => match (parsed(ours), parsed(theirs)) {
                (Some(ours), Some(theirs)) => {
                    self.compare(&ours, &theirs, place, found);
                    true
                }
                _ => self.is_like(ours, theirs, place),
            },
            (Value::Number(ours), Value::Number(theirs)) => ours.as_f64() == theirs.as_f64(),
            // Without a profile there is no bot: profiles are bots here.
            (Value::String(_), Value::Null) if place.ends_with("/profile") => true,
            _ => ours == theirs,
        };
        if !is_same {
            found.push(format!("{place}: found {ours}, recorded {theirs}"));
        }
    }

    fn is_like(&mut self, ours: &str, theirs: &str, place: &str) -> bool {
        if is_time(theirs) && place != "/dp" {
            return is_time(ours);
        }
        if is_id(theirs) || place.ends_with("/sid") {
            return is_id(ours) == is_id(theirs) && self.is_same(ours, theirs);
        }
        if place.ends_with("/name") && theirs == "Assistant" {
            // The server's own words have no bot.
            return ours == self.bot || ours == theirs;
        }
        ours == self.text(theirs)
    }
}

impl Player {
    /// Notes where what the server says is not what the recording has.
    pub(super) fn compare(&mut self, seq: u64, mut ours: Value, mut theirs: Value) {
        for difference in &self.differences {
            match difference {
                Difference::Has(lines, place, value, _) if lines.contains(&seq) => {
                    let value = (!value.is_empty())
                        .then(|| serde_json::from_str(value).expect("a difference holds JSON"));
                    assert!(amend(&mut theirs, place, value), "line {seq}: there is no `{place}`");
                }
                Difference::Varies(lines, place, _) if lines.contains(&seq) => {
                    assert!(amend(&mut ours, place, None), "line {seq}: there is no `{place}`");
                    amend(&mut theirs, place, None);
                }
                _ => {}
            }
        }
        let found = self.ids.differences(&ours, &theirs);
        self.found.extend(found.into_iter().map(|it| format!("line {seq}: {it}")));
    }
}

/// Puts a value at a place, or takes it away. Whether there is such a place.
fn amend(value: &mut Value, place: &str, with: Option<Value>) -> bool {
    let Some((parent, key)) = place.rsplit_once('/') else {
        *value = with.unwrap_or_default();
        return true;
    };
    match (value.pointer_mut(parent), with) {
        (Some(Value::Object(map)), Some(with)) => {
            map.insert(key.to_owned(), with);
            true
        }
        (Some(Value::Object(map)), None) => map.remove(key).is_some(),
        (Some(Value::Array(list)), with) => {
            let at = key.parse().ok().filter(|at| *at < list.len());
            match (at, with) {
                (Some(at), Some(with)) => list[at] = with,
                (Some(at), None) => drop(list.remove(at)),
                (None, Some(with)) if key == "-" => list.push(with),
                _ => return false,
            }
            true
        }
        _ => false,
    }
}

/// Texts that are JSON: no order of fields is said.
fn parsed(text: &str) -> Option<Value> {
    let value = serde_json::from_str(text).ok();
    value.filter(|value: &Value| value.is_object() || value.is_array())
}

fn is_id(text: &str) -> bool {
    uuid::Uuid::try_parse(text).is_ok()
}

/// `2026-11-21T08:00:00.000000Z` and the like.
fn is_time(text: &str) -> bool {
    let shape = |(at, byte): (usize, u8)| match at {
        4 | 7 => byte == b'-',
        10 => byte == b'T',
        13 | 16 => byte == b':',
        _ => byte.is_ascii_digit(),
    };
    text.len() >= 20 && text.ends_with('Z') && text.bytes().take(19).enumerate().all(shape)
}
