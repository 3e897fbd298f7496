//! `chinwag users`: who may sign in with a password. It works on the data folder itself, whether or not a server runs on it.

use std::{
    io::{self, BufRead as _, IsTerminal as _, Write as _},
    path::PathBuf,
    sync::Arc,
};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::{
    client::block_on,
    error::Advice,
    output::{self, printable},
};
use crate::{
    auth,
    config::Config,
    db::Database,
    domain::{Account, User, UserId, to_json},
    server,
};

/// Say who may sign in with a password
///
/// The server sees a change at once. Passwords count where `auth.password` is on.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chinwag users add ada --display-name 'Ada Lovelace'
  pass show chat/ada | chinwag users add ada --password-stdin
  chinwag users list
  chinwag users password ada
  chinwag users remove ada")]
pub(super) struct Users {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Add a user
    Add {
        /// The name to sign in with, such as an email address
        #[arg(value_name = "NAME")]
        name: String,
        /// The name to show [default: NAME]
        #[arg(long, value_name = "NAME")]
        display_name: Option<String>,
        #[command(flatten)]
        password: NewPassword,
        #[command(flatten)]
        place: Place,
    },
    /// List all users, also those who sign in elsewhere
    List {
        /// Write JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Remove a user, who is signed out everywhere; threads stay
    Remove {
        /// The name
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        place: Place,
    },
    /// Change the password of a user, who is signed out everywhere
    Password {
        /// The name
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        password: NewPassword,
        #[command(flatten)]
        place: Place,
    },
}

/// Where a password comes from.
#[derive(Debug, Args)]
struct NewPassword {
    /// Read the password from the first line of stdin, instead of asking twice on the terminal
    #[arg(long)]
    password_stdin: bool,
}

/// Where users are kept.
#[derive(Debug, Args, Serialize)]
struct Place {
    /// The data folder of the server [default: .chinwag]
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<PathBuf>,
    /// The server's file with settings [default: chinwag.toml, if it is there]
    #[arg(long, value_name = "FILE", env = "CHINWAG_CONFIG")]
    #[serde(skip)]
    config: Option<PathBuf>,
}

impl Users {
    pub(super) fn execute(self) -> anyhow::Result<()> {
        block_on(async {
            match self.command {
                Command::Add { name, display_name, password, place } => {
                    place.with(async |db| add(db, name, display_name, &password).await).await
                }
                Command::List { json, place } => place.with(async |db| list(db, json).await).await,
                Command::Remove { name, place } => {
                    place.with(async |db| remove(db, &name).await).await
                }
                Command::Password { name, password, place } => {
                    place.with(async |db| change(db, &name, &password).await).await
                }
            }
        })
    }
}

impl Place {
    /// Opens the users, does something with them, and sees that it is kept.
    async fn with(
        &self,
        work: impl AsyncFnOnce(&dyn Database) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let config = Config::load(self.config.as_deref(), self)?;
        let db: Option<Arc<dyn Database>> = server::open_database(&config).await?;
        let db = db.ok_or_else(|| {
            Advice::new("by these settings nothing is kept, so there are no users either")
                .hint("let the server keep things, or let users sign in elsewhere")
        })?;
        let done = work(&*db).await;
        db.close().await;
        done
    }
}

async fn add(
    db: &dyn Database,
    name: String,
    display_name: Option<String>,
    password: &NewPassword,
) -> anyhow::Result<()> {
    if !auth::is_name(&name) {
        let what = format!("`{}` cannot be a name", printable(&name));
        let hint =
            "a name has 1 to 256 bytes, no spaces around it, and nothing that cannot be seen";
        return Err(Advice::new(what).hint(hint).into());
    }
    if db.account(&name).await?.is_some() {
        let hint = format!("change the password with `chinwag users password {name}`");
        return Err(Advice::new(format!("there is a user `{name}` already")).hint(hint).into());
    }
    let password = Some(password.read()?);
    let metadata = to_json(&json!({ "provider": "credentials" }));
    let user = User { identifier: name, display_name, metadata };
    let account = Account { id: UserId::random(), user, password, created_at: Timestamp::now() };
    let account = db.put_account(&account).await?;
    Ok(output::line(format!("`{}` may sign in now", account.user.identifier))?)
}

async fn list(db: &dyn Database, json: bool) -> anyhow::Result<()> {
    let accounts = db.accounts().await?;
    if json {
        let entry = |account: &Account| {
            json!({
                "name": account.user.identifier,
                "display_name": account.user.display_name,
                "has_password": account.password.is_some(),
                "created_at": account.created_at,
                "id": account.id,
            })
        };
        return output::json(&accounts.iter().map(entry).collect::<Vec<_>>());
    }
    if accounts.is_empty() {
        return Ok(output::line("no users yet; add one with `chinwag users add NAME`")?);
    }
    let mut table = output::table(["NAME", "SIGNS IN", "SINCE", "SHOWN AS"]);
    for Account { user, password, created_at, .. } in accounts {
        table.add_row([
            printable(&user.identifier),
            if password.is_some() { "with a password" } else { "elsewhere" }.to_owned(),
            output::moment(created_at),
            user.display_name.map(|name| printable(&name)).unwrap_or_default(),
        ]);
    }
    Ok(output::line(table.trim_fmt())?)
}

async fn remove(db: &dyn Database, name: &str) -> anyhow::Result<()> {
    if !db.remove_account(name).await? {
        return Err(unknown(name).into());
    }
    Ok(output::line(format!("`{name}` is removed, and signed out everywhere"))?)
}

async fn change(db: &dyn Database, name: &str, password: &NewPassword) -> anyhow::Result<()> {
    let mut account = db.account(name).await?.ok_or_else(|| unknown(name))?;
    account.password = Some(password.read()?);
    db.put_account(&account).await?;
    Ok(output::line(format!("`{name}` has another password, and is signed out everywhere"))?)
}

fn unknown(name: &str) -> Advice {
    Advice::new(format!("there is no user `{}`", printable(name)))
        .hint("see who is there with `chinwag users list`")
}

impl NewPassword {
    /// The hash of the password that is given.
    fn read(&self) -> anyhow::Result<String> {
        let password = if self.password_stdin {
            let mut line = String::new();
            io::stdin().lock().read_line(&mut line).context("stdin cannot be read")?;
            line.trim_end_matches(['\n', '\r']).to_owned()
        } else {
            ask()?
        };
        let hash = auth::hash(&password)?;
        if password.chars().count() < auth::PASSWORD_SHORT {
            let warning =
                "warning: the password is short, and easily guessed by whoever reaches the server";
            writeln!(anstream::stderr(), "{warning}").ok();
        }
        Ok(hash)
    }
}

/// Asks on the terminal, twice.
fn ask() -> anyhow::Result<String> {
    if !io::stdin().is_terminal() {
        let what = "there is no terminal on which the password could be asked for";
        return Err(Advice::new(what).hint("write it to stdin, with `--password-stdin`").into());
    }
    let password = rpassword::prompt_password("Password: ")?;
    if password != rpassword::prompt_password("Again: ")? {
        let advice = Advice::new("the two passwords differ").hint("type the same one twice");
        return Err(advice.into());
    }
    Ok(password)
}
