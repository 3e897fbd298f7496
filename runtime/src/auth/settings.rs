//! What an operator decides about sign-in.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    time::Duration,
};

use ipnet::{IpNet, Ipv4Net};
use jiff::fmt::serde::unsigned_duration::friendly::compact::required as duration;
use serde::{Deserialize, Serialize};

use crate::{domain::list, secret::Secret};

/// How users sign in. Methods may be on at once; all share one namespace of user names. Without any, nobody signs in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuthSettings {
    /// Users sign in with a password, see `chinwag users add`. Default: false.
    pub password: bool,
    /// The header in which a proxy in front says who the user is, for example `X-Forwarded-User`. It is believed from
    /// `proxies` alone, and they must remove it from what browsers send. Default: none.
    pub header: Option<String>,
    /// Users come with a token that another program of yours has signed with `jwt_secret`. Default: false.
    pub jwt: bool,
    /// What other programs sign tokens with (HS256), at least 32 characters; setting it turns `jwt` on. Default: `secret`.
    #[serde(skip_serializing)]
    pub jwt_secret: Option<Secret>,
    /// Users sign in at an OpenID Connect provider. Default: none.
    pub oidc: Option<OidcSettings>,
    /// What the server signs its own tokens with, at least 32 characters; also `CHINWAG_AUTH_SECRET`. Default: made at
    /// first start and kept in `data`.
    #[serde(skip_serializing)]
    pub secret: Option<Secret>,
    /// How long a user stays signed in. Default: 360 h, which is 15 days.
    #[serde(with = "duration")]
    pub user_session_timeout: Duration,
    /// Addresses and networks of proxies, whose `header` and `X-Forwarded-Proto` are believed; a list, or text with commas.
    /// Default: `127.0.0.0/8, ::1`.
    pub proxies: Proxies,
    /// Where browsers reach the server, for example `https://chat.example.org`: where providers send users back to.
    /// Default: what the browser's request says.
    pub public_url: Option<String>,
    /// Lets pages of other sites, which `allowed_origins` must list, chat as the signed-in user: cookies are sent to them.
    /// Works over HTTPS only. Default: false.
    pub cross_site: bool,
}

/// An OpenID Connect provider. The address to register there as redirect URI is `PUBLIC_URL/auth/oauth/NAME/callback`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcSettings {
    /// Its issuer, an `https` address; below it lies `.well-known/openid-configuration`.
    pub issuer: String,
    /// The name under which it knows this server.
    pub client_id: String,
    /// What this server proves it with. Default: none, for providers that content themselves with PKCE.
    #[serde(default, skip_serializing)]
    pub client_secret: Option<Secret>,
    /// What it is asked for beside `openid`; a list, or text with commas. Default: `email, profile`.
    #[serde(default = "scopes", deserialize_with = "list")]
    pub scopes: Vec<String>,
    /// What it is called in addresses and on the sign-in page. Default: `generic`.
    #[serde(default = "name")]
    pub name: String,
    /// The claim that becomes the user's name here. Default: `email`.
    #[serde(default = "identifier_claim")]
    pub identifier_claim: String,
    /// The claim that becomes the name to show. Default: `name`.
    #[serde(default = "display_name_claim")]
    pub display_name_claim: String,
    /// Believes an email address that the provider does not say to have checked. Anybody could then be anybody, where users
    /// write it themselves. Default: false.
    #[serde(default)]
    pub allow_unverified_email: bool,
    /// The users who may sign in, by name; a list, or text with commas. Default: all, or all of `allowed_domains`.
    #[serde(default, deserialize_with = "list")]
    pub allowed_users: Vec<String>,
    /// The email domains whose users may sign in; a list, or text with commas. Default: all, or none but `allowed_users`.
    #[serde(default, deserialize_with = "list")]
    pub allowed_domains: Vec<String>,
}

impl AuthSettings {
    /// Whether users sign in at all.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.password || self.header.is_some() || self.has_jwt() || self.oidc.is_some()
    }

    /// Whether users may come with tokens of other programs.
    pub(super) fn has_jwt(&self) -> bool {
        self.jwt || self.jwt_secret.is_some()
    }
}

impl Default for AuthSettings {
    fn default() -> Self {
        Self {
            password: false,
            header: None,
            jwt: false,
            jwt_secret: None,
            oidc: None,
            secret: None,
            user_session_timeout: Duration::from_hours(15 * 24),
            proxies: Proxies::default(),
            public_url: None,
            cross_site: false,
        }
    }
}

impl OidcSettings {
    /// Whether a user may sign in.
    pub(super) fn allows(&self, identifier: &str) -> bool {
        let is_open = self.allowed_users.is_empty() && self.allowed_domains.is_empty();
        let domain = identifier.rsplit_once('@').map(|(_, domain)| domain);
        is_open
            || self.allowed_users.iter().any(|user| user == identifier)
            || domain.is_some_and(|domain| {
                self.allowed_domains.iter().any(|allowed| allowed.eq_ignore_ascii_case(domain))
            })
    }
}

fn scopes() -> Vec<String> {
    vec!["email".to_owned(), "profile".to_owned()]
}

fn name() -> String {
    "generic".to_owned()
}

fn identifier_claim() -> String {
    "email".to_owned()
}

fn display_name_claim() -> String {
    "name".to_owned()
}

/// Addresses and networks of proxies. What they say of a request is believed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "Listed", into = "Vec<String>")]
pub struct Proxies(Vec<IpNet>);

impl Proxies {
    /// Whether a request from this address came through a proxy of ours.
    #[must_use]
    pub fn contain(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.0.iter().any(|network| network.contains(&peer))
    }
}

impl Default for Proxies {
    fn default() -> Self {
        let v4 = Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8);
        Self(vec![v4.into(), IpAddr::V6(Ipv6Addr::LOCALHOST).into()])
    }
}

/// As they are written.
#[derive(Deserialize)]
struct Listed(#[serde(deserialize_with = "list")] Vec<String>);

impl TryFrom<Listed> for Proxies {
    type Error = String;

    fn try_from(Listed(items): Listed) -> Result<Self, Self::Error> {
        let parse = |text: String| {
            let address = text.parse::<IpAddr>().map(IpNet::from);
            let network = address.or_else(|_| text.parse::<IpNet>());
            network.map_err(|_| {
                format!(
                    "`{text}` is no address or network; write it like `10.0.0.7` or `10.0.0.0/8`"
                )
            })
        };
        items.into_iter().map(parse).collect::<Result<_, _>>().map(Self)
    }
}

impl From<Proxies> for Vec<String> {
    fn from(proxies: Proxies) -> Self {
        proxies.0.iter().map(ToString::to_string).collect()
    }
}
