//! Names and types as hostile clients send them.

use super::*;

#[test]
fn a_name_is_only_a_name() {
    for (sent, kept) in [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\me\photo.jpg", "photo.jpg"),
        ("a\r\nb\0.txt", "ab.txt"),
        ("exe.\u{202e}fdp", "exe.fdp"),
        ("", "file"),
        ("dir/", "file"),
        ("..", "file"),
        ("  naïve 名.txt ", "naïve 名.txt"),
    ] {
        assert_eq!(name(sent), kept, "{sent:?}");
    }
}

#[test]
fn a_long_name_keeps_its_extension() {
    let long = name(&format!("{}.csv", "x".repeat(5_000)));
    assert_eq!(long.len(), NAME);
    assert!(long.ends_with("x.csv"), "{long}");
    assert_eq!(name(&"y".repeat(5_000)).len(), NAME);
    assert_eq!(name(&format!("a.{}", "z".repeat(5_000))).len(), NAME);
}

#[test]
fn what_is_no_single_type_is_bytes() {
    assert_eq!(mime(Some("text/csv; charset=utf-8")), "text/csv; charset=utf-8");
    for sent in
        [None, Some(""), Some("nonsense"), Some("image/png, text/html"), Some("a/b\r\nx: y")]
    {
        assert_eq!(mime(sent), "application/octet-stream", "{sent:?}");
    }
    assert_eq!(mime(Some(&format!("text/{}", "x".repeat(500)))), "application/octet-stream");
}
