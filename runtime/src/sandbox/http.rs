//! Requests of a guest: `wasi:http`, as far as its bot reaches, counted and timed.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::{
    future::ready,
    stream::{self, Stream, TryStreamExt},
};
use http_body_util::{BodyExt, StreamBody};
use hyper::{
    Request, Response,
    body::{Body, Frame},
};
use tokio::{sync::mpsc, time::timeout};
use wasmtime_wasi_http::{
    Error, RequestOptions, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView,
};

use super::{HostCall, state::TurnState};
use crate::{
    domain::{ByteSize, Limits},
    outbound::{OutboundError, Reach},
};

/// Bytes that a guest may hand over in one write.
const CHUNK: usize = 64 << 10;
/// Bytes of the headers of one message, as they lie in memory.
const HEADERS: usize = 64 << 10;

/// What a turn needs for its requests.
pub(super) struct Http {
    context: WasiHttpCtx,
    hooks: Hooks,
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Http")
    }
}

impl WasiHttpView for TurnState {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        let http = self.http.get_or_insert_with(|| {
            let mut context = WasiHttpCtx::new();
            context.set_field_size_limit(HEADERS);
            let meter = Arc::new(Meter::new(self.budget.limits(), &self.calls));
            Box::new(Http { context, hooks: Hooks { reach: self.context.reach.clone(), meter } })
        });
        WasiHttpCtxView { hooks: &mut http.hooks, table: &mut self.table, ctx: &mut http.context }
    }
}

/// What becomes of requests.
struct Hooks {
    reach: Arc<Reach>,
    meter: Arc<Meter>,
}

type Sent = (Response<WasiBody>, Box<dyn Future<Output = Result<(), Error>> + Send>);

impl WasiHttpHooks for Hooks {
    /// The URL says it.
    fn set_host_header(&mut self) -> bool {
        false
    }

    fn p2_outgoing_body_chunk_size(&mut self) -> usize {
        CHUNK
    }

    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        options: Option<RequestOptions>,
        _processed: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Result<Sent, Error>> + Send> {
        let (reach, meter) = (self.reach.clone(), self.meter.clone());
        // The task that awaits this ends with the turn: it is held in the guest's table.
        Box::new(async move {
            let response = send(&reach, &meter, request, options.unwrap_or_default()).await?;
            Ok((response, Box::new(async { Ok(()) }) as Box<_>))
        })
    }
}

/// As the guest sees it.
impl From<OutboundError> for Error {
    fn from(error: OutboundError) -> Self {
        match error {
            OutboundError::BadUrl(_) => Self::HttpRequestUriInvalid,
            OutboundError::NotGranted(_) | OutboundError::Secret(_) => Self::HttpRequestDenied,
            OutboundError::Inside { .. } => Self::DestinationIpProhibited,
            OutboundError::Unknown { .. } => Self::DestinationNotFound,
            OutboundError::Connect(text) => Self::InternalError(Some(text)),
            OutboundError::Broken(_) => Self::HttpProtocolError,
        }
    }
}

async fn send(
    reach: &Reach,
    meter: &Arc<Meter>,
    request: Request<WasiBody>,
    options: RequestOptions,
) -> Result<Response<WasiBody>, Error> {
    meter.request().await?;
    let bounded = |wanted: Option<Duration>| wanted.unwrap_or(meter.timeout).min(meter.timeout);
    let request = request.map(|body| {
        let frames = metered(body, meter.clone(), meter.timeout);
        reqwest::Body::wrap_stream(frames.try_filter_map(|it| ready(Ok(it.into_data().ok()))))
    });
    let request = reqwest::Request::try_from(request).map_err(|_| Error::HttpRequestUriInvalid)?;
    let head = bounded(options.first_byte_timeout);
    let response = match timeout(head, reach.send(request)).await {
        Ok(Ok(response)) => Response::<reqwest::Body>::from(response),
        Ok(Err(error)) => {
            if let Some(code) = error.denial() {
                meter.deny(code, error.to_string()).await;
            }
            return Err(error.into());
        }
        Err(_) => return Err(meter.too_slow(head, Error::HttpResponseTimeout).await),
    };
    let (meter, pause) = (meter.clone(), bounded(options.between_bytes_timeout));
    Ok(response.map(|body| {
        let body = body.map_err(|_| Error::HttpResponseIncomplete);
        StreamBody::new(metered(body, meter, pause)).boxed_unsync()
    }))
}

/// The frames of a body, as long as they come soon enough and are not too many. Ends after an error.
fn metered<B>(
    body: B,
    meter: Arc<Meter>,
    pause: Duration,
) -> impl Stream<Item = Result<Frame<Bytes>, Error>> + Send
where
    B: Body<Data = Bytes, Error = Error> + Send + Unpin,
{
    stream::unfold(Some(body), move |body| {
        let meter = meter.clone();
        async move {
            let mut body = body?;
            let frame = match timeout(pause, body.frame()).await {
                Ok(frame) => match frame? {
                    Ok(frame) => meter.count(frame).await,
                    Err(error) => Err(error),
                },
                Err(_) => Err(meter.too_slow(pause, Error::ConnectionReadTimeout).await),
            };
            let rest = frame.is_ok().then_some(body);
            Some((frame, rest))
        }
    })
}

/// What the requests of a turn may use, and what is used of it.
struct Meter {
    requests: AtomicU32,
    requests_max: u32,
    bytes: AtomicU64,
    bytes_max: ByteSize,
    timeout: Duration,
    /// Weak, because connections may outlive the turn for a moment, and the turn is over when its calls are.
    calls: mpsc::WeakSender<HostCall>,
}

impl Meter {
    fn new(limits: &Limits, calls: &mpsc::Sender<HostCall>) -> Self {
        Self {
            requests: AtomicU32::new(0),
            requests_max: limits.http_requests,
            bytes: AtomicU64::new(0),
            bytes_max: limits.http_bytes,
            timeout: limits.http_timeout,
            calls: calls.downgrade(),
        }
    }

    async fn request(&self) -> Result<(), Error> {
        if self.requests.fetch_add(1, Ordering::Relaxed) < self.requests_max {
            return Ok(());
        }
        let text = format!("a turn may make {} HTTP requests", self.requests_max);
        self.deny("http-requests-limit", text).await;
        Err(Error::HttpRequestDenied)
    }

    async fn count(&self, frame: Frame<Bytes>) -> Result<Frame<Bytes>, Error> {
        let bytes = frame.data_ref().map_or(0, Bytes::len) as u64;
        let before = self.bytes.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) <= self.bytes_max.0 {
            return Ok(frame);
        }
        let text = format!("the HTTP requests and answers of a turn may have {}", self.bytes_max);
        self.deny("http-bytes-limit", text).await;
        Err(Error::HttpResponseBodySize(Some(self.bytes_max.0)))
    }

    async fn too_slow(&self, limit: Duration, error: Error) -> Error {
        let limit = humantime::format_duration(limit);
        self.deny("http-timeout", format!("nothing came for {limit} over HTTP")).await;
        error
    }

    /// Tells the bot's author.
    async fn deny(&self, code: &'static str, text: String) {
        let Some(calls) = self.calls.upgrade() else { return };
        // Whoever serves the calls may have gone with the turn.
        calls.send(HostCall::Denied { code, text }).await.ok();
    }
}
