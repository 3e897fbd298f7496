//! How fast people and probes are answered beside guests that compute. Rows 1 and 3.
//!
//! Machines that test have other work too. So what is compared is measured in the same run by turns, calm beside hostile, again and
//! again; medians are compared, which forget the moments at which the machine did something else; and the bounds are generous. The
//! numbers are in the test's output.

use std::time::{Duration, Instant};

use chinwag_tests::{
    browser::Browser,
    client::{Client, Event},
    server::{Settings, TestServer},
    within,
};
use tokio::{task::JoinSet, time::interval};

use crate::denial::{is_well, serving};

/// People whose answers are timed.
const PEOPLE: usize = 16;
/// How long they think before they say something, so that the machine is not busy with them alone.
const THOUGHT: Duration = Duration::from_millis(50);
/// What each of them says in one measurement.
const TURNS: usize = 16;
/// How often calm and attack take turns.
const ROUNDS: usize = 7;
/// How many times slower the slowest answers may be. The design says twice; a busy machine doubles that.
const RATIO: u32 = 4;
/// Answers that come sooner than this seem immediate: a few times nothing is nothing. A guest that held others up would do so for as
/// long as it loops.
const IMMEDIATE: Duration = Duration::from_millis(50);
/// How often each round asks whether the server lives.
const PROBES: usize = 21;
/// The time within which half of the probes are answered.
const PROBE: Duration = Duration::from_millis(50);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_a_guest_that_loops_the_slowest_answers_to_others_stay_near_what_they_are_without() {
    let server = served().await;
    let mut people = Vec::new();
    for _ in 0..PEOPLE {
        people.push(server.open("echo").await);
    }
    // Nobody is timed who is the first to do something.
    slowest(&mut people).await;
    let (mut calm, mut beside) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        calm.push(slowest(&mut people).await);
        let attack = Attack::begin(&server, 1).await;
        beside.push(slowest(&mut people).await);
        attack.end(&server).await;
        println!("round {round}: p99 {:?} calm, {:?} beside a loop", calm[round], beside[round]);
    }
    let (calm, beside) = (median(calm), median(beside));
    let bound = calm.max(IMMEDIATE) * RATIO;
    println!("median p99: {calm:?} calm, {beside:?} beside a loop; the bound is {bound:?}");
    assert!(beside <= bound, "{beside:?} beside a loop, {calm:?} without");
    is_well(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_probe_is_answered_while_guests_loop_on_as_many_turns_as_there_are_cores_and_twice() {
    let server = served().await;
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    for count in [cores, 2 * cores] {
        let mut took = Vec::new();
        for _ in 0..ROUNDS {
            let attack = Attack::begin(&server, count).await;
            took.extend(probes(&server).await);
            attack.end(&server).await;
        }
        let (all, worst) = (took.len(), took.iter().max().copied().unwrap_or_default());
        let median = median(took);
        println!("{count} loops: {all} probes, half within {median:?}, all within {worst:?}");
        assert!(median < PROBE, "{count} loops: half of the probes took more than {median:?}");
    }
    is_well(&server).await;
}

/// A server that lets a guest loop for as long as a measurement takes: its attackers stop when they are told to.
async fn served() -> TestServer {
    let settings = Settings::default().env("CHINWAG_LIMITS__CPU", "10m");
    serving(settings.env("CHINWAG_LIMITS__WALL", "10m"), &["echo", "spinner"]).await
}

/// Guests that loop until they are stopped.
struct Attack(Vec<Browser>);

impl Attack {
    /// So many begin to loop.
    async fn begin(server: &TestServer, count: usize) -> Self {
        let mut spinning = Vec::new();
        for _ in 0..count {
            let mut browser = server.open("spinner").await;
            browser.say("spin").await;
            browser.until("task_start").await;
            spinning.push(browser);
        }
        let running = async {
            while running(server).await < count {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        within("all loops", running).await;
        Self(spinning)
    }

    /// They have looped all the time, and now are stopped.
    async fn end(self, server: &TestServer) {
        let still = running(server).await;
        assert!(still >= self.0.len(), "{still} of {} loops are left", self.0.len());
        for mut browser in self.0 {
            browser.emit("stop", &[]).await;
            browser.until("task_end").await;
        }
    }
}

/// Turns that run now, of whichever bot.
async fn running(server: &TestServer) -> usize {
    server.metric("chinwag_turns_running", &[]).await as usize
}

/// The time within which all answers but one in a hundred come, of some that people get who think before each message.
async fn slowest(people: &mut Vec<Browser>) -> Duration {
    let mut chats = JoinSet::new();
    for mut browser in people.drain(..) {
        chats.spawn(async move {
            let (mut thoughts, mut took) = (interval(THOUGHT), Vec::new());
            for turn in 0..TURNS {
                thoughts.tick().await;
                let (text, begun) = (format!("message {turn}"), Instant::now());
                let events = browser.turn(&text).await;
                took.push(begun.elapsed());
                let is_answer = |event: &Event| {
                    event.text("type") == "assistant_message" && event.text("output") == text
                };
                assert!(events.iter().any(is_answer), "no answer to `{text}`: {events:?}");
            }
            (browser, took)
        });
    }
    let mut took = Vec::new();
    for (browser, times) in chats.join_all().await {
        people.push(browser);
        took.extend(times);
    }
    took.sort_unstable();
    took[took.len() * 99 / 100]
}

/// How long some probes take, each of which is answered.
async fn probes(server: &TestServer) -> Vec<Duration> {
    let http = server.admin();
    let mut took = Vec::new();
    for _ in 0..PROBES {
        let begun = Instant::now();
        let answer = within("the probe", http.open_request("/healthz").send()).await;
        assert_eq!(answer.expect("the server answers").status().as_u16(), 200);
        took.push(begun.elapsed());
    }
    took
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
