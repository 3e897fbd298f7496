//! What a server must never leave lying about: halves of what was to be whole.

use std::{fs, path::Path, time::Duration};

use chinwag_tests::{server::TestServer, within};

/// Whether there is nothing in the data folder that is half written.
pub(crate) async fn is_swept(server: &TestServer) {
    assert_eq!(server.listed("incoming"), [] as [String; 0]);
    let code = server.listed("compiled");
    assert!(code.iter().all(|name| name.ends_with(".cwasm")), "{code:?}");
    for bot in server.listed("bots") {
        let files = server.listed(&format!("bots/{bot}"));
        let mut components = files.iter().filter_map(|name| name.strip_suffix(".wasm"));
        let half = components.find(|number| !files.contains(&format!("{number}.json")));
        assert_eq!(half, None, "{bot}: {files:?}");
    }
    // What a user attached is taken back behind the answer that refuses it.
    within("the end of files that were never finished", async {
        while is_half_there(server) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

/// Whether a file of a conversation is there that is not finished.
pub(crate) fn is_half_there(server: &TestServer) -> bool {
    !unfinished(&server.data_file("files")).is_empty()
}

/// The files of conversations that were never finished: they are told by a number at the end of their names.
fn unfinished(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let found = entries.flat_map(|entry| match entry.path() {
        path if path.is_dir() => unfinished(&path),
        path => vec![path.display().to_string()],
    });
    found.filter(|name| name.contains('#')).collect()
}
