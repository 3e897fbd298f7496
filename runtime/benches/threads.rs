//! How fast a large database answers: 100,000 threads with 1,000,000 steps, written through the trait.
//!
//! `cargo bench -p chinwag --bench threads`. Set `CHINWAG_BENCH_THREADS` for fewer threads.

use std::{
    env,
    sync::{Arc, LazyLock},
    time::Instant,
};

use anstream::eprintln;
use chinwag::{
    db::{Change, Database, Sqlite},
    domain::{
        Feedback, FeedbackId, SessionId, Step, StepKind, Thread, ThreadId, ThreadQuery, parse_json,
    },
};
use divan::{Bencher, black_box};
use futures_util::future::{BoxFuture, join_all};
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Has half of the threads; fifty others share the rest.
const OWNER: &str = "ann";
const STEPS: usize = 10;
/// Threads in one write.
const WRITE: usize = 50;

static WORLD: LazyLock<World> = LazyLock::new(World::new);

fn main() {
    divan::main();
}

struct World {
    runtime: Runtime,
    db: Arc<dyn Database>,
    threads: Vec<ThreadId>,
    _folder: TempDir,
}

impl World {
    fn new() -> Self {
        let runtime = Runtime::new().expect("a runtime starts");
        let folder = TempDir::new().expect("a folder can be made");
        let path = folder.path().join("threads.db");
        let db = runtime.block_on(Sqlite::open(&path)).expect("a database can be made");
        let count =
            env::var("CHINWAG_BENCH_THREADS").map_or(100_000, |it| it.parse().expect("a number"));
        let started = Instant::now();
        let threads = runtime.block_on(fill(&db, count));
        let bytes = path.metadata().map_or(0, |it| it.len());
        let steps = threads.len() * STEPS;
        eprintln!("{steps} steps in {:?}, {} MiB", started.elapsed(), bytes >> 20);
        Self { runtime, db: Arc::new(db), threads, _folder: folder }
    }

    fn page(&self, query: &ThreadQuery) -> usize {
        let page = self.runtime.block_on(self.db.threads(query)).expect("the database answers");
        page.threads.len()
    }
}

async fn fill(db: &Sqlite, count: usize) -> Vec<ThreadId> {
    let threads: Vec<Thread> = (0..count).map(thread).collect();
    let mut waiting: Vec<BoxFuture<'static, _>> = Vec::new();
    for (index, piece) in threads.chunks(WRITE).enumerate() {
        let changes = piece.iter().enumerate().flat_map(|(at, it)| said(index * WRITE + at, it));
        waiting.push(db.write(changes.collect()));
        if waiting.len() == 8 {
            join_all(waiting.drain(..)).await;
        }
        if index % 100 == 0 {
            eprintln!("{} threads of {count}", index * WRITE);
        }
    }
    join_all(waiting).await;
    // A thousandth of the threads was judged.
    for thread in threads.iter().step_by(1000) {
        let step_id = Step::new(thread.id, StepKind::Run, "").id;
        let it = Feedback {
            id: FeedbackId::random(),
            thread_id: thread.id,
            step_id,
            is_positive: true,
            comment: None,
        };
        db.put_feedback(&it).await.expect("feedback is kept");
    }
    threads.into_iter().map(|it| it.id).collect()
}

fn thread(index: usize) -> Thread {
    let owner =
        if index.is_multiple_of(2) { OWNER.to_owned() } else { format!("user{}", index % 100) };
    Thread {
        id: ThreadId::random(),
        bot: "echo".parse().expect("a name"),
        owner: Some(owner),
        session: SessionId::random(),
        name: Some(format!("Question {index} about everything")),
        tags: Vec::new(),
        metadata: parse_json("{}".into()).expect("it is JSON"),
        settings: None,
        shared_at: None,
        created_at: Timestamp::now(),
    }
}

fn said(index: usize, thread: &Thread) -> impl Iterator<Item = Change> + use<> {
    let id = thread.id;
    let first = Change::Thread(Arc::new(thread.clone()));
    std::iter::once(first)
        .chain((0..STEPS).map(move |at| Change::Step(Arc::new(step(id, index * STEPS + at)))))
}

/// Every step says "everywhere"; one in 100,000 says "rare".
fn step(thread: ThreadId, number: usize) -> Step {
    let kind =
        if number.is_multiple_of(2) { StepKind::UserMessage } else { StepKind::AssistantMessage };
    let mut step = Step::new(thread, kind, "Assistant");
    let rare = if number % 100_000 == 42 { "rare" } else { "" };
    let words = (1..16).map(|it| format!("word{}", number.wrapping_mul(2_654_435_761) / it % 5000));
    let words = words.collect::<Vec<_>>().join(" ");
    step.output = format!("everywhere {words} {rare}");
    step.end = Some(step.start);
    step
}

fn all(owner: &str) -> ThreadQuery {
    ThreadQuery { owner: owner.into(), first: 35, after: None, search: None, feedback: None }
}

#[divan::bench(args = [OWNER, "user1"])]
fn list_first_page(bencher: Bencher<'_, '_>, owner: &str) {
    bencher.bench(|| WORLD.page(&all(owner)));
}

#[divan::bench]
fn list_page_100(bencher: Bencher<'_, '_>) {
    let mut query = all(OWNER);
    for _ in 1..100 {
        query.after = WORLD.runtime.block_on(WORLD.db.threads(&query)).expect("it answers").end;
    }
    bencher.bench(|| WORLD.page(&query));
}

#[divan::bench(args = ["everywhere", "e", "ev", "every", "word1", "word", "everywhere word17", "rare", "nowhere", "everywhere nowhere", "everywhere Question"])]
fn search_of_one_user(bencher: Bencher<'_, '_>, text: &str) {
    let query = ThreadQuery { search: Some(text.into()), ..all(OWNER) };
    eprintln!("{text}: {} threads", WORLD.page(&query));
    bencher.bench(|| WORLD.page(&query));
}

#[divan::bench(args = ["everywhere", "word", "word17", "rare", "nowhere"])]
fn search_of_one_user_of_many(bencher: Bencher<'_, '_>, text: &str) {
    let query = ThreadQuery { search: Some(text.into()), ..all("user1") };
    bencher.bench(|| WORLD.page(&query));
}

#[divan::bench]
fn search_page_10(bencher: Bencher<'_, '_>) {
    let mut query = ThreadQuery { search: Some("everywhere".into()), ..all(OWNER) };
    for _ in 1..10 {
        query.after = WORLD.runtime.block_on(WORLD.db.threads(&query)).expect("it answers").end;
    }
    bencher.bench(|| WORLD.page(&query));
}

#[divan::bench(args = [None, Some("everywhere")])]
fn good_answers(bencher: Bencher<'_, '_>, search: &Option<&str>) {
    let search = search.map(Into::into);
    let query = ThreadQuery { feedback: Some(true), search, ..all(OWNER) };
    bencher.bench(|| WORLD.page(&query));
}

#[divan::bench]
fn content_of_a_thread(bencher: Bencher<'_, '_>) {
    let mut threads = WORLD.threads.iter().copied().step_by(7).cycle();
    bencher.with_inputs(|| threads.next().expect("it never ends")).bench_local_values(|it| {
        black_box(WORLD.runtime.block_on(WORLD.db.content(it)).expect("it answers"))
    });
}

#[divan::bench(args = [1, 500])]
fn writes_at_once(bencher: Bencher<'_, '_>, count: usize) {
    let mut threads = WORLD.threads.iter().copied().step_by(7).cycle();
    let changes = || {
        let ids = threads.by_ref().take(count).enumerate();
        ids.map(|(at, id)| vec![Change::Step(Arc::new(step(id, at)))]).collect::<Vec<_>>()
    };
    bencher.with_inputs(changes).bench_local_values(|writes| {
        let writes = writes.into_iter().map(|it| WORLD.db.write(it));
        WORLD.runtime.block_on(join_all(writes))
    });
}
