//! What a bot puts beside the text that a user writes: commands, modes, settings.

use serde::{Deserialize, Serialize};

use super::Json;

/// A slash command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the WIT documents each field")]
pub struct Command {
    pub id: String,
    pub description: String,
    pub icon: String,
    pub button: bool,
    pub persistent: bool,
    pub selected: bool,
}

/// A choice that goes with every message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the WIT documents each field")]
pub struct Mode {
    pub id: String,
    pub name: String,
    pub options: Vec<ModeOption>,
}

/// One option of a mode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the WIT documents each field")]
pub struct ModeOption {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub icon: Option<String>,
    #[serde(rename = "default")]
    pub is_default: bool,
}

/// The panel of chat settings.
#[derive(Clone, Debug)]
pub enum SettingsPanel {
    /// One page.
    Widgets(Vec<Widget>),
    /// Several pages.
    Tabs(Vec<SettingsTab>),
}

/// A page of the settings.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the WIT documents each field")]
pub struct SettingsTab {
    pub id: String,
    pub label: String,
    pub widgets: Vec<Widget>,
}

/// One setting.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the WIT documents each field")]
pub struct Widget {
    pub id: String,
    pub label: String,
    pub tooltip: Option<String>,
    pub description: Option<String>,
    pub disabled: bool,
    pub kind: WidgetKind,
}

/// How a setting is set; each holds its value at first.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the WIT documents each kind")]
pub enum WidgetKind {
    Switch(bool),
    Checkbox(bool),
    Slider { initial: f64, min: f64, max: f64, step: f64 },
    Select { items: Vec<WidgetItem>, initial: Option<String> },
    Radio { items: Vec<WidgetItem>, initial: Option<String> },
    MultiSelect { items: Vec<WidgetItem>, initial: Vec<String> },
    Text { initial: String, placeholder: Option<String>, multiline: bool },
    Number { initial: Option<f64>, placeholder: Option<String> },
    Tags(Vec<String>),
    Date { initial: Option<String>, options: DateOptions },
    DateRange { initial: Option<(String, String)>, options: DateOptions },
}

/// What is offered to choose from.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the WIT documents each field")]
pub struct WidgetItem {
    pub label: String,
    pub value: String,
}

/// How a date is picked.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the WIT documents each field")]
pub struct DateOptions {
    pub min: Option<String>,
    pub max: Option<String>,
    pub format: Option<String>,
    pub placeholder: Option<String>,
}

impl SettingsPanel {
    /// The values at first: a JSON object.
    #[must_use]
    pub fn initial(&self) -> Json {
        let widgets: Vec<&Widget> = match self {
            Self::Widgets(widgets) => widgets.iter().collect(),
            Self::Tabs(tabs) => tabs.iter().flat_map(|tab| &tab.widgets).collect(),
        };
        let values: serde_json::Map<String, serde_json::Value> =
            widgets.into_iter().map(|it| (it.id.clone(), it.kind.initial())).collect();
        super::to_json(&values)
    }
}

impl WidgetKind {
    /// The value at first.
    #[must_use]
    pub fn initial(&self) -> serde_json::Value {
        use serde_json::json;
        match self {
            Self::Switch(it) | Self::Checkbox(it) => json!(it),
            Self::Slider { initial, .. } => json!(initial),
            Self::Select { initial, .. } | Self::Radio { initial, .. } => json!(initial),
            Self::MultiSelect { initial, .. } | Self::Tags(initial) => json!(initial),
            Self::Text { initial, .. } => json!(initial),
            Self::Number { initial, .. } => json!(initial),
            Self::Date { initial, .. } => json!(initial),
            Self::DateRange { initial, .. } => json!(initial),
        }
    }
}
