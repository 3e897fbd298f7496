//! The panel in which the user changes the settings of the chat.
//!
//! ```
//! use chinwag_sdk::settings::{self, Panel, Select, Slider, Switch, Tab, Text};
//!
//! #[derive(serde::Deserialize)]
//! struct Style {
//!     model: String,
//!     temperature: f64,
//!     verbose: bool,
//! }
//!
//! # fn wrap() -> chinwag_sdk::Result {
//! // The id of a setting is the name of its value.
//! Panel::new()
//!     .with(Select::new("model", "Model").item("Small", "s").item("Big", "b").initial("s"))
//!     .with(Slider::new("temperature", "Temperature", 0.0, 2.0).step(0.1).initial(1.0))
//!     .with(Switch::new("verbose", "Verbose").tooltip("Says more than it has to"))
//!     .show()?;
//! let style: Style = settings::values()?;
//!
//! // The same on pages.
//! settings::show_tabs([
//!     Tab::new("look", "Look").with(Switch::new("dark", "Dark").on()),
//!     Tab::new("you", "You").with(Text::new("name", "Name").placeholder("Ada")),
//! ])?;
//! # Ok(())
//! # }
//! ```
//!
//! [`Bot::on_settings_update`](crate::Bot::on_settings_update) is called when the user has
//! confirmed the panel, [`Bot::on_settings_edit`](crate::Bot::on_settings_edit) while it is open.
//! The values stay with the conversation.

mod widgets;

use serde::de::DeserializeOwned;

pub use self::widgets::{
    Checkbox, DatePicker, DateRangePicker, MultiSelect, Number, Radio, Select, Slider, Switch,
    Tags, Text, Widget,
};
use crate::{Error, Result, wit::chat_settings as host};

/// A panel of one page.
#[derive(Clone, Debug, Default)]
#[must_use = "nothing is shown before `show`"]
pub struct Panel {
    widgets: Vec<host::Widget>,
}

impl Panel {
    /// A panel without settings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a setting, at most 128.
    pub fn with(mut self, widget: impl Into<Widget>) -> Self {
        self.widgets.push(widget.into().into_host());
        self
    }

    /// Shows the panel, instead of the one before; each setting has its value at first again.
    ///
    /// # Errors
    ///
    /// Codes `too-many`, `too-large`, `invalid-value` (an id that is there twice, a number that is
    /// not finite).
    pub fn show(self) -> Result {
        host::show_widgets(&self.widgets).map_err(Error::from_host)
    }
}

/// A page of a panel.
#[derive(Clone, Debug)]
#[must_use = "nothing is shown before `show_tabs`"]
pub struct Tab {
    tab: host::Tab,
}

impl Tab {
    /// A page without settings.
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self { tab: host::Tab { id: id.into(), label: label.into(), widgets: Vec::new() } }
    }

    /// Adds a setting, at most 128 on all pages together.
    pub fn with(mut self, widget: impl Into<Widget>) -> Self {
        self.tab.widgets.push(widget.into().into_host());
        self
    }
}

/// Shows a panel of several pages, at most 16, instead of the one before.
///
/// # Errors
///
/// As [`Panel::show`].
pub fn show_tabs(tabs: impl IntoIterator<Item = Tab>) -> Result {
    let tabs: Vec<_> = tabs.into_iter().map(|it| it.tab).collect();
    host::show_tabs(&tabs).map_err(Error::from_host)
}

/// The values that hold now, in a type whose fields are called like the settings. Before any panel
/// was shown there are none.
///
/// # Errors
///
/// If `T` does not fit. A setting that the user emptied is `null`.
pub fn values<T: DeserializeOwned>() -> Result<T> {
    serde_json::from_str(&host::values())
        .map_err(|error| Error::from(error).context("reading the chat settings"))
}
