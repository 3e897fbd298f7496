//! The kinds of settings.

use crate::wit::chat_settings::{self as host, WidgetKind};

/// A setting of any kind.
#[derive(Clone, Debug)]
#[must_use = "it is not shown until it is put into a panel"]
pub struct Widget {
    widget: host::Widget,
}

impl Widget {
    pub(super) fn into_host(self) -> host::Widget {
        self.widget
    }
}

/// A kind of setting: what all of them have in common, and the way into a panel.
macro_rules! widget {
    ($(#[$doc:meta])* $name:ident($state:ident: $kind:ty) => $into:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        #[must_use = "it is not shown until it is put into a panel"]
        pub struct $name {
            widget: host::Widget,
            $state: $kind,
        }

        impl $name {
            fn of(id: impl Into<String>, label: impl Into<String>, $state: $kind) -> Self {
                let widget = host::Widget {
                    id: id.into(),
                    label: label.into(),
                    tooltip: None,
                    description: None,
                    disabled: false,
                    kind: WidgetKind::Switch(false),
                };
                Self { widget, $state }
            }

            /// Shown when the pointer rests on it.
            pub fn tooltip(mut self, tooltip: impl Into<String>) -> Self {
                self.widget.tooltip = Some(tooltip.into());
                self
            }

            /// Shown below it.
            pub fn description(mut self, description: impl Into<String>) -> Self {
                self.widget.description = Some(description.into());
                self
            }

            /// Shows it, but lets nobody change it.
            pub fn disabled(mut self) -> Self {
                self.widget.disabled = true;
                self
            }
        }

        impl From<$name> for Widget {
            fn from(it: $name) -> Self {
                let into: fn($kind) -> WidgetKind = $into;
                let kind = into(it.$state);
                Self { widget: host::Widget { kind, ..it.widget } }
            }
        }
    };
}

widget! {
    /// On or off. The value is a boolean.
    Switch(is_on: bool) => WidgetKind::Switch
}

impl Switch {
    /// A switch that is off.
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self::of(id, label, false)
    }

    /// Lets it be on at first.
    pub fn on(self) -> Self {
        self.initial(true)
    }

    /// Whether it is on at first.
    pub fn initial(mut self, is_on: bool) -> Self {
        self.is_on = is_on;
        self
    }
}

widget! {
    /// On or off. The value is a boolean.
    Checkbox(is_on: bool) => WidgetKind::Checkbox
}

impl Checkbox {
    /// A box that is not checked.
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self::of(id, label, false)
    }

    /// Whether it is checked at first.
    pub fn initial(mut self, is_on: bool) -> Self {
        self.is_on = is_on;
        self
    }
}

widget! {
    /// A number on a scale. The value is a number.
    Slider(slider: host::Slider) => WidgetKind::Slider
}

impl Slider {
    /// A scale with these ends and a step of 1; it stands at its beginning.
    pub fn new(id: impl Into<String>, label: impl Into<String>, min: f64, max: f64) -> Self {
        Self::of(id, label, host::Slider { initial: min, min, max, step: 1.0 })
    }

    /// The value at first.
    pub fn initial(mut self, value: f64) -> Self {
        self.slider.initial = value;
        self
    }

    /// How far two neighbouring values are apart.
    pub fn step(mut self, step: f64) -> Self {
        self.slider.step = step;
        self
    }
}

/// The setters of the kinds that offer items.
macro_rules! items {
    ($name:ident, $new:expr) => {
        impl $name {
            /// Nothing to choose from yet.
            pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
                Self::of(id, label, $new)
            }

            /// Adds an item, at most 256: its label is shown, its value is what the setting becomes.
            pub fn item(mut self, label: impl Into<String>, value: impl Into<String>) -> Self {
                self.choice.items.push(host::Item { label: label.into(), value: value.into() });
                self
            }

            /// Adds items whose labels are their values.
            pub fn values<T: Into<String>>(self, values: impl IntoIterator<Item = T>) -> Self {
                values.into_iter().map(Into::into).fold(self, |it, value| {
                    let label: String = value;
                    it.item(label.clone(), label)
                })
            }
        }
    };
}

widget! {
    /// One of a list that folds out. The value is a string.
    Select(choice: host::Choice) => WidgetKind::Select
}

items!(Select, host::Choice { items: Vec::new(), initial: None });

impl Select {
    /// The value at first.
    pub fn initial(mut self, value: impl Into<String>) -> Self {
        self.choice.initial = Some(value.into());
        self
    }
}

widget! {
    /// One of a list that is always visible. The value is a string.
    Radio(choice: host::Choice) => WidgetKind::Radio
}

items!(Radio, host::Choice { items: Vec::new(), initial: None });

impl Radio {
    /// The value at first.
    pub fn initial(mut self, value: impl Into<String>) -> Self {
        self.choice.initial = Some(value.into());
        self
    }
}

widget! {
    /// Any of a list. The value is an array of strings.
    MultiSelect(choice: host::Choices) => WidgetKind::MultiSelect
}

items!(MultiSelect, host::Choices { items: Vec::new(), initial: Vec::new() });

impl MultiSelect {
    /// The values at first.
    pub fn initial<T: Into<String>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self.choice.initial = values.into_iter().map(Into::into).collect();
        self
    }
}

widget! {
    /// A text to be typed. The value is a string.
    Text(input: host::TextInput) => WidgetKind::Text
}

impl Text {
    /// An empty line.
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        let input = host::TextInput { initial: String::new(), placeholder: None, multiline: false };
        Self::of(id, label, input)
    }

    /// The text at first.
    pub fn initial(mut self, text: impl Into<String>) -> Self {
        self.input.initial = text.into();
        self
    }

    /// Shown while the field is empty.
    pub fn placeholder(mut self, text: impl Into<String>) -> Self {
        self.input.placeholder = Some(text.into());
        self
    }

    /// Lets it have several lines.
    pub fn multiline(mut self) -> Self {
        self.input.multiline = true;
        self
    }
}

widget! {
    /// A number to be typed. The value is a number.
    Number(input: host::NumberInput) => WidgetKind::Number
}

impl Number {
    /// An empty field.
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self::of(id, label, host::NumberInput { initial: None, placeholder: None })
    }

    /// The number at first.
    pub fn initial(mut self, number: f64) -> Self {
        self.input.initial = Some(number);
        self
    }

    /// Shown while the field is empty.
    pub fn placeholder(mut self, text: impl Into<String>) -> Self {
        self.input.placeholder = Some(text.into());
        self
    }
}

widget! {
    /// Words that the user adds and removes. The value is an array of strings.
    Tags(tags: Vec<String>) => WidgetKind::Tags
}

impl Tags {
    /// No words.
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self::of(id, label, Vec::new())
    }

    /// The words at first.
    pub fn initial<T: Into<String>>(mut self, words: impl IntoIterator<Item = T>) -> Self {
        self.tags = words.into_iter().map(Into::into).collect();
        self
    }
}

/// The setters of the kinds that pick dates.
macro_rules! dates {
    ($name:ident, $picker:ident) => {
        impl $name {
            /// Nothing is picked.
            pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
                let options =
                    host::DateOptions { min: None, max: None, format: None, placeholder: None };
                Self::of(id, label, host::$picker { initial: None, options })
            }

            /// The first date that can be picked, for example `2026-01-31`.
            pub fn min(mut self, date: impl Into<String>) -> Self {
                self.picker.options.min = Some(date.into());
                self
            }

            /// The last date that can be picked.
            pub fn max(mut self, date: impl Into<String>) -> Self {
                self.picker.options.max = Some(date.into());
                self
            }

            /// How a date is shown, in the notation of date-fns, for example `dd.MM.yyyy`.
            pub fn format(mut self, format: impl Into<String>) -> Self {
                self.picker.options.format = Some(format.into());
                self
            }

            /// Shown while nothing is picked.
            pub fn placeholder(mut self, text: impl Into<String>) -> Self {
                self.picker.options.placeholder = Some(text.into());
                self
            }
        }
    };
}

widget! {
    /// A date. The value is a string, ISO 8601.
    DatePicker(picker: host::DatePicker) => WidgetKind::Date
}

dates!(DatePicker, DatePicker);

impl DatePicker {
    /// The date at first, for example `2026-01-31`.
    pub fn initial(mut self, date: impl Into<String>) -> Self {
        self.picker.initial = Some(date.into());
        self
    }
}

widget! {
    /// A first and a last date. The value is an array of two strings, ISO 8601.
    DateRangePicker(picker: host::DateRangePicker) => WidgetKind::DateRange
}

dates!(DateRangePicker, DateRangePicker);

impl DateRangePicker {
    /// The dates at first, for example `2026-01-01` and `2026-01-31`.
    pub fn initial(mut self, first: impl Into<String>, last: impl Into<String>) -> Self {
        self.picker.initial = Some((first.into(), last.into()));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_keeps_its_kind_and_what_all_kinds_have() {
        let slider = Slider::new("t", "Temperature", 0.0, 2.0).step(0.5).initial(1.0);
        let widget = Widget::from(slider.tooltip("how wild").disabled()).into_host();
        assert_eq!((widget.id.as_str(), widget.tooltip.as_deref()), ("t", Some("how wild")));
        assert!(widget.disabled);
        let WidgetKind::Slider(slider) = widget.kind else { panic!("{:?}", widget.kind) };
        assert_eq!([slider.min, slider.initial, slider.max, slider.step], [0.0, 1.0, 2.0, 0.5]);
    }

    #[test]
    fn items_whose_labels_are_their_values_are_named_once() {
        let radio = Radio::new("r", "Radio").values(["a", "b"]).initial("b");
        let WidgetKind::Radio(choice) = Widget::from(radio).into_host().kind else { panic!() };
        let items: Vec<_> = choice.items.iter().map(|it| (&*it.label, &*it.value)).collect();
        assert_eq!(items, [("a", "a"), ("b", "b")]);
        assert_eq!(choice.initial.as_deref(), Some("b"));
    }
}
