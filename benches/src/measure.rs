//! What is measured, one thing after the other.

/// Sessions that do nothing.
pub(crate) mod quiet;
/// More and more.
pub(crate) mod scale;
/// Messages and tokens.
pub(crate) mod talk;
/// Versions that come and go, and servers.
pub(crate) mod versions;

use std::time::Duration;

use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use crate::{
    book::Book,
    load,
    order::{Order, What},
    peer::{Peer, Server},
};

/// What runs the measurements, and notes what they say.
pub(crate) struct Bench {
    pub(crate) order: Order,
    pub(crate) book: Book,
    progress: ProgressBar,
}

impl Bench {
    pub(crate) fn new(order: Order) -> Result<Self> {
        let progress = ProgressBar::new_spinner();
        progress.set_style(ProgressStyle::with_template("{spinner} {elapsed} {msg}")?);
        progress.enable_steady_tick(Duration::from_millis(200));
        Ok(Self { order, book: Book::default(), progress })
    }

    /// Measures all that was asked for, round by round.
    pub(crate) async fn run(&mut self) -> Result<()> {
        for round in 1..=self.order.rounds {
            self.round(round).await?;
        }
        self.progress.finish_and_clear();
        Ok(())
    }

    async fn round(&mut self, round: u32) -> Result<()> {
        self.say(format!("round {round} of {}", self.order.rounds));
        if self.order.wants(What::Echo) {
            self.echo().await?;
        }
        if self.order.wants(What::Stream) {
            self.stream().await?;
        }
        if self.order.wants(What::Idle) {
            self.idle().await?;
        }
        if self.order.wants(What::Crowd) {
            self.crowd().await?;
        }
        if self.order.wants(What::Ask) {
            self.ask().await?;
        }
        if self.order.wants(What::Swap) {
            self.swap().await?;
        }
        if self.order.wants(What::Upload) {
            self.upload().await?;
        }
        if self.order.wants(What::Start) {
            self.start().await?;
        }
        if self.order.wants(What::Scale) {
            self.scale().await?;
        }
        Ok(())
    }

    fn say(&self, what: String) {
        if self.progress.is_hidden() {
            anstream::eprintln!("{what}");
        }
        self.progress.set_message(what);
    }

    fn note(&mut self, what: &str, unit: &'static str, peer: Peer, value: f64) {
        self.say(format!("{what}: {} {value:.2} {unit}", peer.name()));
        self.book.note(what, unit, peer.name(), value);
    }

    /// The words that all talks have.
    fn talk(&self, what: &str, conns: u32, more: &[&str]) -> Vec<String> {
        let (conns, seconds) = (conns.to_string(), self.order.seconds.to_string());
        let words = [what, "--conns", &conns, "--duration", &seconds];
        words.into_iter().chain(more.iter().copied()).map(str::to_owned).collect()
    }

    async fn put(&self, server: &Server, words: &[String]) -> Result<Value> {
        load::put(&self.order, server, words).await
    }

    /// A built bot.
    fn bot(&self, name: &str) -> Result<Vec<u8>> {
        Ok(std::fs::read(self.order.bots.join(format!("{name}.wasm")))?)
    }
}

/// A component that differs from another in a note that no one reads: nobody has compiled it yet.
fn variant(component: &[u8], number: u32) -> Vec<u8> {
    use wasm_encoder::{ComponentSection, CustomSection};
    let mut component = component.to_vec();
    let data = number.to_le_bytes();
    let note = CustomSection { name: "number".into(), data: data.as_slice().into() };
    note.append_to_component(&mut component);
    component
}
