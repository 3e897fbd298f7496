//! The server's settings, validated once. Flags go before the environment (`CHINWAG_…`, nested with `__`, as in
//! `CHINWAG_LIMITS__CPU=2s`), that before the file, that before defaults. How flags are spelt is `cli`'s business.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    num::{NonZeroU32, NonZeroUsize},
    path::{Path, PathBuf},
    time::Duration,
};

use figment::{
    Figment, Source,
    providers::{Env, Format, Serialized, Toml},
};
use jiff::fmt::serde::unsigned_duration::friendly::compact::required as duration;
use serde::{Deserialize, Serialize};

use crate::{
    admin::AdminToken,
    auth::AuthSettings,
    domain::{BotName, ByteSize, Limits, MAX_TIME, UploadSettings, list},
    models::ModelSettings,
    outbound::HeldSecret,
    telemetry::LogSettings,
};

/// Read from the working directory if no other file is named; it need not exist.
const FILE: &str = "chinwag.toml";
const PREFIX: &str = "CHINWAG_";
/// Variables that are text, whatever they look like.
const SECRETS: [(&str, &str); 6] = [
    ("CHINWAG_ADMIN_TOKEN", "admin_token"),
    ("CHINWAG_AUTH_SECRET", "auth.secret"),
    ("CHINWAG_AUTH__SECRET", "auth.secret"),
    ("CHINWAG_AUTH__JWT_SECRET", "auth.jwt_secret"),
    ("CHINWAG_AUTH__OIDC__CLIENT_ID", "auth.oidc.client_id"),
    ("CHINWAG_AUTH__OIDC__CLIENT_SECRET", "auth.oidc.client_secret"),
];

/// The server's settings. Times are written as `10s`, `1m 30s` or `1h`; paths are relative to the working directory.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where to listen; port 0 picks a free one. Default: `127.0.0.1:8000`.
    pub listen: SocketAddr,
    /// Permits `listen` to be reachable from other machines although nobody signs in. Default: false, because anyone who
    /// reaches the server may chat then.
    pub allow_remote: bool,
    /// Where versions, compiled code, files and the admin token are kept. Default: `.chinwag`.
    pub data: PathBuf,
    /// Where conversations are kept. Default: `sqlite`, a file in `data`.
    pub store: Store,
    /// The built chat page to serve at `/`. Default: none.
    pub ui: Option<PathBuf>,
    /// Files to serve at `/public`: logos, avatars, styles. Default: none.
    pub public: Option<PathBuf>,
    /// A folder of which every `NAME.wasm` is deployed, again on every change. Default: none.
    pub watch: Option<PathBuf>,
    /// The bot for clients that choose none. Default: the first by name.
    pub default_bot: Option<BotName>,
    /// The token of the admin API. Default: made at first start and kept in `data`.
    #[serde(skip_serializing)]
    pub admin_token: Option<AdminToken>,
    /// How users sign in. Default: not at all.
    pub auth: AuthSettings,
    /// Origins of other sites whose pages may connect, for example `https://example.org`; a list, or text with commas.
    /// Default: none.
    #[serde(deserialize_with = "list")]
    pub allowed_origins: Vec<String>,
    /// How long a session waits for its client to come back. Default: 1 h.
    #[serde(with = "duration")]
    pub session_timeout: Duration,
    /// Live sessions; further ones are refused. Default: 100,000.
    pub max_sessions: NonZeroUsize,
    /// How long an emit waits for a client that does not read, before turns go on without it. Default: 10 s.
    #[serde(with = "duration")]
    pub slow_client_timeout: Duration,
    /// Events that wait in one session, in each of its two lanes. Default: 64.
    pub mailbox: NonZeroUsize,
    /// Turns that run at the same time; further ones wait. Default: 1,000.
    pub concurrent_turns: NonZeroU32,
    /// Turns that wait for a person's answer and are not counted among those that run; further ones are. Default: 10,000.
    pub waiting_turns: u32,
    /// Threads that run turns; 0 is one for each core. Default: 0.
    pub turn_threads: usize,
    /// Bytes of one upload. Default: 64 MiB.
    pub upload_max: ByteSize,
    /// How long an upload may go without a byte. Default: 60 s.
    #[serde(with = "duration")]
    pub upload_timeout: Duration,
    /// What users may attach to what they say.
    pub uploads: UploadSettings,
    /// Where the files of conversations are kept.
    pub files: FilesPlace,
    /// Lets users share conversations: whoever has the address of a shared one may read it. Default: false.
    pub sharing: bool,
    /// What the compilation of one upload may use.
    pub compile: CompileLimits,
    /// How long a shutdown waits for running turns. Default: 10 s.
    #[serde(with = "duration")]
    pub drain: Duration,
    /// How long turns of a version that was replaced may go on, for example while they wait for a person. Default: 10 min.
    #[serde(with = "duration")]
    pub swap_drain: Duration,
    /// What a bot may use, unless its own limits say otherwise.
    pub limits: Limits,
    /// Secrets that bots may have put into their requests, by name: each is a `value`, and the `hosts` that may be told.
    /// Default: none.
    #[serde(skip_serializing)]
    pub secrets: BTreeMap<String, HeldSecret>,
    /// Models that bots may ask, by name: the `url` of a provider that speaks the protocol of `OpenAI`, its own name for the `model`, and
    /// the `key` that it wants. Default: none.
    #[serde(skip_serializing)]
    pub models: BTreeMap<String, ModelSettings>,
    /// What is logged and how.
    pub log: LogSettings,
}

/// Where conversations are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Store {
    /// In the file `chinwag.db` of the data directory.
    Sqlite,
    /// Nowhere: they end with their sessions, and so do users with passwords.
    Off,
}

/// What the compilation of one upload may use, in a process of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CompileLimits {
    /// CPU time, over all threads. Default: 120 s.
    #[serde(with = "duration")]
    pub cpu: Duration,
    /// Time from begin to end. Default: 180 s.
    #[serde(with = "duration")]
    pub wall: Duration,
    /// Address space. Default: 4 GiB.
    pub memory: ByteSize,
}

/// Where the files of conversations are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FilesPlace {
    /// A bucket that speaks S3, as `s3://bucket/prefix`; how to reach it is said by the environment (`AWS_ACCESS_KEY_ID`,
    /// `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT`, `AWS_ALLOW_HTTP`). Default: the folder `files` of `data`.
    pub url: Option<String>,
}

/// Settings that no server can start with.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum ConfigError {
    #[error("the settings are refused: {}", explain(.0))]
    Read(Box<figment::Error>),
    #[error(
        "`{0}`, of the environment, has a backslash beside quotes and letters that are not ASCII, and would be misread; write \
         those letters as `\\u00e9`, or all without quotes"
    )]
    Garbled(String),
    #[error("there is no file `{}`; leave out `--config` to start without one", .0.display())]
    NoFile(PathBuf),
    #[error(
        "`listen` is `{0}`, which other machines reach, and nobody has to sign in: anyone could chat; listen on a \
         loopback address such as `127.0.0.1:8000`, set up `[auth]`, or say that it is meant with `--allow-remote`"
    )]
    Remote(SocketAddr),
    #[error(
        "`{0}` is zero, so nothing could ever happen in time; give it some time, for example `10s`"
    )]
    ZeroTime(&'static str),
    #[error("`{0}` is longer than a year; a year will do for ever")]
    LongTime(&'static str),
    #[error("`{key}` is {size}, which is too small for any bot; give it at least {least}")]
    TooSmall { key: &'static str, size: ByteSize, least: ByteSize },
}

impl Default for CompileLimits {
    fn default() -> Self {
        Self {
            cpu: Duration::from_secs(120),
            wall: Duration::from_secs(180),
            memory: ByteSize::mib(4_096),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 8000).into(),
            allow_remote: false,
            data: ".chinwag".into(),
            store: Store::Sqlite,
            ui: None,
            public: None,
            watch: None,
            default_bot: None,
            admin_token: None,
            auth: AuthSettings::default(),
            allowed_origins: Vec::new(),
            session_timeout: Duration::from_hours(1),
            max_sessions: const { NonZeroUsize::new(100_000).unwrap() },
            slow_client_timeout: Duration::from_secs(10),
            mailbox: const { NonZeroUsize::new(64).unwrap() },
            concurrent_turns: const { NonZeroU32::new(1_000).unwrap() },
            waiting_turns: 10_000,
            turn_threads: 0,
            upload_max: ByteSize::mib(64),
            upload_timeout: Duration::from_secs(60),
            uploads: UploadSettings::default(),
            files: FilesPlace::default(),
            sharing: false,
            compile: CompileLimits::default(),
            drain: Duration::from_secs(10),
            swap_drain: Duration::from_mins(10),
            limits: Limits::default(),
            secrets: BTreeMap::new(),
            models: BTreeMap::new(),
            log: LogSettings::default(),
        }
    }
}

impl Config {
    /// Reads and validates the settings. `file` must exist if it is given; `flags` holds only what was said on the command
    /// line, under the names of the settings.
    ///
    /// # Errors
    /// A source does not parse, holds an unknown key or an impossible value; the text names key and source.
    pub fn load(file: Option<&Path>, flags: &impl Serialize) -> Result<Self, ConfigError> {
        if let Some(path) = file.filter(|path| !path.is_file()) {
            return Err(ConfigError::NoFile(path.into()));
        }
        let file = file.unwrap_or(Path::new(FILE));
        let defaults = Figment::from(Serialized::defaults(Self::default()));
        let known = defaults.clone();
        let environment = Env::prefixed(PREFIX)
            // Other programs put their own there: Kubernetes sets `CHINWAG_PORT` beside a service `chinwag`.
            .filter(move |key| {
                let setting = key.as_str().split("__").next().unwrap_or_default();
                let setting = setting.to_ascii_lowercase();
                ["secrets", "models"].contains(&&*setting) || known.find_value(&setting).is_ok()
            })
            .split("__");
        if let Some((key, _)) = environment.iter().find(|(_, value)| is_garbled(value)) {
            return Err(ConfigError::Garbled(key.as_str().to_lowercase()));
        }
        // Exactly this file: figment would look for it in all parent folders too.
        let with_file =
            if file.is_file() { defaults.merge(Toml::file_exact(file)) } else { defaults };
        let mut figment = with_file.merge(environment);
        // By themselves, because figment would take one made of digits for a number.
        let secrets = SECRETS.map(|(variable, setting)| (variable.to_owned(), setting.to_owned()));
        for (variable, setting) in secrets.into_iter().chain(named_secrets()) {
            if let Some(secret) = Env::var(&variable) {
                figment = figment.merge(Serialized::default(&setting, secret));
            }
        }
        let config: Self = figment
            .merge(Serialized::defaults(flags))
            .extract()
            .map_err(|error| ConfigError::Read(Box::new(error)))?;
        config.validate()?;
        Ok(config)
    }

    fn validate(&self) -> Result<(), ConfigError> {
        let is_open = self.allow_remote || self.auth.is_on();
        if !self.listen.ip().to_canonical().is_loopback() && !is_open {
            return Err(ConfigError::Remote(self.listen));
        }
        let times = [
            ("session_timeout", self.session_timeout),
            ("auth.user_session_timeout", self.auth.user_session_timeout),
            ("slow_client_timeout", self.slow_client_timeout),
            ("upload_timeout", self.upload_timeout),
            ("uploads.timeout", self.uploads.timeout),
            ("compile.cpu", self.compile.cpu),
            ("compile.wall", self.compile.wall),
            ("limits.cpu", self.limits.cpu),
            ("limits.wall", self.limits.wall),
            ("limits.http_timeout", self.limits.http_timeout),
        ];
        if let Some((key, _)) = times.into_iter().find(|(_, time)| time.is_zero()) {
            return Err(ConfigError::ZeroTime(key));
        }
        // These may be zero.
        let more = [("drain", self.drain), ("swap_drain", self.swap_drain)];
        let mut times = times.into_iter().chain(more);
        if let Some((key, _)) = times.find(|(_, time)| *time > MAX_TIME) {
            return Err(ConfigError::LongTime(key));
        }
        // Not guesses of what a bot needs, only what tells `128` (bytes) from `128 MiB`.
        let sizes = [
            ("upload_max", self.upload_max, ByteSize::kib(4)),
            ("compile.memory", self.compile.memory, ByteSize::mib(256)),
            ("limits.memory", self.limits.memory, ByteSize::mib(1)),
        ];
        match sizes.into_iter().find(|(_, size, least)| size < least) {
            Some((key, size, least)) => Err(ConfigError::TooSmall { key, size, least }),
            None => Ok(()),
        }
    }
}

/// Variables of secrets and keys that the operator has named, and their settings.
fn named_secrets() -> Vec<(String, String)> {
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let setting = |variable: String| {
        let upper = variable.to_ascii_uppercase();
        let name = upper.strip_prefix(PREFIX)?;
        let parts: Vec<&str> = name.split("__").collect();
        match parts[..] {
            ["SECRETS", _, "VALUE"] | ["MODELS", _, "KEY"] => {
                let setting = parts.join(".").to_ascii_lowercase();
                Some((variable, setting))
            }
            _ => None,
        }
    };
    names.filter_map(setting).collect()
}

/// What is wrong, which setting, and where it stands.
fn explain(error: &figment::Error) -> String {
    let mut text = error.kind.to_string();
    if !error.path.is_empty() {
        text.push_str(&format!(", in `{}`", error.path.join(".").to_lowercase()));
    }
    let Some(metadata) = &error.metadata else { return text };
    match &metadata.source {
        // Where it stands in this program tells nobody anything.
        Some(Source::Code(_)) => {}
        Some(source) => text.push_str(&format!(", of {source}")),
        None => text.push_str(&format!(", of {}", metadata.name)),
    }
    text
}

/// Whether figment would misread a variable, or panic: where a quoted text has an escape, it takes places of characters for
/// places of bytes.
fn is_garbled(variable: &str) -> bool {
    !variable.is_ascii() && variable.contains('"') && variable.contains('\\')
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
