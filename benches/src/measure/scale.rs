//! What a message costs among few and among many.

use anyhow::Result;

use super::Bench;
use crate::{load::number, peer::Peer};

/// Bots on one server.
const BOTS: u32 = 1_000;
/// Sessions that chat.
const SESSIONS: [u32; 3] = [100, 1_000, 10_000];

pub(crate) const ONE_BOT: &str = "server CPU with 1 bot";
pub(crate) const MANY_BOTS: &str = "server CPU with 1000 bots";

pub(crate) fn of_sessions(count: u32) -> String {
    format!("server CPU with {count} sessions")
}

impl Bench {
    pub(super) async fn scale(&mut self) -> Result<()> {
        let server = Peer::Chinwag.start(&self.order, "echo").await?;
        let words = self.talk("echo", 100, &[]);
        let one = self.put(&server, &words).await?;
        let cost = |result: &_| number(result, "/server/cpu_us_per_reply");
        self.note(ONE_BOT, "µs a message", Peer::Chinwag, cost(&one)?);
        let component = self.bot("echo")?;
        for number in 1..BOTS {
            server.deploy(&format!("echo-{number}"), component.clone()).await?;
        }
        let many = self.put(&server, &words).await?;
        self.note(MANY_BOTS, "µs a message", Peer::Chinwag, cost(&many)?);
        server.stop().await?;
        for peer in [Peer::Bare, Peer::Chinwag] {
            let server = peer.start(&self.order, "echo").await?;
            for count in SESSIONS {
                let result = self.put(&server, &self.talk("echo", count, &[])).await?;
                self.note(&of_sessions(count), "µs a message", peer, cost(&result)?);
            }
            server.stop().await?;
        }
        Ok(())
    }
}
