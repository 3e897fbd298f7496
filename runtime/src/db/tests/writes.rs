//! What is written is kept, in its order, in its thread.

use std::sync::Arc;

use futures_util::future::join_all;

use super::*;
use crate::{
    db::DbError,
    domain::{StepKind, to_json},
};

#[tokio::test]
async fn a_thread_comes_back_as_it_was_and_never_changes_hands() {
    let home = Home::new().await;
    let first = thread("ann", "one");
    home.write(vec![Change::Thread(Arc::new(first.clone()))]).await;
    assert_eq!(
        to_json(&home.db.thread(first.id).await.unwrap().unwrap()).get(),
        to_json(&first).get()
    );

    let stolen = Thread {
        owner: Some("bob".into()),
        created_at: jiff::Timestamp::UNIX_EPOCH,
        name: Some("two".into()),
        ..first.clone()
    };
    home.write(vec![Change::Thread(Arc::new(stolen))]).await;
    let now = home.db.thread(first.id).await.unwrap().unwrap();
    assert_eq!(
        (now.name.as_deref(), now.owner, now.created_at),
        (Some("two"), first.owner, first.created_at)
    );
    assert!(home.db.thread(ThreadId::random()).await.unwrap().is_none());
}

#[tokio::test]
async fn whose_a_thread_is_was_said_first_even_within_one_write() {
    let home = Home::new().await;
    let first = thread("ann", "one");
    let second = Thread { owner: Some("bob".into()), name: Some("two".into()), ..first.clone() };
    home.write(vec![Change::Thread(Arc::new(first.clone())), Change::Thread(Arc::new(second))])
        .await;
    let now = home.db.thread(first.id).await.unwrap().unwrap();
    assert_eq!((now.name.as_deref(), now.owner.as_deref()), (Some("two"), Some("ann")));
}

#[tokio::test]
async fn a_step_comes_back_as_it_was_whatever_is_in_it() {
    let home = Home::new().await;
    let id = home.thread("ann", "one", &[]).await;
    let mut full = said(id, "\u{0}\"'🎉\u{2028}\\ \u{1b}");
    full.parent_id = Some(StepId::random());
    full.input = "in".into();
    full.metadata = Some(parse_json(["[".repeat(3000), "]".repeat(3000)].concat()).unwrap());
    full.tags = vec!["x".into()];
    full.modes = [("a".to_owned(), "b".to_owned())].into();
    full.generation = Some(parse_json(r#"{"lone":"\ud800","twice":1,"twice":2}"#.into()).unwrap());
    full.is_asking = true;
    let bare = Step::new(id, StepKind::Run, "on-message");
    home.write(vec![step(full.clone()), step(bare.clone())]).await;
    let steps = home.db.content(id).await.unwrap().steps;
    let kept: Vec<_> = steps.iter().map(|it| to_json(&**it).get().to_owned()).collect();
    assert_eq!(kept, [to_json(&full).get(), to_json(&bare).get()]);
}

#[tokio::test]
async fn a_step_keeps_its_place_and_a_removed_one_loses_it() {
    let home = Home::new().await;
    let id = home.thread("ann", "one", &[]).await;
    let [a, b, c] = ["a", "b", "c"].map(|it| said(id, it));
    home.write(vec![step(a.clone()), step(b.clone())]).await;
    let longer = |it: &Step| step(Step { output: format!("{}!", it.output), ..it.clone() });
    home.write(vec![step(c), longer(&b), longer(&a), longer(&a)]).await;
    assert_eq!(home.outputs(id).await, ["a!", "b!", "c"]);
    home.write(vec![Change::StepRemoved(id, a.id), step(a.clone())]).await;
    assert_eq!(home.outputs(id).await, ["b!", "c", "a"]);
    home.write(vec![longer(&a), Change::StepRemoved(id, a.id)]).await;
    assert_eq!(home.outputs(id).await, ["b!", "c"]);
}

#[tokio::test]
async fn writes_that_wait_together_keep_their_order() {
    let home = Home::new().await;
    let id = home.thread("ann", "one", &[]).await;
    let message = said(id, "");
    let said = |text: String| vec![step(Step { output: text, ..message.clone() })];
    let mut writes: Vec<_> = (0..50).map(|it| home.db.write(said(it.to_string()))).collect();
    writes.push(home.db.write(vec![Change::StepRemoved(id, message.id)]));
    writes.push(home.db.write(said("last".into())));
    // The last is polled first: the order is that of the calls.
    writes.reverse();
    assert!(join_all(writes).await.iter().all(Result::is_ok));
    assert_eq!(home.outputs(id).await, ["last"]);
}

#[tokio::test]
async fn the_same_ids_in_two_threads_are_two_things() {
    let home = Home::new().await;
    let (ann, bob) = (home.thread("ann", "a", &[]).await, home.thread("bob", "b", &[]).await);
    let first = said(ann, "ann's");
    let picture = element(ann, "ann's");
    let copy = Element { thread_id: bob, name: "bob's".into(), ..picture.clone() };
    home.write(vec![step(first.clone()), Change::Element(Arc::new(picture.clone()))]).await;
    home.write(vec![
        step(Step { id: first.id, ..said(bob, "bob's") }),
        Change::Element(Arc::new(copy)),
    ])
    .await;
    assert_eq!(
        (home.outputs(ann).await, home.outputs(bob).await),
        (vec!["ann's".into()], vec!["bob's".into()])
    );
    assert_eq!(home.db.element(bob, picture.id).await.unwrap().unwrap().name, "bob's");
    home.write(vec![Change::StepRemoved(bob, first.id), Change::ElementRemoved(bob, picture.id)])
        .await;
    assert_eq!(home.outputs(ann).await, ["ann's"]);
    assert_eq!(home.outputs(bob).await, [""; 0]);
    assert_eq!(home.db.element(ann, picture.id).await.unwrap().unwrap().name, "ann's");
    assert!(home.db.element(bob, picture.id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_write_is_kept_whole_or_not_at_all_and_alone_fails() {
    let home = Home::new().await;
    let id = home.thread("ann", "one", &[]).await;
    let lost = said(ThreadId::random(), "nowhere");
    let writes = (0..30).map(|index| {
        let mut changes = vec![step(said(id, &index.to_string()))];
        if index == 17 {
            changes.push(step(lost.clone()));
        }
        home.db.write(changes)
    });
    let results = join_all(writes.collect::<Vec<_>>()).await;
    let failed: Vec<_> = (0..30).filter(|index| results[*index].is_err()).collect();
    assert_eq!(failed, [17]);
    let expected: Vec<_> = (0..30).filter(|it| *it != 17).map(|it| it.to_string()).collect();
    assert_eq!(home.outputs(id).await, expected);
}

#[tokio::test]
async fn what_is_queued_is_written_though_nobody_waits() {
    let home = Home::new().await;
    let id = home.thread("ann", "one", &[]).await;
    drop(home.db.write(vec![step(said(id, "a"))]));
    home.write(vec![step(said(id, "b"))]).await;
    assert_eq!(home.outputs(id).await, ["a", "b"]);
}

#[tokio::test]
async fn a_thousand_writes_at_once_and_more_than_fit_all_get_there() {
    let home = Home::new().await;
    let id = home.thread("ann", "one", &[]).await;
    let writes: Vec<_> =
        (0..5000).map(|it| home.db.write(vec![step(said(id, &it.to_string()))])).collect();
    assert!(join_all(writes).await.iter().all(Result::is_ok));
    let mut outputs: Vec<usize> =
        home.outputs(id).await.iter().map(|it| it.parse().unwrap()).collect();
    outputs.sort_unstable();
    assert_eq!(outputs, (0..5000).collect::<Vec<_>>());
}

#[tokio::test]
async fn elements_and_state_are_kept_replaced_and_removed() {
    let home = Home::new().await;
    let id = home.thread("ann", "one", &[]).await;
    let (first, second) = (element(id, "first"), element(id, "second"));
    let renamed = Element { name: "again".into(), ..first.clone() };
    let json = |text: &str| Some(parse_json(text.into()).unwrap());
    home.write(vec![
        Change::Element(Arc::new(first.clone())),
        Change::Element(Arc::new(second)),
        Change::State(id, "a".into(), json("1")),
        Change::State(id, "b".into(), json("2")),
        Change::State(id, "a".into(), json("[3]")),
    ])
    .await;
    home.write(vec![Change::Element(Arc::new(renamed)), Change::State(id, "b".into(), None)]).await;
    let content = home.db.content(id).await.unwrap();
    let names: Vec<_> = content.elements.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["again", "second"]);
    assert_eq!(content.elements[0].content, first.content);
    let state = home.db.state(id).await.unwrap();
    assert_eq!(
        state.iter().map(|(key, value)| (key.as_str(), value.get())).collect::<Vec<_>>(),
        [("a", "[3]")]
    );
    assert!(home.db.state(ThreadId::random()).await.unwrap().is_empty());
}

#[tokio::test]
async fn nothing_is_left_of_a_removed_thread() {
    let home = Home::new().await;
    let id = home.thread("ann", "one", &["hello"]).await;
    let other = home.thread("ann", "two", &["hello"]).await;
    assert!(home.db.remove_thread(id).await.unwrap());
    assert!(!home.db.remove_thread(id).await.unwrap());
    assert_eq!(home.outputs(id).await, [""; 0]);
    assert_eq!(home.found("ann", "hello").await, ["two"]);
    assert_eq!(home.db.existing(&[id, other]).await.unwrap(), [other]);
    assert!(home.db.write(vec![step(said(id, "late"))]).await.is_err());
    // One of the same id is another thread.
    home.write(vec![Change::Thread(Arc::new(Thread { id, ..thread("bob", "three") }))]).await;
    assert_eq!(home.db.thread(id).await.unwrap().unwrap().owner.as_deref(), Some("bob"));
    assert_eq!(home.outputs(id).await, [""; 0]);
}

#[tokio::test]
async fn what_was_queued_is_there_after_a_close_and_nothing_is_taken_after_it() {
    let home = Home::new().await;
    let id = home.thread("ann", "one", &[]).await;
    let queued: Vec<_> =
        (0..100).map(|it| home.db.write(vec![step(said(id, &it.to_string()))])).collect();
    let closed = Arc::clone(&home.db);
    let home = home.reopened().await;
    assert!(join_all(queued).await.iter().all(Result::is_ok));
    assert_eq!(home.outputs(id).await.len(), 100);
    assert!(matches!(closed.write(Vec::new()).await, Err(DbError::Closed)));
    assert!(matches!(closed.thread(id).await, Err(DbError::Closed)));
    assert!(matches!(closed.remove_thread(id).await, Err(DbError::Closed)));
    closed.close().await;
}

#[test]
fn what_was_written_is_there_after_everything_was_dropped() {
    let folder = TempDir::new().unwrap();
    let runtime = || tokio::runtime::Runtime::new().unwrap();
    let id = runtime().block_on(async {
        let home = Home { db: open(&folder).await, folder: TempDir::new().unwrap() };
        let id = home.thread("ann", "one", &["a", "b"]).await;
        // Never told to close; the runtime takes the writer with it.
        drop(home);
        id
    });
    let outputs = runtime().block_on(async {
        Home { db: open(&folder).await, folder: TempDir::new().unwrap() }.outputs(id).await
    });
    assert_eq!(outputs, ["a", "b"]);
}
