//! Messages, steps, streams, elements, actions, and what stands around them.

use chinwag_tests::player::{
    Difference::{Adds, Answers, Has, Leaves, Varies},
    Replay,
};

#[tokio::test]
async fn trace_01_connecting_starts_the_chat() {
    Replay::of("01").play().await;
}

#[tokio::test]
async fn trace_02_connecting_by_websocket_only() {
    Replay::of("02").play().await;
}

#[tokio::test]
async fn trace_03_a_new_chat() {
    Replay::of("03").play().await;
}

#[tokio::test]
async fn trace_04_messages() {
    Replay::of("04").play().await;
}

#[tokio::test]
async fn trace_05_nested_steps() {
    Replay::of("05")
        .differs(&[
            Has(&[23, 24], "/metadata/k", "", "a step has no notes of its bot but its icon"),
            Has(&[26], "/language", "\"json\"", "the language of a step is known when it begins"),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_06_streams() {
    Replay::of("06")
        .differs(&[
            Leaves(&[29], "a message that is streamed appears with its first token, never empty"),
            Adds(32, &["new_message"], "a stream that rewrites itself ends like any other"),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_07_elements() {
    Replay::of("07")
        .differs(&[
            Has(
                &[25],
                "/mime",
                "\"text/plain\"",
                "no content type would be a guess of the browser's",
            ),
            Has(&[26], "/chainlitKey", "null", "the props of a component are in its event …"),
            Leaves(&[43, 44], "… and not in a file as well"),
            Has(
                &[42],
                "/content_type",
                "\"text/plain\"",
                "no content type would be a guess of the browser's",
            ),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_08_actions() {
    Replay::of("08")
        .differs(&[
            Adds(31, &["new_message"], "an error of a bot is shown in the chat"),
            Answers(33, 200, "", "whether an action has a callback is known to the bot alone"),
            Adds(33, &["new_message"], "an error of a bot is shown in the chat"),
            Answers(36, 404, "", "an unknown session is not the server's fault"),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_09_an_action_before_any_message() {
    Replay::of("09")
        .differs(&[
            Leaves(&[17], "the first interaction is announced when it begins …"),
            Adds(15, &["first_interaction"], "… and not after what came of it"),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_16_errors() {
    Replay::of("16")
        .differs(&[
            Adds(17, &["new_message"], "an error of a bot is shown in the chat"),
            Adds(24, &["new_message"], "an error of a bot is shown in the chat"),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_24_what_stands_around_the_messages() {
    Replay::of("24")
        .differs(&[
            Has(&[18], "/0/selected", "false", "every field of a command is said"),
            Has(&[18], "/1/selected", "false", "as above"),
            Has(&[18], "/1/button", "false", "as above"),
            Has(&[18], "/1/persistent", "false", "as above"),
            Has(&[79, 81], "/mime", "\"text/plain\"", "no page looks at the type of a task list"),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_39_a_component_changes_itself() {
    Replay::of("39")
        .differs(&[
            Has(&[18, 25], "/chainlitKey", "null", "the props of a component are in its event"),
            Varies(&[22], "/body", "the component is our own"),
            Has(&[22], "/content_type", "\"text/javascript\"", "its type is known"),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_40_greetings() {
    Replay::of("40").herald(Some("greet")).play().await;
}

#[tokio::test]
async fn trace_41_an_error_at_the_start() {
    Replay::of("41")
        .herald(Some("explode"))
        .differs(&[
            Varies(&[13], "/output", "an error says in which turn it happened"),
            Leaves(
                &[15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32],
                "whether steps are sent is not a setting of the page",
            ),
            Adds(34, &["first_interaction"], "it is the first message then"),
            Adds(36, &["new_message"], "an error of a bot is shown in the chat"),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_49_two_messages_at_once() {
    Replay::of("49")
        .differs(&[
            Leaves(&[21, 22, 23, 24, 25], "messages are answered one after the other"),
            Adds(
                32,
                &["task_start", "new_message", "new_message", "update_message", "task_end"],
                "so the second one is answered when the first one is",
            ),
        ])
        .play()
        .await;
}
