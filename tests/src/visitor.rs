//! Somebody with a browser but no eye for its page: keeps cookies by host, as browsers do, and goes where it is sent only when told.

use std::collections::BTreeMap;

use reqwest::{
    Method, RequestBuilder, Url,
    header::{COOKIE, HeaderMap, LOCATION, SET_COOKIE},
    redirect::Policy,
};
use serde_json::Value;

use crate::{browser::Browser, client::Tab, within};

/// An answer, as far as tests look at it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its body: as JSON, or else as text.
    pub body: Value,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its headers.
    pub headers: HeaderMap,
    /// Where it sends the visitor to.
    pub location: Option<Url>,
    /// The cookies that it sets, as they stand in its headers.
    pub cookies: Vec<String>,
}

/// Somebody with a browser.
#[derive(Clone, Debug)]
pub struct Visitor {
    url: String,
    http: reqwest::Client,
    /// By host with its port: real browsers forget the port, but tests have all their hosts on one machine.
    jars: BTreeMap<String, BTreeMap<String, String>>,
}

impl Visitor {
    /// Somebody new, for the server at `url`.
    ///
    /// # Panics
    /// No HTTP client can be made.
    #[must_use]
    pub fn new(url: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy().redirect(Policy::none()).build();
        let http = http.expect("a client can be made");
        Self { url: url.to_owned(), http, jars: BTreeMap::new() }
    }

    /// GETs a path of the server.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, |request| request).await
    }

    /// POSTs to a path of the server.
    pub async fn post(
        &mut self,
        path: &str,
        with: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Answer {
        self.send(Method::POST, path, with).await
    }

    /// Sends JSON to a path of the server.
    pub async fn json(&mut self, method: Method, path: &str, body: &Value) -> Answer {
        self.send(method, path, |it| it.json(body)).await
    }

    /// Somebody whom the proxy of a server started with [`Visitor::PROXY`] lets in under a name.
    ///
    /// # Panics
    /// The server does not believe the proxy.
    pub async fn known_as(name: &str, url: &str) -> Self {
        let mut visitor = Self::new(url);
        let answer = visitor.post("/auth/header", |it| it.header(Self::PROXY.1, name)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        visitor
    }

    /// The variable of the environment that lets a header say who somebody is.
    pub const PROXY: (&'static str, &'static str) = ("CHINWAG_AUTH__HEADER", "x-forwarded-user");

    /// Signs in with a password, as scripts do.
    pub async fn login(&mut self, name: &str, password: &str) -> Answer {
        let form = format!("username={name}&password={password}").replace(' ', "+");
        let kind = "application/x-www-form-urlencoded";
        self.post("/login", |it| it.header("content-type", kind).body(form)).await
    }

    /// Sends a request for a path of the server.
    ///
    /// # Panics
    /// The server does not answer.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        with: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Answer {
        let url = format!("{}{path}", self.url).parse().expect("an address");
        let request = with(self.http.request(method, Url::clone(&url)));
        self.go(&url, request).await
    }

    /// Goes to an address, with its cookies.
    pub async fn visit(&mut self, url: &Url) -> Answer {
        let request = self.http.get(url.clone());
        self.go(url, request).await
    }

    /// Goes where the answers send the visitor, until one that sends nowhere, or to an address that `ends`, which is not gone to.
    ///
    /// # Panics
    /// It goes on and on.
    pub async fn follow(&mut self, mut answer: Answer, ends: impl Fn(&Url) -> bool) -> Answer {
        for _ in 0..20 {
            match answer.location.clone() {
                Some(url) if !ends(&url) => answer = self.visit(&url).await,
                _ => return answer,
            }
        }
        panic!("redirects without end, to {:?}", answer.location);
    }

    async fn go(&mut self, url: &Url, request: RequestBuilder) -> Answer {
        let cookies = self.cookies(url);
        let request = if cookies.is_empty() { request } else { request.header(COOKIE, cookies) };
        let response = within(url.as_str(), request.send()).await.expect("the server answers");
        let header = |value: &reqwest::header::HeaderValue| {
            value.to_str().expect("headers are text").to_owned()
        };
        let cookies: Vec<_> = response.headers().get_all(SET_COOKIE).iter().map(header).collect();
        for cookie in &cookies {
            self.keep(url, cookie);
        }
        let location = response.headers().get(LOCATION).map(header);
        let location = location.map(|place| url.join(&place).expect("redirects lead to addresses"));
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let bytes = response.bytes().await.expect("the answer is whole").to_vec();
        let text = || Value::String(String::from_utf8_lossy(&bytes).into_owned());
        let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| text());
        Answer { status, body, bytes, headers, location, cookies }
    }

    fn keep(&mut self, url: &Url, cookie: &str) {
        let jar = self.jars.entry(host(url)).or_default();
        let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
        let (name, value) = pair.split_once('=').expect("a cookie has a name");
        let is_over =
            attributes.contains("Max-Age=0") || attributes.contains("expires=Thu, 01 Jan");
        if is_over {
            jar.remove(name);
        } else {
            jar.insert(name.to_owned(), value.to_owned());
        }
    }

    /// The header `Cookie` for an address.
    fn cookies(&self, url: &Url) -> String {
        let cookies = self.jars.get(&host(url)).into_iter().flatten();
        cookies.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// The cookies of the server itself, to be read or tampered with.
    ///
    /// # Panics
    /// The server's address is none.
    pub fn jar(&mut self) -> &mut BTreeMap<String, String> {
        let url = self.url.parse().expect("an address");
        self.jars.entry(host(&url)).or_default()
    }

    /// A fresh tab of this browser, whose user picks `bot`.
    ///
    /// # Panics
    /// The server's address is none.
    #[must_use]
    pub fn tab(&self, bot: &str) -> Tab {
        let url = self.url.parse().expect("an address");
        Tab { cookies: self.cookies(&url), ..Tab::new(bot) }
    }

    /// Opens a tab, which must be let in.
    pub async fn open(&self, bot: &str) -> Browser {
        Browser::connect(&self.url, self.tab(bot)).await
    }

    /// Opens a tab, which must not be let in. Returns what the server says.
    ///
    /// # Panics
    /// The server lets it in.
    pub async fn is_refused(&self, tab: Tab) -> Value {
        Browser::knock(&self.url, tab).await.expect_err("the server lets the tab in")
    }
}

fn host(url: &Url) -> String {
    url.authority().to_owned()
}
