//! A bot as a server loads it: compiled in a child, linked, ready for turns.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use chinwag::{
    domain::{BotName, ByteSize, Digest, Event, Limits, StepId, UserMessage, parse_json},
    sandbox::{ArtifactKey, CompileSettings, Compiler, EpochThread, Program, Sandbox, TurnContext},
};
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::{
    runtime::{Builder, Runtime},
    sync::mpsc,
};

/// Calls that wait, as many as in a server.
const BACKLOG: usize = 256;

/// A built example.
pub(crate) fn path(bot: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target =
        target.unwrap_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target")));
    target.join("bots").join(format!("{bot}.wasm"))
}

/// A loaded bot.
pub(crate) struct Ours {
    runtime: Runtime,
    program: Program,
    limits: Arc<Limits>,
    bot: BotName,
    _epochs: EpochThread,
    _folder: TempDir,
}

impl Ours {
    pub(crate) fn load(bot: &str) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime starts");
        let sandbox = Sandbox::new(16, 0).expect("the sandbox starts");
        let epochs = sandbox.spawn_epochs().expect("a thread starts");
        let folder = TempDir::new().expect("a folder can be made");
        let key = ArtifactKey::open(&folder.path().join("key")).expect("a key can be kept");
        let minutes = Duration::from_mins(10);
        let settings =
            CompileSettings { cpu: minutes, wall: minutes, memory: ByteSize::mib(8_192) };
        let cache = folder.path().join("cache");
        let compiler = Compiler::open(sandbox, cache, key, settings).expect("a folder can be made");
        let path = path(bot);
        let component = std::fs::read(&path).expect("`cargo xtask bots` has built it");
        let compiled = compiler.compile(&path, Digest::of(&component), || {});
        let program = runtime.block_on(compiled).expect("it is a bot").program;
        let (limits, bot) = (Arc::default(), "bot".parse().expect("a name"));
        Self { runtime, program, limits, bot, _epochs: epochs, _folder: folder }
    }

    /// A message is answered.
    pub(crate) fn turn(&self, text: &str) {
        let (calls, mut served) = mpsc::channel(BACKLOG);
        let (context, event) = (TurnContext::for_nobody(&self.bot), Event::Message(message(text)));
        let turn = self.program.turn(context, event, self.limits.clone(), calls);
        let serve = async {
            let mut count = 0;
            while served.recv().await.is_some() {
                count += 1;
            }
            count
        };
        let (answer, count) = self.runtime.block_on(async { tokio::join!(turn, serve) });
        answer.expect("the bot answers");
        assert!(count > 0, "the bot shows nothing");
    }
}

fn message(text: &str) -> Box<UserMessage> {
    let message = UserMessage {
        id: StepId::random(),
        text: text.to_owned(),
        created_at: Timestamp::now(),
        author: "User".to_owned(),
        parent_id: None,
        command: None,
        modes: BTreeMap::new(),
        metadata: parse_json("{}".into()).expect("it is JSON"),
        files: Vec::new(),
        is_edit: false,
    };
    Box::new(message)
}
