//! Sign-in at a real OpenID Connect provider, walked as a browser walks it.

use chinwag_tests::{
    client::Client,
    provider::{Provider, SECRET},
    server::{Settings, TestServer},
    visitor::{Answer, Visitor},
};
use reqwest::Url;
use serde_json::{Value, json};

fn grace() -> Value {
    json!({
        "sub": "4711",
        "email": "grace@example.org",
        "email_verified": true,
        "name": "Grace Hopper",
        "picture": "https://example.org/grace.png",
    })
}

/// A server and its provider, at which everybody is Grace.
async fn both(settings: Settings) -> (TestServer, Provider) {
    both_with(settings, false).await
}

async fn both_with(settings: Settings, claims_in_token: bool) -> (TestServer, Provider) {
    let mut provider = Provider::start().await;
    let server = settings
        .env("CHINWAG_AUTH__OIDC__ISSUER", &provider.issuer)
        .env("CHINWAG_AUTH__OIDC__CLIENT_ID", "chinwag")
        .env("CHINWAG_AUTH__OIDC__CLIENT_SECRET", SECRET)
        .start()
        .await;
    let callback = format!("{}/auth/oauth/generic/callback", server.url);
    provider.serve(&callback, claims_in_token).await;
    provider.user(&grace()).await;
    (server, provider)
}

/// Walks to the provider and back, up to the step before the server hears of it. Returns where the browser is sent.
async fn walk(visitor: &mut Visitor) -> Url {
    let answer = visitor.get("/auth/oauth/generic").await;
    assert_eq!(answer.status, 307, "{answer:?}");
    let answer = visitor.follow(answer, |url| url.path().starts_with("/auth/oauth/")).await;
    answer.location.clone().unwrap_or_else(|| panic!("the provider sends nobody back: {answer:?}"))
}

async fn sign_in(visitor: &mut Visitor) -> Answer {
    let back = walk(visitor).await;
    visitor.visit(&back).await
}

fn place(answer: &Answer) -> (u16, String) {
    let url = answer.location.as_ref().map(|url| match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    });
    (answer.status, url.unwrap_or_default())
}

fn success() -> (u16, String) {
    (302, "/login/callback?success=True".into())
}

fn failure() -> (u16, String) {
    (302, "/login?error=oauthSignin".into())
}

#[tokio::test]
async fn a_user_signs_in_at_the_provider_and_chats() {
    let (server, _provider) = both(Settings::default()).await;
    server.deploy("echo").await;
    let mut visitor = Visitor::new(&server.url);
    let config = visitor.get("/auth/config").await.body;
    assert_eq!(config["oauthProviders"], json!(["generic"]));
    let answer = visitor.get("/auth/oauth/generic").await;
    let cookie = answer.cookies.first().cloned().unwrap_or_default();
    assert!(cookie.starts_with("oauth_state="), "{cookie}");
    assert!(cookie.ends_with("; HttpOnly; Max-Age=180; Path=/; SameSite=lax"), "{cookie}");
    let query = answer.location.clone().expect("a way to the provider");
    for part in ["code_challenge_method=S256", "nonce=", "state=", "scope=openid+email+profile"] {
        assert!(query.as_str().contains(part), "{part} is missing: {query}");
    }
    let answer = sign_in(&mut visitor).await;
    assert_eq!(place(&answer), success(), "{answer:?}\n{}", server.log().tail(5));
    assert!(!visitor.jar().contains_key("oauth_state"));
    let user = visitor.get("/user").await.body;
    assert_eq!(user["identifier"], "grace@example.org");
    assert_eq!(user["display_name"], "Grace Hopper");
    let metadata = json!({ "provider": "generic", "image": "https://example.org/grace.png" });
    assert_eq!(user["metadata"], metadata);
    assert_eq!(visitor.open("echo").await.ask("hello").await, ["hello"]);
}

#[tokio::test]
async fn claims_of_the_id_token_are_enough() {
    let (server, _provider) = both_with(Settings::default(), true).await;
    let mut visitor = Visitor::new(&server.url);
    assert_eq!(place(&sign_in(&mut visitor).await), success());
    assert_eq!(visitor.get("/user").await.body["identifier"], "grace@example.org");
}

#[tokio::test]
async fn a_browser_that_did_not_begin_the_sign_in_is_not_signed_in() {
    let (server, _provider) = both(Settings::default()).await;
    let mut grace = Visitor::new(&server.url);
    let back = walk(&mut grace).await;
    // Somebody is sent the address by which another one would come back.
    let mut victim = Visitor::new(&server.url);
    assert_eq!(place(&victim.visit(&back).await), failure());
    // Nor does it help that a sign-in of one's own is under way.
    victim.get("/auth/oauth/generic").await;
    assert_eq!(place(&victim.visit(&back).await), failure());
    assert_eq!(victim.get("/user").await.status, 401);
}

#[tokio::test]
async fn what_comes_back_twice_or_changed_is_refused() {
    let (server, _provider) = both(Settings::default()).await;
    let mut visitor = Visitor::new(&server.url);
    let back = walk(&mut visitor).await;
    let flow = visitor.jar()["oauth_state"].clone();
    let code = back.query_pairs().find(|(name, _)| name == "code").expect("a code").1.into_owned();
    let changed: [Url; 4] = [
        back.as_str().replace("state=", "state=x"),
        back.as_str().replace("state=", "other="),
        back.as_str().replace(&code, "nonsense"),
        back.as_str().replace("code=", "other="),
    ]
    .map(|url| url.parse().unwrap());
    for changed in changed {
        visitor.jar().insert("oauth_state".into(), flow.clone());
        assert_eq!(place(&visitor.visit(&changed).await), failure(), "{changed}");
        assert_eq!(visitor.get("/user").await.status, 401, "{changed}");
    }
    visitor.jar().insert("oauth_state".into(), format!("{flow}x"));
    assert_eq!(place(&visitor.visit(&back).await), failure());

    visitor.jar().insert("oauth_state".into(), flow.clone());
    assert_eq!(place(&visitor.visit(&back).await), success());
    let mut thief = Visitor::new(&server.url);
    thief.jar().insert("oauth_state".into(), flow);
    assert_eq!(place(&thief.visit(&back).await), failure(), "a code is good for one time");
}

#[tokio::test]
async fn a_code_of_another_sign_in_is_refused() {
    let (server, _provider) = both(Settings::default()).await;
    let mut grace = Visitor::new(&server.url);
    let mut thief = Visitor::new(&server.url);
    let stolen = walk(&mut grace).await;
    let own = walk(&mut thief).await;
    let value = |url: &Url, key: &str| {
        url.query_pairs().find(|(name, _)| name == key).expect("it is there").1.into_owned()
    };
    let mixed = own.as_str().replace(&value(&own, "code"), &value(&stolen, "code"));
    // The thief's own state, but neither the verifier nor the nonce of the code.
    assert_eq!(place(&thief.visit(&mixed.parse().unwrap()).await), failure());
    assert_eq!(thief.get("/user").await.status, 401);
}

#[tokio::test]
async fn who_refuses_at_the_provider_comes_back_to_the_sign_in_page() {
    let (server, mut provider) = both(Settings::default()).await;
    provider.user(&Value::Null).await;
    let mut visitor = Visitor::new(&server.url);
    assert_eq!(place(&sign_in(&mut visitor).await), failure());
    server.log().line(&["a sign-in at a provider failed", "access_denied"]).await;
}

#[tokio::test]
async fn an_email_that_nobody_checked_names_nobody() {
    let (server, mut provider) = both(Settings::default()).await;
    let mut unchecked = grace();
    unchecked["email_verified"] = json!(false);
    for user in
        [unchecked, json!({ "sub": "1", "email": "grace@example.org" }), json!({ "sub": "2" })]
    {
        provider.user(&user).await;
        let mut visitor = Visitor::new(&server.url);
        assert_eq!(place(&sign_in(&mut visitor).await), failure(), "{user}");
        assert_eq!(visitor.get("/user").await.status, 401, "{user}");
    }
}

#[tokio::test]
async fn the_operator_says_whom_of_the_providers_users_to_let_in_and_what_they_are_called() {
    let settings = Settings::default()
        .env("CHINWAG_AUTH__OIDC__IDENTIFIER_CLAIM", "sub")
        .env("CHINWAG_AUTH__OIDC__ALLOWED_USERS", "a-user, another")
        .env("CHINWAG_AUTH__OIDC__ALLOWED_DOMAINS", "example.org");
    let (server, mut provider) = both(settings).await;
    for (sub, expected) in [
        ("another", success()),
        ("a@example.org", success()),
        ("4711", failure()),
        ("a@example.org.evil", failure()),
    ] {
        provider.user(&json!({ "sub": sub, "email": "grace@example.org" })).await;
        let mut visitor = Visitor::new(&server.url);
        assert_eq!(place(&sign_in(&mut visitor).await), expected, "{sub}");
    }
}

#[tokio::test]
async fn a_provider_that_is_not_there_keeps_the_server_from_nothing_else() {
    let settings = Settings::default()
        .env("CHINWAG_AUTH__OIDC__ISSUER", "http://127.0.0.1:9")
        .env("CHINWAG_AUTH__OIDC__CLIENT_ID", "0042")
        .env("CHINWAG_AUTH__HEADER", "x-user");
    let server = settings.start().await;
    let mut visitor = Visitor::new(&server.url);
    assert_eq!(place(&visitor.get("/auth/oauth/generic").await), failure());
    let other = visitor.get("/auth/oauth/github").await;
    assert_eq!((other.status, &other.body["detail"]), (404, &json!("Provider github not found")));
    assert_eq!(visitor.post("/auth/header", |it| it.header("x-user", "ada")).await.status, 200);
}
