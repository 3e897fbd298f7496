//! `/project/element`: a component of the page changes its props, or removes itself.

use axum::{Json, extract::rejection::JsonRejection};
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};

use crate::{domain::ElementId, session::Session};

use super::{CurrentUser, HttpError, Shared, State};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Request {
    session_id: String,
    element: ElementDict,
}

/// What the client says of the component. The session goes by what it knows of the rest itself.
#[derive(Deserialize)]
struct ElementDict {
    id: String,
    r#type: String,
    props: Option<Box<RawValue>>,
}

/// Only components change by the page; of an element that is none there is no id here.
fn component(
    state: &State,
    CurrentUser(user): &CurrentUser,
    request: &Request,
) -> Result<(Session, Option<ElementId>), HttpError> {
    let session = state.session(&request.session_id, user.as_deref())?;
    let element = &request.element;
    let id = (element.r#type == "custom").then(|| element.id.parse().ok()).flatten();
    Ok((session, id))
}

pub(super) async fn put(
    state: Shared,
    user: CurrentUser,
    body: Result<Json<Request>, JsonRejection>,
) -> Result<Json<Value>, HttpError> {
    let Json(request) = body?;
    let (session, id) = component(&state, &user, &request)?;
    let props = request.element.props.filter(|props| props.get().starts_with('{'));
    let success = match (id, props) {
        (Some(id), Some(props)) => session.update_component(id, props.into()).await,
        (Some(_), None) => return Err(HttpError::unprocessable("`props` is not an object")),
        (None, _) => false,
    };
    Ok(Json(json!({ "success": success })))
}

pub(super) async fn delete(
    state: Shared,
    user: CurrentUser,
    body: Result<Json<Request>, JsonRejection>,
) -> Result<Json<Value>, HttpError> {
    let Json(request) = body?;
    let (session, id) = component(&state, &user, &request)?;
    let success = match id {
        Some(id) => session.remove_component(id).await,
        None => false,
    };
    Ok(Json(json!({ "success": success })))
}
