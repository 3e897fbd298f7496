//! kill -9 again and again, while people chat and versions are deployed. `it/crash.rs` and `it/kill.rs` do either at chosen moments;
//! here both happen at once, and each life begins with what the last one left.

use std::{collections::BTreeMap, time::Duration};

use chinwag_tests::{
    admin::Admin,
    artifacts,
    client::Client,
    crowd::{Crowd, Memories, look_back, seed},
    server::{Settings, TestServer},
    visitor::Visitor,
    vitals::is_well,
    within,
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::Method;
use serde_json::Value;
use tokio::task::JoinSet;

use crate::{
    attach::begin_to_attach,
    leftovers::{is_half_there, is_swept},
};

/// How often the server is killed.
const LIVES: usize = 8;
/// How many people chat when it is.
const PEOPLE: usize = 12;
/// The bot that is deployed meanwhile.
const BOT: &str = "bot";

/// What is in each version of the bot.
#[derive(Debug)]
struct Versions {
    /// By number: the marker that the version says.
    known: BTreeMap<u64, u64>,
    /// The marker of the upload that may or may not have been stored.
    under_way: u64,
    /// The version that must be active, unless the upload under way is.
    active: u64,
}

impl Versions {
    /// Deploys one after the other until the server is gone.
    async fn deploy_on(mut self, admin: Admin) -> Self {
        loop {
            self.under_way += 1;
            let component = artifacts::versioned(self.under_way);
            let request = admin.request(Method::PUT, &format!("/api/bots/{BOT}")).body(component);
            let Ok(response) = request.send().await else { return self };
            let Ok(reply) = response.json::<Value>().await else { return self };
            let number = reply["version"].as_u64();
            let number = number.unwrap_or_else(|| panic!("a good upload is refused: {reply}"));
            self.known.insert(number, self.under_way);
            self.active = number;
        }
    }

    /// Whether all that was acknowledged is there, one of them is active, and it is whole.
    async fn are_whole(&mut self, server: &TestServer, life: usize) {
        let bot = server.admin().bot(BOT).await.body;
        let list = bot["versions"].as_array().expect("a list of versions");
        let listed: Vec<u64> = list.iter().filter_map(|it| it["number"].as_u64()).collect();
        let unknown: Vec<u64> =
            listed.iter().copied().filter(|it| !self.known.contains_key(it)).collect();
        assert!(unknown.len() <= 1, "life {life}: who uploaded {unknown:?}?");
        self.known.extend(unknown.iter().map(|number| (*number, self.under_way)));
        let newest = self.known.keys().rev().take(listed.len()).rev().copied();
        assert_eq!(listed, newest.collect::<Vec<_>>(), "life {life}: an upload is lost");
        let active = bot["active"].as_u64().expect("one is active");
        let may_be = active == self.active || unknown.contains(&active);
        assert!(may_be, "life {life}: {active} is active, not {}", self.active);
        self.active = active;
        let visitor = Visitor::known_as("deployer", &server.url).await;
        let answer = visitor.open(BOT).await.ask("x").await;
        assert_eq!(answer, [format!("v{}:x", self.known[&active])], "life {life}");
    }
}

#[tokio::test]
async fn killed_again_and_again_the_server_has_kept_each_message_once_and_one_whole_version() {
    let seed = seed();
    println!("CRASH_SEED={seed}");
    let mut dice = StdRng::seed_from_u64(seed);
    let (variable, header) = Visitor::PROXY;
    let mut server = Settings::default().env(variable, header).start().await;
    for bot in ["echo", "showcase"] {
        server.deploy(bot).await;
    }
    server.admin().deploy(BOT, artifacts::versioned(1)).await;
    let mut versions = Versions { known: BTreeMap::from([(1, 1)]), under_way: 1, active: 1 };
    let (mut threads, mut cut) = (Memories::new(), 0);
    let mut life = 0;
    // Each moment is thrown: so many lives, and on until one of them has cut an answer, which is what the others are about.
    while life < LIVES || (cut == 0 && life < 4 * LIVES) {
        let mut crowd = Crowd::begin(&server.url, PEOPLE, &threads, &mut dice).await;
        let mut deployer = JoinSet::new();
        deployer.spawn(versions.deploy_on(server.admin()));
        crowd.have_heard(dice.random_range(1..250)).await;
        server.kill().await;
        let chats = crowd.end().await;
        versions = deployer.join_next().await.expect("one deploys").expect("without a mistake");
        server.restart().await;
        cut += look_back(&server.url, chats, &mut threads, life).await;
        versions.are_whole(&server, life).await;
        is_swept(&server).await;
        is_well(&server).await;
        life += 1;
    }
    assert!(cut > 0, "no answer was ever cut: the moments are all too late");
    assert!(versions.known.len() > 2, "hardly anything was deployed: {versions:?}");
}

#[tokio::test]
async fn killed_while_a_user_attaches_a_file_the_server_leaves_no_half_of_it() {
    let mut server = TestServer::with(&["echo"]).await;
    let mut browser = server.open("echo").await;
    assert_eq!(browser.ask("keep this thread").await, ["keep this thread"]);
    let stream = begin_to_attach(&server, &mut browser).await;
    within("half a file", async {
        while !is_half_there(&server) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    })
    .await;
    server.kill().await;
    drop(stream);
    assert!(is_half_there(&server), "the kill came too late");
    server.restart().await;
    is_swept(&server).await;
}
