//! Measures Chinwag beside its peers.

use anyhow::Result;
use clap::Args;

use crate::{
    bots, setup,
    shell::{cargo, command, root, run, say, target},
};

/// Measure Chinwag beside a bare handler, Node's socket.io and Chainlit, in one run on this machine
///
/// Builds everything as it is released, installs the peers below `target/tools` and `benches/peers`, and prints tables.
/// `cargo xtask bench -- --help` says what can be chosen.
#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// Write table, picture and all that was measured to `docs/`
    #[arg(long)]
    save: bool,
    /// What the bench is told: `--rounds 5`, `--seconds 10`, `--only echo`, …
    #[arg(last = true)]
    words: Vec<String>,
}

impl Bench {
    pub(crate) fn run(self) -> Result<()> {
        setup::node()?;
        let peers = root().join("benches/peers");
        setup::npm_packages(&peers.join("node"), "Node's socket.io, a peer")?;
        let python = setup::python(
            "Chainlit, a peer",
            &peers.join("chainlit/requirements.txt"),
            &target().join("tools/chainlit"),
        )?;
        bots::build()?;
        // In one go, so that what both need is built once.
        say(
            "building the server, the load and a peer, as they are released: wasmtime takes minutes",
        );
        let mut build = cargo();
        build.args(["build", "--release", "--package", "chinwag", "--package", "chinwag-benches"]);
        run(build.args(["--bin", "chinwag", "--bin", "bench", "--bin", "load", "--bin", "bare"]))?;
        let built = target().join("release");
        let mut bench = command(&built.join("bench").to_string_lossy());
        bench.arg("--chinwag").arg(built.join("chinwag"));
        bench.arg("--bots").arg(target().join("bots"));
        bench.arg("--peers").arg(peers).arg("--python").arg(python);
        if self.save {
            let docs = |name: &str| root().join("docs").join(name);
            bench.arg("--json").arg(docs("performance.json"));
            bench.arg("--picture").arg(docs("performance.svg"));
            bench.arg("--page").arg(docs("performance.md"));
        }
        run(bench.args(self.words))
    }
}
