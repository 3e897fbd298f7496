//! Threads page by page.

use super::*;

#[tokio::test]
async fn pages_have_neither_gaps_nor_repeats_and_the_last_changed_comes_first() {
    let home = Home::new().await;
    let mut ids = Vec::new();
    for name in 0..10 {
        ids.push(home.thread("ann", &name.to_string(), &["a"]).await);
        home.thread("bob", "bob's", &["a"]).await;
    }
    home.write(vec![step(said(ids[4], "more"))]).await;
    let expected = ["4", "9", "8", "7", "6", "5", "3", "2", "1", "0"];
    assert_eq!(home.pages(all("ann")).await, (expected.map(String::from).to_vec(), 4));
    assert_eq!(home.names(ThreadQuery { first: 10, ..all("ann") }).await, expected);
    assert_eq!(home.names(all("nobody")).await, [""; 0]);
}

#[tokio::test]
async fn a_page_follows_a_thread_that_a_client_has() {
    let home = Home::new().await;
    let mut ids = Vec::new();
    for name in 0..6 {
        ids.push(home.thread("ann", &name.to_string(), &["word"]).await);
    }
    let after = |id: ThreadId| ThreadQuery { after: Some(id.to_string()), ..all("ann") };
    assert_eq!(home.names(after(ids[4])).await, ["3", "2", "1", "0"]);
    let search = ThreadQuery { search: Some("word".into()), ..after(ids[2]) };
    assert_eq!(home.names(search).await, ["1", "0"]);
    assert_eq!(home.names(after(ThreadId::random())).await, [""; 0]);
    assert_eq!(
        home.names(ThreadQuery { after: Some("' OR 1".into()), ..all("ann") }).await,
        [""; 0]
    );
}

#[tokio::test]
async fn a_thread_that_moves_up_between_pages_moves_no_other() {
    let home = Home::new().await;
    let mut ids = Vec::new();
    for name in 0..6 {
        ids.push(home.thread("ann", &name.to_string(), &[]).await);
    }
    let page = home.db.threads(&all("ann")).await.unwrap();
    home.write(vec![step(said(ids[3], "more"))]).await;
    let rest = home.names(ThreadQuery { after: page.end, ..all("ann") }).await;
    assert_eq!(rest, ["2", "1", "0"]);
}

#[tokio::test]
async fn threads_without_an_owner_are_in_nobodys_list() {
    let home = Home::new().await;
    let id = home.thread("", "one", &["hello"]).await;
    assert_eq!(home.names(all("")).await, [""; 0]);
    assert_eq!(home.found("", "hello").await, [""; 0]);
    assert!(home.db.thread(id).await.unwrap().unwrap().owner.is_none());
}

#[tokio::test]
async fn a_list_is_narrowed_to_good_or_bad_answers() {
    let home = Home::new().await;
    let mut opinions = Vec::new();
    for name in 0..8 {
        let id = home.thread("ann", &format!("t{name}"), &["word"]).await;
        if name % 2 == 0 {
            let it = opinion(id, StepId::random(), name % 4 == 0);
            home.db.put_feedback(&it).await.unwrap();
            opinions.push(it);
        }
    }
    let judged = |it: bool| ThreadQuery { feedback: Some(it), first: 1, ..all("ann") };
    assert_eq!(home.names(judged(true)).await, ["t4", "t0"]);
    assert_eq!(home.names(judged(false)).await, ["t6", "t2"]);
    let both = |it: bool| ThreadQuery { search: Some("wor".into()), ..judged(it) };
    assert_eq!(home.names(both(true)).await, ["t4", "t0"]);
    home.db.remove_feedback(opinions[2].id).await.unwrap();
    home.db.put_feedback(&Feedback { is_positive: true, ..opinions[3].clone() }).await.unwrap();
    assert_eq!(home.names(judged(true)).await, ["t6", "t0"]);
    assert_eq!(home.names(both(false)).await, ["t2"]);
    assert_eq!(home.names(ThreadQuery { owner: "bob".into(), ..judged(true) }).await, [""; 0]);
}
