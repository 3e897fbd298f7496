//! Where a bot may send requests: a name, all names below one, or addresses.

use std::{fmt, net::IpAddr, str::FromStr};

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// Hosts of the network, and a port: `api.example.com`, `*.example.com`, `10.0.0.7:8080`, `[fd00::7]:8080`, `10.1.0.0/16`.
/// Without a port it is the usual one of the scheme: 443 for `https`, 80 for `http`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HostPattern {
    hosts: Hosts,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Hosts {
    Name(String),
    Below(String),
    Network(IpNet),
}

/// Whom a request is for.
#[derive(Clone, Copy, Debug)]
pub enum Peer<'a> {
    /// A name in lower case, which is yet to be resolved.
    Name(&'a str),
    /// An address.
    Address(IpAddr),
}

/// A text names no hosts.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` names no hosts: write `api.example.com`, `*.example.com`, `api.example.com:8443`, `10.0.0.7:8080` or `10.1.0.0/16`"
)]
pub struct HostPatternError(String);

impl HostPattern {
    /// Whether a request to `peer` at `port` is one to these hosts. `is_usual` says whether that is the usual port of the
    /// request's scheme.
    #[must_use]
    pub fn admits(&self, peer: Peer<'_>, port: u16, is_usual: bool) -> bool {
        self.port.map_or(is_usual, |own| own == port)
            && match (&self.hosts, peer) {
                (Hosts::Name(own), Peer::Name(name)) => own == name,
                (Hosts::Below(own), Peer::Name(name)) => is_below(name, own),
                (Hosts::Network(own), Peer::Address(address)) => own.contains(&address),
                _ => false,
            }
    }

    /// The addresses, if it names addresses rather than names.
    #[must_use]
    pub fn network(&self) -> Option<IpNet> {
        match self.hosts {
            Hosts::Network(network) => Some(network),
            Hosts::Name(_) | Hosts::Below(_) => None,
        }
    }

    /// Whether whoever has this has `other` too.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.port == other.port
            && match (&self.hosts, &other.hosts) {
                (Hosts::Below(own), Hosts::Name(name)) => is_below(name, own),
                (Hosts::Below(own), Hosts::Below(name)) => name == own || is_below(name, own),
                (Hosts::Network(own), Hosts::Network(other)) => own.contains(other),
                (own, other) => own == other,
            }
    }
}

fn is_below(name: &str, domain: &str) -> bool {
    name.strip_suffix(domain).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
}

impl FromStr for HostPattern {
    type Err = HostPatternError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let pattern = parse(&text.to_ascii_lowercase());
        // Cut: the text may come from a guest and ends up in an error message.
        pattern.ok_or_else(|| HostPatternError(text.chars().take(80).collect()))
    }
}

fn parse(text: &str) -> Option<HostPattern> {
    if let Some(network) = network(text) {
        return Some(HostPattern { hosts: Hosts::Network(network), port: None });
    }
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) => (host, Some(port.parse().ok().filter(|port| *port != 0)?)),
        None => (text, None),
    };
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    if let Some(network) = network(bare) {
        return Some(HostPattern { hosts: Hosts::Network(network), port });
    }
    let hosts = match host.strip_prefix("*.") {
        Some(name) => Hosts::Below(name.to_owned()),
        None => Hosts::Name(host.to_owned()),
    };
    is_name(host.strip_prefix("*.").unwrap_or(host)).then_some(HostPattern { hosts, port })
}

/// An address, or all that begin alike. What is written as IPv6 and means IPv4 is IPv4.
fn network(text: &str) -> Option<IpNet> {
    match text.parse::<IpAddr>() {
        Ok(address) => Some(address.to_canonical().into()),
        Err(_) => text.parse::<IpNet>().ok().map(|network| network.trunc()),
    }
}

/// A name of the DNS. One that ends in a number is an address in disguise: `127.1`, `0x7f.1`.
fn is_name(name: &str) -> bool {
    let is_char = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
    let is_label = |label: &str| (1..=63).contains(&label.len()) && label.bytes().all(is_char);
    let last = name.rsplit('.').next().unwrap_or_default();
    name.len() <= 253
        && name.split('.').all(is_label)
        && !last.bytes().next().is_some_and(|c| c.is_ascii_digit())
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.hosts, self.port) {
            (Hosts::Name(name), _) => f.write_str(name)?,
            (Hosts::Below(name), _) => write!(f, "*.{name}")?,
            (Hosts::Network(net), Some(_)) if net.addr().is_ipv6() => write!(f, "[{}]", one(net))?,
            (Hosts::Network(net), _) => f.write_str(&one(net))?,
        }
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// A network of one address is that address.
fn one(network: &IpNet) -> String {
    if network.prefix_len() == network.max_prefix_len() {
        network.addr().to_string()
    } else {
        network.to_string()
    }
}

impl TryFrom<String> for HostPattern {
    type Error = HostPatternError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<HostPattern> for String {
    fn from(pattern: HostPattern) -> Self {
        pattern.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> HostPattern {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn a_pattern_reads_back_as_it_is_written() {
        for text in [
            "api.example.com",
            "*.example.com",
            "localhost:11434",
            "10.0.0.7:8080",
            "10.1.0.0/16",
            "10.1.0.0/16:443",
            "fd00::7",
            "[fd00::7]:8080",
            "[fd00::/8]:8080",
            "fd00::/8",
        ] {
            assert_eq!(pattern(text).to_string(), text);
        }
        assert_eq!(pattern("API.Example.com").to_string(), "api.example.com");
        assert_eq!(pattern("::ffff:10.0.0.7").to_string(), "10.0.0.7");
    }

    #[test]
    fn what_names_no_hosts_is_refused() {
        for text in [
            "",
            "*",
            "*.",
            "a..b",
            ".a",
            "a.",
            "https://a.example",
            "a.example/x",
            "a b",
            "a:0",
            "a:99999",
            "a:",
            "127.1",
            "0x7f.1",
            "2130706433",
            "0177.0.0.1",
            "*.1",
            "user@a.example",
            "ä.example",
            "10.0.0.0/33",
            "a.*.b",
        ] {
            assert!(text.parse::<HostPattern>().is_err(), "`{text}` was taken");
        }
    }

    #[test]
    fn a_pattern_admits_its_hosts_at_its_port_and_no_others() {
        let admits =
            |text: &str, name, port| pattern(text).admits(Peer::Name(name), port, port == 443);
        assert!(admits("a.example", "a.example", 443));
        assert!(!admits("a.example", "a.example", 8443));
        assert!(!admits("a.example", "b.a.example", 443));
        assert!(admits("a.example:8443", "a.example", 8443));
        assert!(!admits("a.example:8443", "a.example", 443));
        assert!(admits("*.a.example", "c.b.a.example", 443));
        for name in ["a.example", "xa.example", ".a.example", "a.example.b"] {
            assert!(!admits("*.a.example", name, 443), "{name}");
        }
        let inside = |text: &str, address: &str| {
            pattern(text).admits(Peer::Address(address.parse().unwrap()), 443, true)
        };
        assert!(inside("10.1.0.0/16", "10.1.2.3"));
        assert!(!inside("10.1.0.0/16", "10.2.2.3"));
        assert!(!inside("a.example", "10.2.2.3"));
    }

    #[test]
    fn what_is_granted_covers_what_is_narrower() {
        for (wide, narrow) in [
            ("*.a.example", "b.a.example"),
            ("*.a.example", "*.b.a.example"),
            ("10.0.0.0/8", "10.1.0.0/16"),
            ("10.0.0.0/8", "10.1.2.3"),
            ("a.example", "a.example"),
        ] {
            assert!(pattern(wide).covers(&pattern(narrow)), "{wide} {narrow}");
            let is_same = wide == narrow;
            assert_eq!(pattern(narrow).covers(&pattern(wide)), is_same, "{narrow} {wide}");
        }
        assert!(!pattern("a.example").covers(&pattern("a.example:8443")));
    }
}
