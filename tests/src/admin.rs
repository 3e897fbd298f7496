//! The operator: whoever holds the admin token.

use bytes::Bytes;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::within;

/// Talks to a server's admin API.
#[derive(Clone, Debug)]
pub struct Admin {
    http: reqwest::Client,
    url: String,
    token: String,
}

/// An answer of the admin API.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The content type.
    pub content_type: String,
    /// The JSON; null if there is none.
    pub body: Value,
}

impl Reply {
    /// The stable code of a problem.
    #[must_use]
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or("")
    }

    /// The words of a problem.
    #[must_use]
    pub fn detail(&self) -> &str {
        self.body["detail"].as_str().unwrap_or("")
    }
}

impl Admin {
    /// Whoever holds `token`.
    ///
    /// # Panics
    /// The machine cannot make an HTTP client.
    #[must_use]
    pub fn new(url: &str, token: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().expect("a client can be made");
        Self { http, url: url.into(), token: token.into() }
    }

    /// A GET without a token.
    pub fn open_request(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("{}{path}", self.url))
    }

    /// A request with the token.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path).bearer_auth(&self.token)
    }

    /// A request without the token.
    pub fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    /// Sends a request.
    ///
    /// # Panics
    /// The server does not answer.
    pub async fn send(&self, request: RequestBuilder) -> Reply {
        let response = within("an answer of the admin API", request.send()).await;
        let response = response.expect("the server answers");
        let status = response.status().as_u16();
        let header = response.headers().get("content-type");
        let content_type = header.and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned();
        let body = within("the body of an answer", response.bytes()).await;
        let body = body.expect("the answer is whole");
        Reply { status, content_type, body: serde_json::from_slice(&body).unwrap_or_default() }
    }

    /// Uploads a component.
    pub async fn put(&self, name: &str, component: impl Into<Bytes>) -> Reply {
        let request = self.request(Method::PUT, &format!("/api/bots/{name}"));
        self.send(request.body(component.into())).await
    }

    /// Uploads a component without activating it.
    pub async fn stage(&self, name: &str, component: impl Into<Bytes>) -> Reply {
        let request = self.request(Method::PUT, &format!("/api/bots/{name}?activate=false"));
        self.send(request.body(component.into())).await
    }

    /// Uploads a component, which must be accepted. Returns the number of its version.
    ///
    /// # Panics
    /// It is refused.
    pub async fn deploy(&self, name: &str, component: impl Into<Bytes>) -> u64 {
        let reply = self.put(name, component).await;
        assert!(matches!(reply.status, 200 | 201), "`{name}` is refused: {reply:?}");
        reply.body["version"].as_u64().expect("a version has a number")
    }

    /// Makes a version answer.
    pub async fn activate(&self, name: &str, version: u64) -> Reply {
        let request = self.request(Method::POST, &format!("/api/bots/{name}/activate"));
        self.send(request.json(&json!({ "version": version }))).await
    }

    /// Makes the version before answer.
    pub async fn roll_back(&self, name: &str) -> Reply {
        self.send(self.request(Method::POST, &format!("/api/bots/{name}/rollback"))).await
    }

    /// Removes a bot.
    pub async fn remove(&self, name: &str) -> Reply {
        self.send(self.request(Method::DELETE, &format!("/api/bots/{name}"))).await
    }

    /// One bot.
    pub async fn bot(&self, name: &str) -> Reply {
        self.send(self.request(Method::GET, &format!("/api/bots/{name}"))).await
    }

    /// All bots.
    pub async fn bots(&self) -> Reply {
        self.send(self.request(Method::GET, "/api/bots")).await
    }

    /// Waits until a bot's log has a line with this in it; returns all lines up to it, as server-sent events.
    ///
    /// # Panics
    /// It does not come in time.
    pub async fn logged(&self, name: &str, part: &str) -> String {
        self.logged_times(name, part, 1).await
    }

    /// As [`Self::logged`], until it is there so many times.
    ///
    /// # Panics
    /// It does not come in time.
    pub async fn logged_times(&self, name: &str, part: &str, times: usize) -> String {
        let path = format!("/api/bots/{name}/logs?follow=true");
        let response = self.request(Method::GET, &path).send().await.expect("the server answers");
        self.read_until(response, part, times).await
    }

    /// Reads an answer that goes on until it has this in it so many times.
    ///
    /// # Panics
    /// It ends before, or it does not come in time.
    pub async fn read_until(
        &self,
        mut response: reqwest::Response,
        part: &str,
        times: usize,
    ) -> String {
        let mut text = String::new();
        while text.matches(part).count() < times {
            let chunk = within(part, response.chunk()).await.expect("the answer goes on");
            let Some(chunk) = chunk else { panic!("`{part}` does not come: {text}") };
            text.push_str(&String::from_utf8_lossy(&chunk));
        }
        text
    }

    /// Sets the limits of a bot.
    pub async fn limit(&self, name: &str, limits: &Value) -> Reply {
        let request = self.request(Method::PUT, &format!("/api/bots/{name}/limits"));
        self.send(request.json(limits)).await
    }

    /// Sets what is granted to a bot.
    pub async fn grant(&self, name: &str, imports: &[&str]) -> Reply {
        let request = self.request(Method::PUT, &format!("/api/bots/{name}/grants"));
        self.send(request.json(&json!({ "imports": imports }))).await
    }

    /// What `/api/stats` says of a version of a bot.
    pub async fn stats(&self, bot: &str, version: u64) -> Value {
        let reply = self.send(self.request(Method::GET, "/api/stats")).await;
        let versions = reply.body["versions"].as_array().cloned().unwrap_or_default();
        let found = versions.into_iter().find(|it| it["bot"] == bot && it["version"] == version);
        found.unwrap_or_default()
    }

    /// The texts of a bot's log, oldest first.
    pub async fn log(&self, name: &str) -> Vec<Value> {
        let reply = self.send(self.request(Method::GET, &format!("/api/bots/{name}/logs"))).await;
        reply.body.as_array().cloned().unwrap_or_default()
    }
}
