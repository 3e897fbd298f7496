//! Pieces of the page, drawn from a bot's props.

use serde::{Deserialize, Serialize};

use super::element::Display;
use crate::{Error, Result, wit::components as host};

/// A component of the page before it is shown: the file `/public/elements/NAME.jsx` of the server,
/// drawn from props.
///
/// ```
/// use chinwag_sdk::emitter::{self, Component};
/// use chinwag_sdk::json;
///
/// # fn wrap() -> chinwag_sdk::Result {
/// let counter = Component::new("Counter").props(&json!({ "count": 1 }));
/// let shown = emitter::send("Count with me")?.component(counter)?;
/// shown.update(&json!({ "count": 2 }))?;
///
/// // Another one of the same key takes the place of the first.
/// Component::new("Weather").props(&json!({ "sky": "clear" })).key("weather").show()?;
/// Component::new("Weather").props(&json!({ "sky": "rain" })).key("weather").show()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is shown until it is attached to a message"]
pub struct Component {
    name: String,
    /// What could not be written as JSON is told when the component is shown.
    props: std::result::Result<String, String>,
    key: Option<String>,
    display: Display,
}

impl Component {
    /// A component without props. Its name has 1 to 64 of `A-Z`, `a-z`, `0-9`, `-` and `_`.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), props: Ok("{}".to_owned()), key: None, display: Display::Inline }
    }

    /// What it is drawn from: whatever serializes to a JSON object.
    pub fn props<T: Serialize + ?Sized>(mut self, props: &T) -> Self {
        self.props = serde_json::to_string(props).map_err(|error| error.to_string());
        self
    }

    /// Tells it from the bot's other components: showing another one of the same key replaces it.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Shows it in the panel at the side.
    pub fn side(self) -> Self {
        self.display(Display::Side)
    }

    /// Shows it on a page of its own.
    pub fn page(self) -> Self {
        self.display(Display::Page)
    }

    /// Where it is shown.
    pub fn display(mut self, display: Display) -> Self {
        self.display = display;
        self
    }

    /// Shows it by itself;
    /// [`MessageHandle::component`](super::MessageHandle::component) shows it below a message.
    ///
    /// # Errors
    ///
    /// Codes `invalid-name`, `invalid-key`, `invalid-json` (props that are no object), `too-large`.
    pub fn show(self) -> Result<ComponentHandle> {
        self.show_below(None)
    }

    pub(super) fn show_below(self, message_id: Option<String>) -> Result<ComponentHandle> {
        let component = host::Component { message_id, ..self.into_host()? };
        let id = host::show(&component).map_err(Error::from_host)?;
        Ok(ComponentHandle { id })
    }

    pub(crate) fn into_host(self) -> Result<host::Component> {
        let context = |error| Error::new(error).context(format_args!("props of `{}`", self.name));
        Ok(host::Component {
            props: self.props.map_err(context)?,
            name: self.name,
            key: self.key,
            message_id: None,
            display: self.display,
        })
    }
}

/// A component that is shown. Keep it in [`session`](crate::session) state to change it later.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ComponentHandle {
    id: String,
}

impl ComponentHandle {
    /// The component's id, a UUID.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Draws it from other props.
    ///
    /// # Errors
    ///
    /// Codes `unknown-element`, `invalid-json`, `too-large`.
    pub fn update<T: Serialize + ?Sized>(&self, props: &T) -> Result {
        host::update(&self.id, &serde_json::to_string(props)?).map_err(Error::from_host)
    }

    /// Removes it.
    ///
    /// # Errors
    ///
    /// Code `unknown-element`.
    pub fn remove(&self) -> Result {
        crate::wit::emitter::remove_element(&self.id).map_err(Error::from_host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn props_that_cannot_be_written_are_told_when_the_component_is_shown() {
        let nobody = std::collections::BTreeMap::from([((), 1)]);
        let error = Component::new("Map").props(&nobody).into_host().unwrap_err();
        assert_eq!(error.to_string(), "props of `Map`: key must be a string");
    }
}
