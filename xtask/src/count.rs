//! Counts the instructions of an echo bot's turn, which hardly depend on the machine and not at all on what else it does: a turn that
//! became dearer is seen where times would be noise.

use std::fs;

use anyhow::{Context, Result, ensure};
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    bots, setup,
    shell::{cargo, command, read, root, say, target},
};

/// The test that is run: a message all the way from the client to its answer, but for the network.
const TEST: &str = "gateway::tests::echo::each_message_is_answered_by_a_turn_of_the_bot_between_its_begin_and_its_end";
/// Says how many messages it sends.
const MESSAGES: &str = "CHINWAG_TEST_MESSAGES";
/// Messages of the shorter and of the longer run: what both have in common, such as compiling the bot, is not in their difference; it is
/// not the same each time, so that the difference must be large.
const RUNS: [u64; 2] = [100, 2_100];
/// By how many hundredths a message may become dearer.
const MOST: u64 = 10;
/// What a message took when this was last written.
const KEPT: &str = "benches/instructions.json";

/// Count the instructions of a message and its answer under callgrind, and compare them with what was kept
///
/// Fails if they are over 10 % more. `--keep` writes how many they are now, to be committed with the reason.
#[derive(Debug, Args)]
pub(crate) struct Count {
    /// Keep what is counted
    #[arg(long)]
    keep: bool,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    /// Instructions of a message to the echo bot and of its answer, in a build for tests.
    echo: u64,
}

impl Count {
    pub(crate) fn run(self) -> Result<()> {
        bots::build()?;
        let echo = count()?;
        if !self.keep {
            return compare(echo);
        }
        say(format!("{echo} instructions a message, kept in {KEPT}"));
        Ok(fs::write(root().join(KEPT), serde_json::to_string(&Kept { echo })? + "\n")?)
    }
}

/// As [`Count::run`], with bots that are built.
pub(crate) fn check() -> Result<()> {
    compare(count()?)
}

fn compare(echo: u64) -> Result<()> {
    let kept = fs::read_to_string(root().join(KEPT));
    let kept =
        kept.with_context(|| format!("`{KEPT}` is missing: `cargo xtask count --keep` makes it"))?;
    let Kept { echo: before } = serde_json::from_str(&kept)?;
    say(format!("{echo} instructions a message; {before} were kept"));
    ensure!(
        echo * 100 <= before * (100 + MOST),
        "a message takes {echo} instructions, over {MOST} % more than the {before} that were kept: find out why (`callgrind_annotate \
         target/tmp/callgrind-{}` says where they are), or if it is worth it, keep it with `cargo xtask count --keep`",
        RUNS[1]
    );
    Ok(())
}

/// The instructions of one message.
fn count() -> Result<u64> {
    setup::valgrind()?;
    let program = build()?;
    say("counting the instructions of a message");
    let [few, many] = RUNS;
    Ok((total(&program, many)? - total(&program, few)?) / (many - few))
}

/// Builds the tests, all in one go as for running them. Returns where the server's own are.
fn build() -> Result<String> {
    let mut build = cargo();
    build.args(["build", "--bins", "--tests", "--message-format", "json"]);
    let messages = read(&mut build)?;
    let found = messages.lines().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        let is_it = message["target"]["name"] == "chinwag"
            && message["target"]["kind"] == serde_json::json!(["lib"])
            && message["profile"]["test"] == true;
        is_it.then(|| message["executable"].as_str().map(str::to_owned))?
    });
    found.context("cargo does not say where the tests are")
}

/// The instructions of a run with so many messages.
fn total(program: &str, messages: u64) -> Result<u64> {
    let folder = target().join("tmp");
    fs::create_dir_all(&folder)?;
    let output = folder.join(format!("callgrind-{messages}"));
    let mut run = command("valgrind");
    run.args(["--tool=callgrind", "--quiet"]);
    run.arg(format!("--callgrind-out-file={}", output.display()));
    run.args([program, TEST, "--exact"]).env("CARGO_TARGET_DIR", target());
    let said = read(run.env(MESSAGES, messages.to_string()))?;
    ensure!(said.contains("1 passed"), "the test that is counted was not run: {said}");
    let text = fs::read_to_string(&output)?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    total.and_then(|it| it.trim().parse().ok()).context("callgrind does not say how many they were")
}
