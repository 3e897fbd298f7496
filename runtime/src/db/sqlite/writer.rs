//! The only task that writes: it takes all writes that wait, and makes them durable together.

use futures_util::future::BoxFuture;
use sqlx::{Connection, SqliteConnection, query, query_scalar};
use tokio::sync::{mpsc, oneshot};

use super::{apply::apply, batch::Batch};
use crate::db::{Change, DbError};

/// Writes that wait for the disk; whoever comes later waits for room.
const QUEUE: usize = 4096;
/// Writes that become durable together.
const GROUP: usize = 1024;
/// A group is not filled up beyond so many bytes of text, about.
const GROUP_BYTES: usize = 8 << 20;

/// Something to be written.
pub(super) enum Job {
    /// Changes, and who waits for them.
    Write(Vec<Change>, oneshot::Sender<Result<(), DbError>>),
    /// What reads before it writes: it has the database for itself.
    Task(Task),
    /// No more comes.
    Close(oneshot::Sender<()>),
}

/// What reads before it writes.
pub(super) type Task = Box<dyn for<'a> FnOnce(&'a mut Writer) -> BoxFuture<'a, ()> + Send>;

/// The one connection that writes.
pub(super) struct Writer {
    pub(super) db: SqliteConnection,
    /// The number of what comes next: larger than all that are there.
    pub(super) next: i64,
}

type Waiting = (Vec<Change>, oneshot::Sender<Result<(), DbError>>);

impl Writer {
    pub(super) async fn new(mut db: SqliteConnection) -> Result<Self, sqlx::Error> {
        let sql = "SELECT 1 + max(
            (SELECT coalesce(max(num), 0) FROM threads), (SELECT coalesce(max(changed), 0) FROM threads),
            (SELECT coalesce(max(seq), 0) FROM steps), (SELECT coalesce(max(seq), 0) FROM elements))";
        let next = query_scalar(sql).fetch_one(&mut db).await?;
        Ok(Self { db, next })
    }

    /// Its queue, and what works it off until it is closed or nobody can write to it any more.
    pub(super) fn start(self) -> (mpsc::Sender<Job>, impl Future<Output = ()> + Send) {
        let (jobs, queue) = mpsc::channel(QUEUE);
        (jobs, self.work(queue))
    }

    async fn work(mut self, mut queue: mpsc::Receiver<Job>) {
        let mut taken = Vec::new();
        let mut closing = Vec::new();
        while queue.recv_many(&mut taken, GROUP).await > 0 {
            let mut group = Group::default();
            for job in taken.drain(..) {
                match job {
                    Job::Write(changes, done) => {
                        group.push((changes, done));
                        if group.bytes > GROUP_BYTES {
                            self.write(std::mem::take(&mut group)).await;
                        }
                    }
                    Job::Task(task) => {
                        self.write(std::mem::take(&mut group)).await;
                        task(&mut self).await;
                    }
                    Job::Close(done) => {
                        queue.close();
                        closing.push(done);
                    }
                }
            }
            self.write(group).await;
        }
        self.close().await;
        // Whoever asked may be gone.
        for done in closing {
            done.send(()).ok();
        }
    }

    /// Writes a group, or, if that fails, each alone: so only what cannot be written fails.
    async fn write(&mut self, Group { writes, .. }: Group) {
        let result = self.keep(&writes).await;
        let is_alone = writes.len() == 1;
        for (changes, done) in writes {
            let result = match &result {
                Err(_) if !is_alone => self.keep(&[(changes, ())]).await,
                result => result.clone(),
            };
            // Whoever waited may be gone: it is kept all the same.
            done.send(result).ok();
        }
    }

    async fn keep<T: Sync>(&mut self, writes: &[(Vec<Change>, T)]) -> Result<(), DbError> {
        let mut batch = Batch::default();
        writes.iter().for_each(|(changes, _)| batch.extend(changes));
        if writes.is_empty() {
            return Ok(());
        }
        self.apply(&batch).await
    }

    async fn apply(&mut self, batch: &Batch) -> Result<(), DbError> {
        let applied = apply(&mut self.db, batch, &mut self.next).await;
        if applied.is_err() {
            self.take_back().await;
        }
        applied
    }

    /// Begins what is kept as a whole or not at all.
    ///
    /// By hand, and not as a transaction of sqlx's: when the disk is full or broken, SQLite takes a transaction back by itself, and
    /// sqlx, which counts them, begins no other one ever after.
    pub(super) async fn begin(&mut self) -> Result<(), DbError> {
        query("BEGIN IMMEDIATE").execute(&mut self.db).await?;
        Ok(())
    }

    /// Makes durable what was written since the begin, or takes it back if it is not whole.
    pub(super) async fn end<T>(&mut self, done: Result<T, DbError>) -> Result<T, DbError> {
        let ended = match done {
            Ok(found) => {
                query("COMMIT").execute(&mut self.db).await.map(|_| found).map_err(Into::into)
            }
            Err(error) => Err(error),
        };
        if ended.is_err() {
            self.take_back().await;
        }
        ended
    }

    async fn take_back(&mut self) {
        // SQLite may have done so by itself, and says that there is nothing to take back.
        query("ROLLBACK").execute(&mut self.db).await.ok();
    }

    /// Keeps changes that a task found out.
    pub(super) async fn put(&mut self, changes: &[Change]) -> Result<(), DbError> {
        let mut batch = Batch::default();
        batch.extend(changes);
        self.apply(&batch).await
    }

    async fn close(mut self) {
        if let Err(error) = query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut self.db).await {
            tracing::warn!(%error, "the database's log cannot be folded into it; the next start does it");
        }
        if let Err(error) = self.db.close().await {
            tracing::warn!(%error, "the database cannot be closed");
        }
    }
}

/// Writes that become durable together.
#[derive(Default)]
struct Group {
    writes: Vec<Waiting>,
    bytes: usize,
}

impl Group {
    fn push(&mut self, write: Waiting) {
        self.bytes += write.0.iter().map(weight).sum::<usize>();
        self.writes.push(write);
    }
}

/// About how much text a change is.
fn weight(change: &Change) -> usize {
    match change {
        Change::Step(step) => step.input.len() + step.output.len() + 512,
        Change::Element(it) => it.props.as_ref().map_or(0, |props| props.get().len()) + 512,
        Change::State(_, _, Some(value)) | Change::Store(_, _, Some(value)) => value.get().len(),
        _ => 512,
    }
}
