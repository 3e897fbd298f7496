//! From an uploaded file to a loaded program: compiles in a child process, at most once for each digest.

use std::{
    collections::HashSet,
    fs, io,
    num::NonZero,
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    thread::available_parallelism,
    time::{Duration, Instant},
};

use tempfile::TempPath;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::{ChildStdout, Command},
    sync::Mutex,
    task::spawn_blocking,
    time::timeout,
};

use super::{
    ArtifactKey, LoadError, Program, Sandbox,
    artifact::{Artifacts, deserialize},
    compile_child::{Checked, NO_ROOM, Order, Translated},
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

/// For tests, which compile nothing; the defaults of a server are those of its settings.
#[cfg(test)]
impl Default for CompileSettings {
    fn default() -> Self {
        let second = Duration::from_secs(1);
        Self { cpu: second, wall: second, memory: ByteSize::mib(256) }
    }
}

/// Compiled code is at most this large: a 64 MiB component of dense code.
const MAX_ARTIFACT: ByteSize = ByteSize::mib(512);
/// What a child may say; a refusal is a few kilobytes.
const MAX_REPORT: u64 = 1 << 20;
/// Threads of a child.
const MAX_THREADS: usize = 8;
/// This very program, even if its file has been replaced since it started.
const THIS_PROGRAM: &str = "/proc/self/exe";

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
    #[error("the compiler could not do its work")]
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

    /// Makes a program of the component at `path`, from the cache if its digest was compiled before. Else `checked` is called
    /// between the look at its structure and the translation to machine code.
    ///
    /// # Errors
    /// The component is refused, or compiling it met a limit. Nothing is kept then.
    pub async fn compile(
        &self,
        path: &Path,
        digest: Digest,
        checked: impl FnOnce(),
    ) -> Result<Compiled, CompileError> {
        if let Some(compiled) = self.load(digest).await? {
            return Ok(compiled);
        }
        let _turn = self.turn.lock().await;
        // Again: the same bytes may have been compiled while these waited.
        if let Some(compiled) = self.load(digest).await? {
            return Ok(compiled);
        }
        let start = Instant::now();
        let output = tempfile::Builder::new()
            .prefix("compiling-")
            .tempfile_in(self.artifacts.dir())
            .map_err(CompileError::Io)?
            .into_temp_path();
        let surface = self.run_child(path, digest, &output, checked).await?;
        let took = start.elapsed();
        metrics::histogram!(names::COMPILE_SECONDS).record(took);
        self.blocking(move |this| this.adopt(digest, surface, &output, took)).await
    }

    /// Deletes the compiled code of a component. It is compiled again if it is needed.
    pub fn forget(&self, digest: Digest) {
        self.artifacts.forget(digest);
    }

    /// Deletes all compiled code but that of `digests`, and what a crash left behind. Only while nothing is compiled.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn sweep(&self, digests: &HashSet<Digest>) -> io::Result<()> {
        self.artifacts.sweep(digests)
    }

    /// Loads the code of a component that was compiled before; none if it is not there.
    async fn load(&self, digest: Digest) -> Result<Option<Compiled>, CompileError> {
        self.blocking(move |this| {
            let Some((surface, component)) = this.artifacts.load(&this.sandbox, digest) else {
                return Ok(None);
            };
            let program = Program::link(&this.sandbox, &component)?;
            Ok(Some(Compiled { program, surface, took: Duration::ZERO }))
        })
        .await
    }

    /// Loads what the child made and keeps it, in this order: code that the sandbox has no room for is not kept.
    fn adopt(
        &self,
        digest: Digest,
        surface: Surface,
        output: &TempPath,
        took: Duration,
    ) -> Result<Compiled, CompileError> {
        let code = fs::read(output).map_err(CompileError::Io)?;
        let component = deserialize(self.sandbox.engine(), &code).map_err(|error| {
            let message = format!("the component needs more than the sandbox has: {error:#}");
            Refusal::new("too-complex", message)
        })?;
        let program = Program::link(&self.sandbox, &component)?;
        self.artifacts.keep(digest, &surface, &code).map_err(CompileError::Io)?;
        Ok(Compiled { program, surface, took })
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, CompileError> + Send + 'static,
    ) -> Result<T, CompileError> {
        let this = self.clone();
        let done = spawn_blocking(move || work(&this)).await;
        done.map_err(|error| CompileError::Io(error.into()))?
    }

    async fn run_child(
        &self,
        input: &Path,
        digest: Digest,
        output: &Path,
        checked: impl FnOnce(),
    ) -> Result<Surface, CompileError> {
        let order = Order {
            input: input.to_owned(),
            digest,
            output: output.to_owned(),
            cpu_seconds: self.settings.cpu.as_secs().max(1),
            memory_bytes: self.settings.memory.0,
            output_bytes: MAX_ARTIFACT.0,
        };
        let mut child =
            command(&order).and_then(|mut command| command.spawn()).map_err(CompileError::Io)?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let run = async {
            let (report, words, status) =
                tokio::try_join!(reports(stdout, checked), read(stderr), child.wait())?;
            Ok::<_, io::Error>((report, words, status))
        };
        let (report, words, status) = timeout(self.settings.wall, run)
            .await
            .map_err(|_| CompileError::TooSlow(self.settings.wall))?
            .map_err(CompileError::Io)?;
        let words = String::from_utf8_lossy(&words);
        let words = words.trim().escape_debug();
        match status.code() {
            Some(0) => surface(&report),
            // What the child says when it could not do its work, which is no fault of the component.
            Some(1 | 2) => Err(CompileError::Io(io::Error::other(words.to_string()))),
            Some(code) if code == i32::from(NO_ROOM) => {
                Err(CompileError::Io(io::ErrorKind::StorageFull.into()))
            }
            _ => {
                tracing::warn!(%status, %words, "the compiling child was cut short");
                Err(CompileError::Killed { cpu: self.settings.cpu, memory: self.settings.memory })
            }
        }
    }
}

fn command(order: &Order) -> io::Result<Command> {
    let threads = available_parallelism().map_or(1, NonZero::get).min(MAX_THREADS);
    let mut command = Command::new(THIS_PROGRAM);
    command
        .args(["compile", &serde_json::to_string(order)?])
        .env_clear()
        // Each thread reserves address space, for its stack and for an arena of the allocator. On a machine with many
        // cores that alone would be all the child may have.
        .env("MALLOC_ARENA_MAX", "2")
        .env("RAYON_NUM_THREADS", threads.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    Ok(command)
}

/// Both lines of the child. `checked` is called between them, if there will be a second one.
async fn reports(stream: Option<ChildStdout>, checked: impl FnOnce()) -> io::Result<Vec<u8>> {
    let mut lines = Vec::new();
    if let Some(stream) = stream {
        let mut stream = BufReader::new(stream.take(MAX_REPORT));
        stream.read_until(b'\n', &mut lines).await?;
        if serde_json::from_slice::<Checked>(&lines).is_ok_and(|checked| checked.is_ok()) {
            checked();
        }
        stream.read_to_end(&mut lines).await?;
    }
    Ok(lines)
}

/// What the child found, if it found no fault.
fn surface(reports: &[u8]) -> Result<Surface, CompileError> {
    let missing = || CompileError::Io(io::ErrorKind::UnexpectedEof.into());
    let parse = |error: serde_json::Error| CompileError::Io(error.into());
    let mut lines = reports.split(|byte| *byte == b'\n');
    let line = lines.next().ok_or_else(missing)?;
    let surface = serde_json::from_slice::<Checked>(line).map_err(parse)??;
    let line = lines.next().ok_or_else(missing)?;
    serde_json::from_slice::<Translated>(line).map_err(parse)??;
    Ok(surface)
}

async fn read(stream: Option<impl AsyncReadExt + Unpin>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(stream) = stream {
        stream.take(MAX_REPORT).read_to_end(&mut bytes).await?;
    }
    Ok(bytes)
}
