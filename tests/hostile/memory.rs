//! Guests that want more memory than there is, or somebody else's. Rows 6 to 8 and 28.

use chinwag_tests::{browser::Browser, client::Client, server::Settings};
use tokio::task::JoinSet;

use crate::{
    denial::{is_cut, is_well, memory, serving, strict},
    guests::Guest,
    healthy::Healthy,
};

/// Grows page by page until it is refused, writes to each mebibyte, and fails if it got more than it may have.
const GROW: &str = "
  (loop $again
    (local.set $a (memory.grow (i32.const 16)))
    (if (i32.ne (local.get $a) (i32.const -1)) (then
      (i32.store8 (i32.mul (local.get $a) (i32.const 65536)) (i32.const 1))
      (br $again))))
  (if (i32.gt_u (memory.size) (i32.const 2048)) (then (call $fail)))";

/// Turns that grow to the limit.
const TURNS: usize = 10_000;
/// At how many tabs.
const TABS: usize = 8;
/// Turns of one session: what it shows takes memory too, until it is over.
const ROUND: usize = 125;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_that_is_taken_to_the_limit_ten_thousand_times_is_given_back_each_time() {
    let settings = Settings::default().env("CHINWAG_STORE", "off");
    let settings = settings.env("CHINWAG_SESSION_TIMEOUT", "1s");
    let server = serving(settings, &["echo"]).await;
    server.admin().deploy("grow", Guest::new(GROW).build()).await;
    let others = Healthy::begin(&server).await;
    let rounds = TURNS / TABS / ROUND;
    let mut warm = 0;
    for round in 0..rounds {
        let mut tabs = JoinSet::new();
        for _ in 0..TABS {
            let mut browser = server.open("grow").await;
            tabs.spawn(async move {
                for _ in 0..ROUND {
                    browser.turn("!").await;
                }
                let runs = browser.screen().steps.iter().filter(|step| step["type"] == "run");
                runs.filter(|run| run["isError"] != true).count()
            });
        }
        // It is told that there is no more, which ends nothing.
        assert_eq!(tabs.join_all().await, [ROUND; TABS]);
        if round == 0 {
            warm = memory(&server, "VmRSS");
        }
    }
    let grown = memory(&server, "VmRSS").saturating_sub(warm);
    assert!(grown < 96 << 10, "{grown} KiB more after {TURNS} turns than after the first");
    others.end().await;
    is_well(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_and_tables_beyond_the_cap_are_refused_together_and_named() {
    let server = serving(strict(), &["echo", "hoarder"]).await;
    let mut others = Healthy::begin(&server).await;
    let admin = server.admin();
    // Two memories, each of which fits, and a table that takes what they leave: the cap holds for their sum.
    let second = "(memory $second 1) (table $table 1 funcref)";
    let sum = "
      (drop (memory.grow (i32.const 1200)))
      (if (i32.ne (memory.grow $second (i32.const 1200)) (i32.const -1)) (then (call $fail)))
      (unreachable)";
    admin.deploy("sum", Guest::new(sum).fields(second).build()).await;
    // A table that may have more elements than the machine has memory.
    let table = "
      (loop $again (br_if $again (i32.ne (table.grow $table (ref.null func) (i32.const 10000)) (i32.const -1))))
      (if (i32.gt_u (table.size $table) (i32.const 100000)) (then (call $fail)))
      (if (i32.ne (table.grow $table (ref.null func) (i32.const -1)) (i32.const -1)) (then (call $fail)))
      (unreachable)";
    admin.deploy("table", Guest::new(table).fields("(table $table 1 funcref)").build()).await;
    for (bot, word) in [("sum", "!"), ("table", "!"), ("hoarder", "hoard")] {
        let mut browser = server.open(bot).await;
        for _ in 0..3 {
            browser.turn(word).await;
            is_cut(&server, &mut browser, "memory-limit").await;
        }
        others.go_on().await;
    }
    others.end().await;
    is_well(&server).await;
}

#[tokio::test]
async fn what_needs_more_than_any_bot_gets_is_refused_with_the_count() {
    let server = serving(strict(), &["echo"]).await;
    let admin = server.admin();
    let lines = |count: usize, line: &str| vec![line; count].join("\n");
    let instances = "(core module $small (func (export \"f\")))".to_owned()
        + &lines(65, "(core instance (instantiate $small))");
    let memories = "(core module $one (memory 1))".to_owned()
        + &lines(4, "(core instance (instantiate $one))");
    let huge = format!("(elem (i32.const 0) {})", lines(200_000, "$fail"));
    let refused = [
        (Guest::harmless().fields(lines(5, "(memory 1)")), "count of 5"),
        (Guest::harmless().component(memories), "5 Wasm linear memories"),
        (Guest::harmless().component(instances), "67 core module instances"),
        (Guest::harmless().fields(lines(17, "(table 1 funcref)")), "count of 17"),
        (Guest::harmless().fields("(table 10000000 funcref)"), "10000000"),
        (Guest::harmless().fields(format!("(table 200000 funcref) {huge}")), "200000"),
        (Guest::harmless().memory("65536"), "4294967296"),
    ];
    for (n, (guest, count)) in refused.into_iter().enumerate() {
        let reply = admin.put("echo", guest.build()).await;
        let detail = reply.detail();
        assert_eq!((reply.status, reply.code()), (422, "too-complex"), "{n}: {detail}");
        assert!(detail.contains(count), "{n}: the count {count} is not in: {detail}");
    }
    // It fits what the engine has, but not what this bot may use.
    let reply = admin.put("echo", Guest::harmless().memory("4096").build()).await;
    assert_eq!((reply.status, reply.code()), (422, "rehearsal-failed"), "{}", reply.detail());
    assert!(reply.detail().contains("more than 128 MiB of memory"), "{}", reply.detail());
    let bot = admin.bot("echo").await.body;
    assert_eq!((&bot["active"], bot["versions"].as_array().map(Vec::len)), (&1.into(), Some(1)));
    assert_eq!(server.open("echo").await.ask("still me").await, ["still me"]);
    is_well(&server).await;
}

/// Fills 64 MiB with a marker.
const MARK: &str = "
  (drop (memory.grow (i32.const 1024)))
  (memory.fill (i32.const 8192) (i32.const 165) (i32.const 67100672))";

/// Fails if a word of 64 MiB, or of a table, is not zero.
const LOOK: &str = "
  (drop (memory.grow (i32.const 1024)))
  (local.set $a (i32.const 8192))
  (loop $again
    (if (i64.ne (i64.load (local.get $a)) (i64.const 0)) (then (call $fail)))
    (local.set $a (i32.add (local.get $a) (i32.const 8)))
    (br_if $again (i32.lt_u (local.get $a) (i32.const 67100672))))
  (if (i32.eqz (ref.is_null (table.get $table (i32.const 9)))) (then (call $fail)))";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_a_turn_leaves_in_memory_is_seen_by_the_next() {
    let server = serving(Settings::default(), &["echo"]).await;
    let table = "(table $table 10 funcref) (elem declare func $fail)";
    let mark = format!("{MARK} (table.set $table (i32.const 9) (ref.func $fail))");
    server.admin().deploy("mark", Guest::new(mark).fields(table).build()).await;
    server.admin().deploy("look", Guest::new(LOOK).fields(table).build()).await;
    // A guest that finds what it looks for says so.
    let own = format!("(i32.store8 (i32.const 9000) (i32.const 1)) {LOOK}");
    server.admin().deploy("finds", Guest::new(own).fields(table).build()).await;
    let mut finding = server.open("finds").await;
    finding.turn("!").await;
    is_cut(&server, &mut finding, "bot-error").await;

    let mut others = Healthy::begin(&server).await;
    for _ in 0..12 {
        let mut turns = JoinSet::new();
        for bot in ["mark", "mark", "look", "look"] {
            let browser = server.open(bot).await;
            turns.spawn(takes_no_harm(browser));
        }
        turns.join_all().await;
    }
    others.go_on().await;
    others.end().await;
    is_well(&server).await;
}

async fn takes_no_harm(mut browser: Browser) {
    for _ in 0..2 {
        browser.turn("!").await;
        assert_ne!(browser.screen().step("on_message")["isError"], true, "a turn finds residue");
    }
}
