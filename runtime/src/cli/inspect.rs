//! `chinwag inspect`: what is in a component, and whether a server would take it. A file is looked at here, without a server.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use serde::Serialize;

use super::{
    bots::show,
    client::{Connection, block_on},
    error::Advice,
    output::{self, printable},
};
use crate::{
    domain::Digest,
    sandbox::{Refusal, Surface, inspect},
};

/// Show what a component exports and imports, and whether a server would take it; or ask a server for a bot
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chinwag inspect target/bots/echo.wasm     Look at a file; no server is needed
  chinwag inspect echo                      Ask the server")]
pub(super) struct Inspect {
    /// A component's file, or the name of a deployed bot
    #[arg(value_name = "FILE.wasm|NAME")]
    target: PathBuf,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Serialize)]
struct Findings<'a> {
    file: &'a Path,
    size: u64,
    digest: Digest,
    admitted: bool,
    #[serde(flatten)]
    surface: Option<&'a Surface>,
    refusal: Option<&'a Refusal>,
}

impl Inspect {
    pub(super) fn execute(self) -> anyhow::Result<()> {
        if is_file(&self.target) {
            return look(&self.target, self.connection.json);
        }
        let name = self.target.to_string_lossy().parse()?;
        block_on(show(&name, &self.connection))
    }
}

fn is_file(target: &Path) -> bool {
    let is_wasm = target.extension().is_some_and(|extension| extension == "wasm");
    is_wasm || target.components().count() > 1 || target.is_file()
}

fn look(file: &Path, json: bool) -> anyhow::Result<()> {
    let bytes =
        std::fs::read(file).with_context(|| format!("`{}` cannot be read", file.display()))?;
    let result = inspect(&bytes);
    let findings = Findings {
        file,
        size: bytes.len() as u64,
        digest: Digest::of(&bytes),
        admitted: result.is_ok(),
        surface: result.as_ref().ok(),
        refusal: result.as_ref().err(),
    };
    if json {
        output::json(&findings)?;
    } else {
        show_findings(&findings)?;
    }
    result.map(drop).map_err(|Refusal { code, message }| {
        Advice::new(format!("a server would refuse `{}`: {message}", file.display()))
            .code(code)
            .into()
    })
}

fn show_findings(findings: &Findings<'_>) -> anyhow::Result<()> {
    let Findings { file, size, digest, surface, .. } = findings;
    output::line(format!("{}: {}, {digest}", file.display(), output::size(*size)))?;
    let Some(Surface { exports, imports }) = surface else { return Ok(()) };
    for (title, names) in [("exports", exports), ("imports", imports)] {
        output::line(title)?;
        for name in names {
            output::line(format!("  {}", printable(name)))?;
        }
    }
    Ok(output::line("a server would take it, if it compiles within the limits")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_from_a_bots_name() {
        for file in ["echo.wasm", "absent.wasm", "./echo", "target/bots/echo"] {
            assert!(is_file(Path::new(file)), "`{file}` is taken for a name");
        }
        assert!(!is_file(Path::new("echo")));
    }

    #[test]
    fn a_file_that_a_server_would_refuse_is_an_error() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "hello").unwrap();
        let error = look(file.path(), true).unwrap_err();
        assert!(error.to_string().contains("a server would refuse"), "{error}");
    }
}
