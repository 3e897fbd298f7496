//! Values behind keys, as session state and the store have them: JSON text, changed by compare-and-swap.

use serde::{Serialize, de::DeserializeOwned};

use crate::{Error, Result};

/// A value of `what` (`session state`, `the store`).
pub(crate) fn parse<T: DeserializeOwned>(what: &str, key: &str, text: &str) -> Result<T> {
    serde_json::from_str(text)
        .map_err(|error| Error::from(error).context(format_args!("reading `{key}` of {what}")))
}

/// Changes what `read` reads and `swap` swaps, until nobody has changed it in between.
pub(crate) fn update<T: Serialize + Default>(
    read: impl Fn() -> Result<Option<String>>,
    parse: impl Fn(&str) -> Result<T>,
    swap: impl Fn(Option<&str>, Option<&str>) -> Result<bool>,
    mut change: impl FnMut(&mut T),
) -> Result<T> {
    // Ends: each failed swap means that another one succeeded, and the turn's time is limited.
    loop {
        let before = read()?;
        let mut value = before.as_deref().map(&parse).transpose()?.unwrap_or_default();
        change(&mut value);
        let after = serde_json::to_string(&value)?;
        if swap(before.as_deref(), Some(&after))? {
            return Ok(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;

    #[test]
    fn a_value_that_another_changes_meanwhile_is_changed_again() {
        let stored = RefCell::new(Some("1".to_owned()));
        let attempts = Cell::new(0);
        let swap = |before: Option<&str>, after: Option<&str>| {
            attempts.set(attempts.get() + 1);
            if attempts.get() == 1 {
                *stored.borrow_mut() = Some("5".to_owned());
            }
            let is_same = stored.borrow().as_deref() == before;
            if is_same {
                *stored.borrow_mut() = after.map(str::to_owned);
            }
            Ok(is_same)
        };
        let read = || Ok(stored.borrow().clone());
        let changed = update(read, |text| parse("a test", "n", text), swap, |n: &mut u32| *n += 1);
        assert_eq!((changed.unwrap(), attempts.get()), (6, 2));
        assert_eq!(stored.into_inner().as_deref(), Some("6"));
    }

    #[test]
    fn a_value_of_another_type_is_named() {
        let error = parse::<u32>("the store", "n", "\"text\"").unwrap_err().to_string();
        assert!(error.starts_with("reading `n` of the store: "), "{error}");
    }
}
