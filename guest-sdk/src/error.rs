//! The one error of a bot.

use std::{error, fmt};

use crate::wit::types;

/// What a callback, and everything that can fail in this crate, returns.
pub type Result<T = ()> = std::result::Result<T, Error>;

/// Why something failed, in words for the user: a callback that returns it shows it in the chat.
///
/// Made from any standard error by `?`, or from words:
///
/// ```
/// use chinwag_sdk::{Error, Result};
///
/// fn half(text: &str) -> Result<u32> {
///     let number: u32 = text.trim().parse()?;
///     if number % 2 == 1 {
///         return Err(Error::new(format!("{number} is odd")));
///     }
///     Ok(number / 2)
/// }
///
/// assert_eq!(half("8").unwrap(), 4);
/// assert_eq!(half("7").unwrap_err().to_string(), "7 is odd");
/// assert_eq!(half("x").unwrap_err().to_string(), "invalid digit found in string");
/// ```
// Not a `std::error::Error` itself: the conversion from all of those would overlap with the one
// from itself.
pub struct Error {
    code: Option<String>,
    text: String,
}

impl Error {
    /// An error in the bot's own words.
    pub fn new(text: impl fmt::Display) -> Self {
        Self { code: None, text: text.to_string() }
    }

    /// The host's code when the host refused a call, for example `quota-exceeded`; none for all
    /// other errors. The WIT lists the codes of each function.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The same error, said in its context: `reading the menu: missing field`.
    #[must_use]
    pub fn context(self, doing: impl fmt::Display) -> Self {
        Self { code: self.code, text: format!("{doing}: {}", self.text) }
    }

    pub(crate) fn with_code(code: String, text: String) -> Self {
        Self { code: Some(code), text }
    }

    /// What a function of [`wit`](crate::wit) returns, with its code.
    #[must_use]
    pub fn from_host(error: types::Error) -> Self {
        Self { code: Some(error.code), text: error.message }
    }
}

impl<E: error::Error> From<E> for Error {
    fn from(error: E) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        Self { code: None, text }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{} ({code})", self.text),
            None => f.write_str(&self.text),
        }
    }
}
