//! Each connection says something, is answered, and says the next thing; or at set times, answered or not.

use std::{
    cell::RefCell,
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Instant as Due, sleep, sleep_until, timeout},
};

use super::open;
use crate::{
    Load, Server,
    connection::{Connection, Packet},
    process::Usage,
    tally::{Open, Tally, mark, marked},
};

/// How long answers may take when nothing more is said.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Clone, Copy, PartialEq)]
enum Phase {
    Before,
    Warm,
    Measured,
    Over,
}

/// What all connections share.
struct Talk {
    /// Tokens of an answer; none are asked for in an echo.
    tokens: u32,
    /// How often each says something; none is as soon as it was answered.
    every: Option<Duration>,
    conns: u32,
    tally: RefCell<Tally>,
    phase: watch::Receiver<Phase>,
}

pub(crate) async fn echo(server: Server, load: Load, rate: Option<f64>) -> Result<Value> {
    let every = rate.map(|rate| Duration::from_secs_f64(f64::from(load.conns) / rate));
    talk(server, load, 0, every).await
}

pub(crate) async fn stream(server: Server, load: Load, tokens: u32) -> Result<Value> {
    ensure!(tokens > 0, "a stream has one token at least");
    talk(server, load, tokens, None).await
}

async fn talk(server: Server, load: Load, tokens: u32, every: Option<Duration>) -> Result<Value> {
    let server = Rc::new(server);
    let (say, phase) = watch::channel(Phase::Before);
    let (conns, tally) = (load.conns, RefCell::new(Tally::new()));
    let talk = Rc::new(Talk { tokens, every, conns, tally, phase });
    let mut all = JoinSet::new();
    for (number, connection) in (0..).zip(open(&server, conns).await?) {
        let talk = talk.clone();
        all.spawn_local(async move {
            if let Err(error) = Talker::new(&talk, number, connection).go_on().await {
                talk.tally.borrow_mut().broke(&error);
            }
        });
    }
    sleep(Duration::from_millis(500)).await;
    say.send_replace(Phase::Warm);
    sleep(Duration::from_secs_f64(load.warmup)).await;
    let (before, begin) = (server.pid.map(Usage::of), Instant::now());
    let own = Usage::of(std::process::id()).cpu;
    say.send_replace(Phase::Measured);
    sleep(Duration::from_secs_f64(load.duration)).await;
    say.send_replace(Phase::Over);
    let (after, seconds) = (server.pid.map(Usage::of), begin.elapsed().as_secs_f64());
    let own = (Usage::of(std::process::id()).cpu - own) / seconds;
    // Whoever is not answered by then has lost something, and has said so.
    while all.join_next().await.is_some() {}
    Ok(result(&talk, seconds, own, before.zip(after)))
}

fn result(talk: &Talk, seconds: f64, own: f64, server: Option<(Usage, Usage)>) -> Value {
    let tally = talk.tally.borrow();
    let count = |it: u64| u32::try_from(it).map_or(f64::MAX, f64::from);
    let server = server.map(|(before, after)| {
        let cpu = after.cpu - before.cpu;
        let units = if talk.tokens > 0 { tally.tokens } else { tally.replies };
        json!({
            "cpu": cpu / seconds,
            "cpu_us_per_reply": cpu * 1e6 / count(tally.replies.max(1)),
            "cpu_us_per_unit": cpu * 1e6 / count(units.max(1)),
            "rss_before": before.memory,
            "rss_loaded": after.memory,
        })
    });
    json!({
        "conns": talk.conns,
        "seconds": seconds,
        "replies": tally.replies,
        "replies_per_s": count(tally.replies) / seconds,
        "events_per_s": count(tally.events) / seconds,
        "tokens_per_s": count(tally.tokens) / seconds,
        "latency_us": tally.latency(),
        "lost": tally.lost,
        "duplicated": tally.duplicated,
        "reordered": tally.reordered,
        "misrouted": tally.misrouted,
        "token_errors": tally.token_errors,
        "disconnects": tally.disconnects,
        "first_error": tally.first_error,
        "loadgen_cpu": own,
        "server": server,
    })
}

/// One connection.
struct Talker<'a> {
    talk: &'a Talk,
    number: u32,
    connection: Connection,
    open: Open,
    said: u64,
    /// Tokens of the present answer that have come.
    tokens: u32,
}

impl<'a> Talker<'a> {
    fn new(talk: &'a Talk, number: u32, connection: Connection) -> Self {
        Self { talk, number, connection, open: Open::default(), said: 0, tokens: 0 }
    }

    async fn go_on(mut self) -> Result<()> {
        let mut phase = self.talk.phase.clone();
        phase.wait_for(|phase| *phase != Phase::Before).await?;
        match self.talk.every {
            None => self.in_turn(&mut phase).await?,
            Some(every) => self.on_time(every, &mut phase).await?,
        }
        let rest = async {
            while self.open.len() > 0 {
                let packet = self.connection.next().await?;
                self.hear(&packet);
            }
            anyhow::Ok(())
        };
        // What is still open then is lost.
        timeout(PATIENCE, rest).await.ok();
        self.talk.tally.borrow_mut().lost += u64::try_from(self.open.len())?;
        self.connection.leave().await;
        Ok(())
    }

    /// Says the next thing as soon as the last was answered.
    async fn in_turn(&mut self, phase: &mut watch::Receiver<Phase>) -> Result<()> {
        self.say(Instant::now()).await?;
        loop {
            tokio::select! {
                biased;
                packet = self.connection.next() => {
                    if self.hear(&packet?) {
                        self.say(Instant::now()).await?;
                    }
                }
                over = phase.wait_for(|phase| *phase == Phase::Over) => return over.map(drop).map_err(Into::into),
            }
        }
    }

    /// Says the next thing when it is due. What comes late has waited since then.
    async fn on_time(&mut self, every: Duration, phase: &mut watch::Receiver<Phase>) -> Result<()> {
        let share = f64::from(self.number) / f64::from(self.talk.conns);
        let mut due = Instant::now() + every.mul_f64(share);
        loop {
            tokio::select! {
                biased;
                packet = self.connection.next() => drop(self.hear(&packet?)),
                () = sleep_until(Due::from_std(due)) => {
                    self.say(due).await?;
                    due += every;
                }
                over = phase.wait_for(|phase| *phase == Phase::Over) => return over.map(drop).map_err(Into::into),
            }
        }
    }

    async fn say(&mut self, at: Instant) -> Result<()> {
        let mut text = marked(self.number, self.said);
        if self.talk.tokens > 0 {
            text = format!("stream {} {text}", self.talk.tokens);
        }
        self.open.said(self.said, at);
        self.said += 1;
        self.tokens = 0;
        self.connection.say(&text).await
    }

    /// Counts an event. Returns whether it is an answer.
    fn hear(&mut self, packet: &Packet) -> bool {
        let is_measured = *self.talk.phase.borrow() == Phase::Measured;
        let mut tally = self.talk.tally.borrow_mut();
        tally.events += u64::from(is_measured);
        match packet.name() {
            "stream_start" => {
                let is_first = packet.step().is_some_and(|step| !step.output.is_empty());
                self.tokens += u32::from(is_first);
                tally.tokens += u64::from(is_first && is_measured);
                false
            }
            "stream_token" => {
                let expected = format!("t{} ", self.tokens);
                tally.token_errors += u64::from(packet.token().is_none_or(|it| it != expected));
                self.tokens += 1;
                tally.tokens += u64::from(is_measured);
                false
            }
            "new_message" => {
                let step = packet.step().filter(|step| step.kind == "assistant_message");
                step.is_some_and(|step| self.answered(&step.output, is_measured, &mut tally))
            }
            _ => false,
        }
    }

    fn answered(&mut self, text: &str, is_measured: bool, tally: &mut Tally) -> bool {
        // A streamed answer is made of tokens, and carries no mark: only one of them is open.
        let number = match mark(text) {
            Some((connection, _)) if connection != self.number => {
                tally.misrouted += 1;
                return false;
            }
            Some((_, number)) => number,
            None if self.talk.tokens > 0 => self.said - 1,
            None => return false,
        };
        let Some((at, is_next)) = self.open.heard(number) else {
            tally.duplicated += 1;
            return false;
        };
        tally.reordered += u64::from(!is_next);
        tally.token_errors += u64::from(self.tokens != self.talk.tokens);
        if is_measured {
            tally.replies += 1;
            tally.took(at.elapsed());
        }
        true
    }
}
