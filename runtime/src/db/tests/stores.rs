//! What bots remember for all their sessions.

use super::{Change, Home};
use crate::domain::{BotName, to_json};

fn bot(name: &str) -> BotName {
    name.parse().unwrap()
}

fn put(name: &str, key: &str, value: &str) -> Change {
    Change::Store(bot(name), key.into(), Some(to_json(&value)))
}

impl Home {
    async fn stored(&self, name: &str) -> Vec<(String, String)> {
        let stored = self.db.store(&bot(name)).await.unwrap().into_iter();
        stored.map(|(key, value)| (key, value.get().to_owned())).collect()
    }
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), format!("\"{value}\""))).collect()
}

#[tokio::test]
async fn a_store_is_its_bots_own_and_the_last_that_is_said_of_a_key_counts() {
    let home = Home::new().await;
    home.write(vec![
        put("a", "one", "1"),
        put("a", "one", "2"),
        put("b", "one", "3"),
        put("a", "gone", "4"),
        Change::Store(bot("a"), "gone".into(), None),
        Change::Store(bot("a"), "never".into(), None),
    ])
    .await;
    home.write(vec![put("a", "two", "5"), put("a", "one", "6")]).await;
    let home = home.reopened().await;
    assert_eq!(home.stored("a").await, pairs(&[("one", "6"), ("two", "5")]));
    assert_eq!(home.stored("b").await, pairs(&[("one", "3")]));
    assert_eq!(home.stored("c").await, []);
}

#[tokio::test]
async fn a_store_that_is_removed_is_empty_but_for_what_is_put_there_afterwards() {
    let home = Home::new().await;
    home.write(vec![put("a", "one", "1"), put("b", "one", "2")]).await;
    let removed = || Change::StoreRemoved(bot("a"));
    home.write(vec![put("a", "two", "3"), removed(), put("a", "three", "4")]).await;
    assert_eq!(home.stored("a").await, pairs(&[("three", "4")]));
    home.write(vec![removed()]).await;
    assert_eq!(home.stored("a").await, []);
    assert_eq!(home.stored("b").await, pairs(&[("one", "2")]));
}
