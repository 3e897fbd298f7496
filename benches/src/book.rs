//! All that was measured, by what it is and whose it is.

use indexmap::IndexMap;
use serde::Serialize;

/// What was measured, in the order in which it came.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub(crate) struct Book(IndexMap<String, Figures>);

/// One thing, of all who have it.
#[derive(Debug, Serialize)]
pub(crate) struct Figures {
    pub(crate) unit: &'static str,
    /// What came out in each round.
    pub(crate) peers: IndexMap<&'static str, Vec<f64>>,
}

impl Book {
    pub(crate) fn note(&mut self, what: &str, unit: &'static str, peer: &'static str, value: f64) {
        let figures = self.0.entry(what.to_owned());
        let figures = figures.or_insert_with(|| Figures { unit, peers: IndexMap::new() });
        figures.peers.entry(peer).or_default().push(value);
    }

    pub(crate) fn median(&self, what: &str, peer: &str) -> Option<f64> {
        self.0.get(what)?.median(peer)
    }

    pub(crate) fn get(&self, what: &str) -> Option<&Figures> {
        self.0.get(what)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &Figures)> {
        self.0.iter().map(|(what, figures)| (what.as_str(), figures))
    }
}

impl Figures {
    pub(crate) fn median(&self, peer: &str) -> Option<f64> {
        let mut values = self.peers.get(peer)?.clone();
        values.sort_by(f64::total_cmp);
        let half = values.len() / 2;
        let upper = *values.get(half)?;
        let is_even = values.len().is_multiple_of(2);
        Some(if is_even { f64::midpoint(upper, *values.get(half - 1)?) } else { upper })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        let mut book = Book::default();
        for value in [9.0, 1.0, 4.0] {
            book.note("time", "ms", "chinwag", value);
        }
        assert_eq!(book.median("time", "chinwag"), Some(4.0));
        book.note("time", "ms", "chinwag", 5.0);
        assert_eq!(book.median("time", "chinwag"), Some(4.5));
        assert_eq!(book.median("time", "node"), None);
    }
}
