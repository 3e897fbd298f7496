//! The page: a folder that the operator names, with every path of a single-page app; or a notice how to get one.

use std::path::PathBuf;

use axum::{
    Json, Router,
    extract::{Request, State},
    http::{
        HeaderValue, Method, StatusCode,
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
const API: [&str; 11] = [
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

/// Where Chainlit's page expects its title.
const TAGS: &str = "<!-- TAG INJECTION PLACEHOLDER -->";

/// What is served as the page.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// Holds `index.html` and `assets/`.
    pub(crate) folder: Option<PathBuf>,
    /// The page's title.
    pub(crate) name: String,
}

/// The page, as the fallback of all routes.
pub(crate) fn routes(page: Page) -> Router {
    let router = Router::new().route("/", get(index)).route("/login", get(index)).fallback(other);
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

/// Files beside the page (its icons), then the page itself for any path that a person may have typed.
async fn other(State(page): State<Page>, request: Request) -> Response {
    let path = request.uri().path();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let Some(folder) = page.folder.as_ref().filter(|_| is_read && !is_api(path)) else {
        return not_found();
    };
    let is_wanted = accepts_html(&request);
    let files = ServeDir::new(folder).append_index_html_on_directories(false);
    match files.oneshot(request).await {
        Ok(response) if response.status() != StatusCode::NOT_FOUND => response.into_response(),
        _ if is_wanted => index(State(page)).await,
        _ => not_found(),
    }
}

async fn index(State(page): State<Page>) -> Response {
    let Some(folder) = &page.folder else { return Html(notice(&page.name)).into_response() };
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
<p>There is no page here yet. Chat clients connect by Socket.IO at <code>/ws/socket.io</code>, and bots are
deployed with <code>chinwag deploy BOT.wasm</code> or by <code>PUT /api/bots/NAME</code>.</p>
<p>For a page, start the server with <code>--ui DIR</code>: a folder with Chainlit's built page
(<code>index.html</code> and <code>assets/</code>) and its <code>translations/</code>.
In a checkout, <code>cargo xtask demo</code> fetches it and opens the door.</p>
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
        for path in ["/api/bots", "/project/none", "/ws/socket.io/", "/assets/index.js"] {
            assert!(is_api(path), "{path}");
        }
        for path in
            ["/", "/thread/1", "/login", "/login/callback", "/env", "/element/x", "/share/y"]
        {
            assert!(!is_api(path), "{path}");
        }
    }
}
