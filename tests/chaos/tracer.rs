//! What comes between a running server and its kernel: calls take longer, or fail, until it is taken away.

use std::process::Stdio;

use chinwag_tests::{server::TestServer, within};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::small_disk::SmallDisk;

/// `strace`, attached to all threads of a server.
#[derive(Debug)]
pub(crate) struct Tracer(Child);

impl Tracer {
    /// Attaches. `inject` says which calls, and what becomes of them: `fsync:delay_enter=200ms`.
    pub(crate) async fn attach(disk: &SmallDisk, server: &TestServer, inject: &str) -> Self {
        let (calls, _) = inject.split_once(':').expect("calls, and what becomes of them");
        let mut command = disk.command("strace");
        command.args(["--follow-forks", "--output=/dev/null", &format!("--trace={calls}")]);
        command.arg(format!("--inject={inject}")).arg(format!("--attach={}", server.pid()));
        command.stdin(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("`nsenter` is there");
        let mut lines = BufReader::new(child.stderr.take().expect("stderr is a pipe")).lines();
        let attached = async {
            let mut said = Vec::new();
            while let Ok(Some(line)) = lines.next_line().await {
                if line.contains(" attached") {
                    return;
                }
                said.push(line);
            }
            panic!(
                "the server cannot be traced: this test needs Debian's `strace`, and leave to trace one's own children \
                 (root, or user namespaces, or kernel.yama.ptrace_scope 0): {said:?}"
            );
        };
        within("the begin of tracing", attached).await;
        Self(child)
    }

    /// Goes away; the server runs on as if nothing had been there.
    pub(crate) async fn detach(mut self) {
        let pid = self.0.id().expect("it runs").to_string();
        let told = Command::new("kill").args(["-INT", &pid]).status().await;
        assert!(told.expect("`kill` runs").success(), "there is no process {pid}");
        within("the end of tracing", self.0.wait()).await.expect("it was started");
    }
}
