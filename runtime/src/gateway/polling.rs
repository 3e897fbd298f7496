//! A Socket.IO client for tests, over long polling: requests against the router, no network.

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

/// One Engine.IO connection.
pub(super) struct Client {
    router: Router,
    sid: String,
}

impl Client {
    pub(super) async fn open(router: Router) -> Self {
        let mut client = Self { router, sid: String::new() };
        let open = client.get("EIO=4&transport=polling").await;
        let open: serde_json::Value = serde_json::from_str(&open[1..]).unwrap();
        client.sid = open["sid"].as_str().unwrap().to_owned();
        client
    }

    /// Sends CONNECT and returns the answer.
    pub(super) async fn connect(&mut self, auth: &str) -> String {
        self.post(&format!("40{auth}")).await;
        self.poll().await
    }

    /// Sends packets, separated by U+001E.
    pub(super) async fn post(&self, packets: &str) {
        let uri = format!("/ws/socket.io/?EIO=4&transport=polling&sid={}", self.sid);
        let request = Request::post(uri).body(Body::from(packets.to_owned())).unwrap();
        assert_eq!(self.send(request).await, "ok");
    }

    /// The packets that wait, or else the next one; separated by U+001E.
    pub(super) async fn poll(&self) -> String {
        self.get(&format!("EIO=4&transport=polling&sid={}", self.sid)).await
    }

    async fn get(&self, query: &str) -> String {
        let uri = format!("/ws/socket.io/?{query}");
        self.send(Request::get(uri).body(Body::empty()).unwrap()).await
    }

    async fn send(&self, request: Request<Body>) -> String {
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let body = response.into_body().collect().await.unwrap().to_bytes();
        String::from_utf8(body.to_vec()).unwrap()
    }
}
