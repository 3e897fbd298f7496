//! What the machine says of a server: its memory, descriptors, threads and computing time, and the bytes of its folder.

use std::{fs, path::Path};

/// What the kernel counts a second of computing time in, for whoever reads `/proc`.
const TICKS_PER_SECOND: f64 = 100.0;

/// The number that stands in `/proc/PID/FILE` as `NAME: 12 kB` or `NAME: 12`; none if the process is gone.
#[must_use]
pub fn number(pid: u32, file: &str, name: &str) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/{file}")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// Open descriptors of a process.
#[must_use]
pub fn descriptors(pid: u32) -> Option<u64> {
    let open = fs::read_dir(format!("/proc/{pid}/fd")).ok()?;
    u64::try_from(open.count()).ok()
}

/// Seconds for which a process has computed, with those of its children that have ended.
#[must_use]
pub fn computed(pid: u32) -> Option<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name of the program, which may hold spaces, stands in brackets.
    let (_, fields) = text.rsplit_once(')')?;
    let ticks = fields.split_whitespace().skip(11).take(4);
    Some(ticks.filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / TICKS_PER_SECOND)
}

/// Bytes of all files below a folder.
#[must_use]
pub fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let sizes = entries.map(|entry| {
        let path = entry.path();
        if path.is_dir() { size(&path) } else { entry.metadata().map_or(0, |it| it.len()) }
    });
    sizes.sum()
}
