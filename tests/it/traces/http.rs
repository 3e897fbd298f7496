//! Sign-in and plain requests.

use chinwag_tests::player::{
    Difference::{Answers, Has, Varies},
    Form, Replay,
};

use super::{USERS, page};

#[tokio::test]
async fn trace_21_uploads() {
    Replay::of("21")
        .form(13, Form::File("data.csv", "text/csv", b"a,b\n1,2\n"))
        .form(15, Form::File("p.png", "image/png", b"\x89PNG\r\n\x1a\n"))
        .form(33, Form::File("a.txt", "text/plain", b"x"))
        .form(35, Form::File("a.txt", "text/plain", b"x"))
        .form(37, Form::File("a.txt", "text/plain", b""))
        .differs(&[
            Has(&[21], "/size", "null", "how large a picture is shown is for the page to say"),
            Answers(38, 400, "File is empty", "an empty file is not the server's fault"),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_27_sign_in_with_a_password() {
    Replay::of("27")
        .users(USERS)
        .form(12, Form::Login("admin", "wrongwrong"))
        .form(15, Form::Login("admin", "admin-password"))
        .differs(&[
            Has(&[18], "/body/metadata/role", "", "a user has no role"),
            Has(
                &[42],
                "/cookies",
                "[[\"access_token\",[\"HttpOnly\",\"Max-Age=0\",\"Path=/\",\"SameSite=lax\"]]]",
                "a cookie goes as it came",
            ),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_32_plain_requests() {
    Replay::of("32")
        .env("CHINWAG_STORE", "off")
        .differs(&page(&[5, 7]))
        .form(46, Form::Login("admin", "admin-password"))
        .differs(&[
            Has(&[5, 7], "/body/features/audio/enabled", "true", "this bot hears"),
            Has(&[5, 7], "/body/starters/0/icon", "null", "this bot has no picture for it"),
        ])
        .differs(&[
            Answers(9, 422, "", "the same in other words"),
            Varies(
                &[11, 13],
                "/body/translation",
                "the page has its own texts for what the server does not translate",
            ),
        ])
        .differs(&[
            Varies(&[15, 17, 19, 23, 25], "/body", "these pictures are our own"),
            Answers(21, 422, "", "the same in other words"),
            Varies(&[37, 39, 41], "/body", "the page is served as it was built, or not at all"),
            Answers(29, 404, "File not found", "this file was the recorded app's"),
        ])
        .differs(&[
            Has(&[33], "/body/detail", "\"Not Found\"", "the same in other words"),
            Answers(39, 404, "Not Found", "no page was built here, only one that says so"),
            Has(&[43], "/content_type", "\"text/html\"", "it is the head of the page"),
            Answers(51, 401, "Invalid token", "no token is no valid token"),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_33_profiles() {
    Replay::of("33")
        .env("CHINWAG_STORE", "off")
        .differs(&page(&[1, 3]))
        .herald(Some("greet"))
        .differs(&[
            Varies(&[1, 3], "/body/starters", "a bot has its own"),
            Has(&[1, 3], "/body/userEnv", "[\"API_KEY\"]", "this bot asks for a key"),
            Varies(&[22], "/output", "this bot has a key"),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_34_keys_of_the_user() {
    Replay::of("34")
        .env("CHINWAG_STORE", "off")
        .differs(&page(&[1]))
        .herald(None)
        .differs(&[
            Varies(&[1], "/body/starters", "a bot has its own"),
            Varies(&[1], "/body/starterCategories", "a bot has its own"),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_42_a_root_path() {
    Replay::of("42")
        .differs(&[
            Answers(
                2,
                404,
                "",
                "a server has a host of its own: a proxy in front takes a prefix away",
            ),
            Answers(4, 404, "", "as above"),
            Answers(6, 200, "", "the page is at the root"),
            Answers(8, 404, "", "as above"),
            Answers(10, 200, "", "as above"),
            Answers(12, 404, "", "as above"),
            Answers(14, 404, "", "as above"),
            Answers(15, 404, "", "as above"),
            Answers(16, 200, "", "as above"),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_43_sign_in_by_header_and_token() {
    Replay::of("43").env("CHINWAG_STORE", "off").env("CHINWAG_AUTH__HEADER", "x-user").play().await;
}

#[tokio::test]
async fn trace_44_pages_of_other_sites() {
    Replay::of("44")
        .env("CHINWAG_ALLOWED_ORIGINS", "http://evil.example")
        .differs(&[
            Has(
                &[0],
                "/cors/access-control-allow-methods",
                "\"DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT\"",
                "there is no method QUERY",
            ),
            Varies(&[0, 1, 2, 3], "/cors/vary", "other parts of a request count as well"),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_54_mcp() {
    Replay::of("54")
        .env("CHINWAG_STORE", "off")
        .differs(&page(&[1]))
        .differs(&[
            Has(
                &[1],
                "/body/features/mcp/enabled",
                "false",
                "bots call tools by themselves: MCP is off",
            ),
            Has(&[1], "/body/features/mcp/servers", "[]", "as above"),
            Has(&[1], "/body/features/audio/enabled", "true", "this bot hears"),
            Has(&[1], "/body/starters/0/icon", "null", "this bot has no picture for it"),
            Answers(17, 400, "This app does not support MCP.", "MCP is off"),
            Answers(19, 400, "This app does not support MCP.", "MCP is off"),
            Answers(21, 400, "This app does not support MCP.", "MCP is off"),
            Answers(23, 400, "This app does not support MCP.", "MCP is off"),
            Answers(26, 400, "This app does not support MCP.", "MCP is off"),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_55_sign_in_at_a_provider() {
    Replay::of("55")
        .differs(&[
            Has(
                &[1],
                "/body/oauthProviders",
                "[]",
                "GitHub does not speak OpenID Connect: sign-in there is off",
            ),
            Has(&[1], "/body/requireLogin", "null", "and nobody signs in"),
            Answers(3, 400, "No oauth_callback defined", "as above"),
            Answers(5, 400, "No oauth_callback defined", "as above"),
            Answers(7, 400, "No oauth_callback defined", "as above"),
            Answers(9, 400, "No oauth_callback defined", "as above"),
        ])
        .play()
        .await;
}
