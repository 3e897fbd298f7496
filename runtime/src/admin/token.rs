//! The token of the admin API: kept secret in memory, compared in constant time, kept in a file that only the owner reads.

use std::{
    fmt, fs, io,
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::Deserialize;
use subtle::ConstantTimeEq;

/// The file beside the data that holds the token.
const FILE: &str = "admin-token";

/// The secret by which an operator is known. Its `Debug` shows nothing of it.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct AdminToken(Arc<str>);

/// There is no token to be had.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum TokenError {
    #[error(
        "the admin token must be of visible ASCII characters without spaces, and at least one; unset \
         `CHINWAG_ADMIN_TOKEN` to have one made"
    )]
    Malformed,
    #[error("the admin token cannot be read from `{}`", .0.display())]
    Read(PathBuf, #[source] io::Error),
    #[error("the admin token cannot be stored in `{}`", .0.display())]
    Store(PathBuf, #[source] io::Error),
    #[error(
        "`{}` holds no usable admin token; remove the file and the next start of the server makes a new one", .0.display()
    )]
    BadFile(PathBuf),
}

impl AdminToken {
    /// The token that a data folder keeps; the folder and the token are made if they are not there yet.
    ///
    /// # Errors
    /// The file cannot be read or written, or holds no token.
    pub fn open(data: &Path) -> Result<Self, TokenError> {
        match Self::read(data) {
            Err(TokenError::Read(_, error)) if error.kind() == io::ErrorKind::NotFound => {}
            other => return other,
        }
        let token: Self = hex::encode(rand::random::<[u8; 32]>()).try_into()?;
        match token.store(data) {
            // Somebody was quicker: that token counts.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::read(data),
            Err(error) => Err(TokenError::Store(data.join(FILE), error)),
            Ok(()) => Ok(token),
        }
    }

    /// The token that a data folder keeps.
    ///
    /// # Errors
    /// There is no such file, it cannot be read, or it holds no token.
    pub fn read(data: &Path) -> Result<Self, TokenError> {
        let path = data.join(FILE);
        let text =
            fs::read_to_string(&path).map_err(|error| TokenError::Read(path.clone(), error))?;
        text.trim().to_owned().try_into().map_err(|_| TokenError::BadFile(path))
    }

    /// Whether `candidate` is the token, in a time that does not depend on how much of it is right.
    #[must_use]
    pub fn matches(&self, candidate: &str) -> bool {
        self.0.as_bytes().ct_eq(candidate.as_bytes()).into()
    }

    /// The token itself, for the header of a request.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whole or not at all, and never readable by others: the file is made under another name with mode 0600, and named
    /// last.
    fn store(&self, data: &Path) -> io::Result<()> {
        fs::create_dir_all(data)?;
        let mut file = tempfile::Builder::new().prefix(".admin-token-").tempfile_in(data)?;
        writeln!(file, "{}", self.0)?;
        file.as_file().sync_all()?;
        file.persist_noclobber(data.join(FILE))?;
        Ok(())
    }
}

impl TryFrom<String> for AdminToken {
    type Error = TokenError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(text.into())) } else { Err(TokenError::Malformed) }
    }
}

impl fmt::Debug for AdminToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AdminToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let made = AdminToken::open(&data).unwrap();
        assert_eq!(made.reveal().len(), 64);
        assert!(AdminToken::open(&data).unwrap().matches(made.reveal()));
        assert_eq!(fs::read_dir(&data).unwrap().count(), 1, "something else was left behind");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(data.join(FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn an_empty_token_file_is_an_error_and_not_an_open_door() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "\n").unwrap();
        assert!(matches!(AdminToken::open(folder.path()), Err(TokenError::BadFile(_))));
    }

    #[test]
    fn only_the_whole_token_matches() {
        let token: AdminToken = "abcdef".to_owned().try_into().unwrap();
        assert!(token.matches("abcdef"));
        for other in ["", "abcde", "abcdefg", "abcdeF"] {
            assert!(!token.matches(other));
        }
        assert!(!format!("{token:?}").contains("abc"));
    }
}
