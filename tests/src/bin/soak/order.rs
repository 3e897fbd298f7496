//! What is asked of the soak, as `cargo xtask soak` passes it on.

use std::{env, ffi::OsString, path::PathBuf, time::Duration};

pub(crate) const USAGE: &str = "usage: soak MINUTES REPORT.md [--json FILE] [--only ROLE]...; `cargo xtask soak` does the rest";

/// How long the soak takes, who takes part, and where it leaves what it saw.
pub(crate) struct Order {
    pub(crate) length: Duration,
    pub(crate) report: PathBuf,
    pub(crate) json: Option<PathBuf>,
    /// The roles that take part; all if none is named.
    pub(crate) only: Vec<String>,
}

impl Order {
    /// Reads the command line; none if it is not understood.
    pub(crate) fn read() -> Option<Self> {
        Self::parse(env::args_os().skip(1))
    }

    fn parse(mut words: impl Iterator<Item = OsString>) -> Option<Self> {
        let minutes: f64 = words.next()?.to_str()?.parse().ok()?;
        let length = Duration::try_from_secs_f64(minutes * 60.0).ok()?;
        let report = words.next()?.into();
        let mut order = Self { length, report, json: None, only: Vec::new() };
        while let Some(word) = words.next() {
            match word.to_str()? {
                "--json" => order.json = Some(words.next()?.into()),
                "--only" => order.only.push(words.next()?.into_string().ok()?),
                _ => return None,
            }
        }
        Some(order)
    }

    /// How to ask for the same again.
    pub(crate) fn command(&self) -> String {
        let minutes = self.length.as_secs_f64() / 60.0;
        let only = self.only.iter().map(|role| format!(" --only '{role}'")).collect::<String>();
        format!("cargo xtask soak --minutes {minutes}{only}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Option<Order> {
        Order::parse(words.iter().map(OsString::from))
    }

    #[test]
    fn an_order_names_time_report_samples_and_roles() {
        let order = parse(&["2.5", "a.md", "--json", "b", "--only", "chats", "--only", "new bots"]);
        let order = order.expect("it is understood");
        assert_eq!(order.length, Duration::from_secs(150));
        assert_eq!((order.report, order.json), ("a.md".into(), Some("b".into())));
        assert_eq!(order.only, ["chats", "new bots"]);
    }

    #[test]
    fn an_order_without_sense_is_not_understood() {
        for words in
            [&[][..], &["5"], &["-5", "a"], &["x", "a"], &["5", "a", "b"], &["5", "a", "--json"]]
        {
            assert!(parse(words).is_none(), "{words:?}");
        }
    }
}
