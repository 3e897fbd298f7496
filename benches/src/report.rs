//! What was measured, for people and for programs.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use comfy_table::{Table, TableStyle, presets};
use serde_json::json;

use crate::{bars, book::Book, goal::goals, order::Order, peer::Peer};

/// Between these lines of a page the table stands.
const MARKS: [&str; 2] = ["<!-- measured -->", "<!-- end -->"];

pub(crate) fn leave(order: &Order, book: &Book) -> Result<()> {
    anstream::println!(
        "{}\n{}",
        figures(book, presets::UTF8_FULL_CONDENSED),
        goals_of(book, presets::UTF8_FULL_CONDENSED)
    );
    if let Some(path) = &order.json {
        let all = json!({
            "machine": machine(),
            "rounds": order.rounds,
            "seconds": order.seconds,
            "measured": book,
            "goals": goals(book).iter().map(|goal| json!({
                "what": goal.what, "is": goal.is, "at_most": goal.most, "unit": goal.unit, "is_met": goal.is_met(),
            })).collect::<Vec<_>>(),
        });
        write(path, &format!("{all:#}\n"))?;
    }
    if let Some(path) = &order.picture {
        write(path, &bars::draw(book))?;
    }
    if let Some(path) = &order.page {
        let page = fs::read_to_string(path)?;
        let [begin, end] = MARKS;
        let parts =
            page.split_once(begin).and_then(|(head, rest)| Some((head, rest.split_once(end)?.1)));
        let (head, tail) =
            parts.with_context(|| format!("`{}` has no `{begin}` and `{end}`", path.display()))?;
        let machine = machine();
        let (figures, goals) =
            (figures(book, presets::ASCII_MARKDOWN), goals_of(book, presets::ASCII_MARKDOWN));
        write(
            path,
            &format!(
                "{head}{begin}\n{machine}; medians of {} rounds.\n\n{goals}\n\n{figures}\n{end}{tail}",
                order.rounds
            ),
        )?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("`{}` cannot be written", path.display()))
}

/// Processor and cores.
fn machine() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.map_or("a processor", |rest| rest.trim_start_matches([' ', '\t', ':']));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{model}, {cores} cores, server and load on one each")
}

fn figures(book: &Book, preset: TableStyle) -> Table {
    let mut table = Table::new();
    table.load_style(preset);
    let peers = Peer::ALL.map(Peer::name);
    table.set_header(["measured", "in"].into_iter().chain(peers));
    for (what, figures) in book.all() {
        let values = peers.map(|peer| figures.median(peer).map_or_else(String::new, short));
        table.add_row([what.to_owned(), figures.unit.to_owned()].into_iter().chain(values));
    }
    table
}

fn goals_of(book: &Book, preset: TableStyle) -> Table {
    let mut table = Table::new();
    table.load_style(preset);
    table.set_header(["goal", "at most", "is", ""]);
    for goal in goals(book) {
        let in_unit = |value| format!("{} {}", short(value), goal.unit);
        let mark = if goal.is_met() { "✓" } else { "✗" };
        table.add_row([
            goal.what.to_owned(),
            in_unit(goal.most),
            in_unit(goal.is),
            mark.to_owned(),
        ]);
    }
    table
}

/// Three digits.
pub(crate) fn short(value: f64) -> String {
    match value.abs() {
        it if it >= 100.0 => format!("{value:.0}"),
        it if it >= 10.0 => format!("{value:.1}"),
        it if it >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}
