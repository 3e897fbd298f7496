//! The disk is slow, or hangs for a while: answers come later, none is lost or doubled, and nobody but those who wait for the disk
//! waits.

use std::time::{Duration, Instant};

use chinwag_tests::{
    browser::Browser,
    client::Client,
    vitals::{forget_peak, is_well, memory},
    within,
};
use tokio::task::JoinSet;

use crate::{
    small_disk::SmallDisk,
    talker::{ECHO, Talker},
    tracer::Tracer,
};

/// How many people count aloud.
const PEOPLE: usize = 6;
/// How far each of them counts on the slow disk.
const COUNT: usize = 5;
/// How long the slow disk takes for what it is to keep. Each answer waits for it at least once.
const DELAY: Duration = Duration::from_millis(200);
/// A flood: so many messages of so many bytes, 60 MB in all.
const FLOOD: (usize, usize) = (300, 200_000);
/// What the server may take for it, in KiB.
const ROOM: u64 = 40 << 10;

#[tokio::test]
async fn on_a_slow_disk_answers_come_later_and_none_is_lost_or_doubled() {
    let disk = SmallDisk::of("32m").await;
    let mut server = disk.settings().start().await;
    server.deploy(ECHO).await;
    let mut talkers = Vec::new();
    for _ in 0..PEOPLE {
        let mut talker = Talker::open(&server).await;
        talker.talk().await.expect("the server lives");
        talkers.push(talker);
    }
    let inject = format!("fsync,fdatasync:delay_enter={}ms", DELAY.as_millis());
    let slow = Tracer::attach(&disk, &server, &inject).await;
    let (begun, mut talks) = (Instant::now(), JoinSet::new());
    for mut talker in talkers {
        talks.spawn(async move {
            for _ in 0..COUNT {
                talker.talk().await.expect("the server lives");
            }
            talker
        });
    }
    let talkers = within("all answers", talks.join_all()).await;
    slow.detach().await;
    let least = DELAY * u32::try_from(COUNT).expect("a small number");
    assert!(begun.elapsed() >= least, "the disk was not slow: {:?}", begun.elapsed());
    is_well(&server).await;
    server.kill().await;
    server.restart().await;
    for talker in talkers {
        talker.come_back(&server).await.talk().await.expect("the server lives");
    }
}

/// More short messages than a mailbox takes.
const CROWD: usize = 100;

#[tokio::test]
async fn what_a_full_mailbox_refuses_is_not_kept_and_all_else_is_answered_once() {
    let disk = SmallDisk::of("32m").await;
    let mut server = disk.settings().start().await;
    server.deploy(ECHO).await;
    let mut flooder = server.open(ECHO).await;
    assert_eq!(flooder.ask("hello").await, ["hello"]);
    let hanging = Tracer::attach(&disk, &server, "fsync,fdatasync:delay_enter=8s").await;
    for n in 0..CROWD {
        flooder.say(&format!("number {n}")).await;
    }
    flooder.settle().await;
    let refused = server.metric("chinwag_denials_total", &["code=\"mailbox-full\""]).await;
    assert!(refused > 0.0, "nothing is refused: the disk does not hang");
    hanging.detach().await;
    within("answers to all that was taken", async {
        while flooder.screen().texts().iter().filter(|it| it.starts_with("number")).count()
            < CROWD - refused as usize
        {
            flooder.next().await;
        }
    })
    .await;
    flooder.until("task_end").await;

    let tab = flooder.hang_up();
    server.stop().await;
    server.restart_here().await;
    let mut flooder = Browser::knock(&server.url, tab.anew()).await.expect("it is let in");
    flooder.until("resume_thread").await;
    let screen = flooder.screen();
    let users = screen.steps.iter().filter(|step| step["type"] == "user_message");
    for message in users {
        let (id, text) = (message["id"].as_str(), message["output"].as_str());
        let answers = screen.answers(id.expect("an id"));
        assert_eq!(answers, [text.expect("a text")], "not answered, and there all the same");
    }
}

#[tokio::test]
async fn while_the_disk_hangs_probes_answer_and_a_flood_meets_a_bounded_mailbox() {
    let disk = SmallDisk::of("256m").await;
    let server = disk.settings().start().await;
    server.deploy(ECHO).await;
    let mut talker = Talker::open(&server).await;
    talker.talk().await.expect("the server lives");
    let mut flooder = server.open(ECHO).await;
    assert_eq!(flooder.ask("hello").await, ["hello"]);
    let hanging = Tracer::attach(&disk, &server, "fsync,fdatasync:delay_enter=8s").await;

    // The disk has hung before the probes are asked, and hangs when they have answered: the message waits for it.
    let waiting = talker.browser.say("wait for the disk").await;
    talker.browser.settle().await;
    for probe in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(server.get(probe).await.0, 200, "{probe}");
    }
    let events = talker.browser.settle().await;
    assert!(!events.iter().any(|event| event.name == "task_end"), "the disk does not hang");

    forget_peak(&server);
    let before = memory(&server, "VmHWM");
    let (count, size) = FLOOD;
    for _ in 0..count {
        flooder.say(&"x".repeat(size)).await;
    }
    let is_refused = |text: &str| text.starts_with("The bot has not caught up");
    let refusal = flooder.until_that("a refusal", |event| is_refused(event.text("output"))).await;
    assert!(!refusal.iter().any(|event| event.name == "task_end"), "the disk does not hang");
    flooder.settle().await;
    let taken = memory(&server, "VmHWM").saturating_sub(before);
    let refused = server.metric("chinwag_denials_total", &["code=\"mailbox-full\""]).await;
    assert!(refused > 0.0, "a refusal is not counted");
    assert!(taken < ROOM, "{taken} KiB for {} KiB of messages that wait", (count * size) >> 10);

    hanging.detach().await;
    talker.browser.until("task_end").await;
    assert_eq!(talker.browser.screen().answers(&waiting), ["wait for the disk"]);
    is_well(&server).await;
}
