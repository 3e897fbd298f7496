//! How a bot presents itself.

use crate::{
    Error, Json, Result,
    bindings::describe::chinwag::bot::{profile as host, types},
};

/// What users see of a bot before they talk to it; [`Bot::describe`](crate::Bot::describe) returns
/// it.
///
/// ```
/// use chinwag_sdk::{Category, Profile, Starter, json};
///
/// let profile = Profile::new()
///     .display_name("Weather")
///     .description("Tells the **weather** of any city.")
///     .starter("Rain today?", "Will it rain in Basel today?")
///     .starter_with_icon("The week", "The weather of this week", "/public/week.svg")
///     .category(Category::new("Travel").starter(Starter::new("Alps", "Snow?").command("Search")))
///     .require_environment("WEATHER_KEY")
///     .overrides(json!({ "ui": { "default_theme": "light" } }));
/// # drop(profile);
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Profile {
    display_name: Option<String>,
    description: Option<String>,
    icon: Option<String>,
    starters: Vec<Starter>,
    categories: Vec<Category>,
    environment: Vec<String>,
    hosts: Vec<String>,
    secrets: Vec<String>,
    models: Vec<String>,
    overrides: Option<String>,
}

/// A suggestion for a first message.
#[derive(Clone, Debug)]
#[must_use = "it is not offered until a profile has it"]
pub struct Starter {
    label: String,
    message: String,
    command: Option<String>,
    icon: Option<String>,
}

impl Starter {
    /// A suggestion: `label` is shown, `message` is sent.
    pub fn new(label: impl Into<String>, message: impl Into<String>) -> Self {
        Self { label: label.into(), message: message.into(), command: None, icon: None }
    }

    /// The slash command that goes with the message.
    pub fn command(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into());
        self
    }

    /// The address of an icon: `https:…`, or a path below `/public/`.
    pub fn icon(mut self, url: impl Into<String>) -> Self {
        self.icon = Some(url.into());
        self
    }
}

/// Suggestions of one kind.
#[derive(Clone, Debug)]
#[must_use = "it is not offered until a profile has it"]
pub struct Category {
    label: String,
    icon: Option<String>,
    starters: Vec<Starter>,
}

impl Category {
    /// A kind of suggestions that has none yet.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), icon: None, starters: Vec::new() }
    }

    /// The address of an icon: `https:…`, or a path below `/public/`.
    pub fn icon(mut self, url: impl Into<String>) -> Self {
        self.icon = Some(url.into());
        self
    }

    /// Adds a suggestion, at most 32.
    pub fn starter(mut self, starter: Starter) -> Self {
        self.starters.push(starter);
        self
    }
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
        self.with_starter(Starter::new(label, message))
    }

    /// Adds a suggestion with an icon, an address as in [`icon`](Self::icon).
    pub fn starter_with_icon(
        self,
        label: impl Into<String>,
        message: impl Into<String>,
        icon: impl Into<String>,
    ) -> Self {
        self.with_starter(Starter::new(label, message).icon(icon))
    }

    /// Adds a suggestion, which may have an icon and a slash command.
    pub fn with_starter(mut self, starter: Starter) -> Self {
        self.starters.push(starter);
        self
    }

    /// Adds a kind of suggestions, at most 16; clients show kinds instead of the suggestions that
    /// have none.
    pub fn category(mut self, category: Category) -> Self {
        self.categories.push(category);
        self
    }

    /// Asks for a key that the user must give before the first message, for example
    /// `OPENAI_API_KEY`; [`session::environment`](crate::session::environment) tells it. 1 to 128 of
    /// `A-Z`, `a-z`, `0-9` and `_`, at most 16 of them: anything else refuses the upload.
    pub fn require_environment(mut self, key: impl Into<String>) -> Self {
        self.environment.push(key.into());
        self
    }

    /// Asks the operator for requests to hosts ([`http`](crate::http)): `api.example.com`, `*.example.com`,
    /// `api.example.com:8443`, `10.0.0.7:8080` or `10.1.0.0/16`, at most 32 of them: anything else refuses the upload. The
    /// version is held until they are granted.
    pub fn request_host(mut self, pattern: impl Into<String>) -> Self {
        self.hosts.push(pattern.into());
        self
    }

    /// Asks the operator for a secret: `{{secret:NAME}}` in a header of a request stands for it, and the bot never sees it. 1
    /// to 128 of `A-Z`, `a-z`, `0-9`, `-` and `_`, at most 16 of them: anything else refuses the upload.
    pub fn request_secret(mut self, name: impl Into<String>) -> Self {
        self.secrets.push(name.into());
        self
    }

    /// Asks the operator for a model ([`model`](crate::model)), by the operator's name for it; as a secret's, at most 16 of them.
    pub fn request_model(mut self, name: impl Into<String>) -> Self {
        self.models.push(name.into());
        self
    }

    /// Changes the page's settings while this bot is chosen: a JSON object with the objects `ui`
    /// and `features`; anything else refuses the upload.
    pub fn overrides(mut self, overrides: Json) -> Self {
        self.overrides = Some(overrides.to_string());
        self
    }

    /// Says it to the host.
    pub(crate) fn describe_to(&self, host: &host::Profile) -> Result {
        if let Some(name) = &self.display_name {
            host.set_display_name(name);
        }
        if let Some(description) = &self.description {
            host.set_description(description);
        }
        if let Some(icon) = &self.icon {
            host.set_icon(icon);
        }
        for Starter { label, message, command, icon } in &self.starters {
            match command {
                Some(it) => host.add_starter_with_command(label, message, it, icon.as_deref()),
                None => host.add_starter(label, message, icon.as_deref()),
            }
        }
        for category in &self.categories {
            host.add_category(&category.label, category.icon.as_deref());
            for Starter { label, message, command, icon } in &category.starters {
                let (command, icon) = (command.as_deref(), icon.as_deref());
                host.add_category_starter(&category.label, label, message, command, icon);
            }
        }
        for key in &self.environment {
            host.require_environment(key).map_err(|error| refused(key, &error.message))?;
        }
        for host_asked in &self.hosts {
            host.request_host(host_asked).map_err(|error| refused(host_asked, &error.message))?;
        }
        for name in &self.secrets {
            host.request_secret(name).map_err(|error| refused(name, &error.message))?;
        }
        for name in &self.models {
            host.request_model(name).map_err(|error| refused(name, &error.message))?;
        }
        if let Some(overrides) = &self.overrides {
            let refused = |error: types::Error| refused("overrides", &error.message);
            host.set_overrides(overrides).map_err(refused)?;
        }
        Ok(())
    }
}

fn refused(what: &str, why: &str) -> Error {
    Error::new(format!("the profile's `{what}` is refused: {why}"))
}
