//! Sets up everything that tests need, and runs every test.

use anyhow::Result;
use clap::Args;

use crate::{
    bots, count, deny, setup,
    shell::{cargo, root, run, say, works},
    stock, ui,
};

/// Set up what the tests need, and run every test
///
/// Runs them with cargo-nextest if it is installed, else with `cargo test`.
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Only tests whose names contain one of these
    filters: Vec<String>,
}

impl Test {
    pub(crate) fn run(self) -> Result<()> {
        if self.filters.is_empty() {
            deny::check()?;
        }
        setup::node()?;
        setup::npm_packages(
            &root().join("tests/js"),
            "the npm packages of the tests (socket.io-client, playwright-core, oidc-provider, axe-core)",
        )?;
        setup::browser()?;
        setup::schemathesis()?;
        setup::faketime()?;
        setup::strace()?;
        stock::fetch()?;
        ui::build()?;
        bots::build()?;
        // In one go, so that what both need is built once.
        say("building the server and the tests");
        run(cargo().args(["build", "--bins", "--tests"]))?;
        // First, so that a run ends with the count of the many.
        if self.filters.is_empty() {
            count::check()?;
            say("running the examples of the documentation");
            run(cargo().args(["test", "--doc"]))?;
            // By itself: together with the server it would have that built once more, with other features.
            run(cargo().args([
                "test",
                "--package",
                "chinwag-sdk",
                "--package",
                "chinwag-sdk-macros",
            ]))?;
        }
        say("running the tests");
        if works(cargo().args(["nextest", "--version"])) {
            run(cargo().args(["nextest", "run"]).args(self.filters))
        } else {
            run(cargo().args(["test", "--lib", "--bins", "--tests", "--"]).args(self.filters))
        }
    }
}
