//! Uploads that are no bots, bombs, or never end; and many at once. Rows 20 to 24.

use std::{fs, time::Duration};

use chinwag_tests::{
    artifacts,
    browser::Browser,
    client::Client,
    server::{Settings, TOKEN, TestServer},
    within,
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::Method;
use tokio::{io::AsyncWriteExt, task::JoinSet};

use crate::{
    denial::{forget_peak, is_well, memory, serving},
    guests::Guest,
    healthy::Healthy,
    raw,
};

/// Whether the bot is as it was: one version, which answers, and no file that nobody needs.
async fn is_untouched(server: &TestServer, browser: &mut Browser) {
    let bot = server.admin().bot("echo").await.body;
    assert_eq!((&bot["active"], bot["versions"].as_array().map(Vec::len)), (&1.into(), Some(1)));
    assert_eq!(browser.ask("still me").await, ["still me"]);
    within("the end of what was uploaded", async {
        while files(server, "incoming") + files(server, "compiled") > 1 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

/// How many files lie in a folder of the server's data.
fn files(server: &TestServer, folder: &str) -> usize {
    fs::read_dir(server.data_file(folder)).expect("the folder is there").count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bombs_for_the_compiler_go_off_in_the_child_while_the_server_answers() {
    let settings = Settings::default().env("CHINWAG_COMPILE__CPU", "1s");
    let settings = settings.env("CHINWAG_COMPILE__WALL", "20s");
    let server = serving(settings.env("CHINWAG_COMPILE__MEMORY", "1 GiB"), &["echo"]).await;
    let mut others = Healthy::begin(&server).await;
    let mut browser = server.open("echo").await;
    forget_peak(&server);
    let before = memory(&server, "VmHWM");
    // Each branch doubles the paths on which the locals may have come here.
    let sums = "local.get $a if local.get $a i32.const 7 i32.mul local.set $b else local.get $c local.set $a end\n\
         local.get $b if local.get $d local.get $a i32.xor local.set $c else local.get $b local.set $d end\n";
    let nested = "block ".repeat(30_000) + &"end ".repeat(30_000);
    let table = format!("(block (br_table{} (local.get $a)))", " 0".repeat(120_000));
    let tables = format!("(block {})", table.repeat(8));
    let functions = "(func (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))\n";
    let types = "(type (func (param i32 i64 f32 f64 i32) (result i64 i32)))\n";
    let imports = "(import \"chinwag:bot/session@0.1.0\" (instance))\n";
    let bombs = [
        ("one enormous function", Guest::new(sums.repeat(100_000)), "compile-limit"),
        ("a hundred thousand functions", Guest::harmless().fields(functions.repeat(100_000)), ""),
        ("huge tables of branches", Guest::new(tables), ""),
        ("deep nesting", Guest::new(nested), ""),
        ("a million types", Guest::harmless().fields(types.repeat(1_000_001)), "too-complex"),
        (
            "imports again and again",
            Guest::harmless().component(imports.repeat(9)),
            "invalid-component",
        ),
    ];
    for (what, bomb, code) in bombs {
        let wasm = wat_in_the_background(bomb).await;
        let reply = server.admin().stage("bomb", wasm).await;
        let is_named = code.is_empty() || reply.code() == code;
        assert!(is_named, "{what}: expected `{code}`: {reply:?}");
        assert!(matches!(reply.status, 201 | 422), "{what}: {reply:?}");
        others.go_on().await;
        assert_eq!(browser.ask(what).await, [what]);
    }
    let taken = memory(&server, "VmHWM").saturating_sub(before);
    assert!(taken < 256 << 10, "{taken} KiB in the server, which compiles nothing itself");
    others.end().await;
    is_well(&server).await;
}

/// A million lines take a while to be read, in which others go on.
async fn wat_in_the_background(guest: Guest) -> Vec<u8> {
    tokio::task::spawn_blocking(move || guest.build()).await.expect("the text is WebAssembly")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_no_component_is_refused_and_leaves_nothing() {
    let server = serving(Settings::default(), &["echo"]).await;
    let mut browser = server.open("echo").await;
    let echo = artifacts::bot("echo");
    let mut dice = StdRng::seed_from_u64(21);
    let mut bad: Vec<Vec<u8>> = Vec::new();
    for length in [1, 3, 4, 7, 8, 9, 100, 10_000] {
        bad.push((0..length).map(|_| dice.random()).collect());
        bad.push(echo[..length].to_vec());
        let random = (0..length).map(|_| dice.random::<u8>());
        bad.push(echo[..8].iter().copied().chain(random).collect());
    }
    for _ in 0..8 {
        bad.push(echo[..dice.random_range(8..echo.len())].to_vec());
    }
    for (at, byte) in [(0, 1), (4, 0x0c), (6, 7), (7, 1)] {
        let mut magic = echo.clone();
        magic[at] = byte;
        bad.push(magic);
    }
    // Compiled code: this server's own, and what looks like it.
    let compiled = fs::read_dir(server.data_file("compiled")).expect("the folder is there");
    let compiled = compiled.filter_map(Result::ok).map(|entry| entry.path());
    bad.extend(compiled.map(|path| fs::read(path).expect("compiled code can be read")));
    bad.push([b"\x7fELF", &echo[..]].concat());
    for upload in bad {
        let head = upload[..upload.len().min(16)].to_vec();
        let reply = server.admin().put("echo", upload).await;
        assert_eq!(reply.status, 422, "{head:?}: {reply:?}");
        // Eight bytes alone are an empty component.
        let codes =
            ["missing-export", "not-wasm", "invalid-component", "core-module", "precompiled"];
        assert!(codes.contains(&reply.code()), "{head:?}: {reply:?}");
    }
    is_untouched(&server, &mut browser).await;
    is_well(&server).await;
}

#[tokio::test]
async fn what_does_not_fit_the_world_is_refused_by_name() {
    let server = serving(Settings::default(), &["echo"]).await;
    let mut browser = server.open("echo").await;
    let import = |what: &str| Guest::harmless().component(format!("(import {what})"));
    let get = |param: &str| {
        let ty = format!("(func (param \"key\" {param}) (result (option string)))");
        import(&format!("\"chinwag:bot/session@0.1.0\" (instance (export \"get\" {ty}))"))
    };
    let nothing = "(instance)";
    for (guest, code, named) in [
        (get("u32"), "wrong-import-type", "chinwag:bot/session@0.1.0#get"),
        (
            import("\"chinwag:bot/session@0.1.0\" (instance (export \"steal\" (func)))"),
            "unknown-import",
            "chinwag:bot/session@0.1.0#steal",
        ),
        (
            import("\"chinwag:bot/vault@0.1.0\" (instance (export \"f\" (func)))"),
            "unknown-import",
            "vault",
        ),
        (import("\"steal\" (func)"), "forbidden-import", "`steal`"),
        (
            import(&format!("\"wasi:http/incoming-handler@0.2.0\" {nothing}")),
            "forbidden-import",
            "wasi:http/incoming-handler",
        ),
        (import(&format!("\"wasi:cli/environment@0.3.0\" {nothing}")), "forbidden-import", "0.3.0"),
        (import(&format!("\"wasi:sockets/tcp@1.0.0\" {nothing}")), "forbidden-import", "1.0.0"),
        (import(&format!("\"evil:bot/session@0.1.0\" {nothing}")), "forbidden-import", "evil:bot"),
        (import(&format!("\"chinwag:bot/log@0.2.0\" {nothing}")), "wrong-package-version", "0.2.0"),
        (
            Guest::harmless()
                .component("(instance $x) (export \"chinwag:bot/vault@0.1.0\" (instance $x))"),
            "unknown-export",
            "vault",
        ),
        (
            Guest::harmless()
                .component("(instance $x) (export \"chinwag:bot/stop@0.1.0\" (instance $x))"),
            "missing-export",
            "on-stop",
        ),
    ] {
        let reply = server.admin().put("echo", guest.build()).await;
        assert_eq!((reply.status, reply.code()), (422, code), "{named}: {}", reply.detail());
        assert!(reply.detail().contains(named), "{named}: {}", reply.detail());
    }
    // Known to the host's WASI, but not a type that it has: that shows when it is linked.
    let odd = "\"wasi:cli/environment@0.2.0\" (instance (export \"get-environment\" (func (param \"x\" u8))))";
    let reply = server.admin().put("echo", import(odd).build()).await;
    assert_eq!((reply.status, reply.code()), (422, "does-not-link"), "{reply:?}");
    assert!(reply.detail().contains("get-environment"), "{}", reply.detail());
    is_untouched(&server, &mut browser).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uploads_that_stall_break_off_or_never_end_leave_no_file() {
    let settings = Settings::default().env("CHINWAG_UPLOAD_TIMEOUT", "1s");
    let server = serving(settings.env("CHINWAG_UPLOAD_MAX", "1 MiB"), &["echo"]).await;
    let mut browser = server.open("echo").await;
    let echo = artifacts::bot("echo");
    let head = |length: &str| {
        format!(
            "PUT /api/bots/echo HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\nconnection: close\r\n{length}\r\n\r\n"
        )
    };
    let whole = format!("content-length: {}", echo.len());
    let half = [head(&whole).as_bytes(), &echo[..echo.len() / 2]].concat();
    let answer = raw::exchange(&server, &half).await;
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("upload-stalled"), "{answer}");

    let mut stream = raw::connect(&server).await;
    stream.write_all(&half).await.expect("the server reads");
    stream.shutdown().await.expect("the connection is open");
    raw::ended(stream).await;

    // Longer than it may be, said at once or not at all.
    let said = head("content-length: 1000000000000");
    let (chunk, mut endless) =
        (vec![b'x'; 1 << 20], head("transfer-encoding: chunked").into_bytes());
    for _ in 0..3 {
        endless.extend([format!("{:x}\r\n", chunk.len()).as_bytes(), &chunk, b"\r\n"].concat());
    }
    for bytes in [[said.as_bytes(), &chunk, &chunk].concat(), endless] {
        let answer = raw::exchange(&server, &bytes).await;
        assert!(
            answer.starts_with("HTTP/1.1 413") && answer.contains("upload-too-large"),
            "{answer}"
        );
    }
    let refused = server.metric("chinwag_uploads_total", &["outcome=\"refused\""]).await;
    assert_eq!(refused, 4.0);
    is_untouched(&server, &mut browser).await;
    is_well(&server).await;
}

/// Uploads of one bot at once.
const RACERS: u64 = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uploads_and_activations_that_race_end_with_one_whole_version() {
    let mut server = serving(Settings::default(), &["echo"]).await;
    let others = Healthy::begin(&server).await;
    server.admin().deploy("bot", artifacts::versioned(100)).await;
    let mut race = JoinSet::new();
    for n in 1..=RACERS {
        let admin = server.admin();
        race.spawn(async move {
            let version = admin.deploy("bot", artifacts::versioned(100 + n)).await;
            let request = admin.request(Method::POST, "/api/bots/bot/rollback");
            let rolled_back = admin.send(request).await.status;
            assert!(matches!(rolled_back, 200 | 409), "{rolled_back}");
            assert_eq!(admin.activate("bot", version).await.status, 200);
            (version, 100 + n)
        });
    }
    let mut made = race.join_all().await;
    made.push((1, 100));
    made.sort_unstable();
    let numbers: Vec<u64> = made.iter().map(|(version, _)| *version).collect();
    assert_eq!(
        numbers,
        (1..=RACERS + 1).collect::<Vec<_>>(),
        "each upload is a version of its own"
    );
    others.end().await;
    for life in ["before", "after"] {
        let active =
            server.admin().bot("bot").await.body["active"].as_u64().expect("one is active");
        let (_, marker) = made.iter().find(|(version, _)| *version == active).expect("it was made");
        let answer = server.open("bot").await.ask("x").await;
        assert_eq!(answer, [format!("v{marker}:x")], "{life} the kill");
        server.kill().await;
        server.restart().await;
    }
    is_well(&server).await;
}
