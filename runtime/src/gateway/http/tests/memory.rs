//! A database that forgets when it is dropped, as far as the routes need one.

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;

use super::*;
use crate::{
    db::DbError,
    domain::{Account, BotName, Content, Feedback, Json, StepId, ThreadPage, ThreadQuery},
};

#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    threads: Vec<Thread>,
    elements: Vec<Arc<Element>>,
    steps: Vec<Arc<Step>>,
    feedback: Vec<Feedback>,
    asked: Option<ThreadQuery>,
}

impl Memory {
    /// The last query for threads.
    pub(super) fn asked(&self) -> ThreadQuery {
        self.0.lock().asked.clone().expect("somebody asked")
    }
}

#[async_trait]
impl Database for Memory {
    fn write(&self, changes: Vec<Change>) -> BoxFuture<'static, Result<(), DbError>> {
        let mut kept = self.0.lock();
        for change in changes {
            match change {
                Change::Thread(thread) => kept.threads.push(Thread::clone(&thread)),
                Change::Step(step) => kept.steps.push(step),
                Change::Element(element) => kept.elements.push(element),
                other => panic!("no route writes {other:?}"),
            }
        }
        Box::pin(async { Ok(()) })
    }

    async fn thread(&self, id: ThreadId) -> Result<Option<Thread>, DbError> {
        Ok(self.0.lock().threads.iter().find(|thread| thread.id == id).cloned())
    }

    async fn content(&self, id: ThreadId) -> Result<Content, DbError> {
        let kept = self.0.lock();
        Ok(Content {
            steps: kept.steps.iter().filter(|step| step.thread_id == id).cloned().collect(),
            elements: kept.elements.iter().filter(|it| it.thread_id == id).cloned().collect(),
            feedback: kept.feedback.iter().filter(|it| it.thread_id == id).cloned().collect(),
        })
    }

    async fn element(&self, thread: ThreadId, id: ElementId) -> Result<Option<Element>, DbError> {
        let elements = self.content(thread).await?.elements;
        Ok(elements.iter().find(|it| it.id == id).map(|it| Element::clone(it)))
    }

    async fn store(&self, _: &BotName) -> Result<Vec<(String, Json)>, DbError> {
        Err(DbError::Closed)
    }

    async fn state(&self, _: ThreadId) -> Result<Vec<(String, Json)>, DbError> {
        Err(DbError::Closed)
    }

    async fn threads(&self, query: &ThreadQuery) -> Result<ThreadPage, DbError> {
        let mut kept = self.0.lock();
        kept.asked = Some(query.clone());
        let owner = Some(&query.owner);
        let threads = kept.threads.iter().filter(|it| it.owner.as_ref() == owner).cloned();
        Ok(ThreadPage { threads: threads.collect(), end: Some("end".into()), has_next: false })
    }

    async fn change_thread(
        &self,
        id: ThreadId,
        change: Box<dyn for<'t> FnOnce(&'t mut Thread) + Send>,
    ) -> Result<Option<Thread>, DbError> {
        let mut kept = self.0.lock();
        let thread = kept.threads.iter_mut().find(|thread| thread.id == id);
        Ok(thread.map(|thread| {
            change(thread);
            thread.clone()
        }))
    }

    async fn remove_thread(&self, id: ThreadId) -> Result<bool, DbError> {
        let mut kept = self.0.lock();
        let count = kept.threads.len();
        kept.threads.retain(|thread| thread.id != id);
        Ok(kept.threads.len() < count)
    }

    async fn existing(&self, _: &[ThreadId]) -> Result<Vec<ThreadId>, DbError> {
        Err(DbError::Closed)
    }

    async fn put_feedback(&self, feedback: &Feedback) -> Result<(), DbError> {
        let mut kept = self.0.lock();
        kept.feedback.retain(|it| it.id != feedback.id);
        kept.feedback.push(feedback.clone());
        Ok(())
    }

    async fn feedback(&self, id: FeedbackId) -> Result<Option<Feedback>, DbError> {
        Ok(self.0.lock().feedback.iter().find(|it| it.id == id).cloned())
    }

    async fn remove_feedback(&self, id: FeedbackId) -> Result<bool, DbError> {
        let mut kept = self.0.lock();
        let count = kept.feedback.len();
        kept.feedback.retain(|it| it.id != id);
        Ok(kept.feedback.len() < count)
    }

    async fn set_favorite(&self, _: ThreadId, _: StepId, _: bool) -> Result<Option<Step>, DbError> {
        Err(DbError::Closed)
    }

    async fn favorites(&self, _: &str) -> Result<Vec<Arc<Step>>, DbError> {
        Err(DbError::Closed)
    }

    async fn account(&self, _: &str) -> Result<Option<Account>, DbError> {
        Ok(None)
    }

    async fn accounts(&self) -> Result<Vec<Account>, DbError> {
        Err(DbError::Closed)
    }

    async fn put_account(&self, _: &Account) -> Result<Account, DbError> {
        Err(DbError::Closed)
    }

    async fn remove_account(&self, _: &str) -> Result<bool, DbError> {
        Err(DbError::Closed)
    }

    async fn recover(&self) -> Result<usize, DbError> {
        Err(DbError::Closed)
    }

    async fn close(&self) {}
}
