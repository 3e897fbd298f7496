//! The border to chat clients: Chainlit's Socket.IO events and HTTP routes, mapped onto sessions.
//!
//! **Invariant:** socketioxide is named nowhere else. What crosses the border inward is parsed here, once.

mod connection;
mod events;
mod handshake;
mod http;
#[doc(hidden)]
pub mod measured;
mod origin;
#[cfg(test)]
mod polling;
mod socket;
#[cfg(test)]
mod tests;
mod wire;

use std::{path::PathBuf, sync::Arc, time::Duration};

use axum::{
    Router,
    http::{
        HeaderName, HeaderValue,
        header::{REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
    },
    middleware,
};
use socketioxide::{ParserConfig, SocketIo, layer::SocketIoLayer};
use tower_http::{compression::CompressionLayer, set_header::SetResponseHeaderLayer};

use crate::{
    auth::Auth, bots::Bots, db::Database, domain::UploadSettings, files::Files, session::Sessions,
    web,
};

use self::{handshake::Handshake, origin::Origins};

/// The path of Socket.IO. Clients add a slash.
pub const SOCKET_PATH: &str = "/ws/socket.io";

/// The largest packet that a client may send, in bytes.
const PACKET: usize = 1_000_000;

/// What an operator decides about the border.
#[derive(Clone, Debug)]
pub struct GatewaySettings {
    /// The folder of the page: `index.html`, `assets/` and `translations/`. None serves a notice instead.
    pub ui: Option<PathBuf>,
    /// The folder served as `/public`, which may also hold `favicon.*`, `logo_light.*`, `logo_dark.*` and `avatars/`.
    pub public: Option<PathBuf>,
    /// The origins of other pages that may use the server, such as `https://example.com`; `*` allows all.
    pub allowed_origins: Vec<String>,
    /// What the page calls the assistant.
    pub name: String,
    /// What the page offers to attach.
    pub uploads: UploadSettings,
    /// Whether users may share conversations.
    pub sharing: bool,
}

/// What outlives sessions.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The files of threads.
    pub files: Files,
    /// Threads, and what was said in them; none if nothing is kept.
    pub db: Option<Arc<dyn Database>>,
}

/// All that chat clients need: the socket, Chainlit's routes and the page.
///
/// The router has a fallback: it answers unknown paths with the page or with 404. Frames are not forbidden, since
/// other sites embed the page; put `Content-Security-Policy: frame-ancestors` in front where that is unwanted.
pub fn router(
    sessions: Sessions,
    bots: Bots,
    auth: Auth,
    kept: Kept,
    settings: GatewaySettings,
) -> Router {
    let origins = Origins::new(settings.allowed_origins);
    let page = web::Page { folder: settings.ui.clone(), name: settings.name.clone() };
    let state = http::State {
        sessions: sessions.clone(),
        bots,
        kept,
        uploads: settings.uploads,
        sharing: settings.sharing,
        ui: settings.ui,
        public: settings.public,
        name: settings.name,
        auth: auth.clone(),
    };
    http::routes(state)
        .merge(web::routes(page))
        .layer(CompressionLayer::new())
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(REFERRER_POLICY, "same-origin"))
        // Outside of compression: packets are small, and delaying them to compress is not worth it.
        .layer(socket_io(Handshake { sessions, auth }))
        .layer(origins.cors())
        .layer(middleware::from_fn_with_state(origins, origin::check))
}

fn header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// Engine.IO with Chainlit's numbers.
fn socket_io(handshake: Handshake) -> SocketIoLayer {
    // Audio is the only event with an attachment, and has one.
    let parser =
        ParserConfig::common().max_incoming_binaries(1).max_incoming_binary_buf_size(PACKET);
    let (layer, io) = SocketIo::builder()
        .req_path(SOCKET_PATH)
        .with_parser(parser)
        .ping_interval(Duration::from_secs(25))
        .ping_timeout(Duration::from_secs(20))
        .ack_timeout(Duration::from_secs(60))
        .connect_timeout(Duration::from_secs(10))
        .max_payload(PACKET as u64)
        .ws_max_message_size(PACKET)
        .ws_max_frame_size(PACKET)
        .max_buffer_size(socket::BUFFERED_PACKETS)
        .build_layer();
    io.ns("/", handshake);
    layer
}
