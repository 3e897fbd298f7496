//! Chaos: the world around the server breaks, and people chat on. The real binary, real processes, real signals, real disks that
//! are full, slow or read-only, a clock that jumps. What is promised to operators stands in `docs/operations.md`.
//!
//! | what happens | what is promised | told in |
//! |---|---|---|
//! | the disk is full | what cannot be kept is refused by name, and the bot is not asked; it works again without a restart | [`full`] |
//! | the data folder is read-only | at start: a clear text; later: as if it were full | [`read_only`] |
//! | the clock jumps | every answer comes once and in order; who is signed in stays so until the token ends by the new clock | [`clock`] |
//! | SIGTERM under load | turns end within `drain`, exit code 0, and clients go on where they were | [`stop`] |
//! | kill -9 under load, again and again | each accepted message is there once, what was cut says so, one whole version is active | [`kills`] |
//! | the disk is slow, or hangs | answers come later, none is lost; probes answer; floods meet a bounded mailbox | [`slow`] |

/// The clock jumps.
mod clock;
/// The disk is full.
mod full;
/// Killed again and again.
mod kills;
/// The data folder is read-only.
mod read_only;
/// The disk is slow.
mod slow;
/// Told to stop.
mod stop;

/// Somebody who attaches a file.
mod attach;
/// Halves of what was to be whole.
mod leftovers;
/// A small disk of the server's own.
mod small_disk;
/// Somebody who counts aloud.
mod talker;
/// What slows a server's calls down, or makes them fail.
mod tracer;
