//! The weight of settings.

use super::{OVERHEAD, Weigh};
use crate::sandbox::bindings::chinwag::bot::chat_settings::{
    DateOptions, Item, Tab, Widget, WidgetKind,
};

impl Weigh for Tab {
    fn weight(&self) -> usize {
        self.id.weight() + self.label.weight() + self.widgets.weight()
    }
}

impl Weigh for Widget {
    fn weight(&self) -> usize {
        self.id.weight()
            + self.label.weight()
            + self.tooltip.weight()
            + self.description.weight()
            + self.kind.weight()
    }
}

impl Weigh for WidgetKind {
    fn weight(&self) -> usize {
        match self {
            Self::Switch(_) | Self::Checkbox(_) | Self::Slider(_) => OVERHEAD,
            Self::Select(it) | Self::Radio(it) => it.items.weight() + it.initial.weight(),
            Self::MultiSelect(it) => it.items.weight() + it.initial.weight(),
            Self::Text(it) => it.initial.weight() + it.placeholder.weight(),
            Self::Number(it) => it.placeholder.weight(),
            Self::Tags(initial) => initial.weight(),
            Self::Date(it) => it.initial.weight() + it.options.weight(),
            Self::DateRange(it) => {
                let initial = it.initial.as_ref();
                let initial = initial.map_or(0, |(from, to)| from.weight() + to.weight());
                initial + it.options.weight()
            }
        }
    }
}

impl Weigh for Item {
    fn weight(&self) -> usize {
        self.label.weight() + self.value.weight()
    }
}

impl Weigh for DateOptions {
    fn weight(&self) -> usize {
        self.min.weight() + self.max.weight() + self.format.weight() + self.placeholder.weight()
    }
}
