//! What a server says in `/metrics`.

use std::collections::BTreeMap;

/// One answer of `/metrics`.
#[derive(Clone, Debug)]
pub struct Metrics(pub String);

impl Metrics {
    /// The sum of a metric over all series that have these labels, written `bot="echo"`.
    #[must_use]
    pub fn sum(&self, name: &str, labels: &[&str]) -> f64 {
        let series = self.series(name);
        let series = series.filter(|(rest, _)| labels.iter().all(|label| rest.contains(label)));
        series.map(|(_, value)| value).sum()
    }

    /// The sums of a metric by the values of a label.
    #[must_use]
    pub fn by(&self, name: &str, label: &str) -> BTreeMap<String, f64> {
        let mut sums = BTreeMap::new();
        for (rest, value) in self.series(name) {
            let Some((_, found)) = rest.split_once(&format!("{label}=\"")) else { continue };
            let found = found.split('"').next().unwrap_or_default();
            *sums.entry(found.to_owned()).or_default() += value;
        }
        sums
    }

    /// How many series there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).count()
    }

    /// Labels and values of a metric.
    fn series<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a str, f64)> {
        let lines = self.0.lines().filter_map(move |line| line.strip_prefix(name));
        let series = lines.filter(|rest| rest.starts_with(['{', ' ']));
        series.filter_map(|rest| Some((rest, rest.rsplit(' ').next()?.parse().ok()?)))
    }
}
