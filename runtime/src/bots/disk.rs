//! Bots on disk. Every change is one rename, so that a crash at any moment leaves the state before or after it.
//!
//! ```text
//! bots/NAME/1.wasm      the component
//! bots/NAME/1.json      its record; a version is there if this is
//! bots/NAME/active.json which version is active, and which were before
//! bots/NAME/terms.json  what the operator lets it use, if anything was said
//! incoming/             uploads under way; emptied at start
//! ```

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tempfile::{NamedTempFile, TempPath};

use super::{VersionRecord, terms::TermsRecord};
use crate::{
    domain::{BotName, VersionNumber},
    telemetry::chain,
};

/// The file of a bot's terms.
const TERMS: &str = "terms.json";

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
    /// None if nothing was ever said.
    pub(super) terms: Option<TermsRecord>,
}

/// What is on disk of all bots.
#[derive(Debug, Default)]
pub(super) struct Records {
    pub(super) bots: BTreeMap<BotName, BotRecord>,
    /// Bots whose records do not parse.
    pub(super) damaged: BTreeSet<BotName>,
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

    /// All bots. A damaged one is reported and left alone: it must not keep the others from serving.
    pub(super) fn load(&self) -> io::Result<Records> {
        let mut records = Records::default();
        for entry in fs::read_dir(&self.bots)? {
            let entry = entry?;
            let name = entry.file_name().to_str().and_then(|name| name.parse::<BotName>().ok());
            let folder = entry.path();
            let (Some(name), true) = (name, folder.is_dir()) else {
                tracing::warn!(path = %folder.display(), "this is no bot; it is left alone");
                continue;
            };
            match load_bot(&folder) {
                // A crash came before its first version was whole.
                Ok(bot) if bot.versions.is_empty() => {}
                Ok(bot) => drop(records.bots.insert(name, bot)),
                Err(error) => {
                    tracing::error!(bot = %name, error = %chain(&error), "the bot is damaged; it is left alone");
                    records.damaged.insert(name);
                }
            }
        }
        Ok(records)
    }

    /// Stores a version: the component first, the record last. Leaves nothing behind if that fails.
    pub(super) fn store(
        &self,
        bot: &BotName,
        record: &VersionRecord,
        component: TempPath,
    ) -> io::Result<()> {
        let folder = self.folder(bot);
        fs::create_dir_all(&folder)?;
        sync(&self.bots)?;
        let place = self.component(bot, record.number);
        component.persist(&place).map_err(|error| error.error)?;
        self.write(&folder, &format!("{}.json", record.number), record).inspect_err(|_| {
            // The first error is the one that counts; what stays is swept out at the next start.
            drop(fs::remove_file(&place));
        })
    }

    /// Deletes a version: the record first, so that a version is whole as long as it is there.
    pub(super) fn prune(&self, bot: &BotName, number: VersionNumber) -> io::Result<()> {
        let folder = self.folder(bot);
        fs::remove_file(folder.join(format!("{number}.json")))?;
        sync(&folder)?;
        fs::remove_file(self.component(bot, number))
    }

    pub(super) fn activate(&self, bot: &BotName, active: &ActiveRecord) -> io::Result<()> {
        self.write(&self.folder(bot), "active.json", active)
    }

    pub(super) fn agree(&self, bot: &BotName, terms: &TermsRecord) -> io::Result<()> {
        self.write(&self.folder(bot), TERMS, terms)
    }

    /// Removes a bot: one rename takes it away, and what is left to do then is no error any more.
    pub(super) fn remove(&self, bot: &BotName) -> io::Result<()> {
        let gone = tempfile::Builder::new().prefix("removed-").tempdir_in(&self.incoming)?;
        fs::rename(self.folder(bot), gone.path().join("bot"))?;
        if let Err(error) = sync(&self.bots).and_then(|()| gone.close()) {
            tracing::warn!(%bot, %error, "the files of a removed bot are not all deleted; the next start deletes them");
        }
        Ok(())
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
    let mut components = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let number = path.file_stem().and_then(|stem| stem.to_str()?.parse::<VersionNumber>().ok());
        match (number, path.extension().and_then(|it| it.to_str())) {
            (Some(_), Some("json")) => bot.versions.push(read(&path)?),
            (Some(number), Some("wasm")) => components.push((number, path)),
            _ => {}
        }
    }
    bot.versions.sort_by_key(|version: &VersionRecord| version.number);
    let active = folder.join("active.json");
    if active.exists() {
        bot.active = read(&active)?;
    }
    let terms = folder.join(TERMS);
    if terms.exists() {
        bot.terms = Some(read(&terms)?);
    }
    for (number, path) in components {
        // A crash came before its record was written, or after it was deleted.
        if !bot.versions.iter().any(|version| version.number == number)
            && let Err(error) = fs::remove_file(&path)
        {
            tracing::warn!(path = %path.display(), %error, "a component of no version cannot be removed");
        }
    }
    Ok(bot)
}

fn read<T: DeserializeOwned>(path: &Path) -> io::Result<T> {
    serde_json::from_slice(&fs::read(path)?).map_err(|error| {
        let message = format!("`{}` is damaged: {error}", path.display());
        io::Error::new(io::ErrorKind::InvalidData, message)
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn open() -> (tempfile::TempDir, Disk) {
        let data = tempfile::tempdir().unwrap();
        let disk = Disk::open(data.path()).unwrap();
        (data, disk)
    }

    fn store(disk: &Disk, bot: &BotName, number: VersionNumber) -> io::Result<()> {
        let mut file = disk.incoming().unwrap();
        file.write_all(b"code").unwrap();
        disk.store(bot, &VersionRecord::sample(number), file.into_temp_path())
    }

    fn files(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
        let mut names: Vec<_> =
            entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_stored_activated_and_pruned_is_there_after_a_restart() {
        let (data, disk) = open();
        let bot: BotName = "bot".parse().unwrap();
        for number in 1..=3 {
            store(&disk, &bot, number).unwrap();
        }
        let active = ActiveRecord { active: Some(3), history: vec![1] };
        disk.activate(&bot, &active).unwrap();
        disk.prune(&bot, 2).unwrap();

        let disk = Disk::open(data.path()).unwrap();
        let records = disk.load().unwrap();
        let found = &records.bots[&bot];
        assert_eq!(found.versions, [VersionRecord::sample(1), VersionRecord::sample(3)]);
        assert_eq!(found.active, active);
        let all = ["1.json", "1.wasm", "3.json", "3.wasm", "active.json"];
        assert_eq!(files(&disk.folder(&bot)), all);

        disk.remove(&bot).unwrap();
        assert!(disk.load().unwrap().bots.is_empty());
        assert!(files(&data.path().join("bots")).is_empty());
        assert!(files(&data.path().join("incoming")).is_empty());
    }

    #[test]
    fn a_damaged_bot_and_what_is_no_bot_are_left_alone() {
        let (data, disk) = open();
        let (whole, damaged): (BotName, BotName) =
            ("whole".parse().unwrap(), "damaged".parse().unwrap());
        for bot in [&whole, &damaged] {
            store(&disk, bot, 1).unwrap();
        }
        fs::write(disk.folder(&damaged).join("1.json"), "{").unwrap();
        fs::write(data.path().join("bots/file"), "no folder").unwrap();
        fs::create_dir(data.path().join("bots/No Name")).unwrap();

        let records = disk.load().unwrap();
        assert_eq!(records.bots.keys().collect::<Vec<_>>(), [&whole]);
        assert_eq!(records.damaged, BTreeSet::from([damaged.clone()]));
        assert_eq!(files(&disk.folder(&damaged)), ["1.json", "1.wasm"]);
    }

    #[test]
    fn a_version_whose_record_cannot_be_written_is_not_there() {
        let (_data, disk) = open();
        let bot: BotName = "bot".parse().unwrap();
        store(&disk, &bot, 1).unwrap();
        fs::create_dir(disk.folder(&bot).join("2.json")).unwrap();
        store(&disk, &bot, 2).unwrap_err();
        assert!(!disk.component(&bot, 2).exists());
    }

    #[test]
    fn a_component_without_a_record_is_swept_out() {
        let (_data, disk) = open();
        let bot: BotName = "bot".parse().unwrap();
        store(&disk, &bot, 1).unwrap();
        fs::write(disk.component(&bot, 2), "code").unwrap();
        assert_eq!(disk.load().unwrap().bots[&bot].versions.len(), 1);
        assert_eq!(files(&disk.folder(&bot)), ["1.json", "1.wasm"]);
    }
}
