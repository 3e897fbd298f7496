//! The soak: mixed load on the real server for a long time, by healthy people, an operator and villains at once. It measures the server
//! from outside, and says whether it stays as it is. `cargo xtask soak` builds what it needs and runs it.

/// What is asked of the soak.
mod order;

/// Who takes part.
mod cast;
/// Healthy people who come and go.
mod comers;
/// The operator.
mod operator;
/// Healthy people who stay.
mod people;
/// Clients that no page would be.
mod strangers;
/// Guests that do harm.
mod villains;

/// What may have a bad end.
mod attempt;
/// What has a bound is full.
mod fill;
/// Where they all live.
mod world;

/// The line through what was measured.
mod fit;
/// What is measured.
mod sample;
/// What was done.
mod tally;
/// What is flat.
mod verdict;

/// The picture.
mod picture;
/// The report.
mod report;

use std::{
    fs, panic,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

use chinwag_tests::{
    PATIENCE, artifacts,
    server::{Settings, TestServer},
    visitor::Visitor,
    vitals,
};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    time::{MissedTickBehavior, interval, timeout},
};

use self::{attempt::attempt, order::Order, report::Run, sample::Sample, world::World};

/// The bots that serve and that do harm, beside the one that changes.
const BOTS: [&str; 9] =
    ["echo", "stream", "voice", "showcase", "spinner", "hoarder", "crasher", "flooder", "rogue"];
/// How often a line is written.
const LINE: Duration = Duration::from_secs(60);

#[tokio::main]
async fn main() -> ExitCode {
    let Some(order) = Order::read() else {
        eprintln!("{}", order::USAGE);
        return ExitCode::FAILURE;
    };
    // One line for each, without the way there.
    panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
    let mut ends = Ends::new();
    // From the begin on: a server outlives a load that is killed.
    let server = tokio::select! {
        server = start() => server,
        () = ends.heard() => return ExitCode::FAILURE,
    };
    println!("the load begins");
    let world = World::new(server);
    let mut run = Run::begin(&order);
    let cast = cast::begin(&world, &order.only);
    run.is_cut_short = watch(&world, &order, &mut ends, &mut run.samples).await;
    world.end();
    println!("the load ends");
    let is_told = timeout(PATIENCE, cast.join_all()).await.is_ok();
    run.tally = world.tally();
    run.complaints = verdict::complaints(&run.samples, &run.tally);
    if is_told {
        run.complaints.extend(farewell(world).await);
    } else {
        run.complaints.push("a story does not come to its end".into());
    }
    leave(&order, &run);
    println!("{}", run.verdict());
    if run.complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whoever ends the soak early: with Ctrl-C, or as service managers do.
struct Ends {
    typed: Signal,
    asked: Signal,
}

impl Ends {
    fn new() -> Self {
        let hear = |kind| signal(kind).expect("signals can be heard");
        Self { typed: hear(SignalKind::interrupt()), asked: hear(SignalKind::terminate()) }
    }

    async fn heard(&mut self) {
        tokio::select! {
            _ = self.typed.recv() => {}
            _ = self.asked.recv() => {}
        }
    }
}

/// The settings of the soak: sessions, questions and attacks end soon, so that what is left of them would be seen.
fn settings() -> Settings {
    let (variable, header) = Visitor::PROXY;
    // In a session of its own: Ctrl-C at the terminal is for the load, which then stops the server in order.
    let settings = Settings::default().through(["setsid"]).env(variable, header);
    let settings = settings.env("CHINWAG_SESSION_TIMEOUT", "20s");
    let settings = settings.env("CHINWAG_SLOW_CLIENT_TIMEOUT", "2s");
    let settings = settings.env("CHINWAG_LIMITS__CPU", "500ms");
    let settings = settings.env("CHINWAG_LIMITS__MEMORY", "64 MiB");
    settings.env("CHINWAG_LIMITS__EMITS", "2000").env("CHINWAG_SWAP_DRAIN", "10s")
}

async fn start() -> TestServer {
    let server = settings().start().await;
    for bot in BOTS {
        server.deploy(bot).await;
    }
    for version in 1..=operator::VERSIONS {
        server.admin().deploy(operator::CHANGING, artifacts::versioned(version)).await;
    }
    println!("bots are deployed; caches are filled");
    fill::caches(&server).await;
    server
}

/// Measures until the time is over, or somebody ends it early: then it is cut short.
async fn watch(world: &World, order: &Order, ends: &mut Ends, samples: &mut Vec<Sample>) -> bool {
    let mut looks = interval(sample::period(order.length));
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut said = Instant::now();
    while world.begin().elapsed() < order.length {
        tokio::select! {
            _ = looks.tick() => {}
            () = ends.heard() => return true,
        }
        let here = world.clone();
        let look = attempt(async move { Sample::take(here.server(), here.begin()).await });
        let sample = match look.await {
            Ok(Some(sample)) => sample,
            gone => {
                let why = gone.err().unwrap_or_else(|| "it is gone".into());
                world.wrong("the server", why);
                return true;
            }
        };
        if said.elapsed() >= LINE {
            said = Instant::now();
            println!("{}", report::line(&sample, world.tally().wrong));
        }
        samples.push(sample);
    }
    false
}

/// Nothing is left running: the server is well, and stops in order. Returns what is not so.
async fn farewell(world: World) -> Vec<String> {
    let Some(mut server) = world.into_server() else { return vec!["a story goes on".into()] };
    let end = attempt(async move {
        vitals::is_well(&server).await;
        server.stop().await;
    });
    end.await.err().map(|why| format!("the server does not end well: {why}")).into_iter().collect()
}

/// Writes report, picture and samples.
fn leave(order: &Order, run: &Run) {
    let picture = order.report.with_extension("svg");
    let name = picture.file_name().unwrap_or_default().to_string_lossy().into_owned();
    write(&picture, &picture::draw(&run.samples));
    write(&order.report, &run.report(&name));
    if let Some(json) = &order.json {
        write(json, &serde_json::to_string_pretty(&run.samples).expect("samples are JSON"));
    }
}

fn write(path: &Path, text: &str) {
    match fs::write(path, text) {
        Ok(()) => println!("written: {}", path.display()),
        Err(error) => eprintln!("`{}` cannot be written: {error}\n{text}", path.display()),
    }
}
