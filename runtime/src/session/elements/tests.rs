//! Room on the shelf, under uploads that end well, badly or not at all.

use tempfile::TempDir;

use super::*;
use crate::files::FilesSettings;

async fn shelf(limit: u64) -> (Elements, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let settings = FilesSettings { dir: dir.path().into(), url: None, is_durable: false };
    let files = Files::open(settings).await.unwrap();
    (Elements::new(files, ThreadId::random(), ByteSize(limit)), dir)
}

fn uploaded(name: &str, size: u64) -> FileInfo {
    FileInfo { id: ElementId::random(), name: name.into(), mime: "a/b".into(), size }
}

fn used(elements: &Elements) -> u64 {
    elements.shelf.lock().used
}

#[tokio::test]
async fn uploads_that_run_at_once_share_one_quota() {
    let (elements, _dir) = shelf(2 * OVERHEAD + 1_000).await;
    let (mut one, mut other) = (elements.reserve(), elements.reserve());
    one.grow(600).unwrap();
    other.grow(400).unwrap();
    assert!(one.grow(1).is_err() && other.grow(1).is_err());
    assert!(elements.keep("a".into(), "b".into(), Bytes::from_static(b"c")).await.is_err());
    drop(other);
    one.grow(400).unwrap();
    drop(one);
    assert_eq!(used(&elements), 0);
}

#[tokio::test]
async fn a_file_gives_back_what_it_took() {
    let (elements, _dir) = shelf(1 << 20).await;
    let id = elements.keep("a".into(), "b/c".into(), Bytes::from(vec![0; 500])).await.unwrap();
    assert_eq!(used(&elements), cost(&elements.find(id).unwrap()));
    elements.remove(id).await;
    assert_eq!((used(&elements), elements.find(id)), (0, None));
}

#[tokio::test]
async fn bots_are_told_of_uploads_and_not_of_what_they_showed() {
    let (elements, _dir) = shelf(1 << 20).await;
    let shown =
        elements.keep("shown".into(), "b/c".into(), Bytes::from_static(b"x")).await.unwrap();
    let (first, second) = (uploaded("first", 1), uploaded("second", 2));
    elements.adopt(first.clone(), Origin::User);
    elements.adopt(uploaded("of an older turn", 3), Origin::Bot);
    elements.adopt(second.clone(), Origin::User);
    elements.adopt(first.clone(), Origin::User);
    assert_eq!(elements.all(), [first.clone(), second]);
    assert_eq!(elements.info(first.id), Some(first));
    assert_eq!(elements.info(shown), None);
    assert_eq!(elements.read(shown, 0, 1).await.unwrap_err().code, "unknown-file");
}

#[tokio::test]
async fn files_of_a_kept_thread_outlive_the_session_and_others_do_not() {
    let (elements, _dir) = shelf(1 << 20).await;
    let id = elements.keep("a".into(), "b/c".into(), Bytes::from_static(b"x")).await.unwrap();
    elements.close();
    assert_eq!(&elements.files.read(elements.thread, id, 0, 9).await.unwrap()[..], b"x");
    // An upload that ends after the session has nowhere to go.
    assert!(elements.reserve().grow(1).is_err());
    assert!(elements.reserve().fill(uploaded("late", 1), Origin::User).is_err());

    let elements = Elements::new(elements.files, elements.thread, elements.limit);
    elements.adopt(FileInfo { id, ..uploaded("a", 1) }, Origin::User);
    assert_eq!(&elements.read(id, 0, 9).await.unwrap()[..], b"x");
    elements.clear().await;
    assert!(elements.files.read(elements.thread, id, 0, 9).await.is_err());
}
