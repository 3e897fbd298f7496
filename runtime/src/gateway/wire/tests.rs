//! Each emit as clients get it, byte for byte but for ids.

use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;

use crate::domain::{
    Action, ActionDraft, Element, ElementContent, ElementDisplay, ElementKind, ElementSize, Emit,
    Step, StepKind, ToastKind, parse_json,
};

use super::encode;

const ID: &str = "11111111-1111-4111-8111-111111111111";
const OTHER: &str = "22222222-2222-4222-8222-222222222222";
const THREAD: &str = "33333333-3333-4333-8333-333333333333";

fn line(emit: &Emit) -> String {
    let (event, payload) = encode(emit);
    format!("{event} {}", serde_json::to_string(&payload).unwrap())
}

fn json(text: &str) -> crate::domain::Json {
    parse_json(text.into()).unwrap()
}

fn step(kind: StepKind, name: &str) -> Step {
    let mut step = Step::new(THREAD.parse().unwrap(), kind, name);
    step.id = ID.parse().unwrap();
    step.created_at = "2026-11-21T07:14:07.529575Z".parse().unwrap();
    step.start = "2026-11-21T07:14:07Z".parse().unwrap();
    step
}

#[test]
fn signs_without_content_carry_an_empty_object() {
    let signs = [
        Emit::TurnStart,
        Emit::TurnEnd,
        Emit::ClearAsk,
        Emit::ClearCallFn,
        Emit::AudioInterrupt,
        Emit::AudioConnection(true),
        Emit::AudioConnection(false),
    ];
    let lines: Vec<_> = signs.iter().map(line).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    task_start {}
    task_end {}
    clear_ask {}
    clear_call_fn {}
    audio_interrupt {}
    audio_connection "on"
    audio_connection "off"
    "#);
}

#[test]
fn a_run_is_called_by_its_callback_and_has_the_keys_of_a_step() {
    let run = Arc::new(step(StepKind::Run, "on-message"));
    insta::assert_snapshot!(
        line(&Emit::StepCreated(run)),
        @r#"new_message {"name":"on_message","type":"run","id":"11111111-1111-4111-8111-111111111111","threadId":"33333333-3333-4333-8333-333333333333","parentId":null,"streaming":false,"metadata":{},"tags":null,"input":"","isError":false,"output":"","createdAt":"2026-11-21T07:14:07.529575Z","start":"2026-11-21T07:14:07.000000Z","end":null,"language":null,"defaultOpen":false,"autoCollapse":false,"showInput":true,"generation":null}"#
    );
}

#[test]
fn a_tool_call_keeps_its_name_and_carries_all_it_has() {
    let mut tool = step(StepKind::Tool, "look-up");
    tool.parent_id = Some(OTHER.parse().unwrap());
    tool.input = "{\"q\":1}".into();
    tool.input_language = Some("json".into());
    tool.output = "a \"b\"\n".into();
    tool.language = Some("text".into());
    tool.end = Some("2026-11-21T07:14:08.1234567Z".parse().unwrap());
    tool.is_error = true;
    tool.default_open = true;
    tool.auto_collapse = true;
    tool.metadata = Some(json("{\"icon\": \"zap\"}"));
    tool.tags = vec!["a".into()];
    insta::assert_snapshot!(
        line(&Emit::StepUpdated(Arc::new(tool))),
        @r#"update_message {"name":"look-up","type":"tool","id":"11111111-1111-4111-8111-111111111111","threadId":"33333333-3333-4333-8333-333333333333","parentId":"22222222-2222-4222-8222-222222222222","streaming":false,"metadata":{"icon": "zap"},"tags":["a"],"input":"{\"q\":1}","isError":true,"output":"a \"b\"\n","createdAt":"2026-11-21T07:14:07.529575Z","start":"2026-11-21T07:14:07.000000Z","end":"2026-11-21T07:14:08.123456Z","language":"text","defaultOpen":true,"autoCollapse":true,"showInput":"json","generation":null}"#
    );
}

#[test]
fn a_message_has_the_keys_of_a_message() {
    let mut message = step(StepKind::AssistantMessage, "Assistant");
    message.parent_id = Some(OTHER.parse().unwrap());
    message.output = "Hello".into();
    message.is_streaming = true;
    insta::assert_snapshot!(
        line(&Emit::StreamStarted(Arc::new(message))),
        @r#"stream_start {"id":"11111111-1111-4111-8111-111111111111","threadId":"33333333-3333-4333-8333-333333333333","parentId":"22222222-2222-4222-8222-222222222222","createdAt":"2026-11-21T07:14:07.529575Z","command":null,"modes":null,"start":"2026-11-21T07:14:07.000000Z","end":null,"output":"Hello","name":"Assistant","type":"assistant_message","language":null,"streaming":true,"isError":false,"waitForAnswer":false,"metadata":{},"tags":null}"#
    );
}

#[test]
fn a_user_message_carries_its_command_and_modes() {
    let mut message = step(StepKind::UserMessage, "Ann");
    message.command = Some("search".into());
    message.modes = BTreeMap::from([("llm".into(), "big".into())]);
    message.end = Some(message.start);
    insta::assert_snapshot!(
        line(&Emit::StepCreated(Arc::new(message))),
        @r#"new_message {"id":"11111111-1111-4111-8111-111111111111","threadId":"33333333-3333-4333-8333-333333333333","parentId":null,"createdAt":"2026-11-21T07:14:07.529575Z","command":"search","modes":{"llm":"big"},"start":"2026-11-21T07:14:07.000000Z","end":"2026-11-21T07:14:07.000000Z","output":"","name":"Ann","type":"user_message","language":null,"streaming":false,"isError":false,"waitForAnswer":false,"metadata":{},"tags":null}"#
    );
}

#[test]
fn small_events_have_chainlits_spelling() {
    let token = |replaces| Emit::Token {
        step_id: ID.parse().unwrap(),
        text: "tok ".into(),
        replaces,
        is_input: false,
    };
    let toast = |kind| Emit::Toast { message: "saved".into(), kind };
    let lines: Vec<_> = [
        Emit::FirstInteraction { interaction: "hello".into(), thread_id: THREAD.parse().unwrap() },
        token(false),
        token(true),
        Emit::StepRemoved(ID.parse().unwrap()),
        Emit::ElementRemoved(ID.parse().unwrap()),
        toast(ToastKind::Info),
        toast(ToastKind::Success),
        toast(ToastKind::Warning),
        toast(ToastKind::Error),
        Emit::WindowMessage(json("[1, {\"a\": null}]")),
    ]
    .iter()
    .map(line)
    .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    first_interaction {"interaction":"hello","thread_id":"33333333-3333-4333-8333-333333333333"}
    stream_token {"id":"11111111-1111-4111-8111-111111111111","token":"tok ","isSequence":false,"isInput":false}
    stream_token {"id":"11111111-1111-4111-8111-111111111111","token":"tok ","isSequence":true,"isInput":false}
    delete_message {"id":"11111111-1111-4111-8111-111111111111"}
    remove_element {"id":"11111111-1111-4111-8111-111111111111"}
    toast {"message":"saved","type":"info"}
    toast {"message":"saved","type":"success"}
    toast {"message":"saved","type":"warning"}
    toast {"message":"saved","type":"error"}
    window_message [1, {"a": null}]
    "#);
}

#[test]
fn a_button_carries_its_payload_as_it_stands() {
    let action = Arc::new(Action {
        id: ID.parse().unwrap(),
        message_id: OTHER.parse().unwrap(),
        draft: ActionDraft {
            name: "ping".into(),
            label: "Ping me".into(),
            tooltip: "sends ping".into(),
            icon: Some("zap".into()),
            payload: json("{\"v\": 1}"),
        },
    });
    let lines = [line(&Emit::ActionAdded(Arc::clone(&action))), line(&Emit::ActionRemoved(action))];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    action {"name":"ping","payload":{"v": 1},"label":"Ping me","tooltip":"sends ping","icon":"zap","forId":"22222222-2222-4222-8222-222222222222","id":"11111111-1111-4111-8111-111111111111"}
    remove_action {"name":"ping","payload":{"v": 1},"label":"Ping me","tooltip":"sends ping","icon":"zap","forId":"22222222-2222-4222-8222-222222222222","id":"11111111-1111-4111-8111-111111111111"}
    "#);
}

fn element(kind: ElementKind, content: ElementContent) -> Element {
    Element {
        id: ID.parse().unwrap(),
        message_id: Some(OTHER.parse().unwrap()),
        ..Element::new(THREAD.parse().unwrap(), kind, "note.txt", "text/plain", content)
    }
}

#[test]
fn a_stored_element_has_a_key_and_a_linked_one_an_address() {
    let stored = element(ElementKind::Text, ElementContent::Stored(OTHER.parse().unwrap(), 3));
    let mut linked =
        element(ElementKind::Audio, ElementContent::Url("https://x.example/a.mp3".into()));
    linked.size = Some(ElementSize::Large);
    linked.display = ElementDisplay::Side;
    linked.auto_play = true;
    let mut tasks =
        element(ElementKind::Tasklist, ElementContent::Stored(OTHER.parse().unwrap(), 3));
    tasks.message_id = None;
    tasks.mime = "application/json".into();
    let lines: Vec<_> = [stored, linked, tasks]
        .into_iter()
        .map(|it| line(&Emit::ElementShown(Arc::new(it))))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    element {"id":"11111111-1111-4111-8111-111111111111","threadId":"33333333-3333-4333-8333-333333333333","type":"text","url":null,"chainlitKey":"22222222-2222-4222-8222-222222222222","name":"note.txt","display":"inline","objectKey":null,"size":null,"props":null,"page":null,"autoPlay":null,"playerConfig":null,"language":null,"forId":"22222222-2222-4222-8222-222222222222","mime":"text/plain"}
    element {"id":"11111111-1111-4111-8111-111111111111","threadId":"33333333-3333-4333-8333-333333333333","type":"audio","url":"https://x.example/a.mp3","chainlitKey":null,"name":"note.txt","display":"side","objectKey":null,"size":"large","props":null,"page":null,"autoPlay":true,"playerConfig":null,"language":null,"forId":"22222222-2222-4222-8222-222222222222","mime":"text/plain"}
    element {"id":"11111111-1111-4111-8111-111111111111","threadId":"33333333-3333-4333-8333-333333333333","type":"tasklist","url":null,"chainlitKey":"22222222-2222-4222-8222-222222222222","name":"note.txt","display":"inline","objectKey":null,"size":null,"props":null,"page":null,"autoPlay":null,"playerConfig":null,"language":null,"forId":"","mime":"application/json"}
    "#);
}

#[test]
fn sound_is_encoded_as_bytes() {
    let chunk = Emit::AudioChunk {
        mime_type: "pcm16".into(),
        track: "t1".into(),
        data: Bytes::from_static(&[1, 2]),
    };
    // serde_json writes bytes as numbers; the connection's serializer makes them an attachment.
    insta::assert_snapshot!(line(&chunk), @r#"audio_chunk {"mimeType":"pcm16","track":"t1","data":[1,2]}"#);
}
