//! Stories of `auth`: who gets in, and who does not any more.

use std::collections::BTreeMap;

use axum::http::HeaderValue;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, get_current_timestamp as now};
use parking_lot::Mutex;
use serde_json::{Value, json};

use super::*;
use crate::{
    db::Change,
    domain::{
        BotName, Content, Element, ElementId, Feedback, FeedbackId, Json, Step, StepId, Thread,
        ThreadId, ThreadPage, ThreadQuery,
    },
};

const SECRET: &str = "a-secret-that-is-long-enough-to-sign-with";
const FOREIGN: &str = "another-secret-that-is-long-enough-too---";

fn secret(text: &str) -> Secret {
    text.to_owned().try_into().unwrap()
}

fn auth(settings: AuthSettings, accounts: Option<&Arc<Accounts>>) -> Auth {
    let accounts = accounts.map(|accounts| Arc::clone(accounts) as Arc<dyn Database>);
    Auth::new(settings, &secret(SECRET), accounts).unwrap()
}

/// Where Ada signs in with `analytical`.
async fn with_ada() -> (Auth, Arc<Accounts>) {
    let accounts = Arc::new(Accounts::default());
    accounts.add("ada", "analytical").await;
    let settings = AuthSettings {
        password: true,
        header: Some("X-User".into()),
        jwt_secret: Some(secret(FOREIGN)),
        ..AuthSettings::default()
    };
    (auth(settings, Some(&accounts)), accounts)
}

fn signed(claims: &Value, secret: &str) -> String {
    encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(secret.as_bytes()))
        .unwrap()
}

fn claims(name: &str) -> Value {
    json!({ "identifier": name, "display_name": "N", "metadata": { "a": 1 }, "exp": now() + 60 })
}

async fn is_refused(auth: &Auth, token: &str) -> bool {
    matches!(auth.verify(token).await, Err(SignInError::Refused))
}

#[tokio::test]
async fn the_right_password_gets_a_token_by_which_the_user_is_known_again() {
    let (auth, _) = with_ada().await;
    let ada = auth.password("ada", "analytical").await.unwrap();
    let user = auth.verify(&ada.token).await.unwrap().unwrap();
    assert_eq!(user.identifier, "ada");
    assert!(!format!("{ada:?} {auth:?}").contains(&ada.token), "a token is shown");
    for (name, password) in [("ada", "Analytical"), ("ada", ""), ("bob", "analytical"), ("", "")] {
        let refused = auth.password(name, password).await.unwrap_err();
        assert!(matches!(refused, SignInError::Refused), "{name} {password}");
    }
    let huge = "a".repeat(PASSWORD_MAX + 1);
    assert!(matches!(auth.password("ada", &huge).await, Err(SignInError::Refused)));
}

#[tokio::test]
async fn a_token_carries_chainlits_claims() {
    let (auth, _) = with_ada().await;
    let token = auth.password("ada", "analytical").await.unwrap().token;
    let claims: Value = jsonwebtoken::dangerous::insecure_decode_claims(&token).unwrap();
    assert_eq!(claims["identifier"], "ada");
    assert_eq!(claims["display_name"], "Ada");
    assert_eq!(claims["metadata"], json!({ "role": "admin" }));
    let lifetime = claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap();
    assert_eq!(lifetime, 15 * 24 * 3_600);
    let hash = claims["password"].as_str().unwrap();
    assert_eq!(hash.len(), 32, "it is no part of the password's own hash: {hash}");
}

#[tokio::test]
async fn who_is_removed_or_gets_another_password_is_signed_out() {
    let (auth, accounts) = with_ada().await;
    let old = auth.password("ada", "analytical").await.unwrap().token;
    accounts.add("ada", "difference").await;
    assert!(is_refused(&auth, &old).await);
    let new = auth.password("ada", "difference").await.unwrap().token;
    assert!(auth.verify(&new).await.is_ok());
    assert!(matches!(auth.bearer(&old).await, Err(SignInError::Refused)));
    accounts.remove_account("ada").await.unwrap();
    assert!(is_refused(&auth, &new).await);
    // The same password again is another password: its salt differs.
    accounts.add("ada", "difference").await;
    assert!(is_refused(&auth, &new).await);
}

#[tokio::test]
async fn without_accounts_a_token_of_a_password_is_worth_nothing() {
    let (auth_with, _) = with_ada().await;
    let token = auth_with.password("ada", "analytical").await.unwrap().token;
    let settings = AuthSettings { header: Some("x-user".into()), ..AuthSettings::default() };
    assert!(is_refused(&auth(settings, None), &token).await);
}

#[tokio::test]
async fn forged_and_stale_tokens_are_refused() {
    let (auth, _) = with_ada().await;
    let real = auth.password("ada", "analytical").await.unwrap().token;
    let [head, body, signature] = real.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let none = encoded("{\"alg\":\"none\",\"typ\":\"JWT\"}");
    let rs = encoded("{\"alg\":\"RS256\",\"typ\":\"JWT\"}");
    let other = encoded(&claims("bob").to_string());
    let mut expired = claims("bob");
    expired["exp"] = json!(now() - 120);
    let mut early = claims("bob");
    early["nbf"] = json!(now() + 3_600);
    let mut endless = claims("bob");
    endless.as_object_mut().unwrap().remove("exp");
    for token in [
        String::new(),
        "a.b.c".into(),
        format!("{none}.{body}."),
        format!("{none}.{body}"),
        format!("{none}.{body}.{signature}"),
        format!("{rs}.{body}.{signature}"),
        format!("{head}.{other}.{signature}"),
        format!("{head}.{body}."),
        format!("{real}A"),
        // Ours are signed with a key that follows from the secret, not with the secret itself.
        signed(&claims("bob"), SECRET),
        signed(&claims("bob"), "the wrong secret"),
        signed(&expired, FOREIGN),
        signed(&early, FOREIGN),
        signed(&endless, FOREIGN),
        signed(&claims(""), FOREIGN),
        signed(&claims("a\nb"), FOREIGN),
        signed(&claims(&"x".repeat(300)), FOREIGN),
        signed(&json!({ "exp": now() + 60 }), FOREIGN),
    ] {
        assert!(is_refused(&auth, &token).await, "{token}");
    }
    let strong = Header::new(Algorithm::HS512);
    let key = EncodingKey::from_secret(FOREIGN.as_bytes());
    assert!(is_refused(&auth, &encode(&strong, &claims("bob"), &key).unwrap()).await);
}

/// Base64 as tokens have it.
fn encoded(text: &str) -> String {
    let token = signed(&serde_json::from_str(text).unwrap(), SECRET);
    token.split('.').nth(1).unwrap().to_owned()
}

#[tokio::test]
async fn a_token_of_another_program_signs_in_and_is_kept_as_a_user() {
    let (auth, accounts) = with_ada().await;
    let token = signed(&claims("bob"), FOREIGN);
    let user = auth.verify(&token).await.unwrap().unwrap();
    assert_eq!((user.identifier.as_str(), user.metadata.get()), ("bob", r#"{"a":1}"#));
    assert!(accounts.account("bob").await.unwrap().is_some());
    let ours = auth.bearer(&token).await.unwrap().token;
    assert_ne!(ours, token);
    assert!(auth.verify(&ours).await.is_ok());
    accounts.remove_account("bob").await.unwrap();
    assert!(is_refused(&auth, &ours).await);
}

#[tokio::test]
async fn a_name_with_a_password_is_not_taken_over_from_elsewhere() {
    let (auth, accounts) = with_ada().await;
    let token = signed(&claims("ada"), FOREIGN);
    assert!(is_refused(&auth, &token).await);
    assert!(matches!(auth.bearer(&token).await, Err(SignInError::Refused)));
    let peer = Some("127.0.0.1".parse().unwrap());
    let headers = HeaderMap::from_iter([("x-user".parse().unwrap(), "ada".parse().unwrap())]);
    assert!(matches!(auth.header(peer, &headers).await, Err(SignInError::Refused)));
    assert!(accounts.account("ada").await.unwrap().unwrap().password.is_some());
}

#[tokio::test]
async fn a_header_is_believed_from_a_proxy_alone_and_only_if_it_is_there_once() {
    let (auth, _) = with_ada().await;
    let mut headers = HeaderMap::new();
    headers.insert("x-user", HeaderValue::from_static("grace"));
    for peer in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
        let grace = auth.header(Some(peer.parse().unwrap()), &headers).await.unwrap();
        assert_eq!(auth.verify(&grace.token).await.unwrap().unwrap().identifier, "grace");
    }
    for peer in [None, Some("10.0.0.1".parse().unwrap()), Some("::2".parse().unwrap())] {
        assert!(matches!(auth.header(peer, &headers).await, Err(SignInError::Refused)));
    }
    let proxy = Some("127.0.0.1".parse().unwrap());
    headers.append("x-user", HeaderValue::from_static("ada"));
    assert!(matches!(auth.header(proxy, &headers).await, Err(SignInError::Refused)));
    for value in ["", "\t", "a\u{85}b"] {
        headers.insert("x-user", HeaderValue::from_bytes(value.as_bytes()).unwrap());
        assert!(matches!(auth.header(proxy, &headers).await, Err(SignInError::Refused)), "{value}");
    }
}

#[tokio::test]
async fn after_many_failures_the_right_password_has_to_wait_too() {
    let (auth, _) = with_ada().await;
    for _ in 0..9 {
        assert!(matches!(auth.password("ada", "wrong").await, Err(SignInError::Refused)));
    }
    assert!(auth.password("ada", "analytical").await.is_ok());
    let throttle = &auth.0.as_ref().unwrap().throttle;
    for _ in 0..20 {
        throttle.failed("ada", Instant::now());
    }
    let right = auth.password("ada", "analytical").await;
    assert!(matches!(right, Err(SignInError::TooManyFailures(_))), "{right:?}");
}

#[tokio::test]
async fn what_is_off_is_off() {
    let auth = Auth::off();
    assert!(!auth.is_required());
    assert!(matches!(auth.verify("anything").await, Ok(None)));
    assert!(matches!(auth.password("ada", "x").await, Err(SignInError::Off)));
    let settings = AuthSettings { header: Some("x-user".into()), ..AuthSettings::default() };
    let auth = self::auth(settings, None);
    assert!(auth.is_required());
    assert!(matches!(auth.password("ada", "x").await, Err(SignInError::Off)));
    assert!(is_refused(&auth, &signed(&claims("bob"), SECRET)).await);
}

#[test]
fn sign_in_that_cannot_work_is_refused_in_words() {
    let refusal = |settings: AuthSettings| {
        Auth::new(settings, &secret(SECRET), None).unwrap_err().to_string()
    };
    let off = AuthSettings::default;
    assert!(refusal(AuthSettings { password: true, ..off() }).contains("nothing is kept"));
    let short = Some(secret("short"));
    assert!(refusal(AuthSettings { jwt_secret: short.clone(), ..off() }).contains("jwt_secret"));
    assert!(refusal(AuthSettings { jwt: true, secret: short, ..off() }).contains("`auth.secret`"));
    assert!(refusal(AuthSettings { header: Some("a b".into()), ..off() }).contains("`a b`"));
    for url in ["chat.example", "ftp://a", "https://a/b", "https://"] {
        let settings = AuthSettings { jwt: true, public_url: Some(url.into()), ..off() };
        assert!(refusal(settings).contains(url));
    }
}

#[test]
fn passwords_are_neither_empty_nor_endless() {
    assert!(hash("").is_err());
    assert!(hash(&"x".repeat(PASSWORD_MAX + 1)).is_err());
    assert!(hash("12345678").unwrap().starts_with("$argon2id$"));
}

/// Accounts in memory.
#[derive(Debug, Default)]
pub(super) struct Accounts(Mutex<BTreeMap<String, Account>>);

impl Accounts {
    async fn add(&self, name: &str, password: &str) {
        let user = User {
            identifier: name.into(),
            display_name: Some("Ada".into()),
            metadata: to_json(&json!({ "role": "admin" })),
        };
        let password = Some(hash(password).unwrap());
        let account =
            Account { id: UserId::random(), user, password, created_at: Timestamp::now() };
        self.put_account(&account).await.unwrap();
    }
}

#[async_trait::async_trait]
impl Database for Accounts {
    async fn account(&self, identifier: &str) -> Result<Option<Account>, DbError> {
        Ok(self.0.lock().get(identifier).cloned())
    }

    async fn put_account(&self, account: &Account) -> Result<Account, DbError> {
        let mut accounts = self.0.lock();
        let mut new = account.clone();
        if let Some(old) = accounts.get(&account.user.identifier) {
            (new.id, new.created_at) = (old.id, old.created_at);
        }
        accounts.insert(new.user.identifier.clone(), new.clone());
        Ok(new)
    }

    async fn remove_account(&self, identifier: &str) -> Result<bool, DbError> {
        Ok(self.0.lock().remove(identifier).is_some())
    }

    async fn accounts(&self) -> Result<Vec<Account>, DbError> {
        Ok(self.0.lock().values().cloned().collect())
    }

    fn write(
        &self,
        _: Vec<Change>,
    ) -> futures_util::future::BoxFuture<'static, Result<(), DbError>> {
        no()
    }
    async fn thread(&self, _: ThreadId) -> Result<Option<Thread>, DbError> {
        no()
    }
    async fn content(&self, _: ThreadId) -> Result<Content, DbError> {
        no()
    }
    async fn element(&self, _: ThreadId, _: ElementId) -> Result<Option<Element>, DbError> {
        no()
    }
    async fn state(&self, _: ThreadId) -> Result<Vec<(String, Json)>, DbError> {
        no()
    }
    async fn store(&self, _: &BotName) -> Result<Vec<(String, Json)>, DbError> {
        no()
    }
    async fn threads(&self, _: &ThreadQuery) -> Result<ThreadPage, DbError> {
        no()
    }
    async fn change_thread(
        &self,
        _: ThreadId,
        _: Box<dyn for<'t> FnOnce(&'t mut Thread) + Send>,
    ) -> Result<Option<Thread>, DbError> {
        no()
    }
    async fn remove_thread(&self, _: ThreadId) -> Result<bool, DbError> {
        no()
    }
    async fn existing(&self, _: &[ThreadId]) -> Result<Vec<ThreadId>, DbError> {
        no()
    }
    async fn put_feedback(&self, _: &Feedback) -> Result<(), DbError> {
        no()
    }
    async fn feedback(&self, _: FeedbackId) -> Result<Option<Feedback>, DbError> {
        no()
    }
    async fn remove_feedback(&self, _: FeedbackId) -> Result<bool, DbError> {
        no()
    }
    async fn set_favorite(&self, _: ThreadId, _: StepId, _: bool) -> Result<Option<Step>, DbError> {
        no()
    }
    async fn favorites(&self, _: &str) -> Result<Vec<Arc<Step>>, DbError> {
        no()
    }
    async fn recover(&self) -> Result<usize, DbError> {
        no()
    }
    async fn close(&self) {}
}

/// Sign-in asks for nothing else.
fn no<T>() -> T {
    panic!("sign-in asks for accounts alone")
}
