//! How a bot presents itself.

use crate::bindings::describe::chinwag::bot::profile as host;

/// What users see of a bot before they talk to it; [`Bot::describe`](crate::Bot::describe) returns
/// it.
///
/// ```
/// use chinwag_sdk::Profile;
///
/// let profile = Profile::new()
///     .display_name("Weather")
///     .description("Tells the **weather** of any city.")
///     .starter("Rain today?", "Will it rain in Basel today?")
///     .starter_with_icon("The week", "The weather of this week", "/public/week.svg");
/// # drop(profile);
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Profile {
    display_name: Option<String>,
    description: Option<String>,
    icon: Option<String>,
    starters: Vec<Starter>,
}

#[derive(Clone, Debug)]
struct Starter {
    label: String,
    message: String,
    icon: Option<String>,
}

impl Profile {
    /// A profile that says nothing: the bot is shown under the name it is deployed as.
    pub fn new() -> Self {
        Self::default()
    }

    /// The name shown in the picker and beside messages.
    pub fn display_name(mut self, name: impl Into<String>) -> Self {
        self.display_name = Some(name.into());
        self
    }

    /// What the bot is for, Markdown.
    pub fn description(mut self, markdown: impl Into<String>) -> Self {
        self.description = Some(markdown.into());
        self
    }

    /// The address of an icon: `https:…`, or a path below `/public/`.
    pub fn icon(mut self, url: impl Into<String>) -> Self {
        self.icon = Some(url.into());
        self
    }

    /// Adds a suggestion for a first message: `label` is shown, `message` is sent. At most 32.
    pub fn starter(self, label: impl Into<String>, message: impl Into<String>) -> Self {
        self.with(Starter { label: label.into(), message: message.into(), icon: None })
    }

    /// Adds a suggestion with an icon, an address as in [`icon`](Self::icon).
    pub fn starter_with_icon(
        self,
        label: impl Into<String>,
        message: impl Into<String>,
        icon: impl Into<String>,
    ) -> Self {
        self.with(Starter { label: label.into(), message: message.into(), icon: Some(icon.into()) })
    }

    fn with(mut self, starter: Starter) -> Self {
        self.starters.push(starter);
        self
    }

    /// Says it to the host.
    pub(crate) fn describe_to(&self, host: &host::Profile) {
        if let Some(name) = &self.display_name {
            host.set_display_name(name);
        }
        if let Some(description) = &self.description {
            host.set_description(description);
        }
        if let Some(icon) = &self.icon {
            host.set_icon(icon);
        }
        for starter in &self.starters {
            host.add_starter(&starter.label, &starter.message, starter.icon.as_deref());
        }
    }
}
