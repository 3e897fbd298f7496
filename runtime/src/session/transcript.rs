//! What a session has shown: enough to bring a client up to date that was away, and to check what a bot may change.
//!
//! Bounded in bytes: the oldest entries are forgotten first.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Instant,
};

use crate::domain::{
    Action, ActionId, ByteSize, Element, ElementContent, ElementId, Emit, Step, StepId,
};

/// What an entry weighs beside its text.
const OVERHEAD: usize = 512;

/// What tells entries apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Step(StepId),
    Action(ActionId),
    Element(ElementId),
    Settings,
    Commands,
    Modes,
    SidebarTitle,
    SidebarElements,
}

/// Something that is on the client's screen, or was removed from it.
#[derive(Clone, Debug)]
enum Item {
    Step(Arc<Step>),
    Action(Arc<Action>),
    Element(Arc<Element>),
    RemovedStep(StepId),
    RemovedAction(Arc<Action>),
    RemovedElement(ElementId),
    /// What stands beside the conversation: only its last state counts.
    Panel(Emit),
}

#[derive(Debug)]
struct Entry {
    key: Key,
    item: Item,
    weight: usize,
    /// The change that touched it last.
    touched: u64,
    at: Instant,
}

/// Where a client stands that is being brought up to date.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor {
    /// Entries that were touched before this moment are known to the client.
    since: Instant,
    /// The change up to which this pass has sent, and from which the next begins.
    from: u64,
    upto: u64,
    /// The place of the next entry to look at.
    next: u64,
}

/// All entries in the order in which they first appeared: a parent precedes its children.
#[derive(Debug)]
pub(super) struct Transcript {
    entries: BTreeMap<u64, Entry>,
    places: HashMap<Key, u64>,
    /// How many entries appear below a step: clients drop what has no parent, so children are forgotten first.
    children: HashMap<StepId, usize>,
    next_place: u64,
    changes: u64,
    weight: usize,
    limit: ByteSize,
}

impl Transcript {
    pub(super) fn new(limit: ByteSize) -> Self {
        Self {
            entries: BTreeMap::new(),
            places: HashMap::new(),
            children: HashMap::new(),
            next_place: 0,
            changes: 0,
            weight: 0,
            limit,
        }
    }

    /// Takes note of what the client is told.
    pub(super) fn note(&mut self, emit: &Emit) {
        match emit {
            Emit::StepCreated(step) | Emit::StepUpdated(step) | Emit::StreamStarted(step) => {
                self.put(Key::Step(step.id), Item::Step(step.clone()));
            }
            Emit::Token { step_id, text, replaces, is_input } => {
                self.token(*step_id, text, *replaces, *is_input);
            }
            Emit::StepRemoved(id) => self.put(Key::Step(*id), Item::RemovedStep(*id)),
            Emit::ActionAdded(action) => {
                self.put(Key::Action(action.id), Item::Action(action.clone()));
            }
            Emit::ActionRemoved(action) => {
                self.put(Key::Action(action.id), Item::RemovedAction(action.clone()));
            }
            Emit::ElementShown(element) => {
                self.put(Key::Element(element.id), Item::Element(element.clone()));
            }
            Emit::ElementRemoved(id) => self.put(Key::Element(*id), Item::RemovedElement(*id)),
            Emit::TurnStart
            | Emit::TurnEnd
            | Emit::ClearAsk
            | Emit::ClearCallFn
            | Emit::FirstInteraction { .. }
            | Emit::Toast { .. }
            | Emit::WindowMessage(_)
            | Emit::AudioConnection(_)
            | Emit::AudioChunk { .. }
            | Emit::AudioInterrupt
            | Emit::Ask(_)
            | Emit::AskTimedOut
            | Emit::FunctionCalled(_)
            | Emit::FunctionTimedOut
            | Emit::ThreadResumed(_)
            | Emit::ThreadMissing
            | Emit::Favorites(_)
            | Emit::TokenUsage(_) => {}
            Emit::Settings(_) => self.put(Key::Settings, Item::Panel(emit.clone())),
            Emit::Commands(_) => self.put(Key::Commands, Item::Panel(emit.clone())),
            Emit::Modes(_) => self.put(Key::Modes, Item::Panel(emit.clone())),
            Emit::SidebarTitle(_) => self.put(Key::SidebarTitle, Item::Panel(emit.clone())),
            Emit::SidebarElements { .. } => {
                self.put(Key::SidebarElements, Item::Panel(emit.clone()));
            }
        }
    }

    /// A step that is on the screen.
    pub(super) fn step(&self, id: StepId) -> Option<&Arc<Step>> {
        match self.item(Key::Step(id))? {
            Item::Step(step) => Some(step),
            _ => None,
        }
    }

    /// A button that is on the screen.
    pub(super) fn action(&self, id: ActionId) -> Option<&Arc<Action>> {
        match self.item(Key::Action(id))? {
            Item::Action(action) => Some(action),
            _ => None,
        }
    }

    /// An element that is on the screen.
    pub(super) fn element(&self, id: ElementId) -> Option<&Arc<Element>> {
        match self.item(Key::Element(id))? {
            Item::Element(element) => Some(element),
            _ => None,
        }
    }

    /// Buttons and elements that belong to a message.
    pub(super) fn attached_to(&self, message: StepId) -> (Vec<Arc<Action>>, Vec<Arc<Element>>) {
        let (mut actions, mut elements) = (Vec::new(), Vec::new());
        for entry in self.entries.values() {
            match &entry.item {
                Item::Action(action) if action.message_id == message => {
                    actions.push(action.clone());
                }
                Item::Element(element) if element.message_id == Some(message) => {
                    elements.push(element.clone());
                }
                _ => {}
            }
        }
        (actions, elements)
    }

    /// A cursor for a client that knows everything that happened before `since`.
    pub(super) fn cursor(&self, since: Instant) -> Cursor {
        Cursor { since, from: 0, upto: self.changes, next: 0 }
    }

    /// What the client is told next to be brought up to date; none when it is. Each entry comes whole and can be told twice.
    pub(super) fn next(&self, cursor: &mut Cursor) -> Option<Vec<Emit>> {
        loop {
            let due = |entry: &&Entry| entry.touched > cursor.from && entry.at >= cursor.since;
            let found = self.entries.range(cursor.next..).find(|(_, entry)| due(entry));
            if let Some((place, entry)) = found {
                cursor.next = place + 1;
                return Some(emits(&entry.item));
            }
            if cursor.upto == self.changes {
                return None;
            }
            // Something changed while the pass was under way, perhaps behind it.
            *cursor = Cursor { from: cursor.upto, upto: self.changes, next: 0, ..*cursor };
        }
    }

    fn item(&self, key: Key) -> Option<&Item> {
        self.entries.get(self.places.get(&key)?).map(|entry| &entry.item)
    }

    fn put(&mut self, key: Key, item: Item) {
        self.changes += 1;
        let (weight, touched, at) = (weight(&item), self.changes, Instant::now());
        let place = *self.places.entry(key).or_insert_with(|| {
            self.next_place += 1;
            self.next_place
        });
        if let Some(parent) = parent(&item) {
            *self.children.entry(parent).or_default() += 1;
        }
        let old = self.entries.insert(place, Entry { key, item, weight, touched, at });
        self.weight += weight;
        if let Some(old) = old {
            self.release(&old);
        }
        self.forget(place);
    }

    fn token(&mut self, id: StepId, text: &str, replaces: bool, is_input: bool) {
        let Some(place) = self.places.get(&Key::Step(id)).copied() else { return };
        let Some(entry) = self.entries.get_mut(&place) else { return };
        let Item::Step(step) = &mut entry.item else { return };
        let step = Arc::make_mut(step);
        let whole = if is_input { &mut step.input } else { &mut step.output };
        let before = whole.len();
        if replaces {
            whole.clear();
        }
        whole.push_str(text);
        let after = whole.len();
        self.changes += 1;
        entry.touched = self.changes;
        entry.at = Instant::now();
        entry.weight = entry.weight + after - before;
        self.weight = self.weight + after - before;
        self.forget(place);
    }

    /// Forgets the oldest entries above the limit, but never the one that was just touched.
    fn forget(&mut self, touched: u64) {
        while self.weight > self.limit.as_usize() {
            let others = || self.entries.iter().filter(|(place, _)| **place != touched);
            let is_needed = |entry: &Entry| match &entry.item {
                // What is still being written is needed to finish it.
                Item::Step(step) => step.end.is_none() || self.children.contains_key(&step.id),
                _ => false,
            };
            let oldest = others().find(|(_, entry)| !is_needed(entry)).or_else(|| others().next());
            let Some((&place, _)) = oldest else { return };
            if let Some(entry) = self.entries.remove(&place) {
                self.places.remove(&entry.key);
                self.release(&entry);
            }
        }
    }

    /// Takes an entry that is gone, or replaced, out of the sums.
    fn release(&mut self, entry: &Entry) {
        self.weight -= entry.weight;
        let Some(parent) = parent(&entry.item) else { return };
        if let Some(count) = self.children.get_mut(&parent) {
            *count -= 1;
            if *count == 0 {
                self.children.remove(&parent);
            }
        }
    }
}

fn emits(item: &Item) -> Vec<Emit> {
    match item {
        Item::Step(step) => vec![Emit::StepCreated(step.clone())],
        // Clients append buttons without looking: the one they may have goes first.
        Item::Action(action) => {
            vec![Emit::ActionRemoved(action.clone()), Emit::ActionAdded(action.clone())]
        }
        Item::Element(element) => vec![Emit::ElementShown(element.clone())],
        Item::RemovedStep(id) => vec![Emit::StepRemoved(*id)],
        Item::RemovedAction(action) => vec![Emit::ActionRemoved(action.clone())],
        Item::RemovedElement(id) => vec![Emit::ElementRemoved(*id)],
        Item::Panel(emit) => vec![emit.clone()],
    }
}

/// The step that an item appears below.
fn parent(item: &Item) -> Option<StepId> {
    match item {
        Item::Step(step) => step.parent_id,
        Item::Action(action) | Item::RemovedAction(action) => Some(action.message_id),
        Item::Element(element) => element.message_id,
        Item::RemovedStep(_) | Item::RemovedElement(_) | Item::Panel(_) => None,
    }
}

fn weight(item: &Item) -> usize {
    OVERHEAD
        + match item {
            Item::Step(step) => step_weight(step),
            Item::Action(action) | Item::RemovedAction(action) => {
                let draft = &action.draft;
                let texts = [&draft.name, &draft.label, &draft.tooltip];
                texts.into_iter().map(String::len).sum::<usize>()
                    + draft.icon.as_ref().map_or(0, String::len)
                    + draft.payload.get().len()
            }
            Item::Element(element) => {
                element.name.len()
                    + element.mime.len()
                    + element.language.as_ref().map_or(0, String::len)
                    + if let ElementContent::Url(url) = &element.content { url.len() } else { 0 }
            }
            Item::RemovedStep(_) | Item::RemovedElement(_) | Item::Panel(_) => 0,
        }
}

fn step_weight(step: &Step) -> usize {
    let texts = [&step.name, &step.input, &step.output];
    let optional = [&step.language, &step.input_language, &step.command];
    texts.into_iter().map(String::len).sum::<usize>()
        + optional.into_iter().flatten().map(String::len).sum::<usize>()
        + step.tags.iter().map(|tag| size_of::<String>() + tag.len()).sum::<usize>()
        + step.modes.iter().map(|(mode, option)| mode.len() + option.len()).sum::<usize>()
        + step.metadata.as_ref().map_or(0, |json| json.get().len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{StepKind, ThreadId};

    fn step(name: &str) -> Arc<Step> {
        Arc::new(Step::new(ThreadId::random(), StepKind::AssistantMessage, name))
    }

    fn names(transcript: &Transcript, cursor: &mut Cursor) -> Vec<String> {
        let mut names = Vec::new();
        while let Some(emits) = transcript.next(cursor) {
            for emit in emits {
                let Emit::StepCreated(step) = emit else { panic!("{emit:?}") };
                names.push(format!("{}:{}", step.name, step.output));
            }
        }
        names
    }

    #[test]
    fn a_client_gets_what_changed_behind_its_cursor_as_well() {
        let mut transcript = Transcript::new(ByteSize::mib(1));
        let (a, b) = (step("a"), step("b"));
        let since = Instant::now();
        transcript.note(&Emit::StreamStarted(a.clone()));
        transcript.note(&Emit::StepCreated(b));
        let mut cursor = transcript.cursor(since);
        assert!(transcript.next(&mut cursor).is_some());
        transcript.note(&Emit::Token {
            step_id: a.id,
            text: "x".into(),
            replaces: false,
            is_input: false,
        });
        assert_eq!(names(&transcript, &mut cursor), ["b:", "a:x"]);
    }

    #[test]
    fn what_a_client_has_seen_long_ago_is_not_sent_again() {
        let mut transcript = Transcript::new(ByteSize::mib(1));
        transcript.note(&Emit::StepCreated(step("a")));
        let since = Instant::now();
        transcript.note(&Emit::StepCreated(step("b")));
        assert_eq!(names(&transcript, &mut transcript.cursor(since)), ["b:"]);
    }

    #[test]
    fn a_parent_is_remembered_for_as_long_as_its_children() {
        let mut transcript = Transcript::new(ByteSize(3 * (OVERHEAD as u64 + 8)));
        let mut put = |id: Option<StepId>, parent_id| {
            let mut step = Step::clone(&step("a"));
            step.id = id.unwrap_or(step.id);
            step.parent_id = parent_id;
            step.end = Some(step.start);
            transcript.note(&Emit::StepCreated(Arc::new(step.clone())));
            step.id
        };
        let run = put(None, None);
        let first = put(None, Some(run));
        let last: Vec<StepId> = (0..5).map(|_| put(None, Some(run))).collect();
        put(Some(run), None);
        assert!(transcript.step(run).is_some());
        assert!(transcript.step(first).is_none());
        assert!(transcript.step(last[4]).is_some());
    }

    #[test]
    fn the_oldest_entries_are_forgotten_above_the_limit() {
        let mut transcript = Transcript::new(ByteSize(2 * (OVERHEAD as u64 + 8)));
        let (a, b, c) = (step("a"), step("b"), step("c"));
        for step in [&a, &b, &c] {
            let step = Step { end: Some(step.start), ..Step::clone(step) };
            transcript.note(&Emit::StepCreated(Arc::new(step)));
        }
        assert!(transcript.step(a.id).is_none());
        assert!(transcript.step(b.id).is_some() && transcript.step(c.id).is_some());
    }
}
