//! Hostile guests, clients and uploads: a test for each row of the list of attacks. Guests do their harm beside [`healthy`] people
//! on one real server, who must get every answer, once and in order; each denial leaves a name, a counter and a line in the bot's
//! log; and the server lives.
//!
//! | row | attack | told in |
//! |---|---|---|
//! | 1, 3 | loops in more sessions than there are cores | [`compute`], how fast others are answered in [`pace`]; `it/limits.rs` |
//! | 2 | loops at the start and in `describe` | [`compute`] |
//! | 4 | waits without end | [`compute`]; `it/limits.rs` |
//! | 5, 9 | giant fills and copies, recursion | [`compute`]; `it/limits.rs` |
//! | 6 | memory to the limit, again and again | [`memory`]; `it/limits.rs` |
//! | 7, 8 | many memories, tables, instances | [`memory`] |
//! | 10, 11 | 100 MB in one call, texts that are none, controls | [`flood`]; one MB too much in `it/limits.rs` |
//! | 12 | emits without end | [`flood`]; `it/limits.rs` |
//! | 13 | clients that do not read | [`flood`]; `it/limits.rs` |
//! | 14 | what is finished, or another thread's | [`forgery`]; finished twice in `it/limits.rs` |
//! | 15 | forged names, kinds and addresses | [`forgery`]; in a real browser in `it/page_scripts.rs` |
//! | 16, 17 | handles and lines of log without end | [`flood`]; `it/limits.rs`, `it/observability.rs` |
//! | 18, 19 | HTTP to the inside, endless answers | [`network`]; sockets in `it/limits.rs` |
//! | 20 | bombs for the compiler | [`uploads`] |
//! | 21, 22 | what is no component, or does not fit | [`uploads`]; `it/deploy.rs` |
//! | 23 | uploads too large, stalled, cut | [`uploads`]; `it/deploy.rs` |
//! | 24 | races and kills | [`uploads`]; kills at each step in `it/kill.rs` |
//! | 25 | a crash in the middle of a stream | [`forgery`]; `it/limits.rs` |
//! | 26 | state without end | [`sessions`]; `it/limits.rs` |
//! | 27 | the store of another bot | [`sessions`]; what it is for in `it/store.rs` |
//! | 28 | residue in memory | [`memory`] |
//! | 29 | calls of models in a loop | [`models`] |
//! | 30 | floods of sound | [`sessions`] |
//! | 31 | nonsense of clients, sessions and cookies of others | [`clients`]; `it/sign_in.rs`, `it/tabs.rs` |
//! | 32 | connections without end | [`clients`] |
//! | 33 | the admin API without its token | [`admin`]; `it/deploy.rs`, `it/sign_in.rs` |
//! | 33 | all that the description of the admin API lets one ask | [`openapi`] |
//! | 34 | paths that lead out | [`forgery`]; names of bots in `it/deploy.rs` |
//! | 35 | files of users | [`admin`]; `it/files.rs`, `it/files_kept.rs` |

/// Who has no token, and who attaches what.
mod admin;
/// Clients that no page would be.
mod clients;
/// Guests that compute or wait for ever.
mod compute;
/// Guests that show or say too much.
mod flood;
/// Guests that pretend to be others.
mod forgery;
/// Guests that want more memory than there is.
mod memory;
/// Guests that ask models.
mod models;
/// Guests that send requests.
mod network;
/// The admin API, asked for all that its description has.
mod openapi;
/// How fast others are answered meanwhile.
mod pace;
/// State and sound without end.
mod sessions;
/// Uploads that are no bots.
mod uploads;

/// What every denial leaves behind.
mod denial;
/// Guests written by hand.
mod guests;

// What others use, too.
use chinwag_tests::{healthy, nonsense, raw};
