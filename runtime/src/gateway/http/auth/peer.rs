//! What a request says of the connection that it came by.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{
        HeaderMap,
        header::{AUTHORIZATION, HOST},
        request::Parts,
    },
};

use crate::auth::Auth;

use super::super::State;

/// Who is at the other end of the connection; nobody in tests without one.
pub(super) struct Peer(Option<SocketAddr>);

impl Peer {
    pub(super) fn ip(&self) -> Option<IpAddr> {
        self.0.map(|peer| peer.ip())
    }
}

impl FromRequestParts<Arc<State>> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        _: &Arc<State>,
    ) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(peer.map(|ConnectInfo(peer)| *peer)))
    }
}

/// Whether the browser uses HTTPS, as far as can be known: TLS ends before us.
pub(super) fn is_secure(auth: &Auth, peer: &Peer, headers: &HeaderMap) -> bool {
    let url = auth.settings().and_then(|settings| settings.public_url.as_deref());
    match url {
        Some(url) => url.starts_with("https:"),
        None => {
            let scheme = headers.get("x-forwarded-proto").and_then(|scheme| scheme.to_str().ok());
            auth.is_proxy(peer.ip()) && scheme.is_some_and(|it| it.trim().starts_with("https"))
        }
    }
}

/// The token in the header `Authorization`.
pub(in super::super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Where the browser finds this server, without a slash at the end; none if the request does not say.
pub(super) fn site(auth: &Auth, peer: &Peer, headers: &HeaderMap) -> Option<String> {
    if let Some(url) = auth.settings().and_then(|settings| settings.public_url.as_deref()) {
        return Some(url.trim_end_matches('/').to_owned());
    }
    let host = headers.get(HOST)?.to_str().ok()?;
    let scheme = if is_secure(auth, peer, headers) { "https" } else { "http" };
    Some(format!("{scheme}://{host}"))
}
