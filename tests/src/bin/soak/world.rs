//! Where the load lives: the server, the users, what is counted, and the end of it all.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use chinwag_tests::{browser::Browser, client::Client, server::TestServer, visitor::Visitor};
use parking_lot::Mutex;
use tokio::{sync::watch, time::timeout};

use crate::tally::{Tally, Wrong};

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct World(Arc<Inner>);

struct Inner {
    server: TestServer,
    begin: Instant,
    over: watch::Sender<bool>,
    tally: Mutex<Tally>,
    users: Mutex<HashMap<String, Visitor>>,
    numbers: AtomicU64,
}

impl World {
    pub(crate) fn new(server: TestServer) -> Self {
        Self(Arc::new(Inner {
            server,
            begin: Instant::now(),
            over: watch::Sender::new(false),
            tally: Mutex::default(),
            users: Mutex::default(),
            numbers: AtomicU64::new(100),
        }))
    }

    pub(crate) fn server(&self) -> &TestServer {
        &self.0.server
    }

    /// When the load began.
    pub(crate) fn begin(&self) -> Instant {
        self.0.begin
    }

    /// The server, once all stories are told.
    pub(crate) fn into_server(self) -> Option<TestServer> {
        Arc::into_inner(self.0).map(|inner| inner.server)
    }

    /// Thinks for a while. Returns whether there is still time: else the story comes to its end.
    pub(crate) async fn think(&self, milliseconds: u64) -> bool {
        let mut over = self.0.over.subscribe();
        let over = over.wait_for(|over| *over);
        timeout(Duration::from_millis(milliseconds), over).await.is_err()
    }

    /// Whether there is no time left.
    pub(crate) fn is_over(&self) -> bool {
        *self.0.over.borrow()
    }

    /// From now on stories come to their end.
    pub(crate) fn end(&self) {
        self.0.over.send_replace(true);
    }

    /// A number that nobody else has: versions that were never there are made of it.
    pub(crate) fn number(&self) -> u64 {
        self.0.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// Counts what was done.
    pub(crate) fn done(&self, what: &'static str) {
        *self.0.tally.lock().done.entry(what).or_default() += 1;
    }

    /// Counts stories of a role that came to their end.
    pub(crate) fn told(&self, role: &'static str, stories: u64) {
        *self.0.tally.lock().stories.entry(role).or_default() += stories;
    }

    /// Takes note of a bad end.
    pub(crate) fn wrong(&self, role: &'static str, why: String) {
        let second = self.0.begin.elapsed().as_secs_f64();
        self.0.tally.lock().note(Wrong { second, role, why });
    }

    pub(crate) fn tally(&self) -> Tally {
        self.0.tally.lock().clone()
    }

    /// Somebody who has signed in, once for the whole run.
    pub(crate) async fn user(&self, name: &str) -> Visitor {
        let known = self.0.users.lock().get(name).cloned();
        if let Some(user) = known {
            return user;
        }
        let user = Visitor::known_as(name, &self.server().url).await;
        self.0.users.lock().insert(name.into(), user.clone());
        user
    }

    /// Somebody opens a tab whose bot greets, and waits until that is over.
    pub(crate) async fn greeted(&self, user: &Visitor, bot: &str) -> Browser {
        let mut browser = user.open(bot).await;
        browser.until("task_start").await;
        browser.until("task_end").await;
        browser
    }
}
