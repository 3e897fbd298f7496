//! The load: a process of its own, on a core of its own.

use std::{path::PathBuf, process::Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tokio::process::{Child, Command};

use crate::{order::Order, peer::Server};

/// The core of the load.
const CORE: usize = 1;

/// A program on one core, where there are several and a tool to choose.
pub(crate) fn on_core(core: usize, program: &str) -> Command {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if cores < 2 || !PathBuf::from("/usr/bin/taskset").is_file() {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.args(["-c", &core.to_string(), program]);
    command
}

/// Begins to put a load on.
pub(crate) fn begin(order: &Order, server: &Server, arguments: &[String]) -> Result<Child> {
    let own = || std::env::current_exe().map(|path| path.with_file_name("load"));
    let program = order.loadgen.clone().map_or_else(own, Ok)?;
    let mut command = on_core(CORE, &program.to_string_lossy());
    command.arg("--port").arg(server.port.to_string()).arg("--pid").arg(server.pid().to_string());
    let auth = format!(
        r#"{{"clientType":"webapp","sessionId":"{{session}}","threadId":"","userEnv":"{{}}","chatProfile":"{}"}}"#,
        server.bot
    );
    command.arg("--auth").arg(auth).args(arguments);
    let child = command.stdout(Stdio::piped()).kill_on_drop(true).spawn();
    child.with_context(|| format!("`{}` does not start", program.display()))
}

/// Waits until a load is over. Returns what it tells.
pub(crate) async fn end(load: Child) -> Result<Value> {
    let output = load.wait_with_output().await?;
    let result: Value = serde_json::from_slice(&output.stdout).context("the load says nothing")?;
    ensure!(output.status.success(), "the load was not put on: {result}");
    for wrong in ["lost", "duplicated", "reordered", "misrouted", "token_errors", "disconnects"] {
        let count = result.get(wrong).and_then(Value::as_u64).unwrap_or(0);
        ensure!(count == 0, "{count} {wrong}: {result}");
    }
    Ok(result)
}

/// Puts a load on. Returns what it tells: an answer that is lost, doubled, out of order or another's is an error.
pub(crate) async fn put(order: &Order, server: &Server, arguments: &[String]) -> Result<Value> {
    end(begin(order, server, arguments)?).await
}

/// A number of what a load tells.
pub(crate) fn number(result: &Value, place: &str) -> Result<f64> {
    let value = result.pointer(place).and_then(Value::as_f64);
    value.with_context(|| format!("the load does not tell `{place}`: {result}"))
}
