//! The chores of this repository: `cargo xtask bots`, `ui`, `demo`, `test`, `soak`, `bench` and `count`. Each does its own set-up, says what it installs and
//! why, and does nothing twice. What a bot or a server is, this program does not know.

mod bench;
mod bots;
mod count;
mod demo;
mod deny;
mod setup;
mod shell;
mod soak;
mod stock;
mod test;
mod ui;

use clap::Parser;

/// The chores of this repository
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Chore {
    /// Build every example bot to `target/bots/NAME.wasm`, and the bots of the tests to `target/bots/tests`
    Bots,
    /// Build the page (chat and console) to `runtime/ui/dist`, which the server's build embeds
    Ui,
    /// Fetch the stock Chainlit page to `target/ui`
    Stock,
    Demo(demo::Demo),
    Test(test::Test),
    Soak(soak::Soak),
    Bench(bench::Bench),
    Count(count::Count),
}

fn main() -> anyhow::Result<()> {
    match Chore::parse() {
        Chore::Bots => bots::build(),
        Chore::Ui => ui::build(),
        Chore::Stock => stock::fetch().map(drop),
        Chore::Demo(demo) => demo.run(),
        Chore::Test(test) => test.run(),
        Chore::Soak(soak) => soak.run(),
        Chore::Bench(bench) => bench.run(),
        Chore::Count(count) => count.run(),
    }
}
