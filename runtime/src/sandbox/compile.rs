//! From an uploaded file to a loaded program: compiles in a child process, at most once for each digest.

use std::{
    io,
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{io::AsyncReadExt, process::Command, sync::Mutex, task::spawn_blocking, time::timeout};

use super::{
    ArtifactKey, LoadError, Program, Sandbox,
    artifact::Artifacts,
    compile_child::{Order, Report},
    contract::{Refusal, Surface},
};
use crate::{
    domain::{ByteSize, Digest},
    telemetry::names,
};

/// What a compiling child may use.
#[derive(Clone, Debug)]
pub struct CompileSettings {
    /// CPU time over all threads.
    pub cpu: Duration,
    /// Time in all.
    pub wall: Duration,
    /// Address space.
    pub memory: ByteSize,
}

impl Default for CompileSettings {
    fn default() -> Self {
        Self {
            cpu: Duration::from_secs(120),
            wall: Duration::from_secs(180),
            memory: ByteSize::mib(4_096),
        }
    }
}

/// Compiled code is at most this large: a 64 MiB component of dense code.
const MAX_ARTIFACT: ByteSize = ByteSize::mib(512);
/// What a child may say; a refusal is a few kilobytes.
const MAX_REPORT: u64 = 1 << 20;

/// An upload has become no program.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum CompileError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(
        "compiling took more than the {} allowed; split the bot or simplify its largest functions",
        humantime::format_duration(*.0)
    )]
    TooSlow(Duration),
    #[error(
        "the compiler was stopped at its limits ({cpu:?} of CPU time, {memory} of memory); \
         split the bot or simplify its largest functions"
    )]
    Killed { cpu: Duration, memory: ByteSize },
    #[error("the component does not link: {0}")]
    Load(#[from] LoadError),
    #[error("the compiler did not run")]
    Io(#[source] io::Error),
}

/// A component that has become a program.
#[derive(Debug)]
pub struct Compiled {
    /// Ready for turns.
    pub program: Program,
    /// What it imports and exports.
    pub surface: Surface,
    /// How long the child took; zero if the code came from the cache.
    pub took: Duration,
}

/// Compiles uploads, one at a time: a compiler takes all cores it can get.
#[derive(Clone, Debug)]
pub struct Compiler {
    sandbox: Sandbox,
    artifacts: Artifacts,
    settings: CompileSettings,
    turn: Arc<Mutex<()>>,
}

impl Compiler {
    /// A compiler that keeps compiled code below `dir`.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn open(
        sandbox: Sandbox,
        dir: PathBuf,
        key: ArtifactKey,
        settings: CompileSettings,
    ) -> io::Result<Self> {
        let artifacts = Artifacts::open(dir, key, &sandbox)?;
        Ok(Self { sandbox, artifacts, settings, turn: Arc::default() })
    }

    /// Loads the code of a component that was compiled before; none if it is not there.
    async fn load(&self, digest: Digest, took: Duration) -> Result<Option<Compiled>, CompileError> {
        let (sandbox, artifacts) = (self.sandbox.clone(), self.artifacts.clone());
        let loaded = spawn_blocking(move || {
            let (surface, component) = artifacts.load(&sandbox, digest)?;
            let program = Program::link(&sandbox, &component);
            Some(program.map(|program| Compiled { program, surface, took }))
        });
        let compiled = loaded.await.map_err(|error| CompileError::Io(error.into()))?;
        Ok(compiled.transpose()?)
    }

    /// Makes a program of the component at `path`, from the cache if its digest was compiled before.
    ///
    /// # Errors
    /// The component is refused, or compiling it met a limit.
    pub async fn compile(&self, path: &Path, digest: Digest) -> Result<Compiled, CompileError> {
        if let Some(compiled) = self.load(digest, Duration::ZERO).await? {
            return Ok(compiled);
        }
        let turn = self.turn.lock().await;
        let start = Instant::now();
        let output = tempfile::Builder::new()
            .prefix("compiling-")
            .tempfile_in(self.artifacts.dir())
            .map_err(CompileError::Io)?
            .into_temp_path();
        let surface = self.run_child(path, &output).await??;
        let artifacts = self.artifacts.clone();
        let kept = spawn_blocking(move || {
            let code = std::fs::read(&output)?;
            artifacts.keep(digest, &surface, &code)
        });
        kept.await.map_err(io::Error::from).flatten().map_err(CompileError::Io)?;
        drop(turn);
        let took = start.elapsed();
        metrics::histogram!(names::COMPILE_SECONDS).record(took);
        self.load(digest, took).await?.ok_or_else(|| {
            CompileError::Io(io::Error::other("the compiled code was gone before it was loaded"))
        })
    }

    async fn run_child(&self, input: &Path, output: &Path) -> Result<Report, CompileError> {
        let order = Order {
            input: input.to_owned(),
            output: output.to_owned(),
            cpu_seconds: self.settings.cpu.as_secs().max(1),
            memory_bytes: self.settings.memory.0,
            output_bytes: MAX_ARTIFACT.0,
        };
        let order =
            serde_json::to_string(&order).map_err(|error| CompileError::Io(error.into()))?;
        let mut child = Command::new(std::env::current_exe().map_err(CompileError::Io)?)
            .args(["compile", &order])
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(CompileError::Io)?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let run = async {
            let (report, words, status) =
                tokio::try_join!(read(stdout), read(stderr), child.wait())?;
            Ok::<_, io::Error>((report, words, status))
        };
        let (report, words, status) = timeout(self.settings.wall, run)
            .await
            .map_err(|_| CompileError::TooSlow(self.settings.wall))?
            .map_err(CompileError::Io)?;
        if status.success() {
            return serde_json::from_slice(&report).map_err(|error| CompileError::Io(error.into()));
        }
        let words = String::from_utf8_lossy(&words);
        tracing::warn!(%status, words = %words.trim().escape_debug(), "the compiling child was cut short");
        Err(CompileError::Killed { cpu: self.settings.cpu, memory: self.settings.memory })
    }
}

async fn read(stream: Option<impl AsyncReadExt + Unpin>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(stream) = stream {
        stream.take(MAX_REPORT).read_to_end(&mut bytes).await?;
    }
    Ok(bytes)
}
