//! Pictures, files and tables beside text.
//!
//! ```
//! use chinwag_sdk::emitter::{self, element::{self, Source, Table}};
//! use chinwag_sdk::json;
//!
//! # fn wrap(png: Vec<u8>) -> chinwag_sdk::Result {
//! let figure = json!({ "data": [{ "x": [1, 2], "y": [3, 4] }], "layout": {} });
//! emitter::message("See notes for more")
//!     .element(element::image("plot.png", png))
//!     .element(element::text("notes", "Some *Markdown*").side())
//!     .element(element::video("film.mp4", Source::url("https://example.org/film.mp4")))
//!     .element(element::dataframe("prices", &Table::new(["dish", "price"]).row(["soup", "4"]))?)
//!     .element(element::plotly("chart", &figure)?)
//!     .send()?;
//! # Ok(())
//! # }
//! ```

mod source;
mod table;

use serde::{Deserialize, Serialize};

pub use self::{source::Source, table::Table};
use super::TaskList;
pub use crate::wit::emitter::{ElementDisplay as Display, ElementSize as Size};
use crate::{
    Error, Json, Result,
    wit::emitter::{self as host, ElementKind},
};

/// An element before it is shown: below its message, unless told otherwise.
#[derive(Clone, Debug)]
#[must_use = "nothing is shown until it is attached to a message"]
pub struct Element {
    element: host::Element,
    player_config: Option<String>,
}

/// A picture; its name should end like the file it is (`plot.png`).
pub fn image(name: impl Into<String>, source: impl Into<Source>) -> Element {
    Element::new(ElementKind::Image, name, source)
}

/// Text, rendered as Markdown, or as code with a [`language`](Element::language).
pub fn text(name: impl Into<String>, source: impl Into<Source>) -> Element {
    Element::new(ElementKind::Text, name, source)
}

/// A PDF document.
pub fn pdf(name: impl Into<String>, source: impl Into<Source>) -> Element {
    Element::new(ElementKind::Pdf, name, source)
}

/// A sound.
pub fn audio(name: impl Into<String>, source: impl Into<Source>) -> Element {
    Element::new(ElementKind::Audio, name, source)
}

/// A film.
pub fn video(name: impl Into<String>, source: impl Into<Source>) -> Element {
    Element::new(ElementKind::Video, name, source)
}

/// A download.
pub fn file(name: impl Into<String>, source: impl Into<Source>) -> Element {
    Element::new(ElementKind::File, name, source)
}

/// A table: a [`Table`], or anything that serializes to `{"columns": […], "index": […], "data":
/// [[…]]}`.
///
/// # Errors
///
/// If it cannot be written as JSON.
pub fn dataframe<T: Serialize>(name: impl Into<String>, table: &T) -> Result<Element> {
    Ok(Element::new(ElementKind::Dataframe, name, serde_json::to_vec(table)?))
}

/// A Plotly figure: anything that serializes to `{"data": […], "layout": {…}}`.
///
/// # Errors
///
/// If it cannot be written as JSON.
pub fn plotly<T: Serialize>(name: impl Into<String>, figure: &T) -> Result<Element> {
    Ok(Element::new(ElementKind::Plotly, name, serde_json::to_vec(figure)?))
}

pub(super) fn task_list(list: &TaskList) -> Result<Element> {
    Ok(Element::new(ElementKind::Tasklist, "tasklist", serde_json::to_vec(list)?))
}

impl Element {
    fn new(kind: ElementKind, name: impl Into<String>, source: impl Into<Source>) -> Self {
        let element = host::Element {
            name: name.into(),
            kind,
            source: source.into().into_host(),
            mime: None,
            message_id: None,
            display: Display::Inline,
            size: None,
            language: None,
            page: None,
            auto_play: false,
        };
        Self { element, player_config: None }
    }

    /// Its MIME type; guessed from the kind and the name by default.
    pub fn mime(mut self, mime: impl Into<String>) -> Self {
        self.element.mime = Some(mime.into());
        self
    }

    /// Shows it in the panel at the side; the message's text links to it wherever it contains the
    /// element's name.
    pub fn side(self) -> Self {
        self.display(Display::Side)
    }

    /// Shows it on a page of its own, linked likewise.
    pub fn page(self) -> Self {
        self.display(Display::Page)
    }

    /// Where it is shown.
    pub fn display(mut self, display: Display) -> Self {
        self.element.display = display;
        self
    }

    /// How large it is below the message.
    pub fn size(mut self, size: Size) -> Self {
        self.element.size = Some(size);
        self
    }

    /// The code language of a text.
    pub fn language(mut self, language: impl Into<String>) -> Self {
        self.element.language = Some(language.into());
        self
    }

    /// The first page shown of a PDF, from 1.
    pub fn first_page(mut self, page: u32) -> Self {
        self.element.page = Some(page);
        self
    }

    /// Lets a sound start by itself.
    pub fn auto_play(mut self) -> Self {
        self.element.auto_play = true;
        self
    }

    /// Settings of a film's player: a JSON object, for example
    /// `{"youtube": {"playerVars": {"start": 30}}}`. A film that is updated plays without them.
    pub fn player_config(mut self, config: Json) -> Self {
        self.player_config = Some(config.to_string());
        self
    }

    /// For whoever shows it elsewhere than below a message.
    pub(crate) fn into_host(self) -> host::Element {
        self.element
    }

    pub(super) fn send(mut self, message_id: &str) -> Result<ElementHandle> {
        self.element.message_id = Some(message_id.to_owned());
        self.show()
    }

    pub(super) fn show(self) -> Result<ElementHandle> {
        let id = match &self.player_config {
            Some(config) => host::send_video(&self.element, config),
            None => host::send_element(&self.element),
        };
        let id = id.map_err(Error::from_host)?;
        Ok(ElementHandle { id, message_id: self.element.message_id })
    }
}

/// An element that is shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ElementHandle {
    id: String,
    message_id: Option<String>,
}

impl ElementHandle {
    /// The element's id, a UUID.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Shows another element in its place.
    ///
    /// # Errors
    ///
    /// Codes `unknown-element`, `invalid-url`, `storage-full`, `too-large`.
    pub fn update(&self, mut element: Element) -> Result {
        element.element.message_id.clone_from(&self.message_id);
        host::update_element(&self.id, &element.element).map_err(Error::from_host)
    }

    /// Removes the element.
    ///
    /// # Errors
    ///
    /// Code `unknown-element`.
    pub fn remove(&self) -> Result {
        host::remove_element(&self.id).map_err(Error::from_host)
    }
}
