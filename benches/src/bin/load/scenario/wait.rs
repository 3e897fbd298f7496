//! Connections that wait: for nothing, or for a person.

use std::{
    future::Future,
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{AT_ONCE, open};
use crate::{
    Server,
    connection::Connection,
    process::{Usage, proportional_memory},
};

/// How long a server may say nothing.
const PATIENCE: Duration = Duration::from_secs(60);

/// Connections that do nothing, and what each costs.
pub(crate) async fn idle(server: Server, conns: u32, hold: f64, touch: bool) -> Result<Value> {
    let (server, begin) = (Rc::new(server), Instant::now());
    let before = usage(&server);
    let clients = open(&server, conns).await?;
    let clients = at_once(clients, async |mut client| {
        if touch {
            hear_back(&mut client).await?;
        }
        Ok(client)
    });
    let clients = clients.await?;
    let connected = begin.elapsed().as_secs_f64();
    let stay = hold_all(clients, hold).await;
    let (begin, end) = (usage(&server), async {
        sleep(Duration::from_secs_f64(hold)).await;
        usage(&server)
    });
    let end = end.await;
    let lost = stay.leave().await;
    Ok(json!({
        "conns": conns,
        "connect_seconds": connected,
        "lost_connections": lost,
        "rss_before": before.memory,
        "rss_connected": end.memory,
        "rss_per_conn": each(end.memory.saturating_sub(before.memory), conns),
        "idle_cpu": (end.cpu - begin.cpu) / hold,
    }))
}

/// Questions that wait, what each costs, and whether all are answered.
pub(crate) async fn ask(server: Server, conns: u32, hold: f64) -> Result<Value> {
    let server = Rc::new(server);
    let clients = at_once(open(&server, conns).await?, async |mut client| {
        // What a session takes that has talked is not the question's.
        hear_back(&mut client).await?;
        Ok(client)
    });
    let stay = hold_all(clients.await?, hold).await;
    let before = memory(&server);
    let clients = stay.take().await;
    let asked = at_once(clients, async |mut client| {
        client.say("ask").await?;
        let number = loop {
            let packet = client.next().await?;
            if packet.name() == "ask" {
                break packet.number().context("the question wants no answer")?;
            }
        };
        Ok((client, number))
    });
    let asked = asked.await?;
    sleep(Duration::from_secs_f64(hold)).await;
    let waiting = memory(&server);
    let begin = Instant::now();
    let answered = at_once(asked, async |(mut client, number)| {
        client.answer(number, "Ada").await?;
        client.answered("Ada").await?;
        Ok(client)
    });
    let clients = answered.await?;
    let seconds = begin.elapsed().as_secs_f64();
    let after = memory(&server);
    let answered = clients.len();
    for client in clients {
        client.leave().await;
    }
    Ok(json!({
        "conns": conns,
        "answered": answered,
        "answers_seconds": seconds,
        "pss_before": before,
        "pss_waiting": waiting,
        "pss_after": after,
        "pss_per_ask": each(waiting.saturating_sub(before), conns),
    }))
}

/// Says something, and is answered, whatever the bot says to it.
async fn hear_back(client: &mut Connection) -> Result<()> {
    client.say("hello").await?;
    client.answered("").await
}

fn usage(server: &Server) -> Usage {
    server.pid.map(Usage::of).unwrap_or_default()
}

fn memory(server: &Server) -> u64 {
    server.pid.and_then(proportional_memory).unwrap_or_default()
}

fn each(bytes: u64, conns: u32) -> f64 {
    u32::try_from(bytes >> 10).map_or(f64::MAX, f64::from) * 1024.0 / f64::from(conns.max(1))
}

/// Does something with each, some of them at once.
async fn at_once<T, U, F: Future<Output = Result<U>>>(
    all: Vec<T>,
    what: impl Fn(T) -> F,
) -> Result<Vec<U>> {
    let what = async |it| timeout(PATIENCE, what(it)).await.context("the server says nothing")?;
    let done: Vec<Result<U>> = stream::iter(all).map(what).buffered(AT_ONCE).collect().await;
    done.into_iter().collect()
}

/// Connections that only answer the server's pings.
struct Stay {
    over: watch::Sender<bool>,
    all: JoinSet<Option<Connection>>,
}

/// Keeps connections open for a while, and then until they are taken back.
async fn hold_all(clients: Vec<Connection>, seconds: f64) -> Stay {
    let over = watch::Sender::new(false);
    let mut all = JoinSet::new();
    for mut client in clients {
        let mut over = over.subscribe();
        all.spawn_local(async move {
            loop {
                tokio::select! {
                    packet = client.next() => if packet.is_err() { return None },
                    _ = over.wait_for(|over| *over) => return Some(client),
                }
            }
        });
    }
    sleep(Duration::from_secs_f64(seconds)).await;
    Stay { over, all }
}

impl Stay {
    /// Those that are still connected.
    async fn take(mut self) -> Vec<Connection> {
        self.over.send_replace(true);
        let mut clients = Vec::new();
        while let Some(client) = self.all.join_next().await {
            clients.extend(client.ok().flatten());
        }
        clients
    }

    /// All leave. Returns how many had lost their connection.
    async fn leave(self) -> usize {
        let count = self.all.len();
        let clients = self.take().await;
        let lost = count - clients.len();
        for client in clients {
            client.leave().await;
        }
        lost
    }
}
