//! What stands beside the field in which the user writes: slash commands and modes.
//!
//! ```
//! use chinwag_sdk::composer::{self, Command, Mode, ModeOption};
//!
//! # fn wrap() -> chinwag_sdk::Result {
//! composer::set_commands([
//!     Command::new("Search").description("Find on the web").icon("globe").button(),
//!     Command::new("Picture").description("Paint it").icon("image"),
//! ])?;
//! composer::set_modes([Mode::new("llm", "Model")
//!     .option(ModeOption::new("small", "Small").description("fast").icon("zap"))
//!     .option(ModeOption::new("big", "Big").by_default())])?;
//! # Ok(())
//! # }
//! ```
//!
//! Both stay until they are set anew. What the user picked arrives with each message, in
//! [`Message::command`](crate::Message::command) and [`Message::modes`](crate::Message::modes); it
//! comes from the client, so expect any.

use crate::{Error, Result, wit::composer as host};

/// A slash command.
#[derive(Clone, Debug)]
#[must_use = "it is not offered until it is set"]
pub struct Command {
    command: host::Command,
}

impl Command {
    /// A command with this id, which is also the text that is shown.
    pub fn new(id: impl Into<String>) -> Self {
        let command = host::Command {
            id: id.into(),
            description: String::new(),
            icon: None,
            button: false,
            persistent: false,
            selected: false,
        };
        Self { command }
    }

    /// What it does, shown in the menu.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.command.description = description.into();
        self
    }

    /// A Lucide icon's name.
    pub fn icon(mut self, name: impl Into<String>) -> Self {
        self.command.icon = Some(name.into());
        self
    }

    /// Gives it a button below the field, beside its place in the menu.
    pub fn button(mut self) -> Self {
        self.command.button = true;
        self
    }

    /// Keeps it picked after a message is sent.
    pub fn persistent(mut self) -> Self {
        self.command.persistent = true;
        self
    }

    /// Picks it from the beginning.
    pub fn selected(mut self) -> Self {
        self.command.selected = true;
        self
    }
}

/// Sets the slash commands, at most 64, instead of those before; none takes them away.
///
/// # Errors
///
/// Codes `too-many`, `too-large`.
pub fn set_commands(commands: impl IntoIterator<Item = Command>) -> Result {
    let commands: Vec<_> = commands.into_iter().map(|it| it.command).collect();
    host::set_commands(&commands).map_err(Error::from_host)
}

/// A choice that goes with every message: a model, a style, an effort.
#[derive(Clone, Debug)]
#[must_use = "it is not offered until it is set"]
pub struct Mode {
    mode: host::Mode,
}

impl Mode {
    /// A mode without options; its id goes with the message, its name is shown.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { mode: host::Mode { id: id.into(), name: name.into(), options: Vec::new() } }
    }

    /// Adds something to choose, at most 64.
    pub fn option(mut self, option: ModeOption) -> Self {
        self.mode.options.push(option.option);
        self
    }
}

/// One option of a mode.
#[derive(Clone, Debug)]
#[must_use = "it is not offered until its mode is set"]
pub struct ModeOption {
    option: host::ModeOption,
}

impl ModeOption {
    /// An option; its id goes with the message, its name is shown.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        let option = host::ModeOption {
            id: id.into(),
            name: name.into(),
            description: None,
            icon: None,
            is_default: false,
        };
        Self { option }
    }

    /// What it means, shown below the name.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.option.description = Some(description.into());
        self
    }

    /// A Lucide icon's name, a path below `/public/`, or an address.
    pub fn icon(mut self, icon: impl Into<String>) -> Self {
        self.option.icon = Some(icon.into());
        self
    }

    /// Picks it from the beginning.
    pub fn by_default(mut self) -> Self {
        self.option.is_default = true;
        self
    }
}

/// Sets the modes, at most 16, instead of those before; none takes them away.
///
/// # Errors
///
/// Codes `too-many`, `too-large`.
pub fn set_modes(modes: impl IntoIterator<Item = Mode>) -> Result {
    let modes: Vec<_> = modes.into_iter().map(|it| it.mode).collect();
    host::set_modes(&modes).map_err(Error::from_host)
}
