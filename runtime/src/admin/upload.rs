//! `PUT /api/bots/{name}`: a component becomes the bot's next version. Nothing of the body is kept in memory.

use axum::{
    Json,
    body::BodyDataStream,
    extract::{FromRequestParts, Query, Request, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use futures_util::StreamExt;
use serde::Deserialize;
use tokio::time::timeout;

use super::{Api, Problem, auth::discard, routes::Named, view::UploadView};
use crate::{
    bots::{Activation, DeployError, Deployed, Outcome, Upload},
    telemetry::names,
};

/// Who is noted as the uploader: there is one token, so there is one name.
const UPLOADER: &str = "admin";

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Parameters {
    activate: bool,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { activate: true }
    }
}

pub(super) async fn put(State(api): State<Api>, request: Request) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let mut body = body.into_data_stream();
    let result = receive(&api, &mut parts, &mut body).await;
    if result.is_err() {
        discard(&mut body).await;
    }
    result.map(|deployed| answer(&deployed))
}

async fn receive(
    api: &Api,
    parts: &mut Parts,
    body: &mut BodyDataStream,
) -> Result<Deployed, Problem> {
    let Named(name) = Named::from_request_parts(parts, &()).await?;
    let Query(parameters) = Query::<Parameters>::from_request_parts(parts, &()).await?;
    let activation = if parameters.activate { Activation::Now } else { Activation::Staged };

    let count = |outcome| metrics::counter!(names::UPLOADS, "outcome" => outcome).increment(1);
    // Counted here, because these never come to be deployed.
    let upload = match fill(api, body).await {
        Ok(Some(upload)) => upload,
        Ok(None) => {
            count("refused");
            return Err(Problem::cut());
        }
        Err(error) => {
            count(error.outcome());
            return Err(error.into());
        }
    };
    Ok(api.bots.deploy(name, upload, activation, UPLOADER).await?)
}

/// Streams the body to disk; none if the client broke off.
async fn fill(api: &Api, body: &mut BodyDataStream) -> Result<Option<Upload>, DeployError> {
    let mut upload = api.bots.upload()?;
    let wait = api.settings.upload_timeout;
    while let Some(chunk) =
        timeout(wait, body.next()).await.map_err(|_| DeployError::Stalled(wait))?
    {
        let Ok(chunk) = chunk else { return Ok(None) };
        upload.write(&chunk).await?;
    }
    Ok(Some(upload))
}

fn answer(deployed: &Deployed) -> Response {
    let status = match deployed.outcome {
        Outcome::Created => StatusCode::CREATED,
        Outcome::Unchanged => StatusCode::OK,
    };
    let mut response = (status, Json(UploadView::of(deployed))).into_response();
    if status == StatusCode::CREATED {
        let location = HeaderValue::try_from(format!("/api/bots/{}", deployed.bot.name));
        response.headers_mut().insert(header::LOCATION, location.expect("a bot's name is ASCII"));
    }
    response
}
