//! Packets that mean nothing: events that no page sends, with arguments of any kind, and what is not even a packet.

use crate::uuid;

/// Events; `ID` stands for a fresh id.
const EVENTS: &[&str] = &[
    r#"["no_such_event",{"a":1}]"#,
    r#"["client_message"]"#,
    r#"["client_message",7]"#,
    r#"["client_message",{"message":null}]"#,
    r#"["client_message",{"message":{"id":7,"output":[]}}]"#,
    r#"["client_message",{"message":{"id":"ID","output":7}}]"#,
    r#"["client_message",{"message":{"id":"ID","output":"x","parentId":"y"}}]"#,
    r#"["client_message",{"message":{"id":"ID","output":"\ud800"}}]"#,
    r#"["client_message",{"message":{"id":"ID","output":"x"},"fileReferences":7}]"#,
    r#"["edit_message",{"message":{"id":"x","output":"y"}}]"#,
    r#"["edit_message",{"message":{"id":"ID","output":"never sent"}}]"#,
    r#"["message_favorite",[]]"#,
    r#"["message_favorite",{"message":{"id":"ID","metadata":{"favorite":true}}}]"#,
    r#"["chat_settings_change",7]"#,
    r#"["chat_settings_edit","x"]"#,
    r#"["audio_chunk",{"mimeType":"pcm16","data":"not bytes"}]"#,
    r#"["stop",[[[{}]]],1,2,3]"#,
    r#"["connection_successful",1]"#,
    r#"["connect"]"#,
    r#"["disconnect"]"#,
    r#"["__proto__",{"__proto__":{"x":1}}]"#,
    r#"["constructor"]"#,
];

/// What is no packet, or one of another moment.
const BROKEN: &[&str] = &[
    "",
    "\u{0}",
    "\u{1e}",
    "\u{e9}",
    "0",
    "1",
    "2",
    "2probe",
    "3",
    "4",
    "4\u{1e}4",
    "40",
    "40{}",
    "40{\"sessionId\":7}",
    "42",
    "42[",
    "42[]",
    "42[7]",
    "42[null,1]",
    "42{}",
    "42\"x\"",
    "4299999999999999999999[\"stop\"]",
    "43",
    "430",
    "430[]",
    "43999[1]",
    "43999999999999999999999[1]",
    "44{}",
    "45",
    "451-",
    "451-[\"audio_chunk\"",
    "451-[\"audio_chunk\",{\"_placeholder\":true,\"num\":99}]",
    "452-[\"audio_chunk\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]",
    "45999999999-[\"audio_chunk\",1]",
    "46",
    "47",
    "49x",
    "5",
    "6",
    "7",
    "b",
    "bAAA=",
];

/// Events that mean nothing: whoever sends them stays connected.
#[must_use]
pub fn events() -> Vec<String> {
    let events = EVENTS.iter().map(|event| format!("42{}", event.replace("ID", &uuid())));
    events.collect()
}

/// What breaks the protocol: whoever sends it may lose the connection, but not the conversation.
#[must_use]
pub fn broken() -> Vec<String> {
    let deep = format!("42[\"window_message\",{}{}]", "[".repeat(100_000), "]".repeat(100_000));
    BROKEN.iter().map(|packet| (*packet).to_owned()).chain([deep]).collect()
}
