//! Measures Chinwag beside its peers: the same load on the same machine in the same run, round by round, so that what the machine does
//! meanwhile meets all of them. What is compared are ratios; CPU time for a unit of work is steadier than throughput.

/// Bars.
mod bars;
/// What was measured.
mod book;
/// Goals, and how near they are.
mod goal;
/// What puts the load on.
mod load;
/// What is measured.
mod measure;
/// What is measured with.
mod order;
/// Servers.
mod peer;
/// Words for people.
mod report;

use clap::Parser;

use self::{measure::Bench, order::Order};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let order = Order::parse();
    // Each connection is a descriptor, also of the servers that are started here.
    rlimit::increase_nofile_limit(u64::MAX)?;
    let mut bench = Bench::new(order)?;
    bench.run().await?;
    report::leave(&bench.order, &bench.book)
}
