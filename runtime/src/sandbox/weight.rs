//! What guests pass to the host, weighed: every text, and what keeping it costs beside its bytes.

mod settings;

use super::bindings::chinwag::bot::{
    components::Component,
    composer::{Command, Mode, ModeOption},
    emitter::{ActionButton, Element, ElementSource, MessageDraft, StepOptions},
};

/// What an emit or a list's item costs, were its texts empty: a million of them are not free.
const OVERHEAD: usize = 64;

/// Bytes of one emit.
pub(super) trait Weigh {
    /// The weight in bytes.
    fn weight(&self) -> usize;
}

impl Weigh for String {
    fn weight(&self) -> usize {
        OVERHEAD + self.len()
    }
}

impl<T: Weigh> Weigh for Option<T> {
    fn weight(&self) -> usize {
        self.as_ref().map_or(0, Weigh::weight)
    }
}

impl<T: Weigh> Weigh for Vec<T> {
    fn weight(&self) -> usize {
        self.iter().map(Weigh::weight).sum()
    }
}

impl Weigh for MessageDraft {
    fn weight(&self) -> usize {
        self.content.weight()
            + self.author.weight()
            + self.language.weight()
            + self.metadata.weight()
            + self.tags.weight()
    }
}

impl Weigh for StepOptions {
    fn weight(&self) -> usize {
        self.name.weight()
            + self.parent_id.weight()
            + self.input_language.weight()
            + self.output_language.weight()
            + self.icon.weight()
            + self.tags.weight()
    }
}

impl Weigh for ActionButton {
    fn weight(&self) -> usize {
        self.name.weight()
            + self.label.weight()
            + self.tooltip.weight()
            + self.icon.weight()
            + self.payload.weight()
    }
}

/// Without the content's bytes, which lie on disk and have a limit of their own.
impl Weigh for Element {
    fn weight(&self) -> usize {
        let url = match &self.source {
            ElementSource::Bytes(_) => 0,
            ElementSource::Url(url) => url.weight(),
        };
        url + self.name.weight()
            + self.mime.weight()
            + self.message_id.weight()
            + self.language.weight()
    }
}

impl Weigh for Component {
    fn weight(&self) -> usize {
        self.name.weight() + self.props.weight() + self.key.weight() + self.message_id.weight()
    }
}

impl Weigh for Command {
    fn weight(&self) -> usize {
        self.id.weight() + self.description.weight() + self.icon.weight()
    }
}

impl Weigh for Mode {
    fn weight(&self) -> usize {
        self.id.weight() + self.name.weight() + self.options.weight()
    }
}

impl Weigh for ModeOption {
    fn weight(&self) -> usize {
        self.id.weight() + self.name.weight() + self.description.weight() + self.icon.weight()
    }
}
