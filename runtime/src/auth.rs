//! Sign-in: who a user is, by password, by a proxy's word, by a token; and the tokens by which the server knows a user again.
//!
//! It owns no HTTP: cookies and routes are `gateway`'s. Users share one namespace: who has a password signs in with it alone,
//! so that nobody takes such a name over from elsewhere.

mod error;
mod oidc;
mod password;
mod settings;
#[cfg(test)]
mod tests;
mod throttle;
mod tokens;

use std::{
    collections::BTreeMap,
    fmt,
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::http::{HeaderMap, HeaderName, Uri};
use jiff::Timestamp;
use tracing::{info, warn};

use self::{
    error::SECRET_MIN,
    oidc::Oidc,
    password::Verifier,
    throttle::Throttle,
    tokens::{Claims, Key, NAME_MAX},
};
pub use self::{
    error::{AuthError, SignInError},
    oidc::{Begun, FLOW_TIMEOUT, OidcError, Returned},
    password::{BadPassword, PASSWORD_MAX, PASSWORD_SHORT, hash},
    settings::{AuthSettings, OidcSettings, Proxies},
};
use crate::{
    db::{Database, DbError},
    domain::{Account, User, UserId, to_json},
    secret::Secret,
};

/// How much the clocks of other programs may differ that sign tokens.
const LEEWAY: Duration = Duration::from_secs(60);

/// A user who has just signed in.
#[derive(Clone)]
pub struct SignedIn {
    /// By which the server knows the user again.
    pub token: String,
    /// Who it is.
    pub user: Arc<User>,
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn").field("user", &self.user.identifier).finish_non_exhaustive()
    }
}

/// Sign-in as it is set up. Cheap to clone.
#[derive(Clone)]
pub struct Auth(Option<Arc<Methods>>);

struct Methods {
    settings: AuthSettings,
    header: Option<HeaderName>,
    /// Signs and checks our own tokens.
    own: Key,
    /// Checks those of other programs.
    foreign: Option<Key>,
    oidc: Option<Oidc>,
    accounts: Option<Arc<dyn Database>>,
    verifier: Verifier,
    throttle: Throttle,
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Auth").field(&self.0.as_ref().map(|methods| &methods.settings)).finish()
    }
}

impl Auth {
    /// Nobody signs in.
    #[must_use]
    pub fn off() -> Self {
        Self(None)
    }

    /// Sign-in by these settings; `secret` signs tokens unless they name another. Takes a moment: a password is hashed.
    ///
    /// # Errors
    /// The settings are at odds with each other, or with there being no accounts.
    pub fn new(
        settings: AuthSettings,
        secret: &Secret,
        accounts: Option<Arc<dyn Database>>,
    ) -> Result<Self, AuthError> {
        if !settings.is_on() {
            return Ok(Self::off());
        }
        if settings.password && accounts.is_none() {
            return Err(AuthError::NoDatabase);
        }
        let secret = long("auth.secret", settings.secret.as_ref().unwrap_or(secret))?;
        let foreign = settings.jwt_secret.as_ref().unwrap_or(secret);
        let foreign = settings.has_jwt().then(|| long("auth.jwt_secret", foreign)).transpose()?;
        let header = settings
            .header
            .as_ref()
            .map(|name| name.parse::<HeaderName>().map_err(|_| AuthError::Header(name.clone())));
        if let Some(url) = settings.public_url.as_ref().filter(|url| !is_site(url)) {
            return Err(AuthError::PublicUrl(url.clone()));
        }
        let oidc = settings.oidc.clone().map(|oidc| Oidc::new(oidc, secret)).transpose()?;
        Ok(Self(Some(Arc::new(Methods {
            oidc,
            header: header.transpose()?,
            own: Key::derived(secret, "signed in"),
            foreign: foreign.map(|secret| Key::new(secret, LEEWAY)),
            verifier: Verifier::new(),
            throttle: Throttle::default(),
            accounts,
            settings,
        }))))
    }

    /// Whether nobody may chat without having signed in.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.0.is_some()
    }

    /// What was decided; none if nobody signs in.
    #[must_use]
    pub fn settings(&self) -> Option<&AuthSettings> {
        self.0.as_ref().map(|methods| &methods.settings)
    }

    /// Signs in with name and password.
    ///
    /// # Errors
    /// They do not fit, too many failed before, too many try now, or the database does not answer.
    pub async fn password(&self, name: &str, password: &str) -> Result<SignedIn, SignInError> {
        let methods = self.methods(|methods| methods.settings.password)?;
        if name.len() > NAME_MAX || password.len() > PASSWORD_MAX {
            return Err(SignInError::Refused);
        }
        let place = methods.verifier.place().await.ok_or(SignInError::Busy)?;
        // After the wait, so that no more attempts get through than are checked at once.
        if let Some(wait) = methods.throttle.wait(name, Instant::now()) {
            return Err(SignInError::TooManyFailures(wait));
        }
        let account = methods.account(name).await?;
        let hash = account.as_ref().and_then(|account| account.password.as_deref());
        let is_right = methods.verifier.check(place, password, hash).await;
        let Some(account) = account.filter(|_| is_right) else {
            methods.throttle.failed(name, Instant::now());
            return Err(SignInError::Refused);
        };
        methods.throttle.succeeded(name);
        Ok(methods.welcome(account, "password"))
    }

    /// Signs in whom a proxy names. What anybody else says in the header is not looked at.
    ///
    /// # Errors
    /// The request does not come from a proxy, the header is not there exactly once, it holds no name or one that has a
    /// password, or the database does not answer.
    pub async fn header(
        &self,
        peer: Option<IpAddr>,
        headers: &HeaderMap,
    ) -> Result<SignedIn, SignInError> {
        let methods = self.methods(|methods| methods.header.is_some())?;
        if !self.is_proxy(peer) {
            warn!(?peer, "a sign-in by header is refused: its sender is not among `auth.proxies`");
            return Err(SignInError::Refused);
        }
        let mut values = methods.header.iter().flat_map(|name| headers.get_all(name));
        let (Some(value), None) = (values.next(), values.next()) else {
            return Err(SignInError::Refused);
        };
        let name = std::str::from_utf8(value.as_bytes()).ok().and_then(tokens::name);
        let user = user(name.ok_or(SignInError::Refused)?, "header");
        Ok(methods.welcome(methods.admit(user).await?, "header"))
    }

    /// Signs in with a token of another program, or of ours.
    ///
    /// # Errors
    /// The token is not valid, its name has a password, or the database does not answer.
    pub async fn bearer(&self, token: &str) -> Result<SignedIn, SignInError> {
        let methods = self.methods(|_| true)?;
        if let Some(user) = methods.claimed(token) {
            return Ok(methods.welcome(methods.admit(user).await?, "token"));
        }
        let user = methods.own_user(token).await?;
        Ok(SignedIn { token: token.to_owned(), user: Arc::new(user) })
    }

    /// Begins a sign-in at a provider that sends the browser back to `redirect`. Takes as long as the provider does, at most
    /// some seconds.
    ///
    /// # Errors
    /// There is no such provider, or it does not answer.
    pub async fn begin(&self, provider: &str, redirect: &str) -> Result<Begun, OidcError> {
        self.oidc(provider)?.1.begin(redirect).await
    }

    /// Signs in whom a provider sends back, with what the browser carried meanwhile. Takes as long as [`Auth::begin`].
    ///
    /// # Errors
    /// The browser did not begin this sign-in, the provider does not vouch for the user, the user may not sign in here, or
    /// the database does not answer.
    pub async fn finish(
        &self,
        provider: &str,
        flow: &str,
        back: Returned,
    ) -> Result<SignedIn, OidcError> {
        let (methods, oidc) = self.oidc(provider)?;
        let account = methods.admit(oidc.finish(flow, back).await?).await?;
        Ok(methods.welcome(account, "provider"))
    }

    fn oidc(&self, provider: &str) -> Result<(&Methods, &Oidc), OidcError> {
        let methods = self.methods(|methods| methods.oidc.is_some())?;
        let oidc = methods.oidc.as_ref().filter(|oidc| oidc.is_named(provider));
        let oidc = oidc.ok_or_else(|| OidcError::Unknown(provider.chars().take(80).collect()))?;
        Ok((methods, oidc))
    }

    /// The user of a token that was given at sign-in, or of another program's; none if nobody signs in here.
    ///
    /// # Errors
    /// The token is not valid, or not any more, or the database does not answer.
    pub async fn verify(&self, token: &str) -> Result<Option<Arc<User>>, SignInError> {
        let Some(methods) = &self.0 else { return Ok(None) };
        let user = match methods.claimed(token) {
            Some(user) => methods.known(user).await?.user,
            None => methods.own_user(token).await?,
        };
        Ok(Some(Arc::new(user)))
    }

    /// What is kept of a user; none if nothing is kept.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn account(&self, user: &User) -> Result<Option<Account>, DbError> {
        match &self.0 {
            Some(methods) => methods.account(&user.identifier).await,
            None => Ok(None),
        }
    }

    /// Whether a request from this address came through a proxy whose headers are believed.
    #[must_use]
    pub fn is_proxy(&self, peer: Option<IpAddr>) -> bool {
        let proxies = self.settings().map(|settings| &settings.proxies);
        proxies.is_some_and(|proxies| peer.is_some_and(|peer| proxies.contain(peer)))
    }

    fn methods(&self, has: impl Fn(&Methods) -> bool) -> Result<&Methods, SignInError> {
        self.0.as_deref().filter(|methods| has(methods)).ok_or(SignInError::Off)
    }
}

impl Methods {
    async fn account(&self, name: &str) -> Result<Option<Account>, DbError> {
        match &self.accounts {
            Some(accounts) => accounts.account(name).await,
            None => Ok(None),
        }
    }

    fn welcome(&self, account: Account, method: &str) -> SignedIn {
        info!(user = %account.user.identifier, method, "a user signed in");
        let token = self.own.issue(&account, self.settings.user_session_timeout);
        SignedIn { token, user: Arc::new(account.user) }
    }

    /// Keeps what somebody else says of a user.
    async fn admit(&self, user: User) -> Result<Account, SignInError> {
        let account =
            Account { id: UserId::random(), user, password: None, created_at: Timestamp::now() };
        let Some(accounts) = &self.accounts else { return Ok(account) };
        let known = accounts.account(&account.user.identifier).await?;
        if known.is_some_and(|known| known.password.is_some()) {
            warn!(user = %account.user.identifier, "a sign-in is refused: this name has a password");
            return Err(SignInError::Refused);
        }
        Ok(accounts.put_account(&account).await?)
    }

    /// As [`Methods::admit`], but writes only what is not there.
    async fn known(&self, user: User) -> Result<Account, SignInError> {
        match self.account(&user.identifier).await? {
            Some(account) if account.password.is_none() => Ok(account),
            _ => self.admit(user).await,
        }
    }

    /// Whom a token of another program names.
    fn claimed(&self, token: &str) -> Option<User> {
        self.foreign.as_ref()?.read::<Claims>(token)?.user()
    }

    async fn own_user(&self, token: &str) -> Result<User, SignInError> {
        let claims: Claims = self.own.read(token).ok_or(SignInError::Refused)?;
        let Some(accounts) = &self.accounts else {
            // Without accounts there is no password that the token could stand for.
            let claims = (!claims.needs_password()).then_some(claims);
            return claims.and_then(Claims::user).ok_or(SignInError::Refused);
        };
        let account = accounts.account(&claims.identifier).await?;
        let account = account.filter(|account| self.own.is_current(&claims, account));
        account.map(|account| account.user).ok_or(SignInError::Refused)
    }
}

/// Whether a text can be a user's name: not empty, not too long, and nothing in it that cannot be seen.
#[must_use]
pub fn is_name(text: &str) -> bool {
    tokens::name(text).is_some()
}

/// A user that somebody else knows.
fn user(name: &str, provider: &str) -> User {
    User {
        identifier: name.to_owned(),
        display_name: None,
        metadata: to_json(&BTreeMap::from([("provider", provider)])),
    }
}

fn long<'a>(name: &'static str, secret: &'a Secret) -> Result<&'a Secret, AuthError> {
    if secret.reveal().len() < SECRET_MIN { Err(AuthError::ShortSecret(name)) } else { Ok(secret) }
}

/// Whether this is the address of a site, without a path.
fn is_site(url: &str) -> bool {
    let uri = url.parse::<Uri>().ok();
    uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
            && uri.path() == "/"
            && uri.query().is_none()
    })
}
