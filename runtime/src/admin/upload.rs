//! `PUT /api/bots/{name}`: a component becomes the bot's next version. Nothing of the body is kept in memory.

use std::{convert::Infallible, future::ready};

use axum::{
    Json,
    body::BodyDataStream,
    extract::{FromRequestParts, Query, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{FutureExt, StreamExt, stream};
use serde::Deserialize;
use serde_json::json;
use tokio::{sync::oneshot, time::timeout};
use tokio_stream::wrappers::ReceiverStream;

use super::{Api, Problem, auth::discard, routes::Named, view::UploadView};
use crate::{
    bots::{Activation, Bots, DeployError, Deployed, Deployment, Outcome, Progress, Upload},
    telemetry::names,
};

/// Who is noted as the uploader: there is one token, so there is one name.
const UPLOADER: &str = "admin";

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Parameters {
    activate: bool,
    grant: bool,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { activate: true, grant: false }
    }
}

pub(super) async fn put(State(api): State<Api>, request: Request) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let mut body = body.into_data_stream();
    match receive(&api, &mut parts, &mut body).await {
        Ok(order) if wants_stages(&parts.headers) => Ok(stages(api.bots, order)),
        Ok(order) => Ok(answer(&api.bots.deploy(order).await?)),
        Err(problem) => {
            discard(&mut body).await;
            Err(problem)
        }
    }
}

async fn receive(
    api: &Api,
    parts: &mut Parts,
    body: &mut BodyDataStream,
) -> Result<Deployment, Problem> {
    let Named(name) = Named::from_request_parts(parts, &()).await?;
    let Query(parameters) = Query::<Parameters>::from_request_parts(parts, &()).await?;
    let activation = if parameters.activate { Activation::Now } else { Activation::Staged };

    let count = |outcome| metrics::counter!(names::UPLOADS, "outcome" => outcome).increment(1);
    // Counted here, because these never come to be deployed.
    match fill(api, body).await {
        Ok(Some(upload)) => {
            let (by, progress) = (UPLOADER.to_owned(), Progress::default());
            let grant = parameters.grant;
            Ok(Deployment { name, upload, activation, grant, by, progress })
        }
        Ok(None) => {
            count("refused");
            Err(Problem::cut())
        }
        Err(error) => {
            count(error.outcome());
            Err(error.into())
        }
    }
}

/// Whether the client wants to be told how far its upload has come.
fn wants_stages(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.starts_with("text/event-stream"))
}

/// Tells each stage as it begins, then what has become of the upload, as server-sent events: `stage`, and at last `done` or
/// `problem`. The upload ends with the connection, unless it is being stored already.
fn stages(bots: Bots, order: Deployment) -> Response {
    let (progress, stages) = Progress::channel();
    let (sender, deployed) = oneshot::channel();
    let order = Deployment { progress, ..order };
    let work = async move {
        // Whoever waits for it is the very stream that does the work.
        sender.send(bots.deploy(order).await).ok();
    };
    let told = ReceiverStream::new(stages)
        .map(|stage| Event::default().event("stage").data(json!({ "stage": stage }).to_string()));
    let told = stream::select(told, work.into_stream().filter_map(|()| ready(None)));
    let events = told.chain(stream::once(async { end(deployed.await.ok()) }));
    let events = events.map(Ok::<_, Infallible>);
    Sse::new(events).keep_alive(KeepAlive::default()).into_response()
}

/// What has become of an upload, as the last event.
fn end(deployed: Option<Result<Deployed, DeployError>>) -> Event {
    let problem = match deployed {
        Some(Ok(deployed)) => {
            let view = serde_json::to_string(&UploadView::of(&deployed));
            return Event::default().event("done").data(view.expect("texts and numbers serialise"));
        }
        Some(Err(error)) => error.into(),
        None => Problem::internal(),
    };
    Event::default().event("problem").data(problem.to_json())
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
