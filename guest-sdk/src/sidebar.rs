//! The panel at the side of the chat.
//!
//! ```
//! use chinwag_sdk::{emitter::{Component, element}, json, sidebar};
//!
//! # fn wrap() -> chinwag_sdk::Result {
//! sidebar::titled("The plan")
//!     .element(element::text("plan", "1. think\n2. act"))
//!     .component(Component::new("Progress").props(&json!({ "done": 1, "of": 2 })))
//!     .show()?;
//! sidebar::close()?;
//! # Ok(())
//! # }
//! ```

use crate::{
    Error, Result,
    emitter::{Component, element::Element},
    wit::sidebar as host,
};

/// What the panel is to show. Made by [`titled`].
#[derive(Clone, Debug)]
#[must_use = "nothing is shown before `show`"]
pub struct Sidebar {
    title: String,
    items: Vec<Item>,
    key: Option<String>,
}

#[derive(Clone, Debug)]
enum Item {
    Element(Element),
    Component(Component),
}

/// The panel under this title. The title `canvas` gives it the whole width that it can have, and no
/// border.
pub fn titled(title: impl Into<String>) -> Sidebar {
    Sidebar { title: title.into(), items: Vec::new(), key: None }
}

impl Sidebar {
    /// Adds a picture, a file, a text.
    pub fn element(mut self, element: Element) -> Self {
        self.items.push(Item::Element(element));
        self
    }

    /// Adds a component of the page.
    pub fn component(mut self, component: Component) -> Self {
        self.items.push(Item::Component(component));
        self
    }

    /// While the panel shows something with this key, showing the same key again leaves it as it is.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Shows the panel, instead of what it showed.
    ///
    /// # Errors
    ///
    /// Codes `too-many` (more than 32), `invalid-url`, `storage-full`, `too-large`, `invalid-name`,
    /// `invalid-json`.
    pub fn show(self) -> Result {
        let items = self.items.into_iter().map(|item| match item {
            Item::Element(element) => Ok(host::Item::Element(element.into_host())),
            Item::Component(component) => component.into_host().map(host::Item::Component),
        });
        let items = items.collect::<Result<Vec<_>>>()?;
        host::set_title(&self.title).map_err(Error::from_host)?;
        host::set_elements(&items, self.key.as_deref()).map(drop).map_err(Error::from_host)
    }
}

/// Changes the title of the panel, and opens it.
///
/// # Errors
///
/// Code `too-large` above 1 KiB.
pub fn set_title(title: impl AsRef<str>) -> Result {
    host::set_title(title.as_ref()).map_err(Error::from_host)
}

/// Closes the panel.
///
/// # Errors
///
/// As the host says; none is expected.
pub fn close() -> Result {
    host::close().map_err(Error::from_host)
}
