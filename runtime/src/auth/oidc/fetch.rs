//! Requests to a provider: bounded in time and size, and led nowhere else by redirects.

use std::time::Duration;

use axum::http::{Request, Response};
use futures_util::future::BoxFuture;
use openidconnect::{AsyncHttpClient, url::Url};
use reqwest::redirect::Policy;

use crate::auth::AuthError;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of an answer.
const BODY_MAX: usize = 1 << 20;

/// What fetches.
pub(super) struct Http(reqwest::Client);

/// An answer that cannot be had.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("a request fails")]
    Request(#[from] reqwest::Error),
    #[error("an answer has more than {BODY_MAX} bytes")]
    TooLarge,
    #[error("an answer is malformed")]
    Malformed(#[from] axum::http::Error),
}

impl Http {
    pub(super) fn new(issuer: &Url) -> Result<Self, AuthError> {
        let http = reqwest::Client::builder().timeout(TIMEOUT).redirect(Policy::none());
        // Plain HTTP is for this machine, where no proxy leads to.
        let http = if issuer.scheme() == "http" { http.no_proxy() } else { http };
        http.build().map(Self).map_err(AuthError::Http)
    }

    async fn fetch(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, FetchError> {
        let mut answer = self.0.execute(request.try_into()?).await?;
        let mut response = Response::builder().status(answer.status());
        if let Some(headers) = response.headers_mut() {
            headers.clone_from(answer.headers());
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            if body.len().saturating_add(chunk.len()) > BODY_MAX {
                return Err(FetchError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(response.body(body)?)
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = FetchError;
    type Future = BoxFuture<'c, Result<Response<Vec<u8>>, FetchError>>;

    fn call(&'c self, request: Request<Vec<u8>>) -> Self::Future {
        Box::pin(self.fetch(request))
    }
}
