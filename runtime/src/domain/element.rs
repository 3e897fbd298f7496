//! Pictures, files and tables beside text.

use serde::{Deserialize, Serialize};

use super::{ElementId, Json, StepId, ThreadId};

/// How an element is rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the WIT documents each kind")]
pub enum ElementKind {
    Image,
    Text,
    Pdf,
    Audio,
    Video,
    File,
    Dataframe,
    Plotly,
    Tasklist,
    Custom,
}

/// Where an element is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ElementDisplay {
    /// Below its message.
    Inline,
    /// In the side panel.
    Side,
    /// On a page of its own.
    Page,
}

/// How large an inline element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the WIT documents each size")]
pub enum ElementSize {
    Small,
    Medium,
    Large,
}

/// Where an element's content is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ElementContent {
    /// In the thread's files, under this key (a fresh one for each update: clients cache by it), and its size in bytes.
    Stored(ElementId, u64),
    /// At an address that the browser fetches.
    Url(String),
    /// Nowhere: a component is drawn from its props.
    Nothing,
}

/// A picture, file or table beside text.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Element {
    /// Its id.
    pub id: ElementId,
    /// The thread it belongs to.
    pub thread_id: ThreadId,
    /// The message it belongs to.
    pub message_id: Option<StepId>,
    /// How it is rendered.
    pub kind: ElementKind,
    /// What it is called.
    pub name: String,
    /// Its MIME type.
    pub mime: String,
    /// Where its content is.
    pub content: ElementContent,
    /// Where it is shown.
    pub display: ElementDisplay,
    /// How large it is.
    pub size: Option<ElementSize>,
    /// The code language of a text.
    pub language: Option<String>,
    /// The first page of a PDF, from 1.
    pub page: Option<u32>,
    /// Whether a sound starts by itself.
    pub auto_play: bool,
    /// What a component is drawn from: a JSON object.
    pub props: Option<Json>,
    /// How a film is played: a JSON object.
    pub player_config: Option<Json>,
    /// Tells the components of a bot apart: showing another one of the same key replaces the first.
    pub key: Option<String>,
}

impl Element {
    /// A fresh element that belongs to no message, stands inline and has no more than it needs.
    #[must_use]
    pub fn new(
        thread_id: ThreadId,
        kind: ElementKind,
        name: impl Into<String>,
        mime: impl Into<String>,
        content: ElementContent,
    ) -> Self {
        Self {
            id: ElementId::random(),
            thread_id,
            message_id: None,
            kind,
            name: name.into(),
            mime: mime.into(),
            content,
            display: ElementDisplay::Inline,
            size: None,
            language: None,
            page: None,
            auto_play: false,
            props: None,
            player_config: None,
            key: None,
        }
    }
}
