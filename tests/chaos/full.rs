//! The disk is full: nothing is half done, the server says what it cannot do, and works again as soon as there is room.

use std::time::Duration;

use chinwag_tests::{
    artifacts, browser::Browser, client::Client, server::TestServer, vitals::is_well, within,
};

use crate::{
    attach::attach,
    leftovers::is_swept,
    small_disk::SmallDisk,
    talker::{ECHO, Talker},
};

/// The bot whose versions differ.
const BOT: &str = "bot";
/// Room for the upload of a version, but not for its code.
const TOO_LITTLE: u64 = 100 << 10;

/// A server on a disk, with bots that repeat, count and name their version.
pub(crate) async fn serving(disk: &SmallDisk) -> TestServer {
    let server = disk.settings().start().await;
    for bot in [ECHO, "counter"] {
        server.deploy(bot).await;
    }
    server.admin().deploy(BOT, artifacts::versioned(1)).await;
    server
}

/// Whether a message is refused in words and by name, without the bot being asked, as often as it is sent.
pub(crate) async fn keeps_nothing(server: &TestServer, browser: &mut Browser) {
    for text in ["keep this", "and this"] {
        let events = browser.turn(text).await;
        let errors = events.iter().filter(|event| event.text("name") == "Error");
        let errors: Vec<_> = errors.map(|event| event.text("output")).collect();
        let words = "could not be stored, so the bot was not asked";
        let is_told = |error: &&str| error.contains(words) && error.contains("`not-kept`");
        assert!(errors.first().is_some_and(is_told), "{errors:?}");
        assert!(!browser.screen().is_loading, "the page shows for ever that the bot is at work");
    }
    // A turn is counted just after its end is told.
    within("the count of what is not kept", async {
        while server.metric("chinwag_turn_failures_total", &["cause=\"not-kept\""]).await < 2.0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    for probe in ["/healthz", "/readyz"] {
        assert_eq!(server.get(probe).await.0, 200, "{probe}");
    }
}

/// Whether an upload is refused by name, and leaves nothing behind.
pub(crate) async fn takes_no_upload(server: &TestServer) {
    let reply = server.admin().put(BOT, artifacts::versioned(2)).await;
    assert_eq!((reply.status, reply.code()), (507, "not-stored"), "{reply:?}");
    let bot = server.admin().bot(BOT).await.body;
    assert_eq!((&bot["active"], bot["versions"].as_array().map(Vec::len)), (&1.into(), Some(1)));
    is_swept(server).await;
}

/// Whether everything works again.
pub(crate) async fn works_again(server: &TestServer, counter: &mut Browser, talker: &mut Talker) {
    assert_eq!(counter.ask("count").await, ["message 2"], "the bot was asked what was refused");
    talker.talk().await.expect("the server lives");
    let mut old = server.open(BOT).await;
    assert_eq!(old.ask("x").await, ["v1:x"], "the old version does not serve");
    server.admin().deploy(BOT, artifacts::versioned(2)).await;
    assert_eq!(old.ask("y").await, ["v2:y"]);
    is_swept(server).await;
    is_well(server).await;
}

#[tokio::test]
async fn a_full_disk_refuses_by_name_what_cannot_be_kept_and_all_works_again_when_there_is_room() {
    let disk = SmallDisk::of("16m").await;
    let mut server = serving(&disk).await;
    let (mut counter, mut talker) = (server.open("counter").await, Talker::open(&server).await);
    assert_eq!(counter.ask("count").await, ["message 1"]);
    talker.talk().await.expect("the server lives");

    disk.fill(0);
    keeps_nothing(&server, &mut counter).await;
    takes_no_upload(&server).await;
    assert_eq!(attach(&server, &mut counter).await, 507);
    disk.free();
    disk.fill(TOO_LITTLE);
    takes_no_upload(&server).await;
    assert_eq!(attach(&server, &mut counter).await, 507);
    is_swept(&server).await;
    // Whoever comes now is let in all the same.
    let late = server.open(ECHO).await;
    disk.free();
    works_again(&server, &mut counter, &mut talker).await;
    assert_eq!(attach(&server, &mut counter).await, 200);
    drop(late);

    let before = counter.screen().steps.clone();
    server.kill().await;
    server.restart().await;
    talker.come_back(&server).await.talk().await.expect("the server lives");
    let tab = counter.hang_up();
    let mut counter = Browser::knock(&server.url, tab.anew()).await.expect("it is let in");
    counter.until("resume_thread").await;
    counter.screen().is_at_rest();
    for shown in before {
        let kept = counter.screen().steps.iter().filter(|step| step["id"] == shown["id"]);
        let kept: Vec<_> = kept.map(|step| &step["output"]).collect();
        assert_eq!(kept, [&shown["output"]], "lost or doubled: {shown}");
    }
    assert_eq!(counter.ask("count").await, ["message 3"]);
}

#[tokio::test]
async fn on_a_full_disk_a_server_says_why_it_does_not_start_and_starts_when_there_is_room() {
    let disk = SmallDisk::of("16m").await;
    disk.fill(0);
    let (status, said) = disk.settings().does_not_start().await;
    assert_eq!(status.code(), Some(1), "{said}");
    let is_clear = said.contains("No space left") || said.contains("disk is full");
    assert!(is_clear && !said.contains("panicked"), "{said}");
    disk.free();
    let server = serving(&disk).await;
    assert_eq!(server.open(BOT).await.ask("x").await, ["v1:x"]);
}
