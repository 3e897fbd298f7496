//! Whatever a client sends is decoded or refused: events like those of the stock client, with anything in any place.

use std::collections::BTreeMap;

use proptest::{
    collection::{btree_map, vec},
    prelude::*,
};
use serde_json::{Value, json, value::RawValue};

use super::decode;
use crate::domain::AskKind;

/// Any JSON, also such as no client sends.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map("[a-zA-Z]{1,8}", inner, 0..4)
                .prop_map(|map: BTreeMap<String, Value>| Value::from_iter(map)),
        ]
    })
}

/// What the stock client sends, in one object.
fn usual() -> Value {
    let message = json!({
        "id": "85d8bcb7-39f5-4c9d-b44c-baa0b21fa3c7", "threadId": "", "name": "User", "type": "user_message", "output": "hi",
        "createdAt": "2026-11-21T08:00:00.000Z", "parentId": null, "command": "c", "modes": { "m": "o" },
        "metadata": { "favorite": true, "location": "/" },
    });
    json!({
        "message": message,
        "fileReferences": [{ "id": "85d8bcb7-39f5-4c9d-b44c-baa0b21fa3c7" }],
        "isStart": true, "mimeType": "pcm16", "elapsedTime": 12.5, "output": "hi", "id": "x", "submitted": true,
    })
}

/// The usual with anything in one place.
fn unusual() -> impl Strategy<Value = Value> {
    let places = vec![
        "/message",
        "/message/id",
        "/message/output",
        "/message/name",
        "/message/parentId",
        "/message/command",
        "/message/modes",
        "/message/modes/m",
        "/message/metadata",
        "/message/metadata/favorite",
        "/fileReferences",
        "/fileReferences/0",
        "/fileReferences/0/id",
        "/isStart",
        "/mimeType",
        "/elapsedTime",
        "/output",
        "/id",
        "",
    ];
    (prop::sample::select(places), anything()).prop_map(|(place, value)| {
        let mut whole = usual();
        *whole.pointer_mut(place).expect("the usual has this place") = value;
        whole
    })
}

/// Decodes a packet as each event there is. What comes of it does not matter, only that something does.
fn decode_all(packet: &str) {
    drop(decode::message(packet));
    drop(decode::edit(packet));
    drop(decode::favorite(packet));
    drop(decode::settings(packet));
    drop(decode::json(packet));
    drop(decode::audio_chunk(packet, None));
    drop(decode::audio_chunk(packet, Some(vec![0; 3].into())));
    if let Ok(answer) = RawValue::from_string(packet.to_owned()) {
        drop(decode::answer(None, &answer));
        drop(decode::answer(Some(&AskKind::Text), &answer));
    }
}

proptest! {
    #[test]
    fn events_with_anything_in_any_place_are_decoded_or_refused(argument in unusual()) {
        decode_all(&json!(["event", argument]).to_string());
        decode_all(&argument.to_string());
    }

    #[test]
    fn texts_that_are_no_events_are_refused(text in "\\PC{0,64}", cut in 0..400_usize) {
        decode_all(&text);
        let whole = json!(["event", usual()]).to_string();
        decode_all(&whole[..cut.min(whole.len())]);
    }
}
