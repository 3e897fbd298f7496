//! Talks to a server's admin API. It knows paths, the token and how a server says no; what answers mean is the commands'
//! business, which read only the fields that they show.

use std::{future::Future, net::IpAddr, path::PathBuf, time::Duration};

use anyhow::Context;
use clap::Args;
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::error::Advice;
use crate::admin::AdminToken;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Activating may mean compiling once more, behind another compilation.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(600);

/// Where the server is and who asks.
#[derive(Debug, Args)]
pub(super) struct Connection {
    /// The server's address
    #[arg(
        long, value_name = "URL", env = "CHINWAG_SERVER", default_value = "http://127.0.0.1:8000",
        value_parser = address, help_heading = "Server"
    )]
    server: Url,
    /// The admin token; if not given, it is read from the file `admin-token` in the data folder
    #[arg(
        long,
        env = "CHINWAG_ADMIN_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN",
        help_heading = "Server"
    )]
    token: Option<String>,
    /// The data folder of a server on this machine
    #[arg(
        long,
        env = "CHINWAG_DATA",
        value_name = "DIR",
        default_value = ".chinwag",
        help_heading = "Server"
    )]
    data: PathBuf,
    /// Write JSON for scripts, one object a line
    #[arg(long)]
    pub(super) json: bool,
}

/// A connection to a server.
pub(super) struct Client {
    http: reqwest::Client,
    server: Url,
    /// None if it was not found; a server that needs it says so.
    token: Option<AdminToken>,
}

/// A server's no.
#[derive(Deserialize)]
struct Problem {
    detail: String,
    code: String,
}

impl Connection {
    /// Finds the token and gets ready; nothing is sent yet.
    pub(super) fn open(&self) -> anyhow::Result<Client> {
        // A proxy of the environment cannot reach what listens on this machine only.
        let is_local = match self.server.host_str() {
            Some("localhost") => true,
            Some(host) => host
                .trim_matches(['[', ']'])
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback()),
            None => false,
        };
        let http = reqwest::Client::builder().connect_timeout(CONNECT_TIMEOUT);
        let http = if is_local { http.no_proxy() } else { http };
        Ok(Client { http: http.build()?, server: self.server.clone(), token: self.token()? })
    }

    fn token(&self) -> anyhow::Result<Option<AdminToken>> {
        if let Some(token) = self.token.clone().filter(|token| !token.is_empty()) {
            return Ok(Some(token.try_into()?));
        }
        Ok(AdminToken::read(&self.data)?)
    }
}

impl Client {
    /// A request to `/api` and these segments. It ends after some minutes at the latest.
    pub(super) fn request(&self, method: Method, path: &[&str]) -> RequestBuilder {
        self.endless(method, path).timeout(REQUEST_TIMEOUT)
    }

    /// A request whose answer may go on for ever.
    pub(super) fn endless(&self, method: Method, path: &[&str]) -> RequestBuilder {
        let mut url = self.server.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push("api").extend(path);
        }
        let request = self.http.request(method, url);
        match &self.token {
            Some(token) => request.bearer_auth(token.reveal()),
            None => request,
        }
    }

    /// Sends a request; a server's no is an error.
    pub(super) async fn send(&self, request: RequestBuilder) -> anyhow::Result<Response> {
        let response = request.send().await.map_err(|error| self.unreachable(error))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        if status == StatusCode::UNAUTHORIZED && self.token.is_none() {
            return Err(Advice::new("the server wants the admin token, and none was found")
                .hint(
                    "run this where the server runs, name its data folder with `--data DIR`, or give the token with \
                     `--token` or `CHINWAG_ADMIN_TOKEN`",
                )
                .into());
        }
        let problem: Problem = response.json().await.map_err(|_| {
            Advice::new(format!(
                "{} answered {status}, which is not how Chinwag answers",
                self.server
            ))
            .hint("is another program behind this address? name the server with `--server URL`")
        })?;
        Err(Advice::new(problem.detail).code(problem.code).into())
    }

    /// Sends a request and reads its answer.
    pub(super) async fn ask(&self, request: RequestBuilder) -> anyhow::Result<Value> {
        let response = self.send(request).await?;
        response.json().await.with_context(|| format!("the answer of {} is no JSON", self.server))
    }

    fn unreachable(&self, error: reqwest::Error) -> anyhow::Error {
        if error.is_connect() {
            return Advice::new(format!("no server answers at {}", self.server))
                .hint("start one with `chinwag serve`, or name another with `--server URL`")
                .into();
        }
        let what = format!("the connection to {} failed", self.server);
        anyhow::Error::new(error.without_url()).context(what)
    }
}

/// Reads the fields that a command shows.
pub(super) fn read<T: DeserializeOwned>(answer: &Value) -> anyhow::Result<T> {
    T::deserialize(answer)
        .context("the server's answer is not understood; is it much older than this program?")
}

/// Runs a command that talks to a server.
pub(super) fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

fn address(text: &str) -> Result<Url, String> {
    let text = if text.contains("://") { text.into() } else { format!("http://{text}") };
    let url = Url::parse(&text).map_err(|error| error.to_string())?;
    if matches!(url.scheme(), "http" | "https") && url.has_host() {
        return Ok(url);
    }
    Err("an address looks like `http://127.0.0.1:8000`".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_leave_out_its_scheme_but_not_have_another() {
        assert_eq!(address("127.0.0.1:8000").unwrap().as_str(), "http://127.0.0.1:8000/");
        assert_eq!(address("localhost:1").unwrap().as_str(), "http://localhost:1/");
        assert_eq!(address("https://chat.example/x").unwrap().as_str(), "https://chat.example/x");
        assert!(address("file:///etc").is_err());
        assert!(address("").is_err());
    }

    #[test]
    fn a_path_is_appended_to_the_servers_and_escaped() {
        let client = Client {
            http: reqwest::Client::new(),
            server: address("http://localhost/chat/").unwrap(),
            token: None,
        };
        let request = client.request(Method::GET, &["bots", "a/../b"]).build().unwrap();
        assert_eq!(request.url().as_str(), "http://localhost/chat/api/bots/a%2F..%2Fb");
    }
}
