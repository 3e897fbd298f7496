//! Accounts, renames, marks and opinions.

use super::*;
use crate::domain::{Account, StepKind, User, UserId, to_json};

fn account(identifier: &str, password: Option<&str>) -> Account {
    let user = User {
        identifier: identifier.into(),
        display_name: Some(identifier.to_uppercase()),
        metadata: parse_json(r#"{"role":"x"}"#.into()).unwrap(),
    };
    Account {
        id: UserId::random(),
        user,
        password: password.map(Into::into),
        created_at: "2026-01-01T00:00:00Z".parse().unwrap(),
    }
}

#[tokio::test]
async fn an_account_keeps_its_id_and_its_age() {
    let home = Home::new().await;
    let first = home.db.put_account(&account("bob", None)).await.unwrap();
    home.db.put_account(&account("ann", None)).await.unwrap();
    let later = Account {
        created_at: "2026-02-02T00:00:00Z".parse().unwrap(),
        ..account("bob", Some("hash"))
    };
    let second = home.db.put_account(&later).await.unwrap();
    assert_eq!((second.id, second.created_at), (first.id, first.created_at));
    let home = home.reopened().await;
    let kept = home.db.account("bob").await.unwrap().unwrap();
    assert_eq!(
        (kept.id, kept.password.as_deref(), kept.user.metadata.get()),
        (first.id, Some("hash"), r#"{"role":"x"}"#)
    );
    let all = home.db.accounts().await.unwrap();
    assert_eq!(
        all.iter().map(|it| it.user.identifier.as_str()).collect::<Vec<_>>(),
        ["ann", "bob"]
    );
    home.thread("bob", "stays", &[]).await;
    assert!(home.db.remove_account("bob").await.unwrap());
    assert!(!home.db.remove_account("bob").await.unwrap());
    assert!(home.db.account("bob").await.unwrap().is_none());
    assert_eq!(home.names(all_of("bob")).await, ["stays"]);
}

fn all_of(owner: &str) -> ThreadQuery {
    all(owner)
}

#[tokio::test]
async fn a_change_of_a_thread_is_seen_and_found_but_changes_neither_owner_nor_order() {
    let home = Home::new().await;
    let id = home.thread("ann", "one", &[]).await;
    home.thread("ann", "two", &[]).await;
    let change = |thread: &mut Thread| {
        thread.name = Some("renamed".into());
        thread.owner = Some("bob".into());
        thread.id = ThreadId::random();
    };
    let now = home.db.change_thread(id, Box::new(change)).await.unwrap().unwrap();
    assert_eq!(
        (now.id, now.name.as_deref(), now.owner.as_deref()),
        (id, Some("renamed"), Some("ann"))
    );
    assert_eq!(home.names(all("ann")).await, ["two", "renamed"]);
    assert_eq!(home.found("ann", "renamed").await, ["renamed"]);
    assert_eq!(home.found("ann", "one").await, [""; 0]);
    let none = home.db.change_thread(ThreadId::random(), Box::new(change)).await.unwrap();
    assert!(none.is_none());
}

#[tokio::test]
async fn a_marked_message_is_listed_for_its_owner_until_the_mark_is_taken_back() {
    let home = Home::new().await;
    let id = home.thread("ann", "one", &[]).await;
    let [first, second] = ["first", "second"].map(|it| said(id, it));
    let noted =
        Step { metadata: Some(parse_json(r#"{"a":1.10}"#.into()).unwrap()), ..second.clone() };
    let answer = Step { kind: StepKind::AssistantMessage, ..said(id, "answer") };
    home.write(vec![step(first.clone()), step(noted), step(answer.clone())]).await;
    let marked = home.db.set_favorite(id, second.id, true).await.unwrap().unwrap();
    assert_eq!(marked.metadata.unwrap().get(), r#"{"a":1.10,"favorite":true}"#);
    home.db.set_favorite(id, first.id, true).await.unwrap();
    assert!(home.db.set_favorite(id, answer.id, true).await.unwrap().is_none());
    assert!(home.db.set_favorite(ThreadId::random(), first.id, true).await.unwrap().is_none());
    let texts = async |owner: &str| {
        let favorites = home.db.favorites(owner).await.unwrap();
        favorites.iter().map(|it| it.output.clone()).collect::<Vec<_>>()
    };
    assert_eq!(texts("ann").await, ["first", "second"]);
    assert_eq!(texts("bob").await, [""; 0]);
    home.db.set_favorite(id, first.id, false).await.unwrap();
    assert_eq!(texts("ann").await, ["second"]);
    // Whoever writes the step anew says whether it is marked.
    home.write(vec![step(second)]).await;
    assert_eq!(texts("ann").await, [""; 0]);
}

#[tokio::test]
async fn the_last_hundred_marked_messages_are_listed() {
    let home = Home::new().await;
    let id = home.thread("ann", "one", &[]).await;
    let marked = |it: usize| Step {
        metadata: Some(parse_json(r#"{"favorite":true}"#.into()).unwrap()),
        ..said(id, &it.to_string())
    };
    home.write((0..103).map(|it| step(marked(it))).collect()).await;
    let favorites = home.db.favorites("ann").await.unwrap();
    let texts: Vec<usize> =
        favorites.iter().map(|it| it.output.parse::<usize>().unwrap()).collect();
    assert_eq!(texts, (3..103).collect::<Vec<usize>>());
}

#[tokio::test]
async fn feedback_replaces_that_of_its_id_and_that_of_its_step() {
    let home = Home::new().await;
    let id = home.thread("ann", "one", &[]).await;
    let (run, other) = (StepId::random(), StepId::random());
    let first = opinion(id, run, true);
    home.db.put_feedback(&first).await.unwrap();
    let second = Feedback { comment: Some("no".into()), ..opinion(id, run, false) };
    home.db.put_feedback(&second).await.unwrap();
    assert!(home.db.feedback(first.id).await.unwrap().is_none());
    assert_eq!(home.db.feedback(second.id).await.unwrap().as_ref(), Some(&second));
    let moved = Feedback { step_id: other, ..second.clone() };
    home.db.put_feedback(&moved).await.unwrap();
    assert_eq!(home.db.content(id).await.unwrap().feedback, *std::slice::from_ref(&moved));
    assert!(home.db.remove_feedback(moved.id).await.unwrap());
    assert!(!home.db.remove_feedback(moved.id).await.unwrap());
    home.db.put_feedback(&opinion(ThreadId::random(), run, true)).await.unwrap();
}

#[tokio::test]
async fn feedback_of_another_thread_is_not_replaced() {
    let home = Home::new().await;
    let (ann, bob) = (home.thread("ann", "a", &[]).await, home.thread("bob", "b", &[]).await);
    let kept = opinion(ann, StepId::random(), true);
    home.db.put_feedback(&kept).await.unwrap();
    let forged = Feedback { id: kept.id, ..opinion(bob, kept.step_id, false) };
    assert!(home.db.put_feedback(&forged).await.is_err());
    assert_eq!(home.db.content(ann).await.unwrap().feedback, [kept]);
    assert!(home.db.content(bob).await.unwrap().feedback.is_empty());
    assert_eq!(
        to_json(&home.names(ThreadQuery { feedback: Some(true), ..all("ann") }).await).get(),
        r#"["a"]"#
    );
}
