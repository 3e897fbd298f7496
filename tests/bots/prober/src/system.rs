//! Attempts to leave the sandbox.

use std::{
    env, fs,
    net::{TcpStream, ToSocketAddrs},
};

use chinwag_sdk::Result;

/// Every variable, separated by commas; nothing if there is none.
pub(crate) fn environment() -> String {
    let names: Vec<_> = env::vars().map(|(name, _)| name).collect();
    names.join(",")
}

pub(crate) fn read(path: &str) -> Result<String> {
    Ok(fs::read_to_string(path)?)
}

pub(crate) fn list() -> Result<String> {
    Ok(fs::read_dir("/")?.count().to_string())
}

pub(crate) fn write() -> Result<String> {
    fs::write("/tmp/prober", "here")?;
    Ok(String::new())
}

pub(crate) fn connect(port: &str) -> Result<String> {
    let stream = TcpStream::connect(("127.0.0.1", port.parse()?))?;
    Ok(stream.peer_addr()?.to_string())
}

pub(crate) fn resolve(host: &str) -> Result<String> {
    let addresses = (host, 80).to_socket_addrs()?;
    Ok(addresses.count().to_string())
}
