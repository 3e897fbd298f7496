//! The panel of chat settings.

use serde::Serialize;
use serde_json::Value;

use crate::domain::{DateOptions, SettingsPanel, Widget, WidgetItem, WidgetKind};

/// Widgets, or pages of them.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(in super::super) enum PanelList<'a> {
    Widgets(Vec<WidgetDict<'a>>),
    Tabs(Vec<TabDict<'a>>),
}

#[derive(Debug, Serialize)]
pub(in super::super) struct TabDict<'a> {
    id: &'a str,
    label: &'a str,
    inputs: Vec<WidgetDict<'a>>,
}

#[derive(Debug, Serialize)]
pub(in super::super) struct WidgetDict<'a> {
    r#type: &'static str,
    id: &'a str,
    label: &'a str,
    initial: Value,
    tooltip: Option<&'a str>,
    description: Option<&'a str>,
    disabled: bool,
    #[serde(flatten)]
    more: More<'a>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum More<'a> {
    Nothing {},
    Range {
        min: f64,
        max: f64,
        step: f64,
    },
    Items {
        items: Vec<ItemDict<'a>>,
    },
    Text {
        placeholder: Option<&'a str>,
        multiline: bool,
    },
    Number {
        placeholder: Option<&'a str>,
    },
    Date {
        mode: &'static str,
        min_date: Option<&'a str>,
        max_date: Option<&'a str>,
        format: Option<&'a str>,
        placeholder: Option<&'a str>,
    },
}

#[derive(Debug, Serialize)]
struct ItemDict<'a> {
    label: &'a str,
    value: &'a str,
}

impl<'a> PanelList<'a> {
    pub(super) fn new(panel: &'a SettingsPanel) -> Self {
        match panel {
            SettingsPanel::Widgets(it) => Self::Widgets(widgets(it)),
            SettingsPanel::Tabs(tabs) => Self::Tabs(
                tabs.iter()
                    .map(|tab| TabDict {
                        id: &tab.id,
                        label: &tab.label,
                        inputs: widgets(&tab.widgets),
                    })
                    .collect(),
            ),
        }
    }
}

fn widgets(widgets: &[Widget]) -> Vec<WidgetDict<'_>> {
    widgets.iter().map(WidgetDict::new).collect()
}

impl<'a> WidgetDict<'a> {
    fn new(widget: &'a Widget) -> Self {
        let (r#type, more) = kind(&widget.kind);
        Self {
            r#type,
            id: &widget.id,
            label: &widget.label,
            initial: widget.kind.initial(),
            tooltip: widget.tooltip.as_deref(),
            description: widget.description.as_deref(),
            disabled: widget.disabled,
            more,
        }
    }
}

fn kind(kind: &WidgetKind) -> (&'static str, More<'_>) {
    match kind {
        WidgetKind::Switch(_) => ("switch", More::Nothing {}),
        WidgetKind::Checkbox(_) => ("checkbox", More::Nothing {}),
        WidgetKind::Slider { min, max, step, .. } => {
            ("slider", More::Range { min: *min, max: *max, step: *step })
        }
        WidgetKind::Select { items: it, .. } => ("select", More::Items { items: items(it) }),
        WidgetKind::Radio { items: it, .. } => ("radio", More::Items { items: items(it) }),
        WidgetKind::MultiSelect { items: it, .. } => {
            ("multiselect", More::Items { items: items(it) })
        }
        WidgetKind::Text { placeholder, multiline, .. } => {
            let placeholder = placeholder.as_deref();
            ("textinput", More::Text { placeholder, multiline: *multiline })
        }
        WidgetKind::Number { placeholder, .. } => {
            ("numberinput", More::Number { placeholder: placeholder.as_deref() })
        }
        WidgetKind::Tags(_) => ("tags", More::Nothing {}),
        WidgetKind::Date { options, .. } => ("datepicker", date("single", options)),
        WidgetKind::DateRange { options, .. } => ("datepicker", date("range", options)),
    }
}

fn items(items: &[WidgetItem]) -> Vec<ItemDict<'_>> {
    items.iter().map(|item| ItemDict { label: &item.label, value: &item.value }).collect()
}

fn date<'a>(mode: &'static str, options: &'a DateOptions) -> More<'a> {
    More::Date {
        mode,
        min_date: options.min.as_deref(),
        max_date: options.max.as_deref(),
        format: options.format.as_deref(),
        placeholder: options.placeholder.as_deref(),
    }
}
