//! Elements as Chainlit's dict. Where their bytes are served is the business of `http`.

use serde::Serialize;

use crate::domain::{
    Element, ElementContent, ElementDisplay, ElementId, ElementKind, ElementSize, StepId, ThreadId,
};

/// An element, whole.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct ElementDict<'a> {
    id: ElementId,
    thread_id: ThreadId,
    r#type: &'static str,
    url: Option<&'a str>,
    /// Clients that find no `url` fetch `/project/file/{chainlitKey}`.
    chainlit_key: Option<ElementId>,
    name: &'a str,
    display: &'static str,
    object_key: (),
    size: Option<&'static str>,
    props: (),
    page: Option<u32>,
    auto_play: Option<bool>,
    player_config: (),
    language: Option<&'a str>,
    for_id: ForId,
    mime: &'a str,
}

impl<'a> ElementDict<'a> {
    pub(super) fn new(element: &'a Element) -> Self {
        let (url, chainlit_key) = match &element.content {
            ElementContent::Stored(key) => (None, Some(*key)),
            ElementContent::Url(url) => (Some(url.as_str()), None),
        };
        Self {
            id: element.id,
            thread_id: element.thread_id,
            r#type: kind(element.kind),
            url,
            chainlit_key,
            name: &element.name,
            display: display(element.display),
            object_key: (),
            size: element.size.map(size),
            props: (),
            page: element.page,
            auto_play: (element.kind == ElementKind::Audio).then_some(element.auto_play),
            player_config: (),
            language: element.language.as_deref(),
            for_id: element.message_id.map_or(ForId::Nothing(""), ForId::Message),
            mime: &element.mime,
        }
    }
}

/// What an element belongs to. Clients drop elements without the key, so a task list says "nothing".
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum ForId {
    Message(StepId),
    Nothing(&'static str),
}

fn kind(kind: ElementKind) -> &'static str {
    match kind {
        ElementKind::Image => "image",
        ElementKind::Text => "text",
        ElementKind::Pdf => "pdf",
        ElementKind::Audio => "audio",
        ElementKind::Video => "video",
        ElementKind::File => "file",
        ElementKind::Dataframe => "dataframe",
        ElementKind::Plotly => "plotly",
        ElementKind::Tasklist => "tasklist",
    }
}

fn display(display: ElementDisplay) -> &'static str {
    match display {
        ElementDisplay::Inline => "inline",
        ElementDisplay::Side => "side",
        ElementDisplay::Page => "page",
    }
}

fn size(size: ElementSize) -> &'static str {
    match size {
        ElementSize::Small => "small",
        ElementSize::Medium => "medium",
        ElementSize::Large => "large",
    }
}
