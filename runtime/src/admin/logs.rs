//! `GET /api/bots/{name}/logs`: the last lines as an array, or with `?follow=true` these and all that come, as server-sent
//! events of which each holds one line.

use std::{convert::Infallible, future::ready};

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{Stream, StreamExt, stream};
use jiff::Timestamp;
use serde::Deserialize;
use tokio::sync::broadcast;
use tokio_stream::wrappers::{BroadcastStream, errors::BroadcastStreamRecvError};

use super::{Api, Problem, routes::Named};
use crate::{
    bots::{DeployError, LogLine},
    domain::VersionNumber,
    sandbox::LogLevel,
};

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Parameters {
    follow: bool,
}

pub(super) async fn logs(
    State(api): State<Api>,
    Named(name): Named,
    parameters: Result<Query<Parameters>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(Parameters { follow }) = parameters?;
    let log = api.bots.log(&name).ok_or_else(|| DeployError::UnknownBot(name.clone()))?;
    if !follow {
        return Ok(Json(log.recent()).into_response());
    }
    let (recent, coming) = log.follow();
    // Ends by itself when the bot is removed.
    let lines = lines(recent, coming).take_until(api.settings.shutdown.cancelled_owned());
    let events = lines.map(|line| {
        let text = serde_json::to_string(&line).expect("a line serialises");
        Ok::<_, Infallible>(Event::default().data(text))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()).into_response())
}

/// All lines in order. Lines that a slow reader missed are replaced by one that counts them.
fn lines(
    recent: Vec<LogLine>,
    coming: broadcast::Receiver<LogLine>,
) -> impl Stream<Item = LogLine> {
    let coming = BroadcastStream::new(coming);
    stream::iter(recent).map(Ok).chain(coming).scan(0, |version, line| {
        let line =
            line.unwrap_or_else(|BroadcastStreamRecvError::Lagged(count)| skipped(count, *version));
        *version = line.version;
        ready(Some(line))
    })
}

fn skipped(count: u64, version: VersionNumber) -> LogLine {
    let text = format!("{count} lines are left out here: they came faster than they were read");
    LogLine { at: Timestamp::now(), level: LogLevel::Warn, version, turn: None, text }
}
