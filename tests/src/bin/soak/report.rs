//! What the soak says about itself, for whoever was not there.

use std::{
    collections::BTreeMap, fmt::Write as _, process::Command, thread::available_parallelism,
    time::Duration,
};

use crate::{
    order::Order,
    sample::{Sample, period},
    tally::Tally,
    verdict::{May, QUANTITIES, Quantity, Trend, trends},
};

/// One run of the soak.
pub(crate) struct Run {
    command: String,
    length: Duration,
    date: String,
    pub(crate) samples: Vec<Sample>,
    pub(crate) tally: Tally,
    pub(crate) complaints: Vec<String>,
    pub(crate) is_cut_short: bool,
}

impl Run {
    pub(crate) fn begin(order: &Order) -> Self {
        Self {
            command: order.command(),
            length: order.length,
            date: said_by("date", &["-u", "+%Y-%m-%d %H:%M UTC"]),
            samples: Vec::new(),
            tally: Tally::default(),
            complaints: Vec::new(),
            is_cut_short: false,
        }
    }

    /// One line: whether it is passed.
    pub(crate) fn verdict(&self) -> String {
        let cut = if self.is_cut_short { "cut short; " } else { "" };
        match &self.complaints[..] {
            [] => format!("verdict: {cut}flat, and every answer came once and in order"),
            found => format!("verdict: {cut}not passed: {}", found.join("; ")),
        }
    }

    /// The whole report, with its picture under this name.
    pub(crate) fn report(&self, picture: &str) -> String {
        let mut text = String::from(HEAD);
        self.about(&mut text);
        text.push_str("\n## Verdict\n\n");
        self.judgement(&mut text);
        let _ =
            write!(text, "\n## Over time\n\n![Memory and descriptors over time]({picture})\n\n");
        self.over_time(&mut text);
        text.push_str(ALLOWED);
        self.lines(&mut text);
        text.push_str("\n## What was done\n\n");
        let done = self.tally.done.iter().map(|(what, count)| (*what, *count as f64));
        table(&mut text, ["what", "how often"], done);
        self.refusals(&mut text);
        self.bad_ends(&mut text);
        text.push_str(AGAIN);
        text
    }

    fn about(&self, text: &mut String) {
        let minutes = |length: Duration| format!("{:.0}", length.as_secs_f64() / 60.0);
        let last = self.samples.last().cloned().unwrap_or_default();
        let took = Duration::from_secs_f64(last.second);
        let cores = available_parallelism().map_or(0, usize::from);
        let share = last.computed / last.second.max(1.0);
        let rows = [
            ("command", format!("`{}`", self.command)),
            ("date", self.date.clone()),
            ("minutes", minutes(took) + if self.is_cut_short { ", cut short" } else { "" }),
            ("version", version()),
            ("machine", format!("{cores} cores, shared by server and load")),
            ("server's computing time", format!("{share:.2} cores, compilations of bots included")),
            ("measured", format!("every {} s", period(self.length).as_secs())),
        ];
        text.push_str("| | |\n|---|---|\n");
        for (name, value) in rows {
            let _ = writeln!(text, "| {name} | {value} |");
        }
    }

    fn judgement(&self, text: &mut String) {
        if self.is_cut_short {
            text.push_str("The run was cut short: this is what was seen until then.\n\n");
        }
        if self.complaints.is_empty() {
            text.push_str("**Passed.** All that is judged is flat, and every answer came once and in order.\n");
            return;
        }
        text.push_str("**Not passed.**\n\n");
        for complaint in &self.complaints {
            let _ = writeln!(text, "- {complaint}");
        }
    }

    /// What was measured at some moments.
    fn over_time(&self, text: &mut String) {
        text.push_str("| | 20 % | 40 % | 60 % | 80 % | 100 % |\n|---|--:|--:|--:|--:|--:|\n");
        let last = self.samples.len().saturating_sub(1);
        let moments = [1, 2, 3, 4, 5].map(|fifth| self.samples.get(last * fifth / 5));
        let more = [
            more("resident memory, shared pages in part", "MiB", |it| Some(it.pss)),
            more("turns that run", "", |it| Some(it.running)),
            more("turns that ended", "", |it| Some(it.turns)),
            more("series in `/metrics`", "", |it| Some(it.series)),
            more("data folder", "MiB", |it| Some(it.data)),
        ];
        for Quantity { name, unit, read, .. } in QUANTITIES.iter().chain(&more) {
            let digits = usize::from(*unit == "MiB");
            let _ = write!(text, "| {name} |");
            for moment in moments {
                let value = moment.and_then(read).map(|it| format!("{it:.digits$} {unit}"));
                let value = value.unwrap_or_else(|| "not told".into());
                let _ = write!(text, " {} |", value.trim());
            }
            text.push('\n');
        }
    }

    fn lines(&self, text: &mut String) {
        text.push_str("| | slope per hour | risen | allowed | |\n|---|--:|--:|--:|---|\n");
        for trend in trends(&self.samples) {
            let says = if trend.is_flat() { "flat" } else { "**not flat**" };
            let Trend { name, unit, per_hour, rise, allowed } = trend;
            let _ = writeln!(
                text,
                "| {name} | {per_hour:+.1} {unit} | {rise:+.1} {unit} | {allowed:.1} {unit} | {says} |"
            );
        }
    }

    fn refusals(&self, text: &mut String) {
        let Some(last) = self.samples.last() else { return };
        let tables: [(&str, &BTreeMap<String, f64>); 3] = [
            ("Turns that were cut, or failed, by cause", &last.failures),
            ("Calls of bots that were refused, by code", &last.denials),
            ("Uploads of bots, by outcome", &last.uploads),
        ];
        for (title, counts) in tables {
            let _ = write!(text, "\n## {title}\n\n");
            table(text, ["", "how often"], counts.iter().map(|(name, count)| (&**name, *count)));
        }
    }

    fn bad_ends(&self, text: &mut String) {
        let Tally { wrong, told, stories, .. } = &self.tally;
        let ended: u64 = stories.values().sum();
        let _ = write!(
            text,
            "\n## Bad ends\n\n{ended} stories came to their end, {wrong} to a bad one.\n"
        );
        for wrong in told {
            let why: String = wrong.why.chars().take(300).collect();
            let why = why.replace(['\n', '`'], " ");
            let _ = writeln!(text, "- at {:.0} s, {}: {why}", wrong.second, wrong.role);
        }
    }
}

/// A line for whoever waits.
pub(crate) fn line(sample: &Sample, wrong: u64) -> String {
    let Sample { second, rss, anonymous, descriptors, threads, sessions, turns, computed, .. } =
        sample;
    format!(
        "{:3.0} min: {rss:.1} MiB resident, {anonymous:.1} anonymous; {descriptors} descriptors, {threads} threads, \
         {sessions} sessions; {turns} turns; {:.2} cores; {wrong} bad ends",
        second / 60.0,
        computed / second
    )
}

/// A quantity that is shown and not judged.
fn more(name: &'static str, unit: &'static str, read: fn(&Sample) -> Option<f64>) -> Quantity {
    Quantity { name, unit, read, may: May::default() }
}

fn table<'a>(text: &mut String, head: [&str; 2], rows: impl Iterator<Item = (&'a str, f64)>) {
    let _ = write!(text, "| {} | {} |\n|---|--:|\n", head[0], head[1]);
    for (name, count) in rows {
        let _ = writeln!(text, "| {name} | {count} |");
    }
}

/// What the server is, and the commit if there is one.
fn version() -> String {
    let commit = said_by("git", &["rev-parse", "--short", "HEAD"]);
    let version = concat!("chinwag ", env!("CARGO_PKG_VERSION"));
    if commit.is_empty() { version.into() } else { format!("{version}, commit {commit}") }
}

/// What a program says; nothing if it is not there.
fn said_by(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let said = output.ok().filter(|output| output.status.success());
    said.map(|it| String::from_utf8_lossy(&it.stdout).trim().to_owned()).unwrap_or_default()
}

const HEAD: &str = "# Soak

Everything at once on the real server: chats, streams, sound, questions, broken connections, sessions that come and go,
files, threads that are opened again, versions that change, and guests and clients that do harm. Healthy people check that each
answer comes once and in order; the server is measured from outside. This page is written by `cargo xtask soak`.

";

const ALLOWED: &str = "
The first fifth of the time is not judged: caches fill, pools grow. Through the rest goes a line (Theil and Sen's, which spikes do not
bend), which may rise by what is allowed. By design grows what is kept: conversations, files and versions on the disk (data folder). SQLite's
caches, which grow with it up to their bound, are filled before the load begins. Nothing else has a reason to grow: sessions end 20 s
after their clients have left; bots that come are removed, and conversations with files, too.

";

const AGAIN: &str = "
## Run it again

```sh
cargo xtask soak                 # an hour; Ctrl-C ends it early, and the report says so
cargo xtask soak --minutes 5     # a short one: the allowances for noise weigh more
cargo xtask soak --json FILE     # all that was measured
```
";
