//! Bots and their versions: which are there, which is active, and how a new one comes to be.
//!
//! ```text
//! upload ─► check + compile (child) ─► load ─► rehearse ─► store ─► activate ─► retire the old one
//!    └──────────── a failure anywhere changes nothing ───────┘         └ one pointer store
//! ```
//!
//! **Invariant:** until a version is stored nothing has changed; activating is storing one pointer, so rolling back is
//! just another activation. A turn keeps the version that it started with.

mod alone;
mod catalog;
mod commit;
mod complete;
mod deploy;
mod disk;
mod error;
mod grants;
mod lifecycle;
mod log;
mod meter;
mod progress;
mod registry;
mod rehearse;
#[cfg(test)]
mod sample;
mod store;
mod swap;
mod terms;
mod upload;
mod version;
mod watch;

pub use alone::refused;
pub use catalog::{Bots, BotsSettings};
pub use deploy::{Activation, Deployed, Deployment, Outcome};
pub use error::{DeployError, Fault};
pub use grants::Grants;
pub(crate) use lifecycle::ParkedTurn;
pub use lifecycle::RunningTurn;
pub use log::{BotLog, LogLine};
pub use meter::TurnRecord;
pub use progress::{Progress, Stage};
pub use swap::{SwapRecord, Swaps};
pub use terms::{Offer, Terms, TermsError};
pub use upload::Upload;
pub use version::{Bot, Version, VersionRecord};
pub use watch::{Watch, watch};
