//! Compiled code on disk: what the child made, under a key that only this server has.
//!
//! An artefact is native code, so nothing is loaded that this server did not authenticate itself.

use std::{
    fmt,
    fs::{self, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::OpenOptionsExt,
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
        match fs::read(path) {
            Ok(bytes) => bytes.try_into().map(Self).map_err(|_| {
                let message =
                    format!("`{}` is damaged; delete it to make a new one", path.display());
                io::Error::new(io::ErrorKind::InvalidData, message)
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key: [u8; KEY_BYTES] = rand::random();
                let mut file =
                    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
                file.write_all(&key)?;
                file.sync_all()?;
                Ok(Self(key))
            }
            Err(error) => Err(error),
        }
    }

    fn mac(&self, bytes: &[u8]) -> Hmac<Sha256> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(bytes);
        mac
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
        file.write_all(&self.key.mac(&body).finalize().into_bytes())?;
        file.write_all(&body)?;
        file.as_file().sync_all()?;
        file.persist(self.path(digest))?;
        Ok(())
    }

    /// Loads what was kept: none if there is nothing, or nothing that is authentic and whole.
    pub(super) fn load(&self, sandbox: &Sandbox, digest: Digest) -> Option<(Surface, Component)> {
        let path = self.path(digest);
        let mut bytes = Vec::new();
        fs::File::open(&path).and_then(|mut file| file.read_to_end(&mut bytes)).ok()?;
        let (mac, body) = bytes.split_at_checked(MAC_BYTES)?;
        if self.key.mac(body).verify_slice(mac).is_err() {
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

    fn path(&self, digest: Digest) -> PathBuf {
        let digest = digest.to_string().replace(':', "-");
        self.dir.join(format!("{digest}-{}.cwasm", self.settings))
    }
}

#[expect(
    unsafe_code,
    reason = "the one place that loads compiled code: made by our child, authenticated just now"
)]
fn deserialize(engine: &Engine, code: &[u8]) -> wasmtime::Result<Component> {
    // SAFETY: `code` was written by `compile_child` of this very binary and its MAC has been verified; wasmtime checks
    // that version and settings fit the engine.
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
