//! Sign-in at an OpenID Connect provider: authorization code with PKCE. Nothing of a sign-in under way is kept here; the browser
//! carries it, signed.

mod fetch;
mod provider;

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use arc_swap::ArcSwapOption;
use openidconnect::{
    AuthenticationFlow, AuthorizationCode, CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, Scope, core::CoreResponseType,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use subtle::ConstantTimeEq;
use url::{Host, Url};

use self::{
    fetch::Http,
    provider::{Client, Metadata},
};
use super::{
    AuthError, OidcSettings, SignInError,
    tokens::{self, Key},
};
use crate::{
    domain::{User, to_json},
    secret::Secret,
};

/// How long a user may take at the provider.
pub const FLOW_TIMEOUT: Duration = Duration::from_secs(180);
/// How old what is known of the provider, such as its keys, may be.
const METADATA_AGE: Duration = Duration::from_secs(300);
/// Bytes of what a provider says in an address.
const PARAMETER_MAX: usize = 4_096;

/// A sign-in at a provider did not come to its end.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum OidcError {
    #[error("no provider of the name `{0}` is set up")]
    Unknown(String),
    #[error("`{0}` is no address to come back to")]
    Redirect(String),
    #[error("the provider cannot be asked: {0}")]
    Provider(String),
    #[error("this browser has begun no sign-in, or too long ago, or another one")]
    State,
    #[error("the provider refuses: {0}")]
    Denied(String),
    #[error("the provider's ID token is refused: {0}")]
    IdToken(String),
    #[error(
        "the provider says nothing usable in the claim `{0}`, which `auth.oidc.identifier_claim` names"
    )]
    NoIdentifier(String),
    #[error(
        "the provider does not say that it has checked `{0}`; name another claim in `auth.oidc.identifier_claim`, or set \
         `auth.oidc.allow_unverified_email` if users cannot choose it themselves"
    )]
    Unverified(String),
    #[error("`{0}` is not among `auth.oidc.allowed_users` and `auth.oidc.allowed_domains`")]
    NotAllowed(String),
    #[error(transparent)]
    SignIn(#[from] SignInError),
}

/// What the browser carries while its user is at the provider.
#[derive(Debug, Serialize, Deserialize)]
struct Flow {
    state: String,
    nonce: String,
    verifier: String,
    redirect: String,
    exp: u64,
}

/// A sign-in that begins.
pub struct Begun {
    /// Where the browser goes.
    pub url: String,
    /// What it brings back: for a cookie that lives as long as [`FLOW_TIMEOUT`].
    pub flow: String,
}

impl fmt::Debug for Begun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Begun(…)")
    }
}

/// What a provider sends the browser back with.
#[derive(Default, Deserialize)]
pub struct Returned {
    /// What the provider gives for a token.
    pub code: Option<String>,
    /// What the server gave the browser.
    pub state: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

impl fmt::Debug for Returned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Returned").field("error", &self.error).finish_non_exhaustive()
    }
}

/// The provider.
pub(super) struct Oidc {
    settings: OidcSettings,
    http: Http,
    key: Key,
    metadata: ArcSwapOption<(Instant, Metadata)>,
}

impl Oidc {
    /// Asks the provider nothing yet: it need not be there when the server starts.
    pub(super) fn new(settings: OidcSettings, secret: &Secret) -> Result<Self, AuthError> {
        let issuer = Url::parse(&settings.issuer).ok().filter(is_safe);
        let issuer = issuer.ok_or_else(|| AuthError::Issuer(settings.issuer.clone()))?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if settings.name.is_empty() || !settings.name.chars().all(is_plain) {
            return Err(AuthError::ProviderName(settings.name));
        }
        Ok(Self {
            http: Http::new(&issuer)?,
            key: Key::derived(secret, "oidc"),
            metadata: ArcSwapOption::empty(),
            settings,
        })
    }

    pub(super) fn is_named(&self, name: &str) -> bool {
        self.settings.name == name
    }

    pub(super) async fn begin(&self, redirect: &str) -> Result<Begun, OidcError> {
        let client = self.client(redirect).await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let (url, state, nonce) = client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .add_scopes(self.settings.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge)
            .url();
        let flow = self.key.sign(&Flow {
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
            redirect: redirect.to_owned(),
            exp: tokens::end(FLOW_TIMEOUT),
        });
        Ok(Begun { url: url.into(), flow })
    }

    /// Finds out who came back from the provider, with what the browser carried.
    pub(super) async fn finish(&self, flow: &str, back: Returned) -> Result<User, OidcError> {
        let flow: Flow = self.key.read(flow).ok_or(OidcError::State)?;
        let state = back.state.ok_or(OidcError::State)?;
        if !bool::from(flow.state.as_bytes().ct_eq(state.as_bytes())) {
            return Err(OidcError::State);
        }
        let code = back.code.filter(|code| code.len() <= PARAMETER_MAX).ok_or_else(|| {
            let why = back.error.as_deref().unwrap_or("it gives no code");
            OidcError::Denied(why.chars().take(200).collect())
        })?;
        let client = self.client(&flow.redirect).await?;
        let code = AuthorizationCode::new(code);
        let verifier = PkceCodeVerifier::new(flow.verifier);
        let nonce = Nonce::new(flow.nonce);
        let claims = provider::claims(&client, &self.http, code, verifier, &nonce);
        let is_enough = |claims: &Map<String, Value>| self.is_enough(claims);
        self.user(&claims.await?.with_user_info(&client, &self.http, is_enough).await?)
    }

    fn is_enough(&self, claims: &Map<String, Value>) -> bool {
        self.identifier(claims).is_some()
            && claims.contains_key(&self.settings.display_name_claim)
            && (!self.needs_checked_email() || claims.contains_key("email_verified"))
    }

    fn needs_checked_email(&self) -> bool {
        self.settings.identifier_claim == "email" && !self.settings.allow_unverified_email
    }

    fn identifier<'a>(&self, claims: &'a Map<String, Value>) -> Option<&'a str> {
        claims.get(&self.settings.identifier_claim)?.as_str().and_then(tokens::name)
    }

    fn user(&self, claims: &Map<String, Value>) -> Result<User, OidcError> {
        let settings = &self.settings;
        let missing = || OidcError::NoIdentifier(settings.identifier_claim.clone());
        let identifier = self.identifier(claims).ok_or_else(missing)?.to_owned();
        let is_checked = claims.get("email_verified") == Some(&Value::Bool(true));
        if self.needs_checked_email() && !is_checked {
            return Err(OidcError::Unverified(identifier));
        }
        if !settings.allows(&identifier) {
            return Err(OidcError::NotAllowed(identifier));
        }
        let text = |claim: &str| claims.get(claim).and_then(Value::as_str).map(str::to_owned);
        let mut metadata = Map::from_iter([("provider".into(), settings.name.clone().into())]);
        // The stock page shows it.
        if let Some(picture) = text("picture").filter(|url| url.starts_with("https://")) {
            metadata.insert("image".into(), picture.into());
        }
        let display_name = text(&settings.display_name_claim);
        Ok(User { identifier, display_name, metadata: to_json(&metadata) })
    }

    async fn client(&self, redirect: &str) -> Result<Client, OidcError> {
        let bad = |_| OidcError::Redirect(redirect.to_owned());
        let redirect = RedirectUrl::new(redirect.to_owned()).map_err(bad)?;
        let known = self.metadata.load_full().filter(|it| it.0.elapsed() < METADATA_AGE);
        let metadata = match known {
            Some(known) => known,
            None => {
                let found = provider::discover(&self.settings, &self.http).await?;
                let found = Arc::new((Instant::now(), found));
                self.metadata.store(Some(Arc::clone(&found)));
                found
            }
        };
        Ok(provider::client(&self.settings, &metadata.1, redirect))
    }
}

/// Whether nobody on the way can change what is said there.
fn is_safe(url: &Url) -> bool {
    let is_local = match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_local)
}
