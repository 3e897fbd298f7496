//! Sessions that do nothing, or wait for a person.

use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::time::{sleep, timeout};

use super::Bench;
use crate::{
    load::{self, number},
    peer::{Peer, Server},
};

pub(crate) const IDLE: &str = "idle: memory of a session";
pub(crate) const CROWD: &str = "100 chatting: p99";
pub(crate) const CROWDED: &str = "100 chatting beside 10,000 idle: p99";
pub(crate) const ASK: &str = "parked ask: memory";

const KIB: f64 = 1_024.0;
/// Sessions that do nothing.
const MANY: u32 = 10_000;
/// Messages a second of those that chat: far from what the server could bear.
const RATE: &str = "1000";

impl Bench {
    pub(super) async fn idle(&mut self) -> Result<()> {
        for peer in Peer::ALL {
            let server = peer.start(&self.order, "echo").await?;
            // What Chainlit takes for ten thousand is not on every machine.
            let count = if peer == Peer::Chainlit { 200 } else { 2_000 };
            let words = ["idle", "--conns", &count.to_string()].map(str::to_owned);
            let result = self.put(&server, &words).await?;
            self.note(IDLE, "KiB", peer, number(&result, "/rss_per_conn")? / KIB);
            server.stop().await?;
        }
        Ok(())
    }

    pub(super) async fn crowd(&mut self) -> Result<()> {
        let words = self.talk("echo", 100, &["--rate", RATE]);
        for peer in [Peer::Bare, Peer::Chinwag] {
            let server = peer.start(&self.order, "echo").await?;
            let alone = self.put(&server, &words).await?;
            self.note(CROWD, "ms", peer, number(&alone, "/latency_us/p99")? / 1e3);
            let many = MANY.to_string();
            let idle = ["idle", "--conns", &many, "--hold", "600"].map(str::to_owned);
            let crowd = load::begin(&self.order, &server, &idle)?;
            if peer == Peer::Chinwag {
                arrived(&server).await?;
            } else {
                sleep(Duration::from_secs(10)).await;
            }
            let beside = self.put(&server, &words).await?;
            self.note(CROWDED, "ms", peer, number(&beside, "/latency_us/p99")? / 1e3);
            drop(crowd);
            server.stop().await?;
        }
        Ok(())
    }

    pub(super) async fn ask(&mut self) -> Result<()> {
        let server = Peer::Chinwag.start(&self.order, "showcase").await?;
        let words = ["ask", "--conns", &MANY.to_string(), "--hold", "3"].map(str::to_owned);
        let result = self.put(&server, &words).await?;
        let answered = number(&result, "/answered")?;
        ensure!(answered >= f64::from(MANY), "only {answered} were answered: {result}");
        self.note(ASK, "KiB", Peer::Chinwag, number(&result, "/pss_per_ask")? / KIB);
        server.stop().await?;
        Ok(())
    }
}

/// Waits until all idle sessions are there.
async fn arrived(server: &Server) -> Result<()> {
    let all = async {
        while server.sessions().await? < u64::from(MANY) {
            sleep(Duration::from_millis(100)).await;
        }
        anyhow::Ok(())
    };
    timeout(Duration::from_secs(60), all).await?
}
