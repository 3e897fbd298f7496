//! Compiled code on disk: what the child made, under a key that only this server has.
//!
//! An artefact is native code, so nothing is loaded that this server did not authenticate itself.

use std::{
    collections::HashSet,
    fmt, fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use wasmtime::{Engine, component::Component};

use super::{Sandbox, contract::Surface};
use crate::domain::Digest;

const KEY_BYTES: usize = 32;
const MAC_BYTES: usize = 32;

/// Authenticates compiled code. Kept in the data directory, readable by the server alone.
#[derive(Clone)]
pub struct ArtifactKey([u8; KEY_BYTES]);

impl fmt::Debug for ArtifactKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ArtifactKey")
    }
}

impl ArtifactKey {
    /// Reads the key at `path`, or makes one there at first start.
    ///
    /// # Errors
    /// The file cannot be read or made, or has the wrong length.
    pub fn open(path: &Path) -> io::Result<Self> {
        match Self::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => return other,
        }
        let key = Self(rand::random());
        match key.store(path) {
            // Somebody was quicker: that key counts.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::read(path),
            stored => stored.map(|()| key),
        }
    }

    fn read(path: &Path) -> io::Result<Self> {
        fs::read(path)?.try_into().map(Self).map_err(|_| {
            let message = format!("`{}` is damaged; delete it to make a new one", path.display());
            io::Error::new(io::ErrorKind::InvalidData, message)
        })
    }

    /// Whole or not at all, and never readable by others: the file is made under another name with mode 0600, and named
    /// last.
    fn store(&self, path: &Path) -> io::Result<()> {
        let dir = path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::Builder::new().prefix(".artifact-key-").tempfile_in(dir)?;
        file.write_all(&self.0)?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path)?;
        Ok(())
    }
}

/// The folder of compiled code: one file for each digest and set of engine settings.
#[derive(Clone, Debug)]
pub(super) struct Artifacts {
    dir: PathBuf,
    key: ArtifactKey,
    settings: String,
}

impl Artifacts {
    pub(super) fn open(dir: PathBuf, key: ArtifactKey, sandbox: &Sandbox) -> io::Result<Self> {
        fs::create_dir_all(&dir)?;
        Ok(Self { dir, key, settings: settings_hash(sandbox.engine()) })
    }

    /// Where the child may write what it makes.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Authenticates compiled code and what is known of its component, and keeps both.
    pub(super) fn keep(&self, digest: Digest, surface: &Surface, code: &[u8]) -> io::Result<()> {
        let surface = serde_json::to_vec(surface)?;
        let length = u32::try_from(surface.len()).map_err(io::Error::other)?;
        let body = [&length.to_le_bytes(), surface.as_slice(), code].concat();
        let mut file = tempfile::NamedTempFile::new_in(&self.dir)?;
        file.write_all(&self.mac(digest, &body).finalize().into_bytes())?;
        file.write_all(&body)?;
        file.as_file().sync_all()?;
        file.persist(self.path(digest))?;
        Ok(())
    }

    /// Loads what was kept: none if there is nothing, or nothing that is authentic and whole.
    pub(super) fn load(&self, sandbox: &Sandbox, digest: Digest) -> Option<(Surface, Component)> {
        let path = self.path(digest);
        let bytes = fs::read(&path).ok()?;
        let (mac, body) = bytes.split_at_checked(MAC_BYTES)?;
        if self.mac(digest, body).verify_slice(mac).is_err() {
            tracing::warn!(path = %path.display(), "compiled code is not authentic; compiling anew");
            return None;
        }
        let (length, rest) = body.split_first_chunk()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let (surface, code) = rest.split_at_checked(length)?;
        let component = deserialize(sandbox.engine(), code)
            .inspect_err(
                |error| tracing::warn!(%error, "compiled code does not load; compiling anew"),
            )
            .ok()?;
        Some((serde_json::from_slice(surface).ok()?, component))
    }

    /// Deletes what was kept of a component; it can always be compiled again.
    pub(super) fn forget(&self, digest: Digest) {
        remove(&self.path(digest));
    }

    /// Deletes everything but the code of `digests` for today's engine: other code, and what a crash left behind.
    pub(super) fn sweep(&self, digests: &HashSet<Digest>) -> io::Result<()> {
        let keep: HashSet<PathBuf> = digests.iter().map(|digest| self.path(*digest)).collect();
        for entry in fs::read_dir(&self.dir)? {
            let path = entry?.path();
            if !keep.contains(&path) {
                remove(&path);
            }
        }
        Ok(())
    }

    fn path(&self, digest: Digest) -> PathBuf {
        let digest = digest.to_string().replace(':', "-");
        self.dir.join(format!("{digest}-{}.cwasm", self.settings))
    }

    /// Binds compiled code to its component and to the settings of the engine: a file under another name is not authentic.
    fn mac(&self, digest: Digest, body: &[u8]) -> Hmac<Sha256> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.key.0).expect("HMAC takes keys of any length");
        // Digest and settings have fixed lengths, so no two inputs run into the same bytes.
        mac.update(digest.to_string().as_bytes());
        mac.update(self.settings.as_bytes());
        mac.update(body);
        mac
    }
}

/// A file that cannot be removed wastes room, and nothing else.
fn remove(path: &Path) {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(path = %path.display(), %error, "old compiled code cannot be removed");
        }
        _ => {}
    }
}

/// Loads compiled code: what a child has just made of it, or what was authenticated.
///
/// # Errors
/// The code does not fit the engine: most likely it needs more than a slot of the pool has.
#[expect(
    unsafe_code,
    reason = "the one place that loads compiled code: made by our child, just now or authenticated since"
)]
pub(super) fn deserialize(engine: &Engine, code: &[u8]) -> wasmtime::Result<Component> {
    // SAFETY: `code` was written by `compile_child` of this very binary: either a child wrote it for us just now, into a
    // file that only we named, or its MAC says so. wasmtime checks that version and settings fit the engine.
    unsafe { Component::deserialize(engine, code) }
}

/// Tells apart artefacts of different engine settings and versions of wasmtime.
fn settings_hash(engine: &Engine) -> String {
    use std::hash::{Hash, Hasher};
    let mut hasher = Sha256Hasher::default();
    engine.precompile_compatibility_hash().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// `Hash` over sha-256: the default hasher may change between releases of Rust.
#[derive(Default)]
struct Sha256Hasher(Sha256);

impl std::hash::Hasher for Sha256Hasher {
    fn finish(&self) -> u64 {
        use sha2::Digest as _;
        let digest: [u8; 32] = self.0.clone().finalize().into();
        u64::from_be_bytes(digest.first_chunk().copied().unwrap_or_default())
    }

    fn write(&mut self, bytes: &[u8]) {
        use sha2::Digest as _;
        self.0.update(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::{super::engine::settings, *};

    #[test]
    fn a_key_is_made_once_and_only_its_owner_reads_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let made = ArtifactKey::open(&path).unwrap();
        assert_eq!(ArtifactKey::open(&path).unwrap().0, made.0);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "something was left behind");
    }

    #[test]
    fn a_damaged_key_is_an_error_and_not_a_new_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, [1; KEY_BYTES - 1]).unwrap();
        let error = ArtifactKey::open(&path).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        assert_eq!(fs::read(&path).unwrap().len(), KEY_BYTES - 1);
    }

    #[test]
    fn code_loads_only_for_the_component_that_it_was_kept_for() {
        let folder = tempfile::tempdir().unwrap();
        let sandbox = Sandbox::new(1, 0).unwrap();
        let dir = folder.path().to_owned();
        let artifacts = Artifacts::open(dir, ArtifactKey([7; KEY_BYTES]), &sandbox).unwrap();
        let wasm = wat::parse_str("(component)").unwrap();
        let code = Engine::new(&settings()).unwrap().precompile_component(&wasm).unwrap();
        let (digest, other) = (Digest::of(&wasm), Digest::of(b"another"));

        assert!(artifacts.load(&sandbox, digest).is_none());
        artifacts.keep(digest, &Surface::default(), &code).unwrap();
        assert!(artifacts.load(&sandbox, digest).is_some());
        fs::copy(artifacts.path(digest), artifacts.path(other)).unwrap();
        assert!(artifacts.load(&sandbox, other).is_none(), "code passes for another component's");
    }

    #[test]
    fn a_sweep_leaves_the_code_of_the_named_components_alone() {
        let folder = tempfile::tempdir().unwrap();
        let sandbox = Sandbox::new(1, 0).unwrap();
        let dir = folder.path().to_owned();
        let artifacts = Artifacts::open(dir, ArtifactKey([7; KEY_BYTES]), &sandbox).unwrap();
        let (kept, gone) = (Digest::of(b"kept"), Digest::of(b"gone"));
        for digest in [kept, gone] {
            artifacts.keep(digest, &Surface::default(), b"code").unwrap();
        }
        fs::write(folder.path().join("compiling-x"), "").unwrap();
        artifacts.sweep(&HashSet::from([kept])).unwrap();
        let left = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        assert_eq!(left.collect::<Vec<_>>(), [artifacts.path(kept)]);
        artifacts.forget(kept);
        assert!(!artifacts.path(kept).exists());
    }
}
