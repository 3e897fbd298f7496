//! Secrets that the host puts into requests: a bot writes `{{secret:NAME}}` where one belongs, and never sees it.

use std::collections::BTreeMap;

use reqwest::{
    Request, Url,
    header::{HeaderName, HeaderValue},
};
use serde::Deserialize;

use super::literal;
use crate::{
    domain::{HostPattern, Peer},
    secret::Secret,
};

const OPEN: &str = "{{secret:";
const CLOSE: &str = "}}";

/// A secret of the operator, and the hosts that it may be sent to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldSecret {
    /// The secret.
    pub value: Secret,
    /// Who may be told.
    pub hosts: Vec<HostPattern>,
}

/// The secrets of one bot by name.
#[derive(Debug, Default)]
pub(super) struct Secrets(BTreeMap<String, HeldSecret>);

impl Secrets {
    pub(super) fn new(secrets: impl IntoIterator<Item = (String, HeldSecret)>) -> Self {
        Self(secrets.into_iter().collect())
    }

    /// Puts secrets into the headers of a request, where it asks for them.
    pub(super) fn insert(&self, request: &mut Request) -> Result<(), String> {
        let asks = |value: &HeaderValue| value.to_str().is_ok_and(|value| value.contains(OPEN));
        let headers = request.headers();
        let asking: Vec<(HeaderName, HeaderValue)> = headers
            .iter()
            .filter(|(_, value)| asks(value))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        for (name, value) in asking {
            let value = self.fill(value.to_str().unwrap_or_default(), request.url())?;
            let mut value = HeaderValue::try_from(value)
                .map_err(|_| format!("the secret in `{name}` cannot stand in a header"))?;
            value.set_sensitive(true);
            request.headers_mut().insert(name, value);
        }
        Ok(())
    }

    fn fill(&self, mut text: &str, url: &Url) -> Result<String, String> {
        let mut filled = String::with_capacity(text.len() + 64);
        while let Some((before, rest)) = text.split_once(OPEN) {
            let (name, after) = rest.split_once(CLOSE).unwrap_or((rest, ""));
            filled.push_str(before);
            filled.push_str(self.told(name, url)?);
            text = after;
        }
        filled.push_str(text);
        Ok(filled)
    }

    fn told(&self, name: &str, url: &Url) -> Result<&str, String> {
        let Some(secret) = self.0.get(name) else {
            let name: String = name.chars().take(80).collect();
            return Err(format!(
                "there is no secret `{name}` for this bot: the operator sets it in `[secrets.{name}]` and grants it"
            ));
        };
        let host = url.host_str().unwrap_or_default();
        let literal = literal(host);
        let peer = literal.map_or(Peer::Name(host), Peer::Address);
        let (port, is_usual) = (url.port_or_known_default().unwrap_or(0), url.port().is_none());
        if !secret.hosts.iter().any(|it| it.admits(peer, port, is_usual)) {
            return Err(format!("the secret `{name}` is not for `{host}:{port}`"));
        }
        // Who listens on the way would know it. Inside, addresses stand for machines of the operator's own.
        if url.scheme() != "https" && literal.is_none() {
            return Err(format!("the secret `{name}` travels to `{host}` by `https` alone"));
        }
        Ok(secret.value.reveal())
    }
}
