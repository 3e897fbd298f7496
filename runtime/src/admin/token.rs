//! The token of the admin API: the secret by which an operator is known, and where it is kept.

use std::{io, path::Path};

use serde::Deserialize;

use crate::secret::{Secret, SecretError};

/// The file beside the data that holds the token.
const FILE: &str = "admin-token";

/// The secret by which an operator is known. Its `Debug` shows nothing of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct AdminToken(Secret);

/// There is no admin token to be had.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum TokenError {
    #[error(
        "the admin token must be of visible ASCII characters without spaces, and at least one; unset \
         `CHINWAG_ADMIN_TOKEN` to have one made"
    )]
    Malformed,
    #[error("there is no usable admin token")]
    File(#[source] SecretError),
}

impl AdminToken {
    /// The token that a data folder keeps; the folder and the token are made if they are not there yet.
    ///
    /// # Errors
    /// The file cannot be read or written, or holds no token.
    pub fn open(data: &Path) -> Result<Self, TokenError> {
        Secret::open(data, FILE).map(Self).map_err(TokenError::File)
    }

    /// The token that a data folder keeps; none if it keeps none.
    ///
    /// # Errors
    /// The file cannot be read, or holds no token.
    pub fn read(data: &Path) -> Result<Option<Self>, TokenError> {
        match Secret::read(&data.join(FILE)) {
            Err(SecretError::Read(_, error)) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            other => other.map(|secret| Some(Self(secret))).map_err(TokenError::File),
        }
    }

    /// Whether `candidate` is the token, in a time that does not depend on how much of it is right.
    #[must_use]
    pub fn matches(&self, candidate: &str) -> bool {
        self.0.matches(candidate)
    }

    /// The token itself, for the header of a request.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

impl TryFrom<String> for AdminToken {
    type Error = TokenError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Secret::try_from(text).map(Self).map_err(|_| TokenError::Malformed)
    }
}
