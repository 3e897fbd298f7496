//! Whatever a guest asks for in whatever order, whoever watches it and whoever comes at the end see the same.
//!
//! A guest may say any id to calls that take one; streams and steps it reaches only while it holds them open, which the sandbox
//! sees to. So it is here.

mod act;
mod guest;
mod screen;

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;
use proptest::{collection::vec, prelude::*};
use tempfile::TempDir;
use tokio::runtime::{Builder, Handle, Runtime};

use self::{
    act::{Act, act},
    guest::Guest,
    screen::{Client, Screen},
};
use super::Show;
use crate::{
    bots::{Bots, Version},
    domain::{Emit, SessionId, Step, StepId, StepKind, TurnId},
    files::{Files, FilesSettings},
    sandbox::ClientInfo,
    session::{Broadcaster, Hello, Opening, Session, SessionSettings, Sessions, live::Live},
};

/// What came of a turn.
struct Played {
    /// What the client shows that was there.
    watched: Screen,
    /// What a client shows that came when it was over.
    told: Screen,
    /// What messages and steps must say.
    said: HashMap<StepId, String>,
}

/// What all turns of the test have in common.
struct Stage {
    sessions: Sessions,
    version: Arc<Version>,
    _data: TempDir,
}

impl Stage {
    async fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let (bots, version) = Bots::with_sample(data.path()).await;
        let files = FilesSettings { dir: data.path().join("files"), url: None, is_durable: false };
        let files = Files::open(files).await.unwrap();
        let settings = SessionSettings { max_sessions: usize::MAX, ..SessionSettings::small() };
        let sessions = Sessions::new(bots, None, files, settings, Handle::current());
        Self { sessions, version, _data: data }
    }

    fn session(&self, client: &Arc<Client>) -> Session {
        let hello = Hello {
            session_id: SessionId::random(),
            thread_id: None,
            bot: None,
            user: None,
            client: Arc::new(ClientInfo::default()),
        };
        let client: Arc<dyn Broadcaster> = client.clone();
        self.sessions.connect(hello, Opening::New, &client).unwrap()
    }

    /// Plays a turn as `Turn` frames it.
    async fn play(&self, acts: &[Act], has_failed: bool) -> Played {
        let watcher = Arc::new(Client::default());
        let session = self.session(&watcher);
        let live = session.live();
        attach(live, &watcher).await;
        let mut run = Step::new(live.thread_id, StepKind::Run, "on_message");
        live.emit(Emit::TurnStart).await;
        live.emit(Emit::StepCreated(Arc::new(run.clone()))).await;
        let show = Show::new(live, &self.version, TurnId::random(), Some(run.id), true);
        let mut guest = Guest::new(&session, show, watcher.clone());
        for act in acts {
            match act {
                Act::Leave => {
                    live.outbox.detach();
                    guest.is_watched = false;
                }
                Act::Return => {
                    attach(live, &watcher).await;
                    guest.is_watched = true;
                }
                Act::Call(call) => guest.make(call).await,
            }
        }
        let is_watched = guest.is_watched;
        let said = guest.end(has_failed).await;
        run.end = Some(Timestamp::now());
        live.emit(Emit::StepUpdated(Arc::new(run))).await;
        live.emit(Emit::TurnEnd).await;
        // Whoever was there all the time must not need it.
        if !is_watched {
            attach(live, &watcher).await;
        }
        let newcomer = Arc::new(Client::default());
        attach(live, &newcomer).await;
        Played { watched: watcher.screen(), told: newcomer.screen(), said }
    }
}

/// A client comes, and is brought up to date.
async fn attach(live: &Live, client: &Arc<Client>) {
    if let Some(resync) = live.outbox.attach(client.clone()) {
        live.outbox.finish(resync).await;
    }
}

fn stage() -> (Runtime, Stage) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let stage = runtime.block_on(Stage::new());
    (runtime, stage)
}

#[test]
fn whoever_was_there_and_whoever_comes_at_the_end_see_the_same_turn_whole() {
    let (runtime, stage) = stage();
    proptest!(|(acts in vec(act(), 0..60), has_failed in any::<bool>())| {
        let Played { watched, told, said } = runtime.block_on(stage.play(&acts, has_failed));
        prop_assert_eq!(&watched.oddities, &[] as &[String], "to the client that was there");
        prop_assert_eq!(&told.oddities, &[] as &[String], "to the client that came at the end");
        prop_assert_eq!(watched.look(), told.look());
        prop_assert_eq!(told.unfinished(), [""; 0]);
        for (id, text) in said {
            prop_assert_eq!(told.text(id), Some(text.as_str()));
        }
    });
}
