//! A small disk of a server's own: memory that is mounted where only one process, its keeper, and whoever joins it see it. It is
//! gone with the keeper, however the tests end.

use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    os::unix::fs::MetadataExt,
    path::PathBuf,
    process::Stdio,
};

use chinwag_tests::{server::Settings, within};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// What takes the room.
const BALLAST: &str = "ballast";
/// A page of memory: the disk gives room by these.
const PAGE: usize = 4096;

/// A disk that is there for as long as this is.
#[derive(Debug)]
pub(crate) struct SmallDisk {
    folder: TempDir,
    keeper: Child,
    is_users: bool,
}

impl SmallDisk {
    /// A disk of so many bytes, or `16m`.
    pub(crate) async fn of(size: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let worlds: [&[&str]; 2] = [&["--mount"], &["--user", "--map-root-user", "--mount"]];
        // Where root may mount, nobody needs to become root of a world of its own.
        for world in worlds {
            let mut command = Command::new("unshare");
            let mount = format!("mount -t tmpfs -o size={size},mode=0700 chinwag \"$0\"");
            let script = format!("{mount} && echo mounted && exec cat");
            command.args(world).args(["sh", "-c", &script]).arg(folder.path());
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
            let mut keeper = command.kill_on_drop(true).spawn().expect("`unshare` is there");
            let stdout = keeper.stdout.take().expect("stdout is a pipe");
            let mut lines = BufReader::new(stdout).lines();
            let line = within("a disk", lines.next_line()).await.expect("it writes text");
            if line.as_deref() == Some("mounted") {
                return Self { folder, keeper, is_users: world.len() > 1 };
            }
        }
        panic!(
            "no disk can be mounted for this test alone: it needs root, or a kernel that allows user namespaces to everybody \
             (sysctl user.max_user_namespaces above 0, kernel.apparmor_restrict_unprivileged_userns 0)"
        );
    }

    /// A server that keeps its data there.
    pub(crate) fn settings(&self) -> Settings {
        let inside = self.folder.path().join("data");
        Settings::default().through(self.join()).keep_at(inside, self.path("data"))
    }

    /// A file or folder of it, as the tests find it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        let inside = self.folder.path().strip_prefix("/").expect("it is a whole path");
        let root = format!("/proc/{}/root", self.keeper());
        PathBuf::from(root).join(inside).join(name)
    }

    /// Takes all room but so many bytes.
    pub(crate) fn fill(&self, left: u64) {
        let path = self.path(BALLAST);
        let mut file = File::options().create(true).append(true).open(path).expect("a file");
        loop {
            match file.write(&[0; PAGE]) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => break,
                Err(error) => panic!("the disk cannot be filled: {error}"),
            }
        }
        let size = file.metadata().expect("it is there").size();
        file.set_len(size.saturating_sub(left)).expect("a file can be cut");
    }

    /// Gives back the room that was taken.
    pub(crate) fn free(&self) {
        fs::remove_file(self.path(BALLAST)).expect("the disk was filled");
    }

    /// From now on nothing on it can be opened to be written, as if it were read-only. What is open already is another matter:
    /// no kernel makes a disk read-only while files are open for writing, unless the disk is broken.
    pub(crate) async fn forbid_writing(&self) {
        self.run("mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\"").await;
    }

    /// Takes that back.
    pub(crate) async fn allow_writing(&self) {
        self.run("umount \"$0\"").await;
    }

    async fn run(&self, script: &str) {
        let mut command = self.command("sh");
        let run = command.args(["-c", script]).arg(self.folder.path()).status();
        let status = within("the end of a command", run).await.expect("it can be run");
        assert!(status.success(), "`{script}` ends with {status}");
    }

    /// A program that sees the disk, and may do there what root may.
    pub(crate) fn command(&self, program: &str) -> Command {
        let join = self.join();
        let mut command = Command::new(&join[0]);
        command.args(&join[1..]).arg(program).kill_on_drop(true);
        command
    }

    /// What becomes the program that is named after it, where the disk is.
    fn join(&self) -> Vec<String> {
        let target = format!("--target={}", self.keeper());
        let folder = format!("--wd={}", self.folder.path().display());
        let mut words = vec!["nsenter".to_owned(), target, "--mount".to_owned(), folder];
        if self.is_users {
            words.extend(["--user".to_owned(), "--preserve-credentials".to_owned()]);
        }
        words
    }

    fn keeper(&self) -> u32 {
        self.keeper.id().expect("the keeper runs")
    }
}
