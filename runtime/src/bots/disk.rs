//! Bots on disk. Every change is one rename, so that a crash at any moment leaves the state before or after it.
//!
//! ```text
//! bots/NAME/1.wasm      the component
//! bots/NAME/1.json      its record; a version is there if this is
//! bots/NAME/active.json which version is active, and which were before
//! incoming/             uploads under way; emptied at start
//! ```

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tempfile::{NamedTempFile, TempPath};

use super::VersionRecord;
use crate::domain::{BotName, VersionNumber};

/// Which version is active, and which were before, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ActiveRecord {
    pub(super) active: Option<VersionNumber>,
    pub(super) history: Vec<VersionNumber>,
}

/// What is on disk of one bot.
#[derive(Debug, Default)]
pub(super) struct BotRecord {
    pub(super) versions: Vec<VersionRecord>,
    pub(super) active: ActiveRecord,
}

/// The folder of all bots.
#[derive(Clone, Debug)]
pub(super) struct Disk {
    bots: PathBuf,
    incoming: PathBuf,
}

impl Disk {
    /// Opens the folder below `data` and sweeps out what a crash left behind.
    pub(super) fn open(data: &Path) -> io::Result<Self> {
        let disk = Self { bots: data.join("bots"), incoming: data.join("incoming") };
        fs::create_dir_all(&disk.bots)?;
        if disk.incoming.exists() {
            fs::remove_dir_all(&disk.incoming)?;
        }
        fs::create_dir_all(&disk.incoming)?;
        Ok(disk)
    }

    pub(super) fn incoming(&self) -> io::Result<NamedTempFile> {
        NamedTempFile::new_in(&self.incoming)
    }

    pub(super) fn component(&self, bot: &BotName, number: VersionNumber) -> PathBuf {
        self.folder(bot).join(format!("{number}.wasm"))
    }

    /// All bots.
    pub(super) fn load(&self) -> io::Result<BTreeMap<BotName, BotRecord>> {
        let mut bots = BTreeMap::new();
        for entry in fs::read_dir(&self.bots)? {
            let entry = entry?;
            let Some(name) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
                continue;
            };
            bots.insert(name, load_bot(&entry.path())?);
        }
        Ok(bots)
    }

    /// Stores a version: the component first, the record last.
    pub(super) fn store(
        &self,
        bot: &BotName,
        record: &VersionRecord,
        component: TempPath,
    ) -> io::Result<()> {
        let folder = self.folder(bot);
        fs::create_dir_all(&folder)?;
        component.persist(self.component(bot, record.number)).map_err(|error| error.error)?;
        self.write(&folder, &format!("{}.json", record.number), record)
    }

    pub(super) fn activate(&self, bot: &BotName, active: &ActiveRecord) -> io::Result<()> {
        self.write(&self.folder(bot), "active.json", active)
    }

    /// Removes a bot: one rename takes it away, then its files are deleted at leisure.
    pub(super) fn remove(&self, bot: &BotName) -> io::Result<()> {
        let gone = tempfile::Builder::new().prefix("removed-").tempdir_in(&self.incoming)?;
        fs::rename(self.folder(bot), gone.path().join("bot"))?;
        sync(&self.bots)?;
        gone.close()
    }

    fn folder(&self, bot: &BotName) -> PathBuf {
        self.bots.join(bot.as_str())
    }

    fn write(&self, folder: &Path, name: &str, value: &impl Serialize) -> io::Result<()> {
        let mut file = self.incoming()?;
        serde_json::to_writer_pretty(&mut file, value)?;
        file.as_file().sync_all()?;
        file.persist(folder.join(name)).map_err(|error| error.error)?;
        sync(folder)
    }
}

/// Makes renames in a folder durable.
fn sync(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

fn load_bot(folder: &Path) -> io::Result<BotRecord> {
    let mut bot = BotRecord::default();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let number = path.file_stem().and_then(|stem| stem.to_str()?.parse::<VersionNumber>().ok());
        let (Some(_), Some("json")) = (number, path.extension().and_then(|it| it.to_str())) else {
            continue;
        };
        bot.versions.push(read(&path)?);
    }
    bot.versions.sort_by_key(|version| version.number);
    let active = folder.join("active.json");
    if active.exists() {
        bot.active = read(&active)?;
    }
    Ok(bot)
}

fn read<T: DeserializeOwned>(path: &Path) -> io::Result<T> {
    serde_json::from_slice(&fs::read(path)?).map_err(|error| {
        let message = format!("`{}` is damaged: {error}", path.display());
        io::Error::new(io::ErrorKind::InvalidData, message)
    })
}
