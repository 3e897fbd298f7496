//! Questions that wait for an answer, from the user or the page; and what a user stops.

use chinwag_tests::player::{
    Difference::{Adds, Flows, Has, Leaves, Picks},
    Form, Replay,
};

use super::USERS;

#[tokio::test]
async fn trace_10_a_question_for_a_text() {
    Replay::of("10").play().await;
}

#[tokio::test]
async fn trace_11_a_question_with_buttons() {
    Replay::of("11").play().await;
}

#[tokio::test]
async fn trace_12_a_question_for_files() {
    Replay::of("12")
        .form(18, Form::File("a.bin", "application/octet-stream", b"0123456789"))
        .form(20, Form::File("a.txt", "text/plain", b"0123456789"))
        .play()
        .await;
}

#[tokio::test]
async fn trace_13_a_question_without_an_answer() {
    Replay::of("13").play().await;
}

#[tokio::test]
async fn trace_14_a_question_with_a_component() {
    Replay::of("14")
        .differs(&[Has(&[17], "/chainlitKey", "null", "the props of a component are in its event")])
        .play()
        .await;
}

#[tokio::test]
async fn trace_15_stop() {
    Replay::of("15")
        .differs(&[
            Flows(24),
            Adds(
                24,
                &["new_message"],
                "the stream is closed, or a page would show its cursor for ever",
            ),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_22_editing_a_message() {
    Replay::of("22").play().await;
}

#[tokio::test]
async fn trace_23_settings() {
    Replay::of("23")
        .differs(&[Has(&[37], "/1/inputs/0/initial", "\"\"", "a text that nobody set is empty")])
        .play()
        .await;
}

#[tokio::test]
async fn trace_25_functions_of_the_page() {
    Replay::of("25").play().await;
}

#[tokio::test]
async fn trace_26_audio() {
    Replay::of("26")
        .bot("echo")
        .env("CHINWAG_DEFAULT_BOT", "showcase")
        .users(USERS)
        .form(0, Form::Login("admin", "admin-password"))
        .differs(&[
            Leaves(&[26, 32], "one turn is framed once"),
            Picks("P", "echo", "there is no audio where the bot has none"),
            Leaves(&[44, 45, 46, 47], "this bot does nothing when a chat starts"),
        ])
        .differs(&[Adds(43, &["set_favorites"], "favourites are on wherever users sign in")])
        .play()
        .await;
}

#[tokio::test]
async fn trace_47_coming_back_to_a_question() {
    Replay::of("47")
        .differs(&[
            Adds(
                28,
                &["new_message", "new_message", "new_message", "new_message", "task_start", "ask"],
                "whoever comes back is shown the end of the conversation, and is asked again",
            ),
            Leaves(&[30, 31, 32, 33, 34], "messages are answered one after the other …"),
            Adds(
                39,
                &["task_start", "new_message", "new_message", "update_message", "task_end"],
                "… so this one waits for the end of the question",
            ),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_48_stop_during_a_question() {
    Replay::of("48")
        .differs(&[
            Adds(18, &["clear_ask", "task_start"], "the question is gone first"),
            Leaves(&[20], "the bot is at work again before it stops"),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_50_stop_while_nothing_runs() {
    Replay::of("50").play().await;
}
