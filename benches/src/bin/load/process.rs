//! CPU time and memory of a process and its children, from `/proc`.

use std::fs;

/// What a process has used.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    /// Seconds of CPU time.
    pub(crate) cpu: f64,
    /// Bytes in memory.
    pub(crate) memory: u64,
}

impl Usage {
    /// Of a process and all that descend from it; of none if it is gone.
    pub(crate) fn of(process: u32) -> Self {
        let mut sum =
            Self { cpu: cpu(process).unwrap_or(0.0), memory: memory(process).unwrap_or(0) };
        for child in children(process) {
            let it = Self::of(child);
            sum.cpu += it.cpu;
            sum.memory += it.memory;
        }
        sum
    }
}

fn cpu(process: u32) -> Option<f64> {
    // Threads one by one: nanoseconds, where `stat` has hundredths of a second. Threads that end take theirs along, so
    // `stat` is what counts once it says more.
    let tasks = fs::read_dir(format!("/proc/{process}/task")).ok()?;
    let exact = tasks.flatten().filter_map(|task| {
        let text = fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    });
    let exact = exact.sum::<f64>() / 1e9;
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    let ticks = rest.split_whitespace().skip(11).take(2).filter_map(|it| it.parse::<f64>().ok());
    let hertz = rustix::param::clock_ticks_per_second();
    let rough = ticks.sum::<f64>() / f64::from(u32::try_from(hertz).ok()?);
    Some(if rough > exact + 0.05 { rough } else { exact })
}

fn memory(process: u32) -> Option<u64> {
    kib(&fs::read_to_string(format!("/proc/{process}/status")).ok()?, "VmRSS:")
}

/// Bytes in memory, of which what several maps share counts once. What sandboxes of one component only read, such as its constants, is
/// in memory once, and would else be counted for each.
pub(crate) fn proportional_memory(process: u32) -> Option<u64> {
    kib(&fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?, "Pss:")
}

fn kib(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? << 10)
}

fn children(process: u32) -> Vec<u32> {
    let Ok(tasks) = fs::read_dir(format!("/proc/{process}/task")) else { return Vec::new() };
    let lists =
        tasks.flatten().filter_map(|it| fs::read_to_string(it.path().join("children")).ok());
    lists
        .flat_map(|list| {
            list.split_whitespace().filter_map(|it| it.parse().ok()).collect::<Vec<_>>()
        })
        .collect()
}
