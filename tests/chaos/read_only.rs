//! The data folder is read-only, from the beginning or from some moment on, as disks become that are about to fail.

use crate::{
    full::{keeps_nothing, serving, takes_no_upload, works_again},
    small_disk::SmallDisk,
    talker::Talker,
    tracer::Tracer,
};
use chinwag_tests::client::Client;

#[tokio::test]
async fn on_a_read_only_disk_a_server_says_what_to_do_and_does_not_start() {
    let disk = SmallDisk::of("16m").await;
    for age in ["new", "old"] {
        disk.forbid_writing().await;
        let (status, said) = disk.settings().does_not_start().await;
        assert_eq!(status.code(), Some(1), "{age}: {said}");
        assert!(said.contains("Read-only file system"), "{age}: {said}");
        assert!(said.contains("make it writable for the server"), "{age}: {said}");
        assert!(!said.contains("panicked"), "{age}: {said}");
        disk.allow_writing().await;
        // Now there is a folder with all that a server has.
        drop(serving(&disk).await);
    }
}

#[tokio::test]
async fn a_disk_that_becomes_read_only_and_writable_again_is_like_one_that_was_full() {
    let disk = SmallDisk::of("16m").await;
    let server = serving(&disk).await;
    let (mut counter, mut talker) = (server.open("counter").await, Talker::open(&server).await);
    assert_eq!(counter.ask("count").await, ["message 1"]);
    talker.talk().await.expect("the server lives");

    disk.forbid_writing().await;
    let broken = Tracer::attach(&disk, &server, "pwrite64:error=EROFS").await;
    keeps_nothing(&server, &mut counter).await;
    takes_no_upload(&server).await;
    broken.detach().await;
    disk.allow_writing().await;
    works_again(&server, &mut counter, &mut talker).await;
}
