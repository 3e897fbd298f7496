//! Questions that a turn waits for.

use std::{sync::Arc, time::Duration};

use super::{ActionId, AskId, ElementId, FileInfo, Json, Step, StepId, UserMessage};

/// A question that the client shows.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Tells its answer from that of an older one.
    pub id: AskId,
    /// The message that asks.
    pub step: Arc<Step>,
    /// What is asked for.
    pub kind: AskKind,
    /// How long the client has.
    pub timeout: Duration,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub enum AskKind {
    /// Some text.
    Text,
    /// One of these buttons.
    Action(Vec<ActionId>),
    /// Files.
    File(FileRequest),
    /// What the user enters into a component.
    Element(ElementId),
}

/// Which files are asked for.
#[derive(Clone, Debug)]
pub struct FileRequest {
    /// MIME types, also with `*` as `image/*`, and extensions such as `.csv`.
    pub accept: Vec<String>,
    /// At most so many.
    pub max_files: u32,
    /// Bytes of each.
    pub max_bytes: u64,
}

/// A function of the page that a bot calls.
#[derive(Clone, Debug)]
pub struct FunctionCall {
    /// Tells its answer from that of an older one.
    pub id: AskId,
    /// Its name.
    pub name: String,
    /// Its arguments: a JSON object.
    pub arguments: Json,
    /// How long the client has.
    pub timeout: Duration,
}

/// What a client answers.
#[derive(Clone, Debug)]
pub enum ClientAnswer {
    /// Text, as a message of the user.
    Text(UserMessage),
    /// A button.
    Action(ActionId),
    /// Files that it has uploaded.
    Files(Vec<ElementId>),
    /// A component's, or a function's: any JSON.
    Json(Json),
}

/// What a bot gets as the answer to a question.
#[derive(Clone, Debug)]
pub enum AskReply {
    /// Text, and the id of the message that holds it.
    Text {
        /// The user's message.
        message_id: StepId,
        /// What it says.
        text: String,
    },
    /// The button.
    Action {
        /// Its id.
        id: ActionId,
        /// Its name.
        name: String,
        /// Its label.
        label: String,
        /// What was attached to it.
        payload: Json,
    },
    /// The files.
    Files(Vec<FileInfo>),
    /// What a component or a function answered.
    Json(Json),
}
