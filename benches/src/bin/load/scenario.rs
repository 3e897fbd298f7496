//! What happens on the connections.

/// Connections that answer one message by the next.
mod talk;
/// Connections that wait.
mod wait;

pub(crate) use talk::{echo, stream};
pub(crate) use wait::{ask, idle};

use std::rc::Rc;

use anyhow::{Context, Result};
use futures_util::{StreamExt, TryStreamExt, stream};

use crate::{Server, connection::Connection};

/// Connections that are opened at once.
const AT_ONCE: usize = 64;

/// Opens connections.
async fn open(server: &Rc<Server>, count: u32) -> Result<Vec<Connection>> {
    let all = stream::iter(0..count).map(async |_| Connection::open(server).await);
    all.buffered(AT_ONCE).try_collect().await.context("not all clients are let in")
}
