//! Which bots are there right now: one pointer that readers load and writers replace.

use std::{collections::BTreeMap, sync::Arc};

use arc_swap::ArcSwap;

use super::Bot;
use crate::domain::BotName;

type Map = BTreeMap<BotName, Arc<Bot>>;

/// The bots at this moment. Reading takes no lock.
#[derive(Debug, Default)]
pub(super) struct Registry(ArcSwap<Map>);

impl Registry {
    pub(super) fn get(&self, name: &BotName) -> Option<Arc<Bot>> {
        self.0.load().get(name).cloned()
    }

    pub(super) fn list(&self) -> Vec<Arc<Bot>> {
        self.0.load().values().cloned().collect()
    }

    /// Replaces a bot. Only whoever holds the commit lock writes, so no change is lost.
    pub(super) fn put(&self, bot: Arc<Bot>) {
        let mut map = Map::clone(&self.0.load());
        map.insert(bot.name.clone(), bot);
        self.0.store(Arc::new(map));
    }

    pub(super) fn remove(&self, name: &BotName) {
        let mut map = Map::clone(&self.0.load());
        map.remove(name);
        self.0.store(Arc::new(map));
    }
}
