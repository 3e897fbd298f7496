//! What is said to a provider, and what of its answers is believed. All of the protocol is `openidconnect`'s.

use openidconnect::{
    AccessToken, AdditionalClaims, AuthorizationCode, ClientId, ClientSecret,
    EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields, IssuerUrl,
    Nonce, OAuth2TokenResponse, PkceCodeVerifier, RedirectUrl, StandardErrorResponse,
    StandardTokenResponse, SubjectIdentifier, TokenResponse as _, UserInfoClaims,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata,
        CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse,
        CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{OidcError, OidcSettings, fetch::Http};
use crate::telemetry::chain;

/// What a provider says of itself.
pub(super) type Metadata = CoreProviderMetadata;

/// Claims that the standard does not know.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Others(Map<String, Value>);

impl AdditionalClaims for Others {}

type Fields = IdTokenFields<
    Others,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

/// A client of the provider.
pub(super) type Client = openidconnect::Client<
    Others,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Asks the provider who it is, and for its keys.
pub(super) async fn discover(settings: &OidcSettings, http: &Http) -> Result<Metadata, OidcError> {
    let issuer = IssuerUrl::new(settings.issuer.clone());
    let issuer = issuer.map_err(|error| OidcError::Provider(chain(&error)))?;
    let found = Metadata::discover_async(issuer, http).await;
    found.map_err(|error| OidcError::Provider(chain(&error)))
}

pub(super) fn client(
    settings: &OidcSettings,
    metadata: &Metadata,
    redirect: RedirectUrl,
) -> Client {
    let id = ClientId::new(settings.client_id.clone());
    let secret = settings.client_secret.as_ref();
    let secret = secret.map(|secret| ClientSecret::new(secret.reveal().to_owned()));
    Client::from_provider_metadata(metadata.clone(), id, secret).set_redirect_uri(redirect)
}

/// What the provider says of a user in the ID token, which is checked, and by what more can be asked.
pub(super) struct Known {
    claims: Map<String, Value>,
    subject: SubjectIdentifier,
    access: AccessToken,
}

/// Trades the code for tokens.
pub(super) async fn claims(
    client: &Client,
    http: &Http,
    code: AuthorizationCode,
    verifier: PkceCodeVerifier,
    nonce: &Nonce,
) -> Result<Known, OidcError> {
    let request = client.exchange_code(code).map_err(|error| OidcError::Provider(chain(&error)))?;
    let tokens = request.set_pkce_verifier(verifier).request_async(http).await;
    let tokens = tokens.map_err(|error| OidcError::Denied(chain(&error)))?;
    let id_token = tokens.id_token().ok_or_else(|| OidcError::IdToken("there is none".into()))?;
    let claims = id_token
        .claims(&client.id_token_verifier(), nonce)
        .map_err(|error| OidcError::IdToken(chain(&error)))?;
    Ok(Known {
        subject: claims.subject().clone(),
        access: tokens.access_token().clone(),
        claims: map(claims),
    })
}

impl Known {
    /// All claims. Where the ID token is not enough, the provider is asked once more, as many keep most there.
    pub(super) async fn with_user_info(
        self,
        client: &Client,
        http: &Http,
        is_enough: impl Fn(&Map<String, Value>) -> bool,
    ) -> Result<Map<String, Value>, OidcError> {
        let Self { mut claims, subject, access } = self;
        if is_enough(&claims) {
            return Ok(claims);
        }
        let Ok(request) = client.user_info(access, Some(subject)) else { return Ok(claims) };
        let more: UserInfoClaims<Others, CoreGenderClaim> = request
            .request_async(http)
            .await
            .map_err(|error| OidcError::Provider(chain(&error)))?;
        // What is in the ID token stays.
        for (claim, value) in map(&more) {
            claims.entry(claim).or_insert(value);
        }
        Ok(claims)
    }
}

fn map(claims: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(claims) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}
