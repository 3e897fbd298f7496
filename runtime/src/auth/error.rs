//! What can be wrong with sign-in: its settings, or whoever tries it.

use std::time::Duration;

use crate::db::DbError;

/// Characters of a secret that tokens are signed with, at least: HS256 is as strong as 32 bytes.
pub(super) const SECRET_MIN: usize = 32;

/// Sign-in that cannot work as it is set up.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum AuthError {
    #[error(
        "`auth.password` is on, but nothing is kept, so there is nowhere to keep passwords; let the server keep things, or \
         choose another way to sign in"
    )]
    NoDatabase,
    #[error(
        "`{0}` is shorter than {SECRET_MIN} characters, so it could be guessed; make it longer"
    )]
    ShortSecret(&'static str),
    #[error(
        "`auth.header` is `{0}`, which is no name of a header; write it like `X-Forwarded-User`"
    )]
    Header(String),
    #[error(
        "`auth.public_url` is `{0}`, which is no address of a site; write it like `https://chat.example.org`"
    )]
    PublicUrl(String),
    #[error(
        "`auth.oidc.issuer` is `{0}`, which is no `https` address (plain `http` is for this machine alone); write it like \
         `https://accounts.example.org`"
    )]
    Issuer(String),
    #[error(
        "`auth.oidc.name` is `{0}`, which is no part of an address; use letters, digits and `-`"
    )]
    ProviderName(String),
    #[error("the provider cannot be asked")]
    Http(#[source] reqwest::Error),
}

/// Nobody is signed in.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SignInError {
    /// This way to sign in is off.
    #[error("this way to sign in is off")]
    Off,
    /// Wrong name, wrong password, a name that signs in another way, or a token that is not valid, or not any more.
    #[error("the sign-in is refused")]
    Refused,
    /// Too many failures in a row: ask again after this time.
    #[error("too many attempts failed; try again in {} s", .0.as_secs().saturating_add(1))]
    TooManyFailures(Duration),
    /// Too many sign in at once.
    #[error("too many users sign in right now; try again")]
    Busy,
    /// The users cannot be read or written.
    #[error(transparent)]
    Database(#[from] DbError),
}
