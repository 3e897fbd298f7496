//! Where files lie: a folder, or a bucket that speaks S3.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use futures_util::TryStreamExt;
use object_store::{
    ObjectStore, aws::AmazonS3Builder, local::LocalFileSystem, path::Path as Key,
    prefix::PrefixStore,
};
use tokio_util::task::TaskTracker;

use super::{Files, FilesSettings};
use crate::domain::{ElementId, ThreadId};

/// The least that S3 takes as a part of a file, but for the last.
const PART: usize = 5 << 20;
/// What is written to a disk at once.
const CHUNK: usize = 256 << 10;

/// Files cannot be kept.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum OpenError {
    #[error("the folder `{}` cannot be used", dir.display())]
    Folder { dir: PathBuf, source: io::Error },
    #[error("`{0}` is no address of a bucket: write it as `s3://bucket` or `s3://bucket/prefix`")]
    Url(String),
    #[error(
        "the bucket `{url}` cannot be used; say how to reach it with `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, \
         `AWS_REGION` and, beside Amazon, `AWS_ENDPOINT`"
    )]
    Bucket { url: String, source: object_store::Error },
}

pub(super) async fn open(settings: FilesSettings) -> Result<Files, OpenError> {
    match settings.url {
        Some(url) => bucket(&url).await,
        None => {
            let dir = settings.dir;
            folder(dir.clone(), settings.is_durable)
                .map_err(|source| OpenError::Folder { dir, source })
        }
    }
}

fn folder(dir: PathBuf, is_durable: bool) -> io::Result<Files> {
    fs::create_dir_all(&dir)?;
    sweep(&dir)?;
    let store =
        LocalFileSystem::new_with_prefix(&dir)?.with_automatic_cleanup(true).with_fsync(is_durable);
    Ok(Files { store: Arc::new(store), dir: Some(dir), piece: CHUNK, tasks: TaskTracker::new() })
}

/// Removes what a crash left half written. Before anybody writes: later it would look like what is on its way.
fn sweep(dir: &Path) -> io::Result<()> {
    for thread in fs::read_dir(dir)? {
        let thread = thread?;
        // Whatever else lies there is not ours to touch.
        let is_ours = thread.file_name().to_str().is_some_and(|it| it.parse::<ThreadId>().is_ok());
        if !is_ours || !thread.file_type()?.is_dir() {
            continue;
        }
        for file in fs::read_dir(thread.path())? {
            let file = file?;
            if is_half(&file.file_name())
                && let Err(error) = fs::remove_file(file.path())
            {
                tracing::warn!(path = %file.path().display(), %error, "half a file cannot be removed");
            }
        }
    }
    Ok(())
}

/// Whether a file was not finished: the store writes it as `NAME#NUMBER`, and renames it when it is whole.
fn is_half(name: &OsStr) -> bool {
    let parts = name.to_str().and_then(|name| name.split_once('#'));
    parts.is_some_and(|(id, _)| id.parse::<ElementId>().is_ok())
}

async fn bucket(url: &str) -> Result<Files, OpenError> {
    let no_url = || OpenError::Url(url.to_owned());
    let path = url.strip_prefix("s3://").ok_or_else(no_url)?;
    let (name, prefix) = path.split_once('/').unwrap_or((path, ""));
    if name.is_empty() {
        return Err(no_url());
    }
    let prefix = Key::parse(prefix).map_err(|_| no_url())?;
    let wrong = |source| OpenError::Bucket { url: url.to_owned(), source };
    let store = AmazonS3Builder::from_env().with_bucket_name(name).build().map_err(wrong)?;
    let store: Arc<dyn ObjectStore> = Arc::new(PrefixStore::new(store, prefix));
    // Here, and not at the first upload, an operator wants to know of a wrong key.
    store.list(None).try_next().await.map_err(wrong)?;
    Ok(Files { store, dir: None, piece: PART, tasks: TaskTracker::new() })
}
