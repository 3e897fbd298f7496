//! Connections that break, take over, come too late, or speak badly.

use chinwag_tests::player::{
    Difference::{Adds, Answers, Flows, Has, Leaves},
    Replay,
};

#[tokio::test]
async fn trace_17_coming_back() {
    Replay::of("17").differs(&[Adds(30, &["new_message", "new_message", "new_message", "new_message"], "whoever comes back is shown the end of the conversation, for a message may have been missed")]).play().await;
}

#[tokio::test]
async fn trace_18_coming_back_before_the_first_message() {
    Replay::of("18").differs(&[Adds(22, &["new_message"], "whoever comes back is shown what the bot did at the start, for it may have been missed")]).play().await;
}

#[tokio::test]
async fn trace_19_coming_back_in_the_middle_of_a_stream() {
    Replay::of("19").differs(&[Flows(20),
 Leaves(&[30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43], "tokens that come while the client is away come with the message …"),
 Adds(29, &["new_message", "new_message", "new_message", "new_message", "task_start"], "… which is sent whole to whoever comes back, with what it is in; and the bot is shown to be at work"),
 Flows(44),]).play().await;
}

#[tokio::test]
async fn trace_20_a_second_socket_takes_over() {
    Replay::of("20").differs(&[Leaves(&[30], "what a page says that was taken over is still heard here, and answered to the other"), Adds(29, &["new_message", "new_message", "new_message", "new_message"], "whoever comes is shown the end of the conversation, for a message may have been missed")]).play().await;
}

#[tokio::test]
async fn trace_36_a_session_that_has_expired() {
    Replay::of("36").env("CHINWAG_SESSION_TIMEOUT", "1s").expires(31).play().await;
}

#[tokio::test]
async fn trace_37_acknowledgements_and_bad_input() {
    Replay::of("37").differs(&[Has(&[29], "/output", "\"your message was not understood: the id of a message must be a lower-case UUID with hyphens; reload the page and send it again\"", "an error says what to do next")]).play().await;
}

#[tokio::test]
async fn trace_38_polling_by_hand() {
    Replay::of("38")
        .differs(&[
            Has(&[3, 7, 11], "/body", "\"ok\"", "clients do not read it"),
            Leaves(&[13, 14], "the path means the socket, with the slash or without"),
            Answers(17, 400, "", "the refusal has words of its own"),
        ])
        .play()
        .await;
}

#[tokio::test]
async fn trace_46_coming_back_to_a_lost_session() {
    Replay::of("46")
        .env("CHINWAG_STORE", "off")
        .env("CHINWAG_SESSION_TIMEOUT", "1s")
        .expires(24)
        .play()
        .await;
}

#[tokio::test]
async fn trace_51_after_a_new_chat_files_are_gone() {
    Replay::of("51").expires(24).play().await;
}

#[tokio::test]
async fn trace_52_files_outlive_a_connection() {
    Replay::of("52").play().await;
}
