//! Models of the operator: asks a provider that speaks the protocol of `OpenAI`, and hands its answer on piece by piece.

mod ledger;
mod stream;

use std::{collections::BTreeMap, sync::OnceLock, time::Duration};

use reqwest::{Client, RequestBuilder, Response, redirect::Policy};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::{sync::mpsc, time::timeout};
use url::Url;

pub use self::ledger::Ledger;
use self::stream::Answer;
use crate::{
    sandbox::{CallError, Piece},
    secret::Secret,
};

/// How long a provider may take to begin, and then to go on: models think before they speak.
const SILENCE: Duration = Duration::from_secs(100);
/// Bytes of a provider's refusal that are told.
const MAX_REFUSAL: usize = 500;
/// Pieces that wait for the bot.
const PIECES: usize = 32;

/// A model, and where it is asked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSettings {
    /// Where the provider's routes begin, for example `https://api.openai.com/v1`.
    pub url: Url,
    /// What the provider calls the model.
    pub model: String,
    /// The key that the provider wants, if it wants one.
    pub key: Option<Secret>,
}

/// All models by the operator's names.
#[derive(Debug, Default)]
pub struct Models {
    models: BTreeMap<String, ModelSettings>,
    client: OnceLock<Client>,
}

impl Models {
    /// These models.
    #[must_use]
    pub fn new(models: BTreeMap<String, ModelSettings>) -> Self {
        Self { models, client: OnceLock::new() }
    }

    /// Whether there is a model of this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.models.contains_key(name)
    }

    /// Where the pieces of an answer go.
    #[must_use]
    pub fn channel() -> (mpsc::Sender<Piece>, mpsc::Receiver<Piece>) {
        mpsc::channel(PIECES)
    }

    /// Asks a model, and hands its answer on as it comes; ends early when nobody takes it. The ledger is told how many tokens it
    /// cost, or about how many if the provider does not say, before whoever asked hears that it is over.
    pub async fn complete(
        &self,
        name: &str,
        request: Map<String, Value>,
        pieces: &mpsc::Sender<Piece>,
        ledger: &Ledger,
    ) {
        let asked = request.values().map(|value| value.to_string().len()).sum();
        let mut answer = Answer::new(asked);
        let told = async {
            let response = self.ask(name, request).await?;
            answer.read(response, pieces).await
        };
        let result = tokio::select! {
            result = told => result,
            () = pieces.closed() => Ok(()),
        };
        ledger.spend(answer.tokens());
        let last = result.map(|()| Piece::Complete(answer.to_json()));
        // Whoever waited may be gone by now.
        pieces.send(last.unwrap_or_else(Piece::Failed)).await.ok();
    }

    async fn ask(&self, name: &str, mut body: Map<String, Value>) -> Result<Response, CallError> {
        let unknown = || failed(format!("the operator has set up no model `{name}`"));
        let model = self.models.get(name).ok_or_else(unknown)?;
        body.insert("model".to_owned(), json!(model.model));
        body.insert("stream".to_owned(), json!(true));
        body.insert("stream_options".to_owned(), json!({ "include_usage": true }));
        let request = self.request(model)?.json(&body).send();
        let response = timeout(SILENCE, request).await.map_err(|_| silent())?;
        let response = response.map_err(|error| unreachable(&error))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status();
        let text = timeout(SILENCE, first_bytes(response)).await.unwrap_or_default();
        Err(failed(format!("the provider refuses ({status}): {text}")))
    }

    fn request(&self, model: &ModelSettings) -> Result<RequestBuilder, CallError> {
        let client = match self.client.get() {
            Some(client) => client,
            None => {
                // What the operator names is reached as named.
                let client = Client::builder().redirect(Policy::none()).build();
                let client = client.map_err(|error| unreachable(&error))?;
                self.client.get_or_init(|| client)
            }
        };
        let mut url = model.url.clone();
        let path = format!("{}/chat/completions", url.path().trim_end_matches('/'));
        url.set_path(&path);
        let request = client.post(url);
        Ok(match &model.key {
            Some(key) => request.bearer_auth(key.reveal()),
            None => request,
        })
    }
}

fn failed(text: String) -> CallError {
    CallError::new("model-failed", text)
}

fn silent() -> CallError {
    let silence = humantime::format_duration(SILENCE);
    failed(format!("the provider says nothing for {silence}"))
}

/// Without the address, which is the operator's own.
fn unreachable(error: &reqwest::Error) -> CallError {
    let what = if error.is_connect() { "cannot be reached" } else { "breaks off" };
    failed(format!("the provider {what}"))
}

/// The beginning of what a provider says of its refusal.
async fn first_bytes(mut response: Response) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < MAX_REFUSAL
        && let Ok(Some(chunk)) = response.chunk().await
    {
        bytes.extend_from_slice(&chunk);
    }
    bytes.truncate(MAX_REFUSAL);
    String::from_utf8_lossy(&bytes).into_owned()
}
