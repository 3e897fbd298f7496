//! The cookie by which a browser stays signed in. A token too long for one cookie is split, as Chainlit does.

use std::time::Duration;

use axum::http::{
    HeaderMap, HeaderValue,
    header::{COOKIE, SET_COOKIE},
};

/// The cookie's name; the parts of a long token have a number after it.
const NAME: &str = "access_token";
/// Characters of a token in one cookie.
const PART: usize = 3_000;
/// Parts of a token, at most: browsers refuse more than about this much, and so do servers.
const PARTS: usize = 5;

/// How browsers are to keep a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// For pages of this site, over any connection.
    Site,
    /// For pages of this site, over HTTPS.
    SecureSite,
    /// For pages of all sites, over HTTPS.
    Everywhere,
}

/// The token that a request comes with.
pub(in crate::gateway) fn token(headers: &HeaderMap) -> Option<String> {
    if let Some(token) = get(headers, NAME).filter(|token| !token.is_empty()) {
        return Some(token.to_owned());
    }
    let parts = (0..PARTS).map_while(|n| get(headers, &format!("{NAME}_{n}")));
    Some(parts.collect::<String>()).filter(|token| !token.is_empty())
}

/// A cookie of a request.
pub(super) fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(|line| line.split(';')).filter_map(|it| it.split_once('='));
    cookies.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim())
}

/// Keeps a token in the browser that sent `request`, and nothing of an older one.
///
/// Returns whether it fits.
pub(super) fn keep(
    token: &str,
    lifetime: Duration,
    reach: Reach,
    request: &HeaderMap,
) -> Option<HeaderMap> {
    let parts: Vec<&str> =
        token.as_bytes().chunks(PART).map_while(|part| str::from_utf8(part).ok()).collect();
    if parts.len() > PARTS {
        return None;
    }
    let mut response = HeaderMap::new();
    let names: Vec<String> = match parts.len() {
        1 => vec![NAME.to_owned()],
        count => (0..count).map(|n| format!("{NAME}_{n}")).collect(),
    };
    for (name, part) in names.iter().zip(parts) {
        set(&mut response, name, part, lifetime, reach);
    }
    for name in kept(request).filter(|name| !names.contains(name)) {
        remove(&mut response, &name, reach);
    }
    Some(response)
}

/// Removes all that the browser that sent `request` keeps of a token.
pub(super) fn forget(reach: Reach, request: &HeaderMap) -> HeaderMap {
    let mut response = HeaderMap::new();
    remove(&mut response, NAME, reach);
    for name in kept(request).filter(|name| name != NAME) {
        remove(&mut response, &name, reach);
    }
    response
}

/// Sets a cookie that scripts of pages cannot read.
pub(super) fn set(
    response: &mut HeaderMap,
    name: &str,
    value: &str,
    lifetime: Duration,
    reach: Reach,
) {
    let mut cookie =
        format!("{name}={value}; HttpOnly; Max-Age={}; Path=/; SameSite=", lifetime.as_secs());
    let tail = match reach {
        Reach::Site => "lax",
        Reach::SecureSite => "lax; Secure",
        Reach::Everywhere => "None; Secure",
    };
    cookie.push_str(tail);
    let cookie = HeaderValue::try_from(cookie).expect("tokens are letters, digits and dots");
    response.append(SET_COOKIE, cookie);
}

/// Removes a cookie.
pub(super) fn remove(response: &mut HeaderMap, name: &str, reach: Reach) {
    set(response, name, "", Duration::ZERO, reach);
}

/// The names of our cookies in a request.
fn kept(request: &HeaderMap) -> impl Iterator<Item = String> {
    let parts = (0..PARTS).map(|n| format!("{NAME}_{n}"));
    let names = std::iter::once(NAME.to_owned()).chain(parts);
    names.filter(|name| get(request, name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    fn sent(line: &str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::try_from(line).unwrap())])
    }

    fn lines(response: &HeaderMap) -> Vec<&str> {
        response.get_all(SET_COOKIE).iter().map(|line| line.to_str().unwrap()).collect()
    }

    /// What a browser sends that has taken a response.
    fn returned(response: &HeaderMap) -> HeaderMap {
        let pairs = lines(response).into_iter().map(|line| line.split(';').next().unwrap());
        sent(&pairs.filter(|pair| !pair.ends_with('=')).collect::<Vec<_>>().join("; "))
    }

    #[test]
    fn a_short_token_is_one_cookie_with_chainlits_attributes() {
        let response = keep("a.b.c", HOUR, Reach::Site, &HeaderMap::new()).unwrap();
        let expected = "access_token=a.b.c; HttpOnly; Max-Age=3600; Path=/; SameSite=lax";
        assert_eq!(lines(&response), [expected]);
        assert_eq!(token(&returned(&response)).as_deref(), Some("a.b.c"));
        let response = keep("a", HOUR, Reach::SecureSite, &HeaderMap::new()).unwrap();
        assert!(lines(&response)[0].ends_with("; SameSite=lax; Secure"));
        let response = keep("a", HOUR, Reach::Everywhere, &HeaderMap::new()).unwrap();
        assert!(lines(&response)[0].ends_with("; SameSite=None; Secure"));
    }

    #[test]
    fn a_long_token_is_split_and_comes_back_whole() {
        let long: String = ('a'..='z').cycle().take(2 * PART + 1).collect();
        let response = keep(&long, HOUR, Reach::Site, &sent("access_token=old; a=b")).unwrap();
        let lines = lines(&response);
        assert_eq!(lines.len(), 4);
        assert!(lines[0].starts_with("access_token_0=abc"));
        assert!(lines[3].starts_with("access_token=; HttpOnly; Max-Age=0;"));
        assert_eq!(token(&returned(&response)), Some(long));
        assert!(keep(&"a".repeat(PARTS * PART + 1), HOUR, Reach::Site, &sent("")).is_none());
    }

    #[test]
    fn a_short_token_leaves_nothing_of_a_long_one_and_a_goodbye_leaves_nothing() {
        let before = sent("access_token_0=x; theme=dark; access_token_1=y");
        assert_eq!(token(&before).as_deref(), Some("xy"));
        let response = keep("a", HOUR, Reach::Site, &before).unwrap();
        assert_eq!(lines(&response).len(), 3);
        let gone = forget(Reach::Site, &before);
        let expected = ["access_token=;", "access_token_0=;", "access_token_1=;"];
        for (line, expected) in lines(&gone).into_iter().zip(expected) {
            assert!(line.starts_with(expected) && line.contains("Max-Age=0"), "{line}");
        }
        assert_eq!(token(&returned(&gone)), None);
    }

    #[test]
    fn parts_with_a_hole_end_there_and_other_cookies_are_not_ours() {
        assert_eq!(token(&sent("access_token_0=x; access_token_2=z")).as_deref(), Some("x"));
        for line in ["", "access_token", "access_token=", "my_access_token=x", "access_token_1=x"] {
            assert_eq!(token(&sent(line)), None, "{line}");
        }
        let mut two = sent("a=b");
        two.append(COOKIE, HeaderValue::from_static("access_token=x"));
        assert_eq!(token(&two).as_deref(), Some("x"));
    }
}
