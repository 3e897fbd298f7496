//! Stories about the whole server: the real binary, real sockets, real bots.

/// The same with npm's client, which polls first and comes back by itself.
mod npm;
/// Everyday chats: one walk for each thing that a bot can show.
mod waiting;
mod walks;

/// Who gets in, and whose a session is.
mod sign_in;
/// The same at an OpenID Connect provider.
mod sign_in_oidc;
mod sign_in_password;

/// The server is killed while people chat.
mod crash;
/// Uploading, staging, activating, going back, removing; and being refused.
mod deploy;
/// A version is replaced while a turn of it waits for its user.
mod drain;
/// Components of earlier versions still run.
mod fixtures;
/// The server is killed while it is being changed.
mod kill;
/// Versions are told when they come and go, and operators watch.
mod lifecycle;
/// What few bots show.
mod shown;
/// Versions change under people who chat.
mod swap;

/// Files that users attach.
mod files;
/// The same files after a restart, and for others.
mod files_kept;
/// Bots that loop, hoard, flood, crash or pry.
mod limits;
/// Connections break, and nothing is missing afterwards.
mod reconnect;
/// The server is restarted in order, and conversations go on.
mod restart;
/// What a bot remembers for all its sessions.
mod store;
/// Several tabs show one thread.
mod tabs;
/// Recordings of Chainlit's own server, played to ours.
mod traces;

/// The stock page in a real browser.
mod browser;
/// The command line.
mod cli;
/// What operators and their machines see.
mod observability;
/// Chinwag's own chat in a real browser.
mod page_chat;
/// The operator's console in a real browser.
mod page_console;
/// What would run on a careless page, on ours.
mod page_scripts;
/// The house rules.
mod tidy;
