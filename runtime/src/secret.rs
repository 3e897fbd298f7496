//! Secrets of the server: kept out of logs, compared in constant time, kept in files that only the owner reads.

use std::{
    fmt, fs, io,
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::Deserialize;
use subtle::ConstantTimeEq;

/// A text that only few may know. Its `Debug` shows nothing of it. Cheap to clone.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Secret(Arc<str>);

/// There is no secret to be had.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum SecretError {
    #[error(
        "a secret must be of visible ASCII characters without spaces, and at least one; leave it out to have one made"
    )]
    Malformed,
    #[error("the secret in `{}` cannot be read", .0.display())]
    Read(PathBuf, #[source] io::Error),
    #[error("a secret cannot be stored in `{}`", .0.display())]
    Store(PathBuf, #[source] io::Error),
    #[error(
        "`{}` holds no usable secret; remove the file and the next start of the server makes a new one", .0.display()
    )]
    BadFile(PathBuf),
}

impl Secret {
    /// The secret that a file of a folder keeps; folder and secret are made if they are not there yet.
    ///
    /// # Errors
    /// The file cannot be read or written, or holds no secret.
    pub fn open(folder: &Path, file: &str) -> Result<Self, SecretError> {
        let path = folder.join(file);
        match Self::read(&path) {
            Err(SecretError::Read(_, error)) if error.kind() == io::ErrorKind::NotFound => {}
            other => return other,
        }
        let secret: Self = hex::encode(rand::random::<[u8; 32]>()).try_into()?;
        match secret.store(folder, &path) {
            // Somebody was quicker: that secret counts.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::read(&path),
            Err(error) => Err(SecretError::Store(path, error)),
            Ok(()) => Ok(secret),
        }
    }

    /// The secret that a file keeps.
    ///
    /// # Errors
    /// There is no such file, it cannot be read, or it holds no secret.
    pub fn read(path: &Path) -> Result<Self, SecretError> {
        let text =
            fs::read_to_string(path).map_err(|error| SecretError::Read(path.into(), error))?;
        text.trim().to_owned().try_into().map_err(|_| SecretError::BadFile(path.into()))
    }

    /// Whether `candidate` is the secret, in a time that does not depend on how much of it is right.
    #[must_use]
    pub fn matches(&self, candidate: &str) -> bool {
        self.0.as_bytes().ct_eq(candidate.as_bytes()).into()
    }

    /// The secret itself, for those who must show it to somebody, or sign with it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whole or not at all, and never readable by others: the file is made under another name with mode 0600, and named
    /// last.
    fn store(&self, folder: &Path, path: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new().prefix(".secret-").tempfile_in(folder)?;
        writeln!(file, "{}", self.0)?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path)?;
        Ok(())
    }
}

impl TryFrom<String> for Secret {
    type Error = SecretError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(text.into())) } else { Err(SecretError::Malformed) }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let made = Secret::open(&data, "token").unwrap();
        assert_eq!(made.reveal().len(), 64);
        assert!(Secret::open(&data, "token").unwrap().matches(made.reveal()));
        assert_eq!(fs::read_dir(&data).unwrap().count(), 1, "something else was left behind");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(data.join("token")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn an_empty_file_is_an_error_and_not_an_open_door() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("token"), "\n").unwrap();
        assert!(matches!(Secret::open(folder.path(), "token"), Err(SecretError::BadFile(_))));
    }

    #[test]
    fn only_the_whole_secret_matches() {
        let secret: Secret = "abcdef".to_owned().try_into().unwrap();
        assert!(secret.matches("abcdef"));
        for other in ["", "abcde", "abcdefg", "abcdeF"] {
            assert!(!secret.matches(other));
        }
        assert!(!format!("{secret:?}").contains("abc"));
    }
}
