//! Counts the instructions of an echo bot's turn, which hardly depend on the machine and not at all on what else it does: a turn that
//! became dearer is seen where times would be noise.

use std::{fs, process::Stdio};

use anyhow::{Context, Result, ensure};
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::{
    bots, setup,
    shell::{cargo, command, read, root, say, target},
};

/// Turns of the shorter and of the longer run: what both have in common, such as compiling the bot, is in neither's difference.
const TURNS: [u64; 2] = [50, 250];
/// How many hundredths a turn may become dearer.
const MOST: u64 = 10;
/// What a turn took when this was last written.
const KEPT: &str = "runtime/benches/turn/instructions.json";

/// Count the instructions of a turn under callgrind, and compare them with what was kept
///
/// Fails if a turn takes over 10 % more. `--keep` writes what it takes now, to be committed with the reason.
#[derive(Debug, Args)]
pub(crate) struct Count {
    /// Keep what is counted
    #[arg(long)]
    keep: bool,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    /// Instructions of an echo bot's turn.
    turn: u64,
}

impl Count {
    pub(crate) fn run(self) -> Result<()> {
        bots::build()?;
        check(self.keep)
    }
}

/// As [`Count::run`], with bots that are built.
pub(crate) fn check(keeps: bool) -> Result<()> {
    setup::valgrind()?;
    let program = build()?;
    say("counting the instructions of a turn");
    let [few, many] = TURNS;
    let turn = (count(&program, many)? - count(&program, few)?) / (many - few);
    let path = root().join(KEPT);
    if keeps {
        say(format!("{turn} instructions a turn, kept in {KEPT}"));
        return Ok(fs::write(path, serde_json::to_string(&Kept { turn })? + "\n")?);
    }
    let kept = fs::read_to_string(&path).with_context(|| format!("`{KEPT}` is missing"))?;
    let kept: Kept = serde_json::from_str(&kept)?;
    say(format!("{turn} instructions a turn; {} were kept", kept.turn));
    ensure!(
        turn * 100 <= kept.turn * (100 + MOST),
        "a turn takes {turn} instructions, {} % more than the {} that were kept: find out why, or if it is worth it, keep it \
         with `cargo xtask count --keep`",
        turn * 100 / kept.turn - 100,
        kept.turn
    );
    Ok(())
}

/// Builds the bench as tests are built. Returns where it is.
fn build() -> Result<String> {
    let mut build = cargo();
    build.args(["build", "--package", "chinwag", "--bench", "turn", "--message-format", "json"]);
    let messages = read(build.stderr(Stdio::inherit()))?;
    let found = messages.lines().find_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        let is_it = message["target"]["name"] == "turn";
        is_it.then(|| message["executable"].as_str().map(str::to_owned))?
    });
    found.context("cargo does not say where the bench is")
}

/// The instructions of a run of so many turns.
fn count(program: &str, turns: u64) -> Result<u64> {
    let folder = target().join("tmp");
    fs::create_dir_all(&folder)?;
    let output = folder.join(format!("callgrind-{turns}"));
    let mut run = command("valgrind");
    run.args(["--tool=callgrind", "--quiet", "--callgrind-out-file"]).arg(&output);
    run.args([program, "count", &turns.to_string()]).env("CARGO_TARGET_DIR", target());
    read(&mut run)?;
    let text = fs::read_to_string(&output)?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    total.and_then(|it| it.trim().parse().ok()).context("callgrind does not say how many they were")
}
