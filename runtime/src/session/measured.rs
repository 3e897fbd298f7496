//! The way to one client by itself, for benches. Nothing else comes through this door.

use std::{sync::Arc, time::Duration};

use super::{Broadcaster, outbox::Outbox, transcript::Transcript};
use crate::domain::{ByteSize, Emit};

/// Emits are noted in a transcript of 8 MiB, which is to be kept, and handed to one client that is there.
#[derive(Debug)]
pub struct Way(Outbox);

impl Way {
    /// A way on which nothing has gone yet.
    #[must_use]
    pub fn to(client: Arc<dyn Broadcaster>) -> Self {
        let outbox = Outbox::new(Transcript::new(ByteSize::mib(8), true), Duration::from_secs(1));
        assert!(outbox.attach(client).is_none(), "there is little to tell a client that is new");
        Self(outbox)
    }

    /// Notes and shows something. Returns whether the client had room for it.
    #[must_use]
    pub fn emit(&self, emit: &Emit) -> bool {
        self.0.begin(emit).is_none()
    }
}
