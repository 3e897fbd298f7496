//! The short routes: list, look, activate, roll back, remove.

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequestParts, Path, State, rejection::BytesRejection},
    http::{StatusCode, request::Parts},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{
    Api, Problem,
    counters::Counters,
    view::{BotSummary, BotView},
};
use crate::{
    bots::DeployError,
    domain::{BotName, VersionNumber},
};

/// The bot that a path names.
pub(super) struct Named(pub(super) BotName);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(name) =
            Path::<String>::from_request_parts(parts, state).await.map_err(|error| {
                Problem::new(StatusCode::BAD_REQUEST, "bad-bot-name", error.body_text())
            })?;
        Ok(Self(name.parse()?))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Choice {
    version: VersionNumber,
}

pub(super) async fn list(State(api): State<Api>) -> Json<Vec<BotSummary>> {
    Json(api.bots.list().iter().map(|bot| BotSummary::of(bot)).collect())
}

pub(super) async fn one(
    State(api): State<Api>,
    Named(name): Named,
) -> Result<Json<BotView>, Problem> {
    let bot = api.bots.get(&name).ok_or_else(|| DeployError::UnknownBot(name.clone()))?;
    let counters = Counters::read(&api.settings.metrics.render(), &name);
    Ok(Json(BotView::counted(&bot, counters)))
}

pub(super) async fn activate(
    State(api): State<Api>,
    Named(name): Named,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<BotView>, Problem> {
    let Choice { version } = object(&body?)?;
    Ok(Json(BotView::of(&*api.bots.activate(&name, version).await?)))
}

/// The body holds the limits that differ from the server's, under their names in the settings.
pub(super) async fn limits(
    State(api): State<Api>,
    Named(name): Named,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<BotView>, Problem> {
    let limits = object(&body?)?;
    Ok(Json(BotView::of(&*api.bots.set_limits(&name, limits).await?)))
}

/// The body holds all that is granted from now on.
pub(super) async fn grants(
    State(api): State<Api>,
    Named(name): Named,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<BotView>, Problem> {
    let grants = object(&body?)?;
    Ok(Json(BotView::of(&*api.bots.set_grants(&name, grants).await?)))
}

pub(super) async fn rollback(
    State(api): State<Api>,
    Named(name): Named,
) -> Result<Json<BotView>, Problem> {
    Ok(Json(BotView::of(&*api.bots.rollback(&name).await?)))
}

pub(super) async fn remove(
    State(api): State<Api>,
    Named(name): Named,
) -> Result<StatusCode, Problem> {
    api.bots.remove(&name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a body holds, whatever its content type is: who holds the token is no page of another site, and `curl -d` names
/// another one. It must be an object: serde would take a list of the members' values too, and `[]` for all that is granted.
fn object<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut members: Map<String, Value> = serde_json::from_slice(body)?;
    members.values_mut().for_each(make_whole);
    Ok(serde_json::from_value(Value::Object(members))?)
}

/// A whole number is one however it is written: to JSON, and to the description of this API, `3.0` is `3`.
fn make_whole(value: &mut Value) {
    let written = value.as_f64().filter(|number| value.is_f64() && number.fract() == 0.0);
    if let Some(Ok(number)) = written.map(|number| format!("{number:.0}").parse::<i64>()) {
        *value = number.into();
    }
}
