//! Connections: accepted for ever, and each has an end to how long it may take to say what it wants.

use std::{io, net::SocketAddr, time::Duration};

use anyhow::Context as _;
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use rustix::net::sockopt::set_tcp_user_timeout;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::sleep,
};
use tower::ServiceExt as _;
use tower_http::timeout::TimeoutBody;

/// How long a client may leave unacknowledged what it was sent, in milliseconds: Engine.IO's interval and timeout together.
const UNACKNOWLEDGED_MS: u32 = 45_000;
/// How long a client may take for the head of a request; also how long a connection waits for the next one.
const HEAD: Duration = Duration::from_secs(30);
/// How long to wait when no connection can be accepted, for want of descriptors above all.
const NO_ROOM: Duration = Duration::from_millis(200);

/// Listens on an address.
pub(super) async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}; is another server there? choose another address with `--listen`")
    })
}

/// Serves connections until it is dropped, and they with it. `silence` is how long the body of a request may send nothing.
pub(super) async fn serve(listener: TcpListener, app: Router, silence: Duration) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(connection(stream, peer, app.clone(), silence));
                }
                Err(error) => wait(error).await,
            },
            // Forgets those that are over.
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, app: Router, silence: Duration) {
    prepare(&stream);
    let service = app.map_request(move |request: Request<Incoming>| {
        let mut request = request.map(|body| Body::new(TimeoutBody::new(silence, body)));
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
        .with_upgrades();
    if let Err(error) = served.await {
        tracing::debug!(%peer, %error, "a connection broke");
    }
}

/// Packets are small and wait for nothing: collecting them costs 40 ms with clients that delay their acknowledgements.
///
/// What a client does not acknowledge for as long as a heartbeat takes to fail ends its connection: Engine.IO's own heartbeat
/// cannot, since it waits behind the very packets that do not leave.
fn prepare(stream: &TcpStream) {
    let nodelay = stream.set_nodelay(true);
    let timeout = set_tcp_user_timeout(stream, UNACKNOWLEDGED_MS);
    if let Err(error) = nodelay.and(timeout.map_err(Into::into)) {
        tracing::debug!(%error, "a socket keeps its defaults");
    }
}

/// One connection that broke before it was accepted is its client's affair; anything else passes, or does not.
async fn wait(error: io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        return;
    }
    tracing::error!(%error, "no connection can be accepted; is the limit of open files too low?");
    sleep(NO_ROOM).await;
}
