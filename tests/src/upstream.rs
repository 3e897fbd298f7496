//! Other servers, of which ours asks something: whatever they are told to answer, to whoever asks.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// Bytes of a request that are read.
const REQUEST: usize = 64 << 10;

/// A server on this machine. It ends when dropped.
#[derive(Debug)]
pub struct Upstream {
    port: u16,
    asked: Arc<AtomicUsize>,
    _serving: JoinSet<()>,
}

impl Upstream {
    /// A server that gives each connection to `answer`, with what was asked first on it.
    ///
    /// # Panics
    /// No port is free.
    pub async fn new<F>(answer: impl Fn(TcpStream, String) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let port = listener.local_addr().expect("it listens").port();
        let asked = Arc::new(AtomicUsize::new(0));
        let (mut serving, counter) = (JoinSet::new(), asked.clone());
        serving.spawn(async move {
            let mut answers = JoinSet::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = vec![0; REQUEST];
                // Whoever connects may leave without a word.
                let Ok(count @ 1..) = stream.read(&mut request).await else { continue };
                counter.fetch_add(1, Ordering::Relaxed);
                let request = String::from_utf8_lossy(&request[..count]).into_owned();
                answers.spawn(answer(stream, request));
            }
        });
        Self { port, asked, _serving: serving }
    }

    /// A server that gives everybody this answer, and closes.
    pub async fn saying(text: impl Into<String>) -> Self {
        let text: Arc<str> = text.into().into();
        Self::new(move |mut stream, _| {
            let text = text.clone();
            // Whoever asked may be gone: that is no failure of the test.
            async move { drop(stream.write_all(text.as_bytes()).await) }
        })
        .await
    }

    /// Where it is, for a URL and for a grant: `127.0.0.1:PORT`.
    #[must_use]
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Its root.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.host())
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How often it was asked.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}
