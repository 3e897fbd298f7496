//! What every database keeps to. The tests know the trait alone; [`Home`] says which database it is.

mod lists;
mod people;
mod recover;
mod search;
mod stores;
mod writes;

use std::sync::Arc;

use tempfile::TempDir;

use super::{Change, Database, Sqlite};
use crate::domain::{
    Element, ElementContent, ElementId, ElementKind, Feedback, FeedbackId, SessionId, Step, StepId,
    StepKind, Thread, ThreadId, ThreadQuery, parse_json,
};

/// A database in a folder of its own.
struct Home {
    folder: TempDir,
    db: Arc<dyn Database>,
}

impl Home {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let db = open(&folder).await;
        Self { folder, db }
    }

    async fn reopened(self) -> Self {
        self.db.close().await;
        let db = open(&self.folder).await;
        Self { db, ..self }
    }

    async fn write(&self, changes: Vec<Change>) {
        self.db.write(changes).await.unwrap();
    }

    /// A thread of `owner` in which the user said each of the texts.
    async fn thread(&self, owner: &str, name: &str, texts: &[&str]) -> ThreadId {
        let thread = thread(owner, name);
        let mut changes = vec![Change::Thread(Arc::new(thread.clone()))];
        changes.extend(texts.iter().map(|it| Change::Step(Arc::new(said(thread.id, it)))));
        self.write(changes).await;
        thread.id
    }

    async fn outputs(&self, thread: ThreadId) -> Vec<String> {
        let content = self.db.content(thread).await.unwrap();
        content.steps.iter().map(|it| it.output.clone()).collect()
    }

    /// The names on all pages of a query, and how many pages there were.
    async fn pages(&self, mut query: ThreadQuery) -> (Vec<String>, usize) {
        let mut names = Vec::new();
        for pages in 1.. {
            let page = self.db.threads(&query).await.unwrap();
            assert!(page.threads.len() <= query.first);
            names.extend(page.threads.into_iter().map(|it| it.name.unwrap_or_default()));
            if !page.has_next {
                return (names, pages);
            }
            query.after = page.end;
        }
        (names, 0)
    }

    async fn names(&self, query: ThreadQuery) -> Vec<String> {
        self.pages(query).await.0
    }

    async fn found(&self, owner: &str, search: &str) -> Vec<String> {
        self.names(ThreadQuery { search: Some(search.into()), ..all(owner) }).await
    }
}

async fn open(folder: &TempDir) -> Arc<dyn Database> {
    Arc::new(Sqlite::open(&folder.path().join("threads.db")).await.unwrap())
}

fn all(owner: &str) -> ThreadQuery {
    ThreadQuery { owner: owner.into(), first: 3, after: None, search: None, feedback: None }
}

fn thread(owner: &str, name: &str) -> Thread {
    Thread {
        id: ThreadId::random(),
        bot: "echo".parse().unwrap(),
        owner: Some(owner.into()).filter(|it: &String| !it.is_empty()),
        session: SessionId::random(),
        name: Some(name.into()),
        tags: vec!["a".into()],
        metadata: parse_json(r#"{"big":12345678901234567890123,"deep":[1.50]}"#.into()).unwrap(),
        settings: None,
        shared_at: None,
        created_at: "2026-11-21T07:14:08.123456789Z".parse().unwrap(),
    }
}

fn said(thread: ThreadId, text: &str) -> Step {
    let mut step = Step::new(thread, StepKind::UserMessage, "Ann");
    step.output = text.into();
    step.end = Some(step.start);
    step
}

fn step(step: Step) -> Change {
    Change::Step(Arc::new(step))
}

fn element(thread: ThreadId, name: &str) -> Element {
    let content = ElementContent::Stored(ElementId::random(), 7);
    Element {
        props: Some(parse_json(r#"{"a":1}"#.into()).unwrap()),
        ..Element::new(thread, ElementKind::Image, name, "image/png", content)
    }
}

fn opinion(thread_id: ThreadId, step_id: StepId, is_positive: bool) -> Feedback {
    Feedback { id: FeedbackId::random(), thread_id, step_id, is_positive, comment: None }
}
