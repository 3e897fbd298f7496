//! Commands, modes and the panel of settings.

use std::collections::BTreeSet;

use wasmtime::Result;

use super::{CallError, Error, HostCall, TurnState, at_most, check};
use crate::{
    domain::{Command, Mode, ModeOption, SettingsPanel, SettingsTab, Widget, WidgetKind},
    sandbox::{
        bindings::chinwag::bot::{chat_settings, composer},
        weight::Weigh,
    },
};

const MAX_COMMANDS: usize = 64;
const MAX_MODES: usize = 16;
const MAX_OPTIONS: usize = 64;
const MAX_WIDGETS: usize = 128;
const MAX_TABS: usize = 16;
const MAX_ITEMS: usize = 256;

impl composer::Host for TurnState {
    async fn set_commands(
        &mut self,
        commands: Vec<composer::Command>,
    ) -> Result<Result<(), Error>> {
        check!(self, at_most(MAX_COMMANDS, commands.len(), "commands"));
        check!(self, self.emit(commands.weight())?);
        let commands = commands.into_iter().map(Command::from).collect();
        self.call(HostCall::SetCommands { commands }).await?;
        Ok(Ok(()))
    }

    async fn set_modes(&mut self, modes: Vec<composer::Mode>) -> Result<Result<(), Error>> {
        check!(self, at_most(MAX_MODES, modes.len(), "modes"));
        for mode in &modes {
            check!(self, at_most(MAX_OPTIONS, mode.options.len(), "options of a mode"));
        }
        check!(self, self.emit(modes.weight())?);
        let modes = modes.into_iter().map(Mode::from).collect();
        self.call(HostCall::SetModes { modes }).await?;
        Ok(Ok(()))
    }
}

impl chat_settings::Host for TurnState {
    async fn show_widgets(
        &mut self,
        widgets: Vec<chat_settings::Widget>,
    ) -> Result<Result<(), Error>> {
        check!(self, at_most(MAX_WIDGETS, widgets.len(), "settings"));
        check!(self, self.emit(widgets.weight())?);
        let widgets: Vec<Widget> = widgets.into_iter().map(Into::into).collect();
        check!(self, sound(&widgets));
        self.call(HostCall::ShowSettings { panel: SettingsPanel::Widgets(widgets) }).await?;
        Ok(Ok(()))
    }

    async fn show_tabs(&mut self, tabs: Vec<chat_settings::Tab>) -> Result<Result<(), Error>> {
        check!(self, at_most(MAX_TABS, tabs.len(), "pages of settings"));
        let widgets = tabs.iter().map(|tab| tab.widgets.len()).sum();
        check!(self, at_most(MAX_WIDGETS, widgets, "settings"));
        check!(self, self.emit(tabs.weight())?);
        let tabs: Vec<SettingsTab> = tabs.into_iter().map(Into::into).collect();
        check!(self, sound(tabs.iter().flat_map(|tab| &tab.widgets)));
        check!(self, unique(tabs.iter().map(|tab| tab.id.as_str())));
        self.call(HostCall::ShowSettings { panel: SettingsPanel::Tabs(tabs) }).await?;
        Ok(Ok(()))
    }

    async fn values(&mut self) -> Result<String> {
        let values = self.ask(|reply| HostCall::Settings { reply }).await??;
        Ok(values.get().to_owned())
    }
}

/// Whether a client can show these settings and keep their values apart.
fn sound<'a>(widgets: impl IntoIterator<Item = &'a Widget>) -> Result<(), CallError> {
    let mut ids = Vec::new();
    for widget in widgets {
        ids.push(widget.id.as_str());
        let is_sound = match &widget.kind {
            WidgetKind::Slider { initial, min, max, step } => {
                [initial, min, max, step].iter().all(|it| it.is_finite()) && *step > 0.0
            }
            WidgetKind::Number { initial, .. } => initial.is_none_or(f64::is_finite),
            WidgetKind::Select { items, .. }
            | WidgetKind::Radio { items, .. }
            | WidgetKind::MultiSelect { items, .. } => {
                at_most(MAX_ITEMS, items.len(), "items of a setting")?;
                true
            }
            _ => true,
        };
        if !is_sound {
            return Err(invalid(&widget.id, "has a number that is not finite, or no step"));
        }
    }
    unique(ids)
}

fn unique<'a>(ids: impl IntoIterator<Item = &'a str>) -> Result<(), CallError> {
    let mut seen = BTreeSet::new();
    match ids.into_iter().find(|id| !seen.insert(*id)) {
        None => Ok(()),
        Some(twice) => Err(invalid(twice, "is there twice; ids are unique")),
    }
}

fn invalid(id: &str, why: &str) -> CallError {
    let id: String = id.chars().take(64).collect();
    CallError::new("invalid-value", format!("`{id}` {why}"))
}

impl From<composer::Command> for Command {
    fn from(it: composer::Command) -> Self {
        Self {
            id: it.id,
            description: it.description,
            icon: it.icon.unwrap_or_default(),
            button: it.button,
            persistent: it.persistent,
            selected: it.selected,
        }
    }
}

impl From<composer::Mode> for Mode {
    fn from(it: composer::Mode) -> Self {
        let options = it.options.into_iter().map(|it| ModeOption {
            id: it.id,
            name: it.name,
            description: it.description,
            icon: it.icon,
            is_default: it.is_default,
        });
        Self { id: it.id, name: it.name, options: options.collect() }
    }
}
