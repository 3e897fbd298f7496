//! What Chinwag is to reach, as ratios where two are compared. A goal is told, never asserted: the machine is noisy.

use crate::{
    book::Book,
    measure::{quiet, scale, talk, versions},
    peer::Peer,
};

/// A goal, and how near it is.
pub(crate) struct Goal {
    pub(crate) what: &'static str,
    pub(crate) is: f64,
    pub(crate) most: f64,
    pub(crate) unit: &'static str,
}

impl Goal {
    pub(crate) fn is_met(&self) -> bool {
        self.is <= self.most
    }
}

/// All goals of which both sides were measured.
pub(crate) fn goals(book: &Book) -> Vec<Goal> {
    let of = |what: &str, peer: Peer| book.median(what, peer.name());
    let chinwag = |what: &str| of(what, Peer::Chinwag);
    let than = |what: &str, peer| Some(chinwag(what)? / of(what, peer)?);
    let goal = |what, is: Option<f64>, most, unit| is.map(|is| Goal { what, is, most, unit });
    let sessions = |count| chinwag(&scale::of_sessions(count));
    let all = [
        goal("echo: CPU beside bare", than(talk::ECHO, Peer::Bare), 1.6, "×"),
        goal("echo: CPU beside Node", than(talk::ECHO, Peer::Node), 0.5, "×"),
        goal("echo: CPU beside Chainlit", than(talk::ECHO, Peer::Chainlit), 0.02, "×"),
        goal(
            "echo with SQLite: CPU beside bare",
            of(talk::ECHO, Peer::Kept).zip(of(talk::ECHO, Peer::Bare)).map(|(a, b)| a / b),
            2.2,
            "×",
        ),
        goal("token: CPU beside bare", than(talk::STREAM, Peer::Bare), 1.5, "×"),
        goal("token: CPU beside Node", than(talk::STREAM, Peer::Node), 0.2, "×"),
        goal("token: CPU beside Chainlit", than(talk::STREAM, Peer::Chainlit), 0.01, "×"),
        goal("idle session: memory beside bare", than(quiet::IDLE, Peer::Bare), 1.3, "×"),
        goal(
            "p99 of 100 beside 10,000 idle",
            chinwag(quiet::CROWDED).zip(chinwag(quiet::CROWD)).map(|(a, b)| a / b),
            2.0,
            "×",
        ),
        goal("parked ask, of 10,000", chinwag(quiet::ASK), 64.0, "KiB"),
        goal(
            "longest answer amid activations, over p99",
            chinwag(versions::SWAP).zip(chinwag(versions::CALM)).map(|(a, b)| a - b),
            5.0,
            "ms",
        ),
        goal("upload of a new bot to live", chinwag(versions::UPLOAD), 150.0, "ms"),
        goal("upload of a known bot to live", chinwag(versions::CACHED), 20.0, "ms"),
        goal("start to ready with 20 bots", of(versions::START, Peer::Kept), 300.0, "ms"),
        goal(
            "1,000 bots beside 1",
            chinwag(scale::MANY_BOTS).zip(chinwag(scale::ONE_BOT)).map(|(a, b)| a / b),
            1.15,
            "×",
        ),
        goal(
            "10,000 sessions beside 100",
            sessions(10_000).zip(sessions(100)).map(|(a, b)| a / b),
            1.15,
            "×",
        ),
    ];
    all.into_iter().flatten().collect()
}
