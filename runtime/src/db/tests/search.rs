//! Threads found by what they say.

use std::collections::BTreeSet;

use proptest::{prelude::*, test_runner::TestRunner};

use super::*;
use crate::domain::StepKind;

#[tokio::test]
async fn a_thread_is_found_by_its_name_and_by_each_message_and_by_no_other_step() {
    let home = Home::new().await;
    let id = home.thread("ann", "Holiday plans", &["where to go"]).await;
    let answer = Step { kind: StepKind::AssistantMessage, ..said(id, "Sylt, perhaps") };
    let tool = Step { kind: StepKind::Tool, ..said(id, "secret") };
    let growing = Step { is_streaming: true, kind: StepKind::AssistantMessage, ..said(id, "") };
    home.write(vec![step(answer), step(tool), step(growing.clone())]).await;
    for text in ["holiday", "PLANS hol", "where", "go", "sylt", "perh", "s"] {
        assert_eq!(home.found("ann", text).await, ["Holiday plans"], "{text}");
    }
    // All words are in the name, or in one message.
    for text in ["holiday sylt", "secret", "olida", "holi plans", "wherever", "go where x"] {
        assert_eq!(home.found("ann", text).await, [""; 0], "{text}");
    }
    assert_eq!(home.found("bob", "holiday").await, [""; 0]);
    home.write(vec![step(Step { is_streaming: false, output: "finished".into(), ..growing })])
        .await;
    assert_eq!(home.found("ann", "finish").await, ["Holiday plans"]);
}

#[tokio::test]
async fn what_is_said_no_more_is_not_found() {
    let home = Home::new().await;
    let id = home.thread("ann", "one", &[]).await;
    let message = said(id, "before");
    home.write(vec![step(message.clone())]).await;
    home.write(vec![step(Step { output: "after".into(), ..message.clone() })]).await;
    assert_eq!(home.found("ann", "before").await, [""; 0]);
    assert_eq!(home.found("ann", "after").await, ["one"]);
    home.write(vec![Change::StepRemoved(id, message.id)]).await;
    assert_eq!(home.found("ann", "after").await, [""; 0]);
}

#[tokio::test]
async fn nothing_that_a_user_types_is_syntax() {
    let home = Home::new().await;
    home.thread("ann", "one", &["it's \"so\" AND (not) NEAR words* -x ^y a:b"]).await;
    home.thread("ann", "two", &["plain words"]).await;
    let both = ["two".to_owned(), "one".to_owned()];
    assert_eq!(home.found("ann", "words").await, both);
    assert_eq!(home.found("ann", "  \t ").await, both);
    for text in ["\"so\" and", "NEAR(words)", "it's", "-x", "^y", "a:b", "not", "\"", "words*"] {
        let expected: &[String] = match text {
            "\"" => &[],
            "words*" => &both,
            _ => &both[1..],
        };
        assert_eq!(home.found("ann", text).await, expected, "{text}");
    }
    for text in ["'; DROP TABLE threads; --", "*", "🎉", "words OR nothing", "·o1", "\u{0}"] {
        assert_eq!(home.found("ann", text).await, [""; 0], "{text}");
    }
}

#[tokio::test]
async fn case_accents_and_scripts_are_no_obstacle() {
    let home = Home::new().await;
    home.thread("ann", "one", &["Größe ÜBER naïve Ελλάδα Привет 日本語です 🎉party🎉"]).await;
    for text in [
        "größe",
        "GRO\u{308}SSE gröss",
        "uber",
        "Über",
        "naive",
        "ελλαδα",
        "привет",
        "日本",
        "party",
    ] {
        let expected: &[&str] = if text.contains("SSE") { &[] } else { &["one"] };
        assert_eq!(home.found("ann", text).await, expected, "{text}");
    }
}

#[tokio::test]
async fn a_thread_is_found_once_however_often_it_says_it() {
    let home = Home::new().await;
    let mut ids = Vec::new();
    for name in 0..7 {
        ids.push(home.thread("ann", &format!("t{name}"), &["echo"; 5]).await);
    }
    for id in &ids {
        home.write(vec![step(said(*id, "echo")), step(said(*id, "silence"))]).await;
    }
    let (names, pages) =
        home.pages(ThreadQuery { search: Some("echo".into()), ..all("ann") }).await;
    assert_eq!((names, pages), ((0..7).rev().map(|it| format!("t{it}")).collect(), 3));
}

#[tokio::test]
async fn more_words_with_one_begin_than_are_spelled_out_are_found_all_the_same() {
    let home = Home::new().await;
    let texts: Vec<String> = (0..400).map(|it| format!("begin{it}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    home.thread("ann", "one", &texts).await;
    home.thread("ann", "two", &["begin7", "unrelated"]).await;
    for text in ["b", "beg", "begi", "begin", "begin7"] {
        assert_eq!(home.found("ann", text).await, ["two", "one"], "{text}");
    }
    assert_eq!(home.found("ann", "begin39").await, ["one"]);
}

#[test]
fn pages_of_a_search_have_neither_gaps_nor_repeats() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let messages =
        proptest::collection::vec((0..6_usize, "(ha|ho|hum|ob)( (ha|ho|hum|ob)){0,2}"), 0..25);
    let case = (messages, "(h|ha|ho|hum|o|ob)( (h|ha|hu))?", 1..4_usize);
    let mut runner = TestRunner::new(ProptestConfig { cases: 40, ..ProptestConfig::default() });
    runner
        .run(&case, |(messages, search, first)| {
            let (found, expected) = runtime.block_on(async {
                let home = Home::new().await;
                let mut ids = Vec::new();
                for thread in 0..6 {
                    ids.push(home.thread("ann", &format!("t{thread}"), &[]).await);
                }
                let changes = messages.iter().map(|(thread, text)| step(said(ids[*thread], text)));
                home.write(changes.collect()).await;
                let query = ThreadQuery { search: Some(search.clone()), first, ..all("ann") };
                (home.names(query).await, expected(&messages, &search))
            });
            let distinct: BTreeSet<_> = found.iter().cloned().collect();
            prop_assert_eq!(distinct.len(), found.len());
            prop_assert_eq!(distinct, expected);
            Ok(())
        })
        .unwrap();
}

fn expected(messages: &[(usize, String)], search: &str) -> BTreeSet<String> {
    let words: Vec<_> = search.split(' ').collect();
    let (last, whole) = words.split_last().unwrap();
    let says = |text: &str| {
        whole.iter().all(|word| text.split(' ').any(|it| it == *word))
            && text.split(' ').any(|it| it.starts_with(last))
    };
    messages.iter().filter(|(_, text)| says(text)).map(|(thread, _)| format!("t{thread}")).collect()
}
