//! Files on the local disk.

use std::{fs, path::Path};

use futures_util::StreamExt as _;
use tempfile::TempDir;

use super::*;

async fn files() -> (Files, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    (Files::open(settings(&dir)).await.unwrap(), dir)
}

fn settings(dir: &TempDir) -> FilesSettings {
    FilesSettings { dir: dir.path().join("files"), url: None, is_durable: true }
}

/// All that lies below a folder but folders.
fn below(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).into_iter().flatten().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            found.extend(below(&entry.path()));
        } else {
            found.push(entry.file_name().into_string().unwrap());
        }
    }
    found
}

async fn text(body: Body) -> String {
    let pieces: Vec<Bytes> = body.map(Result::unwrap).collect().await;
    String::from_utf8(pieces.concat()).unwrap()
}

#[tokio::test]
async fn a_file_is_read_whole_and_in_parts() {
    let (files, _dir) = files().await;
    let (thread, file) = (ThreadId::random(), ElementId::random());
    files.put(thread, file, Bytes::from_static(b"0123456789")).await.unwrap();
    assert_eq!(text(files.get(thread, file, None).await.unwrap()).await, "0123456789");
    assert_eq!(text(files.get(thread, file, Some(2..5)).await.unwrap()).await, "234");
    for (offset, len, part) in [
        (0, 4, "0123"),
        (8, 4, "89"),
        (10, 4, ""),
        (99, 1, ""),
        (3, 0, ""),
        (1, u64::MAX, "123456789"),
    ] {
        assert_eq!(files.read(thread, file, offset, len).await.unwrap(), part, "{offset} {len}");
    }
    assert!(files.get(ThreadId::random(), file, None).await.is_err());
}

#[tokio::test]
async fn a_file_that_comes_in_pieces_is_there_once_it_is_finished() {
    let (files, dir) = files().await;
    for size in [1, CHUNKS, 3 * CHUNKS + 7] {
        let (thread, file) = (ThreadId::random(), ElementId::random());
        let mut writer = files.writer(thread, file);
        let content: Vec<u8> = (0..size).map(|at| (at % 251).to_le_bytes()[0]).collect();
        for piece in content.chunks(10_000) {
            writer.write(Bytes::copy_from_slice(piece)).await.unwrap();
            assert!(files.get(thread, file, None).await.is_err());
        }
        assert_eq!(writer.finish().await.unwrap(), size as u64);
        assert_eq!(files.read(thread, file, 0, u64::MAX).await.unwrap(), content);
    }
    assert_eq!(below(dir.path()).len(), 3);
}

/// As much as is written to a disk at once.
const CHUNKS: usize = 256 << 10;

#[tokio::test]
async fn a_writer_that_is_dropped_leaves_nothing() {
    let (files, dir) = files().await;
    for size in [10, 5 * CHUNKS] {
        let mut writer = files.writer(ThreadId::random(), ElementId::random());
        writer.write(Bytes::from(vec![0; size])).await.unwrap();
        drop(writer);
    }
    files.close().await;
    assert_eq!(below(dir.path()), [""; 0]);
}

#[tokio::test]
async fn what_a_crash_left_half_written_is_gone_at_the_next_start_and_nothing_else() {
    let (files, dir) = files().await;
    let (thread, whole, half) = (ThreadId::random(), ElementId::random(), ElementId::random());
    files.put(thread, whole, Bytes::from_static(b"whole")).await.unwrap();
    let folder = dir.path().join("files");
    fs::write(folder.join(format!("{thread}/{half}#1")), "ha").unwrap();
    fs::create_dir(folder.join("others")).unwrap();
    fs::write(folder.join(format!("others/{half}#1")), "not ours").unwrap();
    fs::write(folder.join(format!("{thread}/notes#1")), "not ours").unwrap();

    Files::open(settings(&dir)).await.unwrap();
    assert_eq!(text(files.get(thread, whole, None).await.unwrap()).await, "whole");
    assert!(!folder.join(format!("{thread}/{half}#1")).exists());
    assert!(folder.join(format!("others/{half}#1")).exists());
    assert!(folder.join(format!("{thread}/notes#1")).exists());
}

#[tokio::test]
async fn a_thread_goes_with_all_its_files_and_no_other() {
    let (files, dir) = files().await;
    let (gone, stays) = (ThreadId::random(), ThreadId::random());
    for thread in [gone, gone, stays] {
        files.put(thread, ElementId::random(), Bytes::from_static(b"x")).await.unwrap();
    }
    // As a crash leaves it.
    fs::write(dir.path().join("files").join(gone.to_string()).join("half#1"), "x").unwrap();
    fs::create_dir(dir.path().join("files/lost+found")).unwrap();
    let mut threads = files.threads().await.unwrap();
    threads.sort_by_key(|thread| *thread == gone);
    assert_eq!(threads, [stays, gone]);

    files.remove_thread(gone).await;
    files.remove_thread(gone).await;
    assert_eq!(files.threads().await.unwrap(), [stays]);
    assert_eq!(below(dir.path()).len(), 1);
}

#[tokio::test]
async fn what_is_no_bucket_is_refused_with_the_way_to_write_one() {
    for url in ["https://bucket", "s3:/bucket", "s3://", "bucket"] {
        let settings =
            FilesSettings { dir: "unused".into(), url: Some(url.into()), is_durable: true };
        let text = Files::open(settings).await.unwrap_err().to_string();
        assert!(text.contains(url) && text.contains("s3://bucket/prefix"), "{text}");
    }
}
