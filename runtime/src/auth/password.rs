//! Passwords: hashed with argon2id, and checked a few at a time, since each check takes 19 MiB and a core for a while.

use std::{fmt, sync::Arc, time::Duration};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
    time::timeout,
};

/// Bytes of a password, at most.
pub const PASSWORD_MAX: usize = 1_024;
/// Characters below which a password is easily guessed. It is the operator's to decide.
pub const PASSWORD_SHORT: usize = 8;
/// Passwords that are checked at once.
const AT_ONCE: usize = 4;
/// How long a sign-in waits for its check to begin.
const PATIENCE: Duration = Duration::from_secs(10);

/// A password that cannot be one.
#[derive(Debug, thiserror::Error)]
#[error("a password is not empty and has at most {PASSWORD_MAX} bytes; choose another")]
pub struct BadPassword;

/// Hashes a password for [`Account::password`](crate::domain::Account::password). Takes a core for a while.
///
/// # Errors
/// It is empty or too long.
///
/// # Panics
/// The machine has no random numbers.
pub fn hash(password: &str) -> Result<String, BadPassword> {
    if password.is_empty() || password.len() > PASSWORD_MAX {
        return Err(BadPassword);
    }
    Ok(digest(password))
}

fn digest(password: &str) -> String {
    Argon2::default()
        .hash_password(password.as_bytes())
        .expect("argon2 hashes short texts with its defaults")
        .to_string()
}

/// Checks passwords.
pub(super) struct Verifier {
    places: Arc<Semaphore>,
    /// The hash of a password that nobody has, for names that are not there: an answer takes as long for them.
    nobody: Arc<str>,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("places", &self.places).finish_non_exhaustive()
    }
}

/// A place among those whose passwords are checked.
pub(super) struct Place(OwnedSemaphorePermit);

impl Verifier {
    pub(super) fn new() -> Self {
        let nobody = digest(&hex::encode(rand::random::<[u8; 32]>()));
        Self { places: Arc::new(Semaphore::new(AT_ONCE)), nobody: nobody.into() }
    }

    /// Waits for a place; none if there is none for a while.
    pub(super) async fn place(&self) -> Option<Place> {
        let place = timeout(PATIENCE, Arc::clone(&self.places).acquire_owned()).await;
        place.ok()?.ok().map(Place)
    }

    /// Whether this is the password of the hash; without a hash it is not, and takes as long to find out.
    pub(super) async fn check(&self, place: Place, password: &str, hash: Option<&str>) -> bool {
        let is_somebody = hash.is_some();
        let hash: Arc<str> = hash.map_or_else(|| Arc::clone(&self.nobody), Into::into);
        let password = password.to_owned();
        let checked = spawn_blocking(move || {
            // In here, so that it is taken until the work is done, whether or not somebody waits for it.
            let _place = place.0;
            Argon2::default().verify_password(password.as_bytes(), &*hash).is_ok()
        });
        checked.await.unwrap_or(false) && is_somebody
    }
}
