//! A database that is one file beside the server: SQLite. One task writes, a few connections read.

mod apply;
mod batch;
mod list;
mod mend;
mod opinion;
mod people;
mod read;
mod row;
mod words;
mod writer;

use std::{
    fmt, io,
    path::{Path, PathBuf},
    time::Duration,
};

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use serde::Serialize;
use sqlx::{
    Connection, SqliteConnection, SqlitePool,
    error::ErrorKind,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::{
    mpsc::{Sender, error::TrySendError},
    oneshot,
};
use tokio_util::task::TaskTracker;

use self::writer::{Job, Writer};
use super::{Change, Database, DbError};
use crate::domain::{
    Account, BotName, Content, Element, ElementId, Feedback, FeedbackId, Json, Step, StepId,
    Thread, ThreadId, ThreadPage, ThreadQuery,
};

/// Connections that read at once.
const READERS: u32 = 4;
/// Pages that the connection that writes keeps in memory, and each that reads: KiB, as SQLite writes them. The operating system keeps
/// the file in memory as well, and gives that memory back.
const WRITER_CACHE: &str = "-16384";
const READER_CACHE: &str = "-4096";
/// Longest wait for a connection, and for a lock that another program has.
const WAIT: Duration = Duration::from_secs(10);

/// Conversations in a file.
pub struct Sqlite {
    readers: SqlitePool,
    jobs: Sender<Job>,
    /// Owns the writer.
    tasks: TaskTracker,
}

/// The database cannot be used.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum OpenError {
    #[error(
        "the database `{path}` cannot be made: {source}; make its folder writable for the server"
    )]
    File { path: PathBuf, source: io::Error },
    #[error(
        "the database `{path}` cannot be opened: {source}; it must be a file of Chinwag's on a local disk, writable for the server"
    )]
    Open { path: PathBuf, source: sqlx::Error },
    #[error(
        "the database `{path}` cannot be brought to the layout of this version: {source}; if a newer version wrote it, start that one"
    )]
    Layout { path: PathBuf, source: sqlx::migrate::MigrateError },
}

impl Sqlite {
    /// Opens the file, making it for nobody else to read if it is not there, and brings it to the layout of this version.
    ///
    /// # Errors
    /// It cannot be made, is not a database, or was written by a newer version.
    pub async fn open(path: &Path) -> Result<Self, OpenError> {
        create(path).map_err(|source| OpenError::File { path: path.into(), source })?;
        let failed = |source| OpenError::Open { path: path.into(), source };
        let options = SqliteConnectOptions::new().filename(path).busy_timeout(WAIT);
        // What is promised survives a loss of power: FULL syncs each commit.
        let writing = options
            .clone()
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // A statement notes what it changes until it has ended: in memory, where else a file is made for each.
            .pragma("temp_store", "MEMORY")
            .pragma("wal_autocheckpoint", "4000")
            .pragma("cache_size", WRITER_CACHE);
        let mut db = SqliteConnection::connect_with(&writing).await.map_err(failed)?;
        let layout = sqlx::migrate!("src/db/sqlite/migrations").run(&mut db).await;
        layout.map_err(|source| OpenError::Layout { path: path.into(), source })?;
        let writer = Writer::new(db).await.map_err(failed)?;
        let reading = options.read_only(true).pragma("cache_size", READER_CACHE);
        let pool = SqlitePoolOptions::new().max_connections(READERS).acquire_timeout(WAIT);
        let readers = pool.connect_with(reading).await.map_err(failed)?;
        let (jobs, work) = writer.start();
        let tasks = TaskTracker::new();
        tasks.spawn(work);
        tasks.close();
        Ok(Self { readers, jobs, tasks })
    }

    /// Lets `task` read and then write, alone: all of it is kept or nothing.
    async fn alone<T, F>(&self, task: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a mut SqliteConnection) -> BoxFuture<'a, Result<T, DbError>>
            + Send
            + 'static,
    {
        self.task(|writer| {
            Box::pin(async move {
                writer.begin().await?;
                let done = task(&mut writer.db).await;
                writer.end(done).await
            })
        })
        .await
    }

    /// Lets `task` use the writer.
    async fn task<T, F>(&self, task: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a mut Writer) -> BoxFuture<'a, Result<T, DbError>> + Send + 'static,
    {
        let (done, answer) = oneshot::channel();
        let job: writer::Task = Box::new(|writer| {
            Box::pin(async move {
                // Whoever asked may be gone.
                done.send(task(writer).await).ok();
            })
        });
        self.jobs.send(Job::Task(job)).await.map_err(|_| DbError::Closed)?;
        answer.await.map_err(|_| DbError::Closed)?
    }
}

/// Makes the file, if it is not there, readable for nobody else; SQLite makes the files beside it alike.
fn create(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.create(true).write(true).truncate(false).mode(0o600).open(path).map(drop)
}

#[async_trait]
impl Database for Sqlite {
    fn write(&self, changes: Vec<Change>) -> BoxFuture<'static, Result<(), DbError>> {
        let (done, answer) = oneshot::channel();
        let queued = self.jobs.try_send(Job::Write(changes, done));
        let jobs = self.jobs.clone();
        Box::pin(async move {
            match queued {
                Ok(()) => {}
                Err(TrySendError::Full(job)) => {
                    jobs.send(job).await.map_err(|_| DbError::Closed)?;
                }
                Err(TrySendError::Closed(_)) => return Err(DbError::Closed),
            }
            answer.await.map_err(|_| DbError::Closed)?
        })
    }

    async fn thread(&self, id: ThreadId) -> Result<Option<Thread>, DbError> {
        read::thread(&mut *self.readers.acquire().await?, id).await
    }

    async fn content(&self, id: ThreadId) -> Result<Content, DbError> {
        // One transaction: a picture of one moment.
        read::content(&mut *self.readers.begin().await?, id).await
    }

    async fn element(&self, thread: ThreadId, id: ElementId) -> Result<Option<Element>, DbError> {
        read::element(&mut *self.readers.acquire().await?, thread, id).await
    }

    async fn state(&self, id: ThreadId) -> Result<Vec<(String, Json)>, DbError> {
        read::state(&mut *self.readers.acquire().await?, id).await
    }

    async fn store(&self, bot: &BotName) -> Result<Vec<(String, Json)>, DbError> {
        read::store(&mut *self.readers.acquire().await?, bot).await
    }

    async fn threads(&self, query: &ThreadQuery) -> Result<ThreadPage, DbError> {
        list::threads(&mut *self.readers.begin().await?, query).await
    }

    async fn change_thread(
        &self,
        id: ThreadId,
        change: Box<dyn for<'t> FnOnce(&'t mut Thread) + Send>,
    ) -> Result<Option<Thread>, DbError> {
        self.alone(move |db| Box::pin(people::change_thread(db, id, change))).await
    }

    async fn remove_thread(&self, id: ThreadId) -> Result<bool, DbError> {
        self.alone(move |db| Box::pin(people::remove_thread(db, id))).await
    }

    async fn existing(&self, ids: &[ThreadId]) -> Result<Vec<ThreadId>, DbError> {
        read::existing(&mut *self.readers.acquire().await?, ids).await
    }

    async fn put_feedback(&self, feedback: &Feedback) -> Result<(), DbError> {
        let feedback = feedback.clone();
        self.alone(move |db| Box::pin(opinion::put_feedback(db, feedback))).await
    }

    async fn feedback(&self, id: FeedbackId) -> Result<Option<Feedback>, DbError> {
        opinion::feedback(&mut *self.readers.acquire().await?, id).await
    }

    async fn remove_feedback(&self, id: FeedbackId) -> Result<bool, DbError> {
        self.alone(move |db| Box::pin(opinion::remove_feedback(db, id))).await
    }

    async fn set_favorite(
        &self,
        thread: ThreadId,
        step: StepId,
        is_favorite: bool,
    ) -> Result<Option<Step>, DbError> {
        self.alone(move |db| Box::pin(opinion::set_favorite(db, thread, step, is_favorite))).await
    }

    async fn favorites(&self, owner: &str) -> Result<Vec<std::sync::Arc<Step>>, DbError> {
        opinion::favorites(&mut *self.readers.acquire().await?, owner).await
    }

    async fn account(&self, identifier: &str) -> Result<Option<Account>, DbError> {
        people::account(&mut *self.readers.acquire().await?, identifier).await
    }

    async fn accounts(&self) -> Result<Vec<Account>, DbError> {
        people::accounts(&mut *self.readers.acquire().await?).await
    }

    async fn put_account(&self, account: &Account) -> Result<Account, DbError> {
        let account = account.clone();
        self.alone(move |db| Box::pin(people::put_account(db, account))).await
    }

    async fn remove_account(&self, identifier: &str) -> Result<bool, DbError> {
        let identifier = identifier.to_owned();
        self.alone(move |db| Box::pin(people::remove_account(db, identifier))).await
    }

    async fn recover(&self) -> Result<usize, DbError> {
        self.task(|writer| Box::pin(mend::recover(writer))).await
    }

    async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.jobs.send(Job::Close(done)).await.is_ok() {
            // An answer, or a writer that has gone.
            closed.await.ok();
        }
        self.tasks.wait().await;
        self.readers.close().await;
    }
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sqlite").finish_non_exhaustive()
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolClosed => Self::Closed,
            sqlx::Error::Database(it) if it.kind() == ErrorKind::NotNullViolation => {
                Self::Failed(format!("a change is about a thread that is not there ({error})"))
            }
            _ => Self::Failed(error.to_string()),
        }
    }
}

/// JSON for a statement or a column.
fn encode(value: &(impl Serialize + ?Sized)) -> String {
    serde_json::to_string(value).expect("our own values serialise")
}
