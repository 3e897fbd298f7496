//! Requests that a bot makes to the world: only to hosts that the operator has granted, and inside only to addresses that
//! are granted themselves. It knows no guest: what it sends is given, what it refuses has a name.

mod address;
mod secrets;

use std::{
    collections::BTreeSet,
    error::Error,
    fmt, io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, OnceLock},
    time::Duration,
};

use ipnet::IpNet;
use reqwest::{
    Client, Request, Response, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use tokio::net::lookup_host;

use self::address::is_public;
pub use self::secrets::HeldSecret;
use self::secrets::Secrets;
use crate::domain::{HostPattern, Peer};

/// How long a connection is kept for the next request.
const IDLE: Duration = Duration::from_secs(60);
/// Connections to one host that wait for the next request.
const IDLE_CONNECTIONS: usize = 4;

/// A request that was not sent, or not answered.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum OutboundError {
    #[error(
        "`{0}` is no address for a request: it needs `http` or `https`, a host, and no password"
    )]
    BadUrl(String),
    #[error(
        "requests to `{0}` are not granted; the operator grants hosts with `PUT /api/bots/NAME/grants`"
    )]
    NotGranted(String),
    #[error(
        "`{host}` has only addresses inside, such as {address}, which are not granted; the operator can grant them by \
         their numbers"
    )]
    Inside { host: String, address: IpAddr },
    #[error("{0}")]
    Secret(String),
    #[error("`{host}` has no address: {error}")]
    Unknown { host: String, error: String },
    #[error("there is no connection: {0}")]
    Connect(String),
    #[error("the answer is none: {0}")]
    Broken(String),
}

impl OutboundError {
    /// A stable code, for what the operator forbids; none for what fails by itself.
    #[must_use]
    pub fn denial(&self) -> Option<&'static str> {
        match self {
            Self::BadUrl(_) => Some("http-bad-url"),
            Self::NotGranted(_) => Some("http-not-granted"),
            Self::Inside { .. } => Some("http-inside"),
            Self::Secret(_) => Some("secret-not-granted"),
            Self::Unknown { .. } | Self::Connect(_) | Self::Broken(_) => None,
        }
    }
}

/// How far one bot reaches; by default nowhere. Connections are its own: no other bot's requests travel on them.
#[derive(Default)]
pub struct Reach {
    hosts: BTreeSet<HostPattern>,
    secrets: Secrets,
    /// Made for the first request: most bots make none.
    client: OnceLock<Client>,
}

impl fmt::Debug for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reach").field("hosts", &self.hosts).finish_non_exhaustive()
    }
}

impl Reach {
    /// Reaches these hosts, with these secrets under their names.
    #[must_use]
    pub fn new(
        hosts: BTreeSet<HostPattern>,
        secrets: impl IntoIterator<Item = (String, HeldSecret)>,
    ) -> Self {
        Self { hosts, secrets: Secrets::new(secrets), client: OnceLock::new() }
    }

    /// Sends a request. Follows no redirect: the next request is checked as this one is.
    ///
    /// # Errors
    /// The host is not granted, its addresses are inside, or it does not answer.
    pub async fn send(&self, mut request: Request) -> Result<Response, OutboundError> {
        let peer = self.check(request.url())?;
        self.secrets.insert(&mut request).map_err(OutboundError::Secret)?;
        let client = self.client()?;
        client.execute(request).await.map_err(|error| explain(error, peer))
    }

    /// Whether a request may be made at all. What a name resolves to is looked at when it is resolved.
    fn check(&self, url: &Url) -> Result<String, OutboundError> {
        let bad = || OutboundError::BadUrl(url.host_str().unwrap_or_default().to_owned());
        let is_web = matches!(url.scheme(), "http" | "https");
        let is_bare = url.username().is_empty() && url.password().is_none();
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(bad());
        };
        if !is_web || !is_bare {
            return Err(bad());
        }
        let literal = literal(host);
        let peer = literal.map_or(Peer::Name(host.trim_end_matches('.')), Peer::Address);
        let is_usual = url.port().is_none();
        let mut granted = self.hosts.iter().filter(|it| it.admits(peer, port, is_usual));
        // An address that is granted may lie inside: it is granted by its number.
        match granted.next() {
            Some(_) => Ok(host.to_owned()),
            None => Err(OutboundError::NotGranted(format!("{host}:{port}"))),
        }
    }

    fn client(&self) -> Result<&Client, OutboundError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let networks = self.hosts.iter().filter_map(HostPattern::network).collect();
        let client = Client::builder()
            .redirect(Policy::none())
            // A proxy of the environment would resolve names for us, and reach what we may not.
            .no_proxy()
            .http1_only()
            .referer(false)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(IDLE_CONNECTIONS)
            .dns_resolver(Arc::new(Guarded { networks }))
            .build()
            .map_err(|error| OutboundError::Connect(root(&error)))?;
        Ok(self.client.get_or_init(|| client))
    }
}

/// The address that a host of a URL is, if it is no name. URLs have every spelling of an address in its usual one already.
fn literal(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

/// Resolves names, for each connection anew, and gives only addresses that may be reached.
#[derive(Debug)]
struct Guarded {
    /// Addresses that may be reached although they lie inside.
    networks: Arc<[IpNet]>,
}

/// All addresses of a name lie inside.
#[derive(Debug, thiserror::Error)]
#[error("its address {0} lies inside")]
struct LiesInside(IpAddr);

/// A name has no addresses.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NoAddress(io::Error);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let networks = self.networks.clone();
        Box::pin(async move {
            let found = lookup_host((name.as_str(), 0)).await.map_err(NoAddress)?;
            let found: Vec<SocketAddr> = found.collect();
            let may = |address: IpAddr| {
                is_public(address) || networks.iter().any(|it| it.contains(&address.to_canonical()))
            };
            let (may, not): (Vec<_>, Vec<_>) = found.into_iter().partition(|it| may(it.ip()));
            match not.first() {
                Some(inside) if may.is_empty() => Err(LiesInside(inside.ip()).into()),
                _ => Ok(Box::new(may.into_iter()) as Addrs),
            }
        })
    }
}

/// What became of a request, in words that hold no address with what a bot has put into it.
fn explain(error: reqwest::Error, host: String) -> OutboundError {
    let error = error.without_url();
    let mut source: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(cause) = source {
        if let Some(LiesInside(address)) = cause.downcast_ref() {
            return OutboundError::Inside { host, address: *address };
        }
        if let Some(NoAddress(error)) = cause.downcast_ref() {
            return OutboundError::Unknown { host, error: error.to_string() };
        }
        source = cause.source();
    }
    let text = root(&error);
    if error.is_connect() { OutboundError::Connect(text) } else { OutboundError::Broken(text) }
}

/// The text of what is at the bottom of an error.
fn root(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests;
