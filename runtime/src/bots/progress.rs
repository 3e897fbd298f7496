//! How far an upload has come, for whoever waits for it.

use serde::Serialize;
use tokio::sync::mpsc;

/// What an upload goes through. One that was compiled before is not compiled again, a staged one does not go live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Its structure is looked at: what it imports, what it exports.
    Check,
    /// It becomes machine code.
    Compile,
    /// It is instantiated, and describes itself.
    Rehearsal,
    /// It becomes a version.
    Store,
    /// The version becomes the active one.
    Live,
}

impl Stage {
    /// How many there are.
    const COUNT: usize = 5;
}

/// Where the stages of an upload are told as they begin.
#[derive(Clone, Debug, Default)]
pub struct Progress(Option<mpsc::Sender<Stage>>);

impl Progress {
    /// Tells them to a channel, which closes when the upload is done with.
    #[must_use]
    pub fn channel() -> (Self, mpsc::Receiver<Stage>) {
        let (sender, stages) = mpsc::channel(Stage::COUNT);
        (Self(Some(sender)), stages)
    }

    pub(super) fn begins(&self, stage: Stage) {
        if let Some(sender) = &self.0 {
            // There is room for all of them, and nobody may listen any longer.
            sender.try_send(stage).ok();
        }
    }
}
