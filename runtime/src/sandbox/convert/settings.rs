//! Settings, as the guest writes them, to settings of the domain.

use crate::{
    domain::{DateOptions, SettingsTab, Widget, WidgetItem, WidgetKind},
    sandbox::bindings::chinwag::bot::chat_settings as wit,
};

impl From<wit::Tab> for SettingsTab {
    fn from(it: wit::Tab) -> Self {
        let widgets = it.widgets.into_iter().map(Into::into).collect();
        Self { id: it.id, label: it.label, widgets }
    }
}

impl From<wit::Widget> for Widget {
    fn from(it: wit::Widget) -> Self {
        Self {
            id: it.id,
            label: it.label,
            tooltip: it.tooltip,
            description: it.description,
            disabled: it.disabled,
            kind: it.kind.into(),
        }
    }
}

impl From<wit::WidgetKind> for WidgetKind {
    fn from(kind: wit::WidgetKind) -> Self {
        match kind {
            wit::WidgetKind::Switch(initial) => Self::Switch(initial),
            wit::WidgetKind::Checkbox(initial) => Self::Checkbox(initial),
            wit::WidgetKind::Slider(wit::Slider { initial, min, max, step }) => {
                Self::Slider { initial, min, max, step }
            }
            wit::WidgetKind::Select(it) => {
                Self::Select { items: items(it.items), initial: it.initial }
            }
            wit::WidgetKind::Radio(it) => {
                Self::Radio { items: items(it.items), initial: it.initial }
            }
            wit::WidgetKind::MultiSelect(it) => {
                Self::MultiSelect { items: items(it.items), initial: it.initial }
            }
            wit::WidgetKind::Text(wit::TextInput { initial, placeholder, multiline }) => {
                Self::Text { initial, placeholder, multiline }
            }
            wit::WidgetKind::Number(wit::NumberInput { initial, placeholder }) => {
                Self::Number { initial, placeholder }
            }
            wit::WidgetKind::Tags(initial) => Self::Tags(initial),
            wit::WidgetKind::Date(it) => {
                Self::Date { initial: it.initial, options: it.options.into() }
            }
            wit::WidgetKind::DateRange(it) => {
                Self::DateRange { initial: it.initial, options: it.options.into() }
            }
        }
    }
}

fn items(items: Vec<wit::Item>) -> Vec<WidgetItem> {
    items.into_iter().map(|it| WidgetItem { label: it.label, value: it.value }).collect()
}

impl From<wit::DateOptions> for DateOptions {
    fn from(it: wit::DateOptions) -> Self {
        Self { min: it.min, max: it.max, format: it.format, placeholder: it.placeholder }
    }
}
