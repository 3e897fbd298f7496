//! What a session has shown: enough to bring a client up to date that was away, to check what a bot may change, and to
//! know what has not been kept yet.
//!
//! Bounded in bytes: the oldest entries are forgotten first.

mod item;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, btree_map},
    sync::Arc,
    time::Instant,
};

use foldhash::fast::RandomState;

use self::item::{Item, Key};
use crate::{
    db::Change,
    domain::{
        Action, ActionId, ByteSize, Content, Element, ElementId, Emit, Step, StepId, ThreadId,
    },
};

/// Entries that may be forgotten before they are kept: no more than what a turn shows between two looks.
const MAX_EVICTED: usize = 50_000;

#[derive(Debug)]
struct Entry {
    item: Item,
    weight: usize,
    /// How many entries appear below it: clients drop what has no parent, so children are forgotten first.
    children: u32,
    /// The change that touched it last.
    touched: u64,
    /// When; none if it is older than the session.
    at: Option<Instant>,
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
    places: HashMap<Key, u64, RandomState>,
    next_place: u64,
    changes: u64,
    weight: usize,
    limit: ByteSize,
    /// Whether it is to know what has not been kept yet.
    keeps: bool,
    /// The places of what has changed since it was kept, and what was forgotten since then.
    unkept: BTreeSet<u64>,
    evicted: Vec<Item>,
}

impl Transcript {
    pub(super) fn new(limit: ByteSize, keeps: bool) -> Self {
        Self {
            entries: BTreeMap::new(),
            places: HashMap::default(),
            next_place: 0,
            changes: 0,
            weight: 0,
            limit,
            keeps,
            unkept: BTreeSet::new(),
            evicted: Vec::new(),
        }
    }

    /// Remembers what was said in a kept thread before the session began: clients are told of it in another way.
    pub(super) fn seed(&mut self, content: &Content) {
        for step in &content.steps {
            self.put(Item::Step(step.clone()), None);
        }
        for element in &content.elements {
            self.put(Item::Element(element.clone()), None);
        }
        self.unkept.clear();
        self.evicted.clear();
    }

    /// Takes note of what the client is told.
    pub(super) fn note(&mut self, emit: &Emit) {
        if let Emit::Token { step_id, text, replaces, is_input } = emit {
            return self.token(*step_id, text, *replaces, *is_input);
        }
        if let Some(item) = Item::of(emit) {
            self.put(item, Some(Instant::now()));
        }
    }

    /// Takes note of a step that is kept in another way.
    pub(super) fn note_kept(&mut self, step: Arc<Step>) {
        let place = self.put(Item::Step(step), Some(Instant::now()));
        self.unkept.remove(&place);
    }

    /// Takes note of what another session has shown, which keeps it.
    pub(super) fn note_mirrored(&mut self, emit: &Emit) {
        let keeps = std::mem::replace(&mut self.keeps, false);
        self.note(emit);
        self.keeps = keeps;
    }

    /// Takes over what another session of the thread has shown.
    pub(super) fn follow(&mut self, other: &Self) {
        let keeps = std::mem::replace(&mut self.keeps, false);
        for entry in other.entries.values() {
            match &entry.item {
                Item::Panel(..) => {}
                item => drop(self.put(item.clone(), None)),
            }
        }
        self.keeps = keeps;
    }

    /// A step that was to be kept was not.
    pub(super) fn keep_again(&mut self, step: StepId) {
        if let Some(place) = self.places.get(&Key::Step(step)).copied() {
            self.mark(place);
        }
    }

    /// What has changed since this was asked last, parents before their children.
    pub(super) fn take_changes(&mut self, thread: ThreadId) -> Vec<Change> {
        let evicted = std::mem::take(&mut self.evicted);
        let unkept = std::mem::take(&mut self.unkept);
        let entries = unkept.iter().filter_map(|place| self.entries.get(place));
        let items = evicted.iter().chain(entries.map(|entry| &entry.item));
        items.filter_map(|item| item.change(thread)).collect()
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

    /// Steps that began after this one, in order.
    pub(super) fn after(&self, step: StepId) -> Vec<Arc<Step>> {
        let Some(place) = self.places.get(&Key::Step(step)) else { return Vec::new() };
        self.entries.range(place + 1..).filter_map(|(_, entry)| step_of(&entry.item)).collect()
    }

    /// The content with each step and element as it is now, and with those that have come since.
    pub(super) fn brought_up_to_date(&self, content: &Content) -> Content {
        let mut content = content.clone();
        let (mut steps, mut elements) = (HashMap::new(), HashMap::new());
        for entry in self.entries.values() {
            match &entry.item {
                Item::Step(step) if !step.is_transient => drop(steps.insert(step.id, step.clone())),
                Item::Element(element) => drop(elements.insert(element.id, element.clone())),
                _ => {}
            }
        }
        let is_gone = |key| {
            let item = self.item(key);
            matches!(item, Some(Item::RemovedStep(_) | Item::RemovedElement(_)))
        };
        content.steps.retain(|step| !is_gone(Key::Step(step.id)));
        content.elements.retain(|element| !is_gone(Key::Element(element.id)));
        for step in &mut content.steps {
            if let Some(now) = steps.remove(&step.id) {
                *step = now;
            }
        }
        for element in &mut content.elements {
            if let Some(now) = elements.remove(&element.id) {
                *element = now;
            }
        }
        // In their own order: parents precede their children.
        for entry in self.entries.values() {
            match &entry.item {
                Item::Step(step) => content.steps.extend(steps.remove(&step.id)),
                Item::Element(element) => content.elements.extend(elements.remove(&element.id)),
                _ => {}
            }
        }
        content
    }

    /// Messages of the user and of the bot, the last first.
    pub(super) fn messages(&self) -> impl Iterator<Item = &Arc<Step>> {
        self.entries.values().rev().filter_map(|entry| match &entry.item {
            Item::Step(step) if step.kind.is_message() => Some(step),
            _ => None,
        })
    }

    /// The component of this key.
    pub(super) fn keyed(&self, key: &str) -> Option<&Arc<Element>> {
        self.entries.values().rev().find_map(|entry| match &entry.item {
            Item::Element(element) if element.key.as_deref() == Some(key) => Some(element),
            _ => None,
        })
    }

    /// A cursor for a client that knows everything that happened before `since`.
    pub(super) fn cursor(&self, since: Instant) -> Cursor {
        Cursor { since, from: 0, upto: self.changes, next: 0 }
    }

    /// What the client is told next to be brought up to date; none when it is. Each entry comes whole and can be told twice.
    pub(super) fn next(&self, cursor: &mut Cursor) -> Option<Vec<Emit>> {
        loop {
            let due = |entry: &&Entry| {
                entry.touched > cursor.from && entry.at.is_some_and(|at| at >= cursor.since)
            };
            let found = self.entries.range(cursor.next..).find(|(_, entry)| due(entry));
            if let Some((place, entry)) = found {
                cursor.next = place + 1;
                return Some(entry.item.emits());
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

    /// Returns its place.
    fn put(&mut self, item: Item, at: Option<Instant>) -> u64 {
        self.changes += 1;
        let (weight, touched) = (item.weight(), self.changes);
        let place = *self.places.entry(item.key()).or_insert_with(|| {
            self.next_place += 1;
            self.next_place
        });
        let parent = item.parent();
        let entry = Entry { item, weight, children: 0, touched, at };
        let old = match self.entries.entry(place) {
            btree_map::Entry::Vacant(vacant) => {
                vacant.insert(entry);
                None
            }
            btree_map::Entry::Occupied(mut there) => {
                let children = there.get().children;
                Some(there.insert(Entry { children, ..entry }))
            }
        };
        self.weight += weight;
        self.count_child(parent, 1);
        if let Some(old) = old {
            self.release(&old);
        }
        self.mark(place);
        self.forget(place);
        place
    }

    /// An entry appears below its parent, or does so no longer.
    fn count_child(&mut self, parent: Option<StepId>, change: i32) {
        let Some(place) = parent.and_then(|it| self.places.get(&Key::Step(it))) else { return };
        if let Some(parent) = self.entries.get_mut(place) {
            parent.children = parent.children.saturating_add_signed(change);
        }
    }

    fn mark(&mut self, place: u64) {
        if self.keeps {
            self.unkept.insert(place);
        }
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
        entry.at = Some(Instant::now());
        entry.weight = entry.weight + after - before;
        self.weight = self.weight + after - before;
        self.mark(place);
        self.forget(place);
    }

    /// Forgets the oldest entries above the limit, but never the one that was just touched.
    fn forget(&mut self, touched: u64) {
        while self.weight > self.limit.as_usize() {
            let others = || self.entries.iter().filter(|(place, _)| **place != touched);
            let is_needed = |entry: &Entry| match &entry.item {
                // What is still being written is needed to finish it.
                Item::Step(step) => step.end.is_none() || entry.children > 0,
                _ => false,
            };
            let oldest = others().find(|(_, entry)| !is_needed(entry)).or_else(|| others().next());
            let Some((&place, _)) = oldest else { return };
            if let Some(entry) = self.entries.remove(&place) {
                self.places.remove(&entry.item.key());
                self.release(&entry);
                if self.unkept.remove(&place) && self.evicted.len() < MAX_EVICTED {
                    self.evicted.push(entry.item);
                }
            }
        }
    }

    /// Takes an entry that is gone, or replaced, out of the sums.
    fn release(&mut self, entry: &Entry) {
        self.weight -= entry.weight;
        self.count_child(entry.item.parent(), -1);
    }
}

fn step_of(item: &Item) -> Option<Arc<Step>> {
    match item {
        Item::Step(step) => Some(step.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
