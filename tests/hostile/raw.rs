//! Bytes on a connection, for clients that no library would build.

use chinwag_tests::{server::TestServer, within};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A connection to the server.
pub(crate) async fn connect(server: &TestServer) -> TcpStream {
    let host = server.url.strip_prefix("http://").expect("test servers speak HTTP");
    within("a connection", TcpStream::connect(host)).await.expect("the server listens")
}

/// Writes these bytes and reads until the server ends the connection. Text that is none is replaced.
pub(crate) async fn exchange(server: &TestServer, bytes: &[u8]) -> String {
    let mut stream = connect(server).await;
    // A server that has heard enough may hang up while this is still written.
    stream.write_all(bytes).await.ok();
    let mut answer = Vec::new();
    within("the end of an answer", stream.read_to_end(&mut answer)).await.ok();
    String::from_utf8_lossy(&answer).into_owned()
}

/// Reads until the server ends the connection.
pub(crate) async fn ended(mut stream: TcpStream) {
    let mut answer = Vec::new();
    within("the end of a connection", stream.read_to_end(&mut answer)).await.ok();
}
