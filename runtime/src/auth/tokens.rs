//! Tokens by which signed-in users are known: JSON Web Tokens with Chainlit's claims, signed by this server.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode, get_current_timestamp,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::Sha256;

use crate::{
    domain::{Account, Json, User, to_json},
    secret::Secret,
};

/// Bytes of a user's name.
pub(super) const NAME_MAX: usize = 256;

/// What a token says of a user.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) identifier: String,
    #[serde(default)]
    pub(super) display_name: Option<String>,
    #[serde(default)]
    pub(super) metadata: Option<Json>,
    exp: u64,
    #[serde(default)]
    iat: u64,
    /// What becomes of the password's hash; none for whoever signs in without one. So no token outlives its password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

impl Claims {
    /// Whether the token stands for a password.
    pub(super) fn needs_password(&self) -> bool {
        self.password.is_some()
    }

    /// The user, if the name can be one.
    pub(super) fn user(self) -> Option<User> {
        let metadata = self.metadata.filter(|json| json.get().starts_with('{'));
        Some(User {
            identifier: name(&self.identifier)?.to_owned(),
            display_name: self.display_name,
            metadata: metadata.unwrap_or_else(nothing),
        })
    }
}

/// No metadata.
pub(super) fn nothing() -> Json {
    to_json(&serde_json::Map::new())
}

/// A text as a user's name: not empty, not too long, and nothing in it that cannot be seen.
pub(super) fn name(text: &str) -> Option<&str> {
    let is_plain = !text.is_empty() && text.len() <= NAME_MAX && text.trim() == text;
    (is_plain && !text.contains(char::is_control)).then_some(text)
}

/// A key for tokens of one kind.
pub(super) struct Key {
    secret: Secret,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

impl Key {
    /// `leeway` is how much the clocks of signer and server may differ.
    pub(super) fn new(secret: &Secret, leeway: Duration) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = leeway.as_secs();
        validation.validate_nbf = true;
        Self {
            encoding: EncodingKey::from_secret(secret.reveal().as_bytes()),
            decoding: DecodingKey::from_secret(secret.reveal().as_bytes()),
            secret: secret.clone(),
            validation,
        }
    }

    /// A key that follows from a secret, so that no token of the secret itself passes for one of this key, nor the reverse.
    pub(super) fn derived(secret: &Secret, purpose: &str) -> Self {
        let secret = hex::encode(mac(secret, purpose, ""));
        Self::new(&secret.try_into().expect("hexadecimal digits are a secret"), Duration::ZERO)
    }

    pub(super) fn sign(&self, claims: &impl Serialize) -> String {
        encode(&Header::new(Algorithm::HS256), claims, &self.encoding)
            .expect("HMAC signs whatever serialises, as our claims do")
    }

    /// What a token says; none if it is not signed with this key, or its time is over.
    pub(super) fn read<C: DeserializeOwned>(&self, token: &str) -> Option<C> {
        decode(token, &self.decoding, &self.validation).ok().map(|token| token.claims)
    }

    /// The token of an account that has just signed in.
    pub(super) fn issue(&self, account: &Account, lifetime: Duration) -> String {
        let now = get_current_timestamp();
        self.sign(&Claims {
            identifier: account.user.identifier.clone(),
            display_name: account.user.display_name.clone(),
            metadata: Some(account.user.metadata.clone()),
            exp: now.saturating_add(lifetime.as_secs()),
            iat: now,
            password: self.mark(account),
        })
    }

    /// Whether the account still has the password that the token was issued for.
    pub(super) fn is_current(&self, claims: &Claims, account: &Account) -> bool {
        claims.password == self.mark(account)
    }

    fn mark(&self, account: &Account) -> Option<String> {
        let hash = account.password.as_ref()?;
        Some(hex::encode(mac(&self.secret, "password", hash).get(..16)?))
    }
}

/// When a token ends that is made now.
pub(super) fn end(lifetime: Duration) -> u64 {
    get_current_timestamp().saturating_add(lifetime.as_secs())
}

fn mac(secret: &Secret, purpose: &str, text: &str) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(purpose.as_bytes());
    mac.update(&[0]);
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().into()
}
