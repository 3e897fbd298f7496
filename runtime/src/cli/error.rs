//! How errors look on a terminal.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::builder::styling::{AnsiColor, Style};

use super::output::printable;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const LABEL: Style = AnsiColor::Cyan.on_default();

/// An error with a way out of it.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub(super) struct Advice {
    what: String,
    code: Option<String>,
    hint: Option<String>,
}

impl Advice {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), code: None, hint: None }
    }

    /// The stable code that a server gave.
    pub(super) fn code(self, code: impl Into<String>) -> Self {
        Self { code: Some(code.into()), ..self }
    }

    /// What to do next.
    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

/// Writes an error with its causes to stderr, and answers the exit code that goes with it: 1.
#[must_use]
pub fn report(error: &anyhow::Error) -> ExitCode {
    // `chinwag bots | head` ends like this, and nothing is wrong.
    let is_closed = |cause: &io::Error| cause.kind() == io::ErrorKind::BrokenPipe;
    if error.downcast_ref::<io::Error>().is_some_and(is_closed) {
        return ExitCode::SUCCESS;
    }
    // Nobody is left to be told if stderr is gone.
    drop(write(&mut anstream::stderr(), error));
    ExitCode::FAILURE
}

fn write(out: &mut impl Write, error: &anyhow::Error) -> io::Result<()> {
    writeln!(out, "{ERROR}error:{ERROR:#} {}", printable(&error.to_string()))?;
    for cause in error.chain().skip(1) {
        writeln!(out, "  {LABEL}cause:{LABEL:#} {}", printable(&cause.to_string()))?;
    }
    if let Some(advice) = error.downcast_ref::<Advice>() {
        for (label, text) in [("code", &advice.code), ("hint", &advice.hint)] {
            if let Some(text) = text {
                writeln!(out, "  {LABEL}{label}:{LABEL:#} {}", printable(text))?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(error: &anyhow::Error) -> String {
        let mut out = anstream::StripStream::new(Vec::new());
        write(&mut out, error).unwrap();
        String::from_utf8(out.into_inner()).unwrap()
    }

    #[test]
    fn an_error_is_shown_with_its_causes_code_and_hint() {
        let error =
            anyhow::Error::new(io::Error::other("disk full")).context("`a.wasm` cannot be read");
        insta::assert_snapshot!(plain(&error), @r"
        error: `a.wasm` cannot be read
          cause: disk full
        ");
        let advice =
            Advice::new("there is no bot `x`").code("unknown-bot").hint("see `chinwag bots`");
        insta::assert_snapshot!(plain(&advice.into()), @r"
        error: there is no bot `x`
          code: unknown-bot
          hint: see `chinwag bots`
        ");
    }

    #[test]
    fn what_a_server_says_cannot_command_the_terminal() {
        let text = plain(&Advice::new("red \u{1b}[31m").into());
        assert!(text.contains("red \\u{1b}[31m"), "{text}");
    }
}
