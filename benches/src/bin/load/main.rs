//! A load for any server that speaks Chainlit's chat protocol over Socket.IO: messages and answers, streams, idle connections, questions
//! that wait. Each text carries a number that its answer must carry too, so what is lost, doubled, out of order or sent to somebody
//! else is counted. The result is one JSON object on standard output.

/// A connection.
mod connection;
/// What the operating system says of a process.
mod process;
/// What happens on connections.
mod scenario;
/// What is counted.
mod tally;

use clap::{Args, Parser, Subcommand};
use serde_json::json;
use tokio::{runtime::Builder, task::LocalSet};

/// Puts a load on a chat server and says how it bears it
#[derive(Debug, Parser)]
struct Order {
    #[command(flatten)]
    server: Server,
    #[command(subcommand)]
    scenario: Scenario,
}

/// Where the server is.
#[derive(Clone, Debug, Args)]
struct Server {
    /// Its port on this machine
    #[arg(long, default_value_t = 8000)]
    port: u16,
    /// Its process: CPU time and memory are told, with those of its children
    #[arg(long)]
    pid: Option<u32>,
    /// What a client says when it connects; `{session}` becomes an id of its own
    #[arg(
        long,
        default_value = r#"{"clientType":"webapp","sessionId":"{session}","threadId":"","userEnv":"{}","chatProfile":""}"#
    )]
    auth: String,
}

/// How a load is put on.
#[derive(Clone, Debug, Args)]
struct Load {
    /// Connections
    #[arg(long, short = 'n', default_value_t = 100)]
    conns: u32,
    /// Seconds that are measured
    #[arg(long, short, default_value_t = 10.0)]
    duration: f64,
    /// Seconds under load before that
    #[arg(long, default_value_t = 2.0)]
    warmup: f64,
}

#[derive(Clone, Debug, Subcommand)]
enum Scenario {
    /// A message and its answer
    Echo {
        #[command(flatten)]
        load: Load,
        /// Messages a second over all connections; without it, each answer is followed by the next message
        #[arg(long)]
        rate: Option<f64>,
    },
    /// The bot streams: its text is `stream K`, its tokens `t0 `, `t1 `, …
    Stream {
        #[command(flatten)]
        load: Load,
        /// Tokens of an answer
        #[arg(long, default_value_t = 100)]
        tokens: u32,
    },
    /// Connections that do nothing
    Idle {
        /// Connections
        #[arg(long, short = 'n', default_value_t = 1000)]
        conns: u32,
        /// Seconds that they stay
        #[arg(long, default_value_t = 3.0)]
        hold: f64,
        /// Each says something first, and is answered
        #[arg(long)]
        touch: bool,
    },
    /// Questions that wait for a person: each connection says `ask`, waits, and answers
    Ask {
        /// Connections
        #[arg(long, short = 'n', default_value_t = 1000)]
        conns: u32,
        /// Seconds that all of them wait
        #[arg(long, default_value_t = 3.0)]
        hold: f64,
    },
}

fn main() -> anyhow::Result<()> {
    let order = Order::parse();
    // Each connection is a descriptor.
    rlimit::increase_nofile_limit(u64::MAX)?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let result = LocalSet::new().block_on(&runtime, async {
        match order.scenario {
            Scenario::Echo { load, rate } => scenario::echo(order.server, load, rate).await,
            Scenario::Stream { load, tokens } => scenario::stream(order.server, load, tokens).await,
            Scenario::Idle { conns, hold, touch } => {
                scenario::idle(order.server, conns, hold, touch).await
            }
            Scenario::Ask { conns, hold } => scenario::ask(order.server, conns, hold).await,
        }
    });
    let result = result.unwrap_or_else(|error| json!({ "error": format!("{error:#}") }));
    anstream::println!("{result}");
    anyhow::ensure!(result.get("error").is_none(), "the load was not put on");
    Ok(())
}
