//! Stories about the whole server: the real binary, real sockets, real bots.

/// The same with npm's client, which polls first and comes back by itself.
mod npm;
/// Everyday chats: one walk for each thing that a bot can show.
mod walks;

/// Uploading, staging, activating, going back, removing; and being refused.
mod deploy;
/// Components of earlier versions still run.
mod fixtures;
/// The server is killed while it is being changed.
mod kill;
/// Versions change under people who chat.
mod swap;

/// Bots that loop, hoard, flood, crash or pry.
mod limits;
/// Connections break, and nothing is missing afterwards.
mod reconnect;
/// Recordings of Chainlit's own server, played to ours.
mod traces;

/// The stock page in a real browser.
mod browser;
/// The command line.
mod cli;
/// What operators and their machines see.
mod observability;
/// The house rules.
mod tidy;
