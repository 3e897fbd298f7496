//! Messages and their answers; streams of tokens.

use anyhow::Result;

use super::Bench;
use crate::{load::number, peer::Peer};

pub(crate) const ECHO: &str = "echo: server CPU";
pub(crate) const STREAM: &str = "stream: server CPU";

const MIB: f64 = 1_048_576.0;

impl Bench {
    pub(super) async fn echo(&mut self) -> Result<()> {
        for peer in Peer::ALL {
            let server = peer.start(&self.order, "echo").await?;
            let result = self.put(&server, &self.talk("echo", 100, &[])).await?;
            let of = |place| number(&result, place);
            self.note(ECHO, "µs a message", peer, of("/server/cpu_us_per_reply")?);
            self.note("echo: throughput", "messages a second", peer, of("/replies_per_s")?);
            self.note("echo: p99", "ms", peer, of("/latency_us/p99")? / 1e3);
            self.note("echo: memory", "MiB", peer, of("/server/rss_loaded")? / MIB);
            server.stop().await?;
        }
        Ok(())
    }

    pub(super) async fn stream(&mut self) -> Result<()> {
        for peer in Peer::ALL {
            let server = peer.start(&self.order, "stream").await?;
            let words = self.talk("stream", 20, &["--tokens", "200"]);
            let result = self.put(&server, &words).await?;
            let of = |place| number(&result, place);
            self.note(STREAM, "µs a token", peer, of("/server/cpu_us_per_unit")?);
            self.note("stream: throughput", "tokens a second", peer, of("/tokens_per_s")?);
            server.stop().await?;
        }
        Ok(())
    }
}
