//! Keys and values that a bot remembers: those of a session, or those of all its sessions. Bounded in bytes; knows what has
//! not been kept yet.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

use serde_json::value::RawValue;

use crate::{
    domain::{ByteSize, Json, to_json},
    sandbox::{CallError, MemoryCall, answer},
};

/// Keys and values, bounded in bytes.
#[derive(Debug)]
pub struct Memory {
    values: BTreeMap<String, Value>,
    used: u64,
    limit: ByteSize,
    /// Whether it is to know what has not been kept yet.
    keeps: bool,
    /// Keys that have changed since they were kept.
    unkept: BTreeSet<String>,
}

/// A value is whole, or an array that is still being appended to: appending must not cost the array's length each time.
#[derive(Debug)]
enum Value {
    Whole(Json),
    /// The text between the brackets.
    Array(String),
}

impl Value {
    fn len(&self) -> usize {
        match self {
            Self::Whole(json) => json.get().len(),
            Self::Array(items) => items.len() + 2,
        }
    }

    fn to_json(&self) -> Json {
        match self {
            Self::Whole(json) => json.clone(),
            Self::Array(items) => RawValue::from_string(format!("[{items}]"))
                .expect("an array of values that parse parses")
                .into(),
        }
    }
}

impl Memory {
    /// Room for so many bytes of keys and values. `keeps` says whether it is to know what has changed.
    #[must_use]
    pub fn new(limit: ByteSize, keeps: bool) -> Self {
        Self { values: BTreeMap::new(), used: 0, limit, keeps, unkept: BTreeSet::new() }
    }

    /// Another limit from now on; what is there stays.
    pub fn limit(&mut self, limit: ByteSize) {
        self.limit = limit;
    }

    /// Remembers what was kept, whatever the limit has become meanwhile.
    pub fn seed(&mut self, values: Vec<(String, Json)>) {
        for (key, value) in values {
            let value = Value::Whole(value);
            self.used += size(&key, &value);
            self.values.insert(key, value);
        }
    }

    /// What has changed since this was asked last: keys, and their values if they have one.
    pub fn take_changes(&mut self) -> Vec<(String, Option<Json>)> {
        let keys = std::mem::take(&mut self.unkept).into_iter();
        let change = |key: String| {
            let value = self.get(&key);
            (key, value)
        };
        keys.map(change).collect()
    }

    /// These could not be kept: they count as changed again.
    pub fn keep_again(&mut self, keys: impl IntoIterator<Item = String>) {
        self.unkept.extend(keys);
    }

    /// Does what is asked, and answers.
    pub fn serve(&mut self, call: MemoryCall) {
        match call {
            MemoryCall::Get { key, reply } => answer(reply, Ok(self.get(&key))),
            MemoryCall::Set { key, value, reply } => answer(reply, self.set(key, value)),
            MemoryCall::Append { key, value, reply } => answer(reply, self.append(key, &value)),
            MemoryCall::Remove { key, reply } => {
                self.remove(&key);
                answer(reply, Ok(()));
            }
            MemoryCall::Keys { prefix, reply } => answer(reply, Ok(self.keys(&prefix))),
            MemoryCall::Increment { key, by, reply } => answer(reply, self.increment(key, by)),
            MemoryCall::CompareAndSwap { key, expected, value, reply } => {
                answer(reply, self.compare_and_swap(key, expected.as_deref(), value));
            }
        }
    }

    fn get(&self, key: &str) -> Option<Json> {
        self.values.get(key).map(Value::to_json)
    }

    fn keys(&self, prefix: &str) -> Vec<String> {
        let from = (Bound::Included(prefix), Bound::Unbounded);
        let from = self.values.range::<str, _>(from).map(|(key, _)| key);
        from.take_while(|key| key.starts_with(prefix)).cloned().collect()
    }

    /// Adds to a number, which is 0 if it is not there.
    fn increment(&mut self, key: String, by: i64) -> Result<i64, CallError> {
        let number = match self.get(&key) {
            None => 0,
            Some(json) => serde_json::from_str(json.get()).map_err(|_| {
                CallError::new("not-a-number", format!("the value of `{key}` is no whole number"))
            })?,
        };
        let sum = by.checked_add(number).ok_or_else(|| {
            CallError::new("not-a-number", format!("the number of `{key}` would be too large"))
        })?;
        self.set(key, to_json(&sum))?;
        Ok(sum)
    }

    fn set(&mut self, key: String, value: Json) -> Result<(), CallError> {
        self.put(key, Value::Whole(value))
    }

    fn append(&mut self, key: String, value: &Json) -> Result<(), CallError> {
        let items = match self.values.get_mut(&key) {
            None => String::new(),
            Some(Value::Whole(json)) => items_of(json).ok_or_else(|| {
                CallError::new("not-an-array", format!("the value of `{key}` is not an array"))
            })?,
            Some(Value::Array(items)) if !items.is_empty() => {
                let used = self.used + 1 + value.get().len() as u64;
                fits(used, self.limit)?;
                items.push(',');
                items.push_str(value.get());
                self.used = used;
                self.mark(&key);
                return Ok(());
            }
            Some(Value::Array(_)) => String::new(),
        };
        let separator = if items.is_empty() { "" } else { "," };
        self.put(key, Value::Array(items + separator + value.get()))
    }

    fn remove(&mut self, key: &str) {
        if let Some(value) = self.values.remove(key) {
            self.used -= size(key, &value);
            self.mark(key);
        }
    }

    /// Compares as text, so that what was read with `get` always matches.
    fn compare_and_swap(
        &mut self,
        key: String,
        expected: Option<&str>,
        value: Option<Json>,
    ) -> Result<bool, CallError> {
        if self.get(&key).as_ref().map(|json| json.get()) != expected {
            return Ok(false);
        }
        match value {
            Some(value) => self.set(key, value)?,
            None => self.remove(&key),
        }
        Ok(true)
    }

    fn mark(&mut self, key: &str) {
        if self.keeps && !self.unkept.contains(key) {
            self.unkept.insert(key.to_owned());
        }
    }

    fn put(&mut self, key: String, value: Value) -> Result<(), CallError> {
        let old = self.values.get(&key).map_or(0, |old| size(&key, old));
        let used = self.used - old + size(&key, &value);
        fits(used, self.limit)?;
        self.used = used;
        self.mark(&key);
        self.values.insert(key, value);
        Ok(())
    }
}

fn fits(used: u64, limit: ByteSize) -> Result<(), CallError> {
    if used <= limit.0 {
        return Ok(());
    }
    let message = format!(
        "keys and values would have {used} bytes, more than {limit}; remove what is no longer needed"
    );
    Err(CallError::new("quota-exceeded", message))
}

fn size(key: &str, value: &Value) -> u64 {
    /// What a key costs the host beside its text and value.
    const OVERHEAD: usize = 64;
    (OVERHEAD + key.len() + value.len()) as u64
}

/// The text between the brackets of a JSON array.
fn items_of(json: &Json) -> Option<String> {
    let text = json.get().trim().strip_prefix('[')?.strip_suffix(']')?;
    Some(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value as Any, json};

    use super::*;

    fn memory() -> Memory {
        Memory::new(ByteSize(128), true)
    }

    #[test]
    fn what_does_not_fit_changes_nothing() {
        let mut memory = memory();
        memory.set("a".into(), to_json(&"x".repeat(40))).unwrap();
        let error = memory.set("b".into(), to_json(&"x".repeat(40))).unwrap_err();
        assert_eq!(error.code, "quota-exceeded");
        assert_eq!(memory.keys(""), ["a"]);
        memory.remove("a");
        memory.set("b".into(), to_json(&"x".repeat(40))).unwrap();
    }

    #[test]
    fn appending_to_what_is_no_array_is_refused() {
        let mut memory = memory();
        memory.set("a".into(), to_json(&1)).unwrap();
        assert_eq!(memory.append("a".into(), &to_json(&2)).unwrap_err().code, "not-an-array");
    }

    #[test]
    fn a_number_is_added_to_and_nothing_else_is() {
        let mut memory = memory();
        assert_eq!(memory.increment("n".into(), 5).unwrap(), 5);
        assert_eq!(memory.increment("n".into(), -7).unwrap(), -2);
        let error = memory.increment("n".into(), i64::MIN).unwrap_err();
        assert_eq!(error.code, "not-a-number");
        memory.set("n".into(), to_json(&"text")).unwrap();
        assert_eq!(memory.increment("n".into(), 1).unwrap_err().code, "not-a-number");
    }

    #[test]
    fn keys_are_found_by_how_they_begin() {
        let mut memory = Memory::new(ByteSize::kib(4), true);
        for key in ["a", "user/1", "user/2", "users", "z"] {
            memory.set(key.into(), to_json(&1)).unwrap();
        }
        assert_eq!(memory.keys("user/"), ["user/1", "user/2"]);
        assert_eq!(memory.keys("").len(), 5);
        assert_eq!(memory.keys("zz"), [""; 0]);
        assert_eq!(memory.take_changes().len(), 5);
        memory.remove("a");
        assert_eq!(
            memory.take_changes().into_iter().map(|it| it.1.is_some()).collect::<Vec<_>>(),
            [false]
        );
    }

    #[test]
    fn a_swap_happens_only_if_the_value_is_the_expected_one() {
        let mut memory = memory();
        assert!(!memory.compare_and_swap("a".into(), Some("1"), None).unwrap());
        assert!(memory.compare_and_swap("a".into(), None, Some(to_json(&1))).unwrap());
        assert!(memory.compare_and_swap("a".into(), Some("1"), None).unwrap());
        assert_eq!(memory.get("a").map(|it| it.get().to_owned()), None);
    }

    proptest! {
        #[test]
        fn appended_values_are_an_array_in_order(values in proptest::collection::vec(".{0,3}", 0..6)) {
            let mut memory = Memory::new(ByteSize::kib(4), true);
            memory.set("a".into(), to_json(&json!([0]))).unwrap();
            for value in &values {
                memory.append("a".into(), &to_json(value)).unwrap();
            }
            let whole: Vec<Any> = serde_json::from_str(memory.get("a").unwrap().get()).unwrap();
            prop_assert_eq!(&whole[1..], values.iter().map(|it| json!(it)).collect::<Vec<_>>());
        }
    }
}
