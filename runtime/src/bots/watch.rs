//! A folder whose components are bots: `NAME.wasm` is deployed when it appears and whenever it changes.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::{
    io::AsyncReadExt,
    sync::mpsc::{self, Receiver},
    time::timeout,
};

use super::{Activation, Bots, DeployError, Deployment, Fault, Outcome, Progress};
use crate::{domain::BotName, telemetry::chain};

/// Writing a file makes several notices; nothing is read before they have ceased for this long.
const QUIET: Duration = Duration::from_millis(100);
/// Nor for longer than this, however busy the folder is.
const PATIENCE: Duration = Duration::from_secs(2);
const CHUNK: usize = 64 << 10;

/// A watched folder. Dropping it ends the watch.
#[derive(Debug)]
pub struct Watch {
    bots: Bots,
    dir: PathBuf,
    /// What each file looked like when it was last read.
    seen: BTreeMap<PathBuf, (SystemTime, u64)>,
    notices: Receiver<()>,
    _watcher: RecommendedWatcher,
}

/// Watches `dir` (not its subfolders), after deploying what is there already.
///
/// # Errors
/// The folder cannot be read or watched. A component that is refused is no error: it is logged, and read again when it
/// changes.
pub async fn watch(bots: Bots, dir: PathBuf) -> io::Result<Watch> {
    // One place: a notice says only that something changed, and that is known already if one is waiting.
    let (notice, notices) = mpsc::channel(1);
    let mut watcher = notify::recommended_watcher(move |event| {
        if is_change(&event) {
            notice.try_send(()).ok();
        }
    })
    .map_err(io::Error::other)?;
    watcher.watch(&dir, RecursiveMode::NonRecursive).map_err(io::Error::other)?;
    let mut watch = Watch { bots, dir, seen: BTreeMap::new(), notices, _watcher: watcher };
    watch.scan().await?;
    Ok(watch)
}

/// Whether something may have changed. That somebody read the folder says nothing: we do so ourselves at each notice.
fn is_change(event: &notify::Result<Event>) -> bool {
    !matches!(event, Ok(event) if event.kind.is_access())
}

impl Watch {
    /// Deploys what changes, for ever.
    ///
    /// Cancel safe: an upload under way is dropped whole.
    pub async fn run(mut self) {
        while self.notices.recv().await.is_some() {
            let quiet =
                async { while let Ok(Some(())) = timeout(QUIET, self.notices.recv()).await {} };
            drop(timeout(PATIENCE, quiet).await);
            if let Err(error) = self.scan().await {
                tracing::error!(dir = %self.dir.display(), %error, "the watched folder cannot be read");
            }
        }
    }

    async fn scan(&mut self) -> io::Result<()> {
        let mut paths = Vec::new();
        let mut entries = tokio::fs::read_dir(&self.dir).await?;
        while let Some(entry) = entries.next_entry().await? {
            paths.push(entry.path());
        }
        paths.sort();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "wasm"));
        for path in paths {
            // A file may vanish between listing and reading.
            let Ok(metadata) = tokio::fs::metadata(&path).await else { continue };
            let looks = (metadata.modified()?, metadata.len());
            if self.seen.insert(path.clone(), looks) != Some(looks) {
                self.deploy(&path).await;
            }
        }
        Ok(())
    }

    async fn deploy(&mut self, path: &Path) {
        match self.try_deploy(path).await {
            Ok((name, Outcome::Created)) => {
                tracing::info!(bot = %name, "deployed from the watched folder");
            }
            Ok((_, Outcome::Unchanged)) => {}
            Err(error) => {
                // It is not the file's fault: the same file may do at the next notice.
                if error.fault() == Fault::Internal {
                    self.seen.remove(path);
                }
                let error = chain(&error);
                tracing::warn!(path = %path.display(), %error, "not deployed");
            }
        }
    }

    async fn try_deploy(&self, path: &Path) -> Result<(BotName, Outcome), DeployError> {
        let name: BotName = path.file_stem().unwrap_or_default().to_string_lossy().parse()?;
        let mut upload = self.bots.upload()?;
        let mut file = tokio::fs::File::open(path).await?;
        let mut chunk = vec![0; CHUNK];
        loop {
            let length = file.read(&mut chunk).await?;
            let Some(bytes) = chunk.get(..length).filter(|bytes| !bytes.is_empty()) else { break };
            upload.write(bytes).await?;
        }
        let by = format!("folder `{}`", self.dir.display());
        let (activation, progress) = (Activation::Now, Progress::default());
        let order = Deployment { name, upload, activation, grant: false, by, progress };
        let deployed = self.bots.deploy(order).await?;
        Ok((deployed.bot.name.clone(), deployed.outcome))
    }
}

#[cfg(test)]
mod tests {
    use notify::{
        Error, EventKind,
        event::{AccessKind, CreateKind, ModifyKind, RemoveKind},
    };

    use super::*;

    #[test]
    fn reading_the_folder_is_no_change_of_it() {
        let says = |kind| is_change(&Ok(Event::new(kind)));
        assert!(!says(EventKind::Access(AccessKind::Any)));
        for kind in [
            EventKind::Create(CreateKind::File),
            EventKind::Modify(ModifyKind::Any),
            EventKind::Remove(RemoveKind::File),
            EventKind::Any,
        ] {
            assert!(says(kind), "{kind:?}");
        }
        assert!(is_change(&Err(Error::generic("notices were lost"))));
    }
}
