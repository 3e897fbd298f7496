//! Changes folded to what they come to: of several to one thing, the last wins.

use std::{hash::Hash, sync::Arc};

use indexmap::{IndexMap, IndexSet};

use crate::{
    db::Change,
    domain::{BotName, Element, ElementId, Json, Step, StepId, Thread, ThreadId},
};

/// What a run of changes comes to. Things are in the order in which they first appeared.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) threads: IndexMap<ThreadId, Arc<Thread>>,
    pub(super) steps: Kept<StepId, Arc<Step>>,
    pub(super) elements: Kept<ElementId, Arc<Element>>,
    pub(super) state: Kept<String, Json>,
    pub(super) pending: Kept<StepId, ()>,
    /// Bots whose stores are emptied before anything is put there.
    pub(super) stores_removed: IndexSet<BotName>,
    /// What their stores then have; none is removed.
    pub(super) store: IndexMap<(BotName, String), Option<Json>>,
    /// Threads that move up in the list.
    pub(super) touched: IndexSet<ThreadId>,
}

/// Things of threads: what is removed first, and what is then put.
#[derive(Debug)]
pub(super) struct Kept<K, V> {
    pub(super) removed: IndexSet<(ThreadId, K)>,
    pub(super) put: IndexMap<(ThreadId, K), V>,
}

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self { removed: IndexSet::new(), put: IndexMap::new() }
    }
}

impl<K: Clone + Eq + Hash, V> Kept<K, V> {
    fn put(&mut self, key: (ThreadId, K), value: V) {
        self.put.insert(key, value);
    }

    fn remove(&mut self, key: (ThreadId, K)) {
        self.put.shift_remove(&key);
        self.removed.insert(key);
    }
}

impl Batch {
    /// Adds what happened next.
    pub(super) fn extend(&mut self, changes: &[Change]) {
        changes.iter().for_each(|it| self.push(it));
    }

    fn push(&mut self, change: &Change) {
        match change {
            Change::Thread(thread) => {
                self.touch(thread.id);
                self.put_thread(thread);
            }
            Change::Step(step) => {
                self.touch(step.thread_id);
                self.steps.put((step.thread_id, step.id), Arc::clone(step));
            }
            Change::StepRemoved(thread, step) => self.steps.remove((*thread, *step)),
            Change::Element(it) => self.elements.put((it.thread_id, it.id), Arc::clone(it)),
            Change::ElementRemoved(thread, id) => self.elements.remove((*thread, *id)),
            Change::State(thread, key, Some(value)) => {
                self.state.put((*thread, key.clone()), Arc::clone(value));
            }
            Change::State(thread, key, None) => self.state.remove((*thread, key.clone())),
            Change::Store(bot, key, value) => {
                self.store.insert((bot.clone(), key.clone()), value.clone());
            }
            Change::StoreRemoved(bot) => {
                self.store.retain(|(owner, _), _| owner != bot);
                self.stores_removed.insert(bot.clone());
            }
            Change::Accepted(thread, step) => self.pending.put((*thread, *step), ()),
            Change::Settled(thread, step) => self.pending.remove((*thread, *step)),
        }
    }

    /// Whose a thread is, and since when it is there, is what was said first.
    fn put_thread(&mut self, thread: &Arc<Thread>) {
        let thread = match self.threads.get(&thread.id) {
            None => Arc::clone(thread),
            Some(first) => Arc::new(Thread {
                owner: first.owner.clone(),
                created_at: first.created_at,
                ..Thread::clone(thread)
            }),
        };
        self.threads.insert(thread.id, thread);
    }

    /// The thread that changed last comes last.
    fn touch(&mut self, thread: ThreadId) {
        let (index, _) = self.touched.insert_full(thread);
        self.touched.move_index(index, self.touched.len() - 1);
    }
}
