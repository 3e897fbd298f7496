//! The text of `/metrics`, read back: so there is one place that counts.

use std::collections::BTreeMap;

/// One line: a metric's value under its labels.
#[derive(Debug, PartialEq)]
pub(super) struct Sample<'a> {
    pub(super) name: &'a str,
    pub(super) labels: BTreeMap<&'a str, &'a str>,
    pub(super) value: f64,
}

impl<'a> Sample<'a> {
    /// All samples of a text. Lines that are none are left out.
    pub(super) fn all(text: &'a str) -> impl Iterator<Item = Self> {
        text.lines().filter_map(Self::parse)
    }

    pub(super) fn label(&self, name: &str) -> Option<&'a str> {
        self.labels.get(name).copied()
    }

    /// The value as a count: what is counted here fits.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counters count up from zero, and are far below 2^53"
    )]
    pub(super) fn count(&self) -> u64 {
        self.value as u64
    }

    fn parse(line: &'a str) -> Option<Self> {
        if line.starts_with('#') {
            return None;
        }
        let (series, value) = line.rsplit_once(' ')?;
        let value = value.parse().ok()?;
        let Some((name, labels)) = series.split_once('{') else {
            return Some(Self { name: series, labels: BTreeMap::new(), value });
        };
        let labels = labels.strip_suffix('}')?;
        // Our labels are names, numbers and codes: none of them holds a comma or a quote.
        let labels = labels.split(',').filter_map(|label| label.split_once('='));
        let labels = labels.map(|(key, value)| (key, value.trim_matches('"'))).collect();
        Some(Self { name, labels, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_read_with_and_without_labels_and_comments_left_out() {
        let text = "# TYPE a counter\na 3\nb_bucket{bot=\"x\",le=\"+Inf\"} 7\n\nnonsense\n";
        let samples: Vec<Sample<'_>> = Sample::all(text).collect();
        assert_eq!(samples.len(), 2);
        assert_eq!((samples[0].name, samples[0].count()), ("a", 3));
        assert_eq!(samples[1].label("le"), Some("+Inf"));
        assert_eq!(samples[1].label("bot"), Some("x"));
    }
}
