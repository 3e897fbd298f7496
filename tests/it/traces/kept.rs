//! Conversations that are kept: lists, resuming, feedback, favourites, sharing.

use chinwag_tests::player::{
    Difference::{self, Adds, Has, Leaves, Varies},
    Form, Replay,
};

use super::USERS;

#[tokio::test]
async fn trace_28_resuming_a_conversation() {
    Replay::of("28")
        .users(USERS)
        .form(0, Form::Login("admin", "admin-password"))
        .form(94, Form::Login("bob", "bob-password"))
        .differs(RESUMED)
        .play()
        .await;
}

#[tokio::test]
async fn trace_29_feedback() {
    Replay::of("29")
        .users(USERS)
        .form(0, Form::Login("admin", "admin-password"))
        .differs(&[
            Has(
                &[28],
                "/body/metadata/chat_profile",
                "\"showcase\"",
                "a conversation says with which bot it is, and whether it is shared",
            ),
            Has(&[28], "/body/metadata/is_shared", "false", "as above"),
            Has(
                &[28],
                "/body/steps/1/name",
                "\"admin\"",
                "who says something is known by sign-in, not by what the page says",
            ),
            Varies(&[28], "/body/steps/2/feedback/threadId", "feedback says where it belongs"),
            Leaves(&[32, 33], "this went to another server, which keeps nothing"),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_30_favourites() {
    Replay::of("30")
        .users(USERS)
        .form(0, Form::Login("admin", "admin-password"))
        .differs(&[
            Has(
                &[24, 27],
                "/name",
                "\"admin\"",
                "who says something is known by sign-in, not by what the page says",
            ),
            Has(&[25], "/0/name", "\"admin\"", "as above"),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_31_lists_of_conversations() {
    Replay::of("31")
        .env("CHINWAG_SHARING", "true")
        .users(USERS)
        .form(0, Form::Login("admin", "admin-password"))
        .differs(&[
            Has(
                &[24],
                "/body/data/0/metadata/chat_profile",
                "\"showcase\"",
                "a conversation says with which bot it is, and whether it is shared",
            ),
            Has(&[24], "/body/data/0/metadata/is_shared", "false", "as above"),
            Has(
                &[26],
                "/body/data/0/metadata/chat_profile",
                "\"showcase\"",
                "a conversation says with which bot it is, and whether it is shared",
            ),
            Has(&[26], "/body/data/0/metadata/is_shared", "false", "as above"),
            Has(
                &[24, 26],
                "/body/data/0/steps",
                "[]",
                "a list is a list: nobody reads steps there",
            ),
            Varies(&[24, 26], "/body/pageInfo/endCursor", "a cursor is opaque"),
            Has(&[24], "/body/pageInfo/hasNextPage", "false", "the recorded server kept more"),
            Has(&[26], "/body/data/1", "", "as above"),
            Leaves(&[42, 43, 44, 45, 46], "this went to another server, or had no cookie"),
        ])
        .differs(&[
            Has(&[26], "/body/data/1", "", "… this one as well"),
            Has(
                &[32],
                "/body/steps/1/name",
                "\"admin\"",
                "who says something is known by sign-in, not by what the page says",
            ),
            Has(
                &[32],
                "/body/userId",
                "null",
                "whoever has the address need not know whose it is …",
            ),
            Has(&[32], "/body/userIdentifier", "null", "… by id or by name"),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_35_resuming_as_with_a_database() {
    Replay::of("35")
        .users(USERS)
        .form(1, Form::Login("admin", "admin-password"))
        .differs(&[
            Adds(17, &["first_interaction"], "it is announced when it begins …"),
            Leaves(&[31], "… and not after what came of it"),
            Adds(11, &["set_favorites"], "favourites are on wherever users sign in"),
            Adds(46, &["set_favorites"], "favourites are on wherever users sign in"),
            Has(&[25, 26], "/metadata/k", "", "a step has no notes of its bot but its icon"),
            Has(&[28], "/language", "\"json\"", "the language of a step is known when it begins"),
        ])
        .differs(&[
            Has(&[37], "/body/data/0/steps", "[]", "a list is a list: nobody reads steps there"),
            Varies(&[37], "/body/data/0/metadata", "notes are an object, and no text"),
            Varies(&[37], "/body/pageInfo/endCursor", "a cursor is opaque"),
        ])
        .differs(&[
            Varies(&[37], "/body/data/0/tags", "no tags are an empty list"),
            Varies(&[50], "/steps", "truths are no numbers here"),
            Varies(&[50], "/metadata", "notes are an object, and no text"),
            Varies(&[50], "/tags", "no tags are an empty list"),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_45_an_element_of_a_conversation() {
    Replay::of("45")
        .users(USERS)
        .form(0, Form::Login("admin", "admin-password"))
        .differs(&[
            Varies(&[25], "/body/chainlitKey", "a file that is kept has its key still"),
            Varies(&[25], "/body/url", "files are fetched by their conversations"),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_53_a_message_while_resuming() {
    Replay::of("53")
        .herald(Some("k"))
        .users(USERS)
        .form(1, Form::Login("admin", "admin-password"))
        .differs(&[
            Adds(11, &["set_favorites"], "favourites are on wherever users sign in"),
            Adds(33, &["set_favorites"], "favourites are on wherever users sign in"),
            Adds(49, &["set_favorites"], "favourites are on wherever users sign in"),
            Adds(49, &["new_message"], "what was shown of late is shown to whoever comes back"),
        ])
        .differs(&[
            Leaves(&[50, 51, 52, 53], "a bot is told once that a conversation goes on"),
            Varies(
                &[38, 54],
                "/steps",
                "what the bot says then is in it, or the page would lose it",
            ),
            Varies(&[38, 54], "/metadata", "what a bot keeps for itself is not for the page"),
        ])
        .play()
        .await;
}

/// Where a resumed conversation differs: in the list (45), read (47), and shown (62).
const RESUMED: &[Difference] = &[
    Has(&[26, 27], "/metadata/k", "", "a step has no notes of its bot but its icon"),
    Has(&[29], "/language", "\"json\"", "the language of a step is known when it begins"),
    Has(&[45], "/body/data/0/steps", "[]", "a list is a list: nobody reads steps there …"),
    Has(&[45], "/body/data/0/elements", "[]", "… nor elements"),
    Varies(&[45], "/body/pageInfo/endCursor", "a cursor is opaque"),
    Has(
        &[45],
        "/body/data/0/metadata",
        "{\"chat_profile\":\"showcase\",\"is_shared\":false}",
        "what a bot keeps for itself is not for the page",
    ),
    Has(&[45], "/body/data/1", "", "the recorded server kept more"),
    Has(&[47], "/body/metadata", "{\"chat_profile\":\"showcase\",\"is_shared\":false}", "as above"),
    Has(&[45], "/body/data/1", "", "… this one as well"),
    Has(
        &[62],
        "/metadata",
        "{\"chat_profile\":\"showcase\",\"is_shared\":false}",
        "what a bot keeps for itself is not for the page",
    ),
    Varies(&[47], "/body/elements/0/chainlitKey", "files are fetched by their conversations"),
    Varies(&[47], "/body/elements/0/url", "as above"),
    Has(
        &[47],
        "/body/steps/1/name",
        "\"admin\"",
        "who says something is known by sign-in, not by what the page says",
    ),
    Has(&[47], "/body/steps/8/name", "\"admin\"", "as above"),
    Has(&[47], "/body/steps/5/metadata/k", "", "a step has no notes of its bot but its icon"),
    Varies(&[62], "/elements/0/chainlitKey", "files are fetched by their conversations"),
    Varies(&[62], "/elements/0/url", "as above"),
    Has(
        &[62],
        "/steps/1/name",
        "\"admin\"",
        "who says something is known by sign-in, not by what the page says",
    ),
    Has(&[62], "/steps/8/name", "\"admin\"", "as above"),
    Has(&[62], "/steps/5/metadata/k", "", "a step has no notes of its bot but its icon"),
];
