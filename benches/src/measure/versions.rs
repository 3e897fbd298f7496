//! Versions that come and go under load, and servers that start with what they have.

use std::time::Duration;

use anyhow::Result;
use tempfile::TempDir;
use tokio::time::sleep;

use super::{Bench, variant};
use crate::{
    load::{self, number},
    peer::Peer,
};

pub(crate) const CALM: &str = "no activations: p99";
pub(crate) const SWAP: &str = "20 activations a second: longest answer";
pub(crate) const UPLOAD: &str = "upload of a new bot to live";
pub(crate) const CACHED: &str = "upload of a known bot to live";
pub(crate) const START: &str = "start to ready with 20 bots";

const BOTS: u32 = 20;
/// Uploads of one round: the first has cold caches.
const UPLOADS: u32 = 5;
/// Between activations.
const PAUSE: Duration = Duration::from_millis(50);
/// Messages a second while versions change.
const RATE: &str = "1000";

impl Bench {
    pub(super) async fn swap(&mut self) -> Result<()> {
        let server = Peer::Chinwag.start(&self.order, "echo").await?;
        server.deploy("echo", variant(&self.bot("echo")?, 2)).await?;
        let words = self.talk("echo", 100, &["--rate", RATE]);
        let calm = self.put(&server, &words).await?;
        self.note(CALM, "ms", Peer::Chinwag, number(&calm, "/latency_us/p99")? / 1e3);
        let talk = load::end(load::begin(&self.order, &server, &words)?);
        let swaps = async {
            for version in [1, 2].into_iter().cycle() {
                server.activate(version).await?;
                sleep(PAUSE).await;
            }
            anyhow::Ok(())
        };
        let swapped = tokio::select! {
            result = talk => result?,
            failed = swaps => return failed,
        };
        self.note(SWAP, "ms", Peer::Chinwag, number(&swapped, "/latency_us/max")? / 1e3);
        server.stop().await?;
        Ok(())
    }

    pub(super) async fn upload(&mut self) -> Result<()> {
        let server = Peer::Chinwag.start(&self.order, "echo").await?;
        let component = self.bot("stream")?;
        for number in 0..UPLOADS {
            let took = server.deploy("new", variant(&component, number)).await?;
            self.note(UPLOAD, "ms", Peer::Chinwag, took.as_secs_f64() * 1e3);
        }
        for number in 0..UPLOADS {
            let bot = format!("known-{number}");
            let took = server.deploy(&bot, variant(&component, number)).await?;
            self.note(CACHED, "ms", Peer::Chinwag, took.as_secs_f64() * 1e3);
        }
        server.stop().await?;
        Ok(())
    }

    pub(super) async fn start(&mut self) -> Result<()> {
        let server = Peer::Kept.start_in(&self.order, "echo", TempDir::new()?).await?;
        let component = self.bot("stream")?;
        for number in 0..BOTS {
            server.deploy(&format!("bot-{number}"), variant(&component, number)).await?;
        }
        let data = server.stop().await?;
        let server = Peer::Kept.start_in(&self.order, "echo", data).await?;
        self.note(START, "ms", Peer::Kept, server.took.as_secs_f64() * 1e3);
        server.stop().await?;
        Ok(())
    }
}
