//! The pages: Chinwag's own, which are part of this program, or in place of the chat a folder that the operator names, with
//! every path of a single-page app. A program that was built without them says how to get them.

mod embedded;

use std::path::PathBuf;

use axum::{
    Json, Router,
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode, Uri,
        header::{ACCEPT, CACHE_CONTROL},
    },
    response::{Html, IntoResponse, Response},
    routing::get,
};
use serde_json::json;
use tower::{ServiceBuilder, ServiceExt as _};
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};
use tracing::error;

/// Paths that are never the page's own.
const API: [&str; 12] = [
    "/_chinwag/",
    "/api/",
    "/assets/",
    "/auth/",
    "/avatars/",
    "/copilot/",
    "/feedback",
    "/mcp",
    "/project/",
    "/public/",
    "/user",
    "/ws/",
];

/// Where a page expects its title.
const TAGS: &str = "<!-- TAG INJECTION PLACEHOLDER -->";

/// What is served as the chat.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// Holds `index.html` and `assets/`; none for Chinwag's own chat.
    pub(crate) folder: Option<PathBuf>,
    /// The page's title.
    pub(crate) name: String,
}

/// The pages, the chat as the fallback of all routes.
pub(crate) fn routes(page: Page) -> Router {
    let router = Router::new()
        .route("/", get(index))
        .route("/login", get(index))
        .route("/console", get(console))
        .route("/console/", get(console))
        .route("/console/{*path}", get(console))
        .route("/_chinwag/{*path}", get(asset))
        .fallback(other);
    let Some(folder) = &page.folder else { return router.with_state(page) };
    // The names of assets carry a hash of their content.
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    let assets = ServiceBuilder::new()
        .layer(SetResponseHeaderLayer::overriding(CACHE_CONTROL, move |response: &Response<_>| {
            response.status().is_success().then(|| forever.clone())
        }))
        .service(ServeDir::new(folder.join("assets")).append_index_html_on_directories(false));
    router.with_state(page).nest_service("/assets", assets)
}

async fn console() -> Response {
    let page = embedded::Page::Console.html("Chinwag console");
    page.unwrap_or_else(|| Html(notice("Chinwag")).into_response())
}

async fn asset(uri: Uri, headers: HeaderMap) -> Response {
    embedded::file(uri.path(), &headers).unwrap_or_else(not_found)
}

/// Files beside the page (its icons), then the page itself for any path that a person may have typed.
async fn other(State(page): State<Page>, request: Request) -> Response {
    let path = request.uri().path();
    if !matches!(*request.method(), Method::GET | Method::HEAD) || is_api(path) {
        return not_found();
    }
    let is_wanted = accepts_html(&request);
    let found = match &page.folder {
        None => embedded::file(path, request.headers()),
        Some(folder) => {
            let files = ServeDir::new(folder).append_index_html_on_directories(false);
            let Ok(response) = files.oneshot(request).await;
            Some(response.into_response()).filter(|it| it.status() != StatusCode::NOT_FOUND)
        }
    };
    match found {
        Some(response) => response,
        None if is_wanted => index(State(page)).await,
        None => not_found(),
    }
}

async fn index(State(page): State<Page>) -> Response {
    let Some(folder) = &page.folder else {
        let own = embedded::Page::Chat.html(&page.name);
        return own.unwrap_or_else(|| Html(notice(&page.name)).into_response());
    };
    let file = folder.join("index.html");
    match tokio::fs::read_to_string(&file).await {
        Ok(html) => ([(CACHE_CONTROL, "no-cache")], Html(fill(&html, &page.name))).into_response(),
        Err(cause) => {
            error!(file = %file.display(), %cause, "the page cannot be read: check the folder given by `--ui`");
            (StatusCode::INTERNAL_SERVER_ERROR, Html(notice(&page.name))).into_response()
        }
    }
}

fn is_api(path: &str) -> bool {
    API.iter().any(|prefix| path.starts_with(prefix))
}

fn accepts_html(request: &Request) -> bool {
    let accept = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, Json(json!({ "detail": "Not Found" }))).into_response()
}

/// The page with a title and an icon. It needs nothing else at the root of a site.
fn fill(html: &str, name: &str) -> String {
    let tags =
        format!("<title>{}</title>\n    <link rel=\"icon\" href=\"/favicon\" />", escape(name));
    html.replacen(TAGS, &tags, 1)
}

fn notice(name: &str) -> String {
    format!(
        r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{name}</title>
<link rel="icon" href="/favicon">
<style>body {{ font: 1rem/1.6 system-ui; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }}</style>
<h1>Chinwag runs</h1>
<p>This server was built without its page. Chat clients connect by Socket.IO at <code>/ws/socket.io</code>, and bots are
deployed with <code>chinwag deploy BOT.wasm</code> or by <code>PUT /api/bots/NAME</code>.</p>
<p>In a checkout, <code>cargo xtask ui</code> builds the page; build the server again after it. Or start this one with
<code>--ui DIR</code>: a folder with Chainlit's built page (<code>index.html</code> and <code>assets/</code>) and its
<code>translations/</code>.</p>
</html>
"#,
        name = escape(name)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_of_the_page_cannot_bring_markup() {
        let html = fill(&format!("<head>{TAGS}</head>"), "a</title><script>\"&");
        assert_eq!(
            html,
            "<head><title>a&lt;/title&gt;&lt;script&gt;&quot;&amp;</title>\n    \
             <link rel=\"icon\" href=\"/favicon\" /></head>"
        );
    }

    #[test]
    fn api_paths_are_not_the_pages() {
        for path in
            ["/api/bots", "/project/none", "/ws/socket.io/", "/assets/index.js", "/_chinwag/x"]
        {
            assert!(is_api(path), "{path}");
        }
        for path in
            ["/", "/thread/1", "/login", "/login/callback", "/env", "/element/x", "/share/y"]
        {
            assert!(!is_api(path), "{path}");
        }
    }
}
