//! Bytes on a connection, for clients that no library would build.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{server::TestServer, within};

/// The begin of a websocket of Engine.IO, which a page would go on to use.
const UPGRADE: &str = "GET /ws/socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\n\
     connection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// A connection to the server.
///
/// # Panics
/// The server does not listen.
pub async fn connect(server: &TestServer) -> TcpStream {
    let host = server.url.strip_prefix("http://").expect("test servers speak HTTP");
    within("a connection", TcpStream::connect(host)).await.expect("the server listens")
}

/// A connection that asks for a websocket and then never says who it is.
///
/// # Panics
/// The server does not read.
pub async fn silent(server: &TestServer) -> TcpStream {
    let mut stream = connect(server).await;
    stream.write_all(UPGRADE.as_bytes()).await.expect("the server reads");
    stream
}

/// Writes these bytes and reads until the server ends the connection. Text that is none is replaced.
pub async fn exchange(server: &TestServer, bytes: &[u8]) -> String {
    let mut stream = connect(server).await;
    // A server that has heard enough may hang up while this is still written.
    stream.write_all(bytes).await.ok();
    let mut answer = Vec::new();
    within("the end of an answer", stream.read_to_end(&mut answer)).await.ok();
    String::from_utf8_lossy(&answer).into_owned()
}

/// Reads until the server ends the connection.
pub async fn ended(mut stream: TcpStream) {
    let mut answer = Vec::new();
    within("the end of a connection", stream.read_to_end(&mut answer)).await.ok();
}
