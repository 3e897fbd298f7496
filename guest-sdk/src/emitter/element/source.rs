//! Where an element's content comes from.

use crate::wit::emitter::ElementSource;

/// Where an element's content comes from: bytes (text is its own bytes), or an address.
#[derive(Clone, Debug)]
pub struct Source {
    source: ElementSource,
}

impl Source {
    /// The content itself, at most 16 MiB. The host stores it with the session and serves it to its
    /// user only.
    #[must_use]
    pub fn bytes(content: impl Into<Vec<u8>>) -> Self {
        Self { source: ElementSource::Bytes(content.into()) }
    }

    /// An `http:` or `https:` address that the user's browser fetches.
    #[must_use]
    pub fn url(address: impl Into<String>) -> Self {
        Self { source: ElementSource::Url(address.into()) }
    }

    pub(super) fn into_host(self) -> ElementSource {
        self.source
    }
}

impl From<Vec<u8>> for Source {
    fn from(content: Vec<u8>) -> Self {
        Self::bytes(content)
    }
}

impl From<&[u8]> for Source {
    fn from(content: &[u8]) -> Self {
        Self::bytes(content)
    }
}

impl<const N: usize> From<&[u8; N]> for Source {
    fn from(content: &[u8; N]) -> Self {
        Self::bytes(*content)
    }
}

impl From<&str> for Source {
    fn from(content: &str) -> Self {
        Self::bytes(content)
    }
}

impl From<String> for Source {
    fn from(content: String) -> Self {
        Self::bytes(content)
    }
}
