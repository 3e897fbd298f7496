//! What is sent, and what is refused.

use std::collections::BTreeMap;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinSet,
};

use super::*;

fn reach(hosts: &[&str]) -> Reach {
    Reach::new(hosts.iter().map(|host| host.parse().unwrap()).collect(), [])
}

async fn ask(reach: &Reach, url: &str) -> Result<Response, OutboundError> {
    reach.send(Request::new(reqwest::Method::GET, url.parse().unwrap())).await
}

/// A server that takes one request, gives this answer, and tells what was asked.
async fn server(answer: &'static str) -> (u16, JoinSet<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut asked = JoinSet::new();
    asked.spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 4096];
        let count = stream.read(&mut request).await.unwrap();
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8_lossy(&request[..count]).into_owned()
    });
    (port, asked)
}

#[tokio::test]
async fn what_is_not_granted_is_refused_however_the_address_is_spelt() {
    let reach = reach(&["api.example.com", "10.0.0.7:8080"]);
    for url in [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.7/",
        "http://10.0.0.8:8080/",
        "http://localhost/",
        "https://api.example.com:8443/",
        "https://api.example.com.evil.example/",
        "https://evil.example/api.example.com",
    ] {
        let error = ask(&reach, url).await.unwrap_err();
        assert!(matches!(error, OutboundError::NotGranted(_)), "{url}: {error}");
    }
    for url in [
        "ftp://api.example.com/",
        "https://a:b@api.example.com/",
        "https://evil.example@api.example.com/",
    ] {
        let error = ask(&reach, url).await.unwrap_err();
        assert!(matches!(error, OutboundError::BadUrl(_)), "{url}: {error}");
    }
}

#[tokio::test]
async fn a_name_that_resolves_inside_is_refused_unless_its_address_is_granted() {
    let (port, asked) = server("HTTP/1.1 204 No Content\r\n\r\n").await;
    let (url, name) = (format!("http://localhost:{port}/"), format!("localhost:{port}"));
    let error = ask(&reach(&[&name]), &url).await.unwrap_err();
    assert!(matches!(error, OutboundError::Inside { .. }), "{error}");
    assert_eq!(error.denial(), Some("http-inside"));
    let response = ask(&reach(&[&name, "127.0.0.1"]), &url).await.unwrap();
    assert_eq!(response.status(), 204);
    assert!(asked.join_all().await.concat().starts_with("GET / HTTP/1.1"));
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let (port, _asked) =
        server("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n")
            .await;
    let reach = reach(&[&format!("127.0.0.1:{port}")]);
    let response = ask(&reach, &format!("http://127.0.0.1:{port}/")).await.unwrap();
    assert_eq!((response.status().as_u16(), response.url().port()), (302, Some(port)));
}

#[tokio::test]
async fn headers_without_an_end_are_no_answer() {
    let bomb: String = std::iter::once("HTTP/1.1 200 OK\r\n".to_owned())
        .chain((0..1_000).map(|n| format!("x-{n}: {}\r\n", "x".repeat(1_000))))
        .collect();
    let (port, _asked) = server(Box::leak(bomb.into_boxed_str())).await;
    let reach = reach(&[&format!("127.0.0.1:{port}")]);
    let error = ask(&reach, &format!("http://127.0.0.1:{port}/")).await.unwrap_err();
    assert!(matches!(error, OutboundError::Broken(_)), "{error}");
}

fn with_secret(granted: &str, told: &str) -> Reach {
    let value = "s3cret".to_owned().try_into().unwrap();
    let secret = HeldSecret { value, hosts: vec![told.parse().unwrap()] };
    Reach::new([granted.parse().unwrap()].into(), BTreeMap::from([("key".to_owned(), secret)]))
}

fn with_header(url: &str, value: &str) -> Request {
    let mut request = Request::new(reqwest::Method::GET, url.parse().unwrap());
    request.headers_mut().insert("authorization", value.parse().unwrap());
    request
}

#[tokio::test]
async fn a_secret_is_put_in_where_it_is_asked_for() {
    let (port, asked) = server("HTTP/1.1 204 No Content\r\n\r\n").await;
    let host = format!("127.0.0.1:{port}");
    let request = with_header(&format!("http://{host}/"), "Bearer {{secret:key}}!");
    with_secret(&host, &host).send(request).await.unwrap();
    let asked = asked.join_all().await.concat();
    assert!(asked.contains("authorization: Bearer s3cret!\r\n"), "{asked}");
}

#[tokio::test]
async fn a_secret_is_told_to_nobody_but_its_hosts_and_never_in_the_clear() {
    let refused = async |reach: Reach, url: &str, value: &str| {
        reach.send(with_header(url, value)).await.unwrap_err().to_string()
    };
    let reach = || with_secret("*.example.com", "api.example.com");
    insta::assert_snapshot!(
        refused(reach(), "https://b.example.com/", "{{secret:key}}").await,
        @"the secret `key` is not for `b.example.com:443`"
    );
    insta::assert_snapshot!(
        refused(reach(), "http://api.example.com/", "{{secret:key}}").await,
        @"the secret `key` travels to `api.example.com` by `https` alone"
    );
    insta::assert_snapshot!(
        refused(reach(), "https://api.example.com/", "{{secret:other}}").await,
        @"there is no secret `other` for this bot: the operator sets it in `[secrets.other]` and grants it"
    );
}
