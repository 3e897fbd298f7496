//! What a guest may ask of its host, called as a guest's bindings call it, and served by the tests.

use std::{sync::Arc, time::Duration};

use tokio::sync::mpsc;

use super::*;
use crate::{
    domain::{AskReply, ElementDisplay, FileInfo, Limits, SessionId, ThreadId, TurnId},
    sandbox::{
        AskDraft, ClientInfo, ComponentDraft, SidebarItem, TurnContext,
        bindings::chinwag::bot::{
            ask, chat_settings, components, composer, files, history, sidebar, thread,
        },
        cpu::CpuMeter,
        turn::TurnError,
        wall::WallClock,
    },
};

/// Calls that wait for the test.
const BACKLOG: usize = 16;

fn limits() -> Limits {
    Limits { wall: Duration::from_secs(10), ..Limits::default() }
}

fn context() -> TurnContext {
    let mut client = ClientInfo { kind: "webapp".to_owned(), ..ClientInfo::default() };
    client.environment.insert("API_KEY".to_owned(), "k".to_owned());
    TurnContext {
        turn_id: TurnId::random(),
        session_id: SessionId::random(),
        thread_id: ThreadId::random(),
        bot: "test".parse().unwrap(),
        user: None,
        client: Arc::new(client),
        attached: vec![file("notes.txt")],
        is_edit: true,
        reach: Arc::default(),
        usage: Arc::default(),
    }
}

fn file(name: &str) -> FileInfo {
    FileInfo { id: ElementId::random(), name: name.into(), mime: "text/plain".into(), size: 12 }
}

/// A turn's state, and the calls that it makes.
fn turn() -> (TurnState, mpsc::Receiver<HostCall>) {
    let (calls_tx, calls) = mpsc::channel(BACKLOG);
    let (limits_of_turn, cpu) = (Arc::new(limits()), Arc::<CpuMeter>::default());
    let budget = crate::sandbox::budget::Budget::new(limits_of_turn, cpu, Arc::default());
    let wall = Arc::new(WallClock::new(limits().wall));
    (TurnState::new(context(), budget, wall, calls_tx), calls)
}

fn question(text: &str) -> emitter::MessageDraft {
    emitter::MessageDraft {
        content: text.to_owned(),
        author: None,
        language: None,
        is_error: false,
        metadata: None,
        tags: Vec::new(),
    }
}

fn counter() -> components::Component {
    components::Component {
        name: "Counter".to_owned(),
        props: r#"{"count": 1}"#.to_owned(),
        key: None,
        message_id: None,
        display: emitter::ElementDisplay::Inline,
    }
}

/// The code of a refusal, which the host has counted as well.
fn refused<T: std::fmt::Debug>(
    result: Result<Result<T, Error>>,
    calls: &mut mpsc::Receiver<HostCall>,
) -> String {
    let error = result.unwrap().unwrap_err();
    match calls.try_recv() {
        Ok(HostCall::Denied { code, .. }) => assert_eq!(code, error.code),
        other => panic!("a refusal is told to the host, not {other:?}"),
    }
    error.code
}

#[tokio::test(start_paused = true)]
async fn a_turn_may_wait_for_an_answer_for_longer_than_its_time_limit() {
    let (mut state, mut calls) = turn();
    let wall = state.wall.clone();
    let guest = wall.limit(async { ask::Host::message(&mut state, question("Who?"), None).await });
    let host = async {
        let Some(HostCall::Ask { draft, timeout, reply }) = calls.recv().await else {
            panic!("a question");
        };
        assert!(matches!(*draft, AskDraft::Text { question } if question.content == "Who?"));
        assert_eq!(timeout, Duration::from_secs(60));
        tokio::time::sleep(limits().wall * 3).await;
        let answer = AskReply::Text { message_id: StepId::random(), text: "Ada".to_owned() };
        reply.send(Ok(Some(answer))).unwrap();
    };
    let (answer, ()) = tokio::join!(guest, host);
    let answer = answer.expect("the clock stood still").unwrap().unwrap().unwrap();
    assert_eq!(answer.text, "Ada");
}

#[tokio::test]
async fn nobody_answers_is_an_answer_and_a_refusal_has_its_code() {
    let (mut state, mut calls) = turn();
    let guest = async {
        let first = ask::Host::message(&mut state, question("1"), Some(1)).await.unwrap();
        let second = ask::Host::message(&mut state, question("2"), None).await.unwrap();
        (first, second)
    };
    let host = async {
        let Some(HostCall::Ask { timeout, reply, .. }) = calls.recv().await else { panic!() };
        assert_eq!(timeout, Duration::from_millis(1));
        reply.send(Ok(None)).unwrap();
        let Some(HostCall::Ask { reply, .. }) = calls.recv().await else { panic!() };
        reply.send(Err(CallError::new("busy", "another question is open"))).unwrap();
        assert!(matches!(calls.recv().await, Some(HostCall::Denied { code: "busy", .. })));
    };
    let ((first, second), ()) = tokio::join!(guest, host);
    assert!(first.unwrap().is_none());
    assert_eq!(second.unwrap_err().code, "busy");
}

#[tokio::test]
async fn a_wait_has_an_end_and_an_answer_is_of_the_kind_that_was_asked_for() {
    let (mut state, mut calls) = turn();
    let request =
        ask::FileRequest { accept: vec!["text/plain".into()], max_files: 0, max_bytes: 9 };
    let guest = ask::Host::file(&mut state, question("File?"), request, Some(u32::MAX));
    let host = async {
        let Some(HostCall::Ask { draft, timeout, reply }) = calls.recv().await else { panic!() };
        assert_eq!(timeout, Duration::from_secs(24 * 60 * 60));
        assert!(matches!(*draft, AskDraft::File { request, .. } if request.max_files == 1));
        reply.send(Ok(Some(AskReply::Json(parse_json("1".to_owned()).unwrap())))).unwrap();
    };
    let (answer, ()) = tokio::join!(guest, host);
    let error = answer.unwrap_err();
    assert!(matches!(error.downcast_ref(), Some(TurnError::Internal(_))), "{error:?}");
}

#[tokio::test]
async fn questions_that_no_client_could_show_are_refused() {
    let (mut state, mut calls) = turn();
    let button = emitter::ActionButton {
        name: "a".into(),
        label: String::new(),
        tooltip: String::new(),
        icon: None,
        payload: "{}".into(),
    };
    let asked = ask::Host::action(&mut state, question("?"), vec![button; 65], None).await;
    assert_eq!(refused(asked, &mut calls), "too-many");
    let asked = ask::Host::message(&mut state, question(&"x".repeat(2 << 20)), None).await;
    assert_eq!(refused(asked, &mut calls), "too-large");
    let called = ask::Host::call_function(&mut state, "f".into(), "[1]".into(), None).await;
    assert_eq!(refused(called, &mut calls), "invalid-json");
    let called = ask::Host::call_function(&mut state, String::new(), "{}".into(), None).await;
    assert_eq!(refused(called, &mut calls), "invalid-name");
    let form = components::Component { name: "../Form".to_owned(), ..counter() };
    let asked = ask::Host::element(&mut state, question("?"), form, None).await;
    assert_eq!(refused(asked, &mut calls), "invalid-name");
}

#[tokio::test]
async fn a_component_has_a_name_that_is_safe_as_a_file_name_and_props_that_are_an_object() {
    let (mut state, mut calls) = turn();
    for name in ["", "a b", "a/b", "..", "Ä", &"x".repeat(65)] {
        let component = components::Component { name: name.to_owned(), ..counter() };
        let shown = components::Host::show(&mut state, component).await;
        assert_eq!(refused(shown, &mut calls), "invalid-name", "{name}");
    }
    let component = components::Component { props: "[]".to_owned(), ..counter() };
    let shown = components::Host::show(&mut state, component).await;
    assert_eq!(refused(shown, &mut calls), "invalid-json");
    let component = components::Component { key: Some(String::new()), ..counter() };
    let shown = components::Host::show(&mut state, component).await;
    assert_eq!(refused(shown, &mut calls), "invalid-key");
    let component = components::Component { message_id: Some("mine".into()), ..counter() };
    let shown = components::Host::show(&mut state, component).await;
    assert_eq!(refused(shown, &mut calls), "unknown-message");
    let updated = components::Host::update(&mut state, "mine".into(), "{}".into()).await;
    assert_eq!(refused(updated, &mut calls), "unknown-element");
}

#[tokio::test]
async fn the_panel_at_the_side_takes_elements_and_components_and_closes_empty() {
    let (mut state, mut calls) = turn();
    let nobody = StepId::random().to_string();
    let display = emitter::ElementDisplay::Page;
    let component = components::Component { message_id: Some(nobody), display, ..counter() };
    let items = vec![sidebar::Item::Component(component)];
    let host = async {
        let Some(HostCall::SidebarElements { items, key, reply }) = calls.recv().await else {
            panic!("items");
        };
        let [SidebarItem::Component(ComponentDraft { name, display, message_id, .. })] = &items[..]
        else {
            panic!("a component, not {items:?}");
        };
        assert_eq!((name.as_str(), *display), ("Counter", ElementDisplay::Inline));
        assert_eq!((*message_id, key.as_deref()), (None, Some("k")));
        reply.send(Ok(vec![ElementId::random()])).unwrap();
        let Some(HostCall::SidebarElements { items, key: None, reply }) = calls.recv().await else {
            panic!("nothing");
        };
        assert!(items.is_empty());
        reply.send(Ok(Vec::new())).unwrap();
    };
    let guest = async {
        let shown = sidebar::Host::set_elements(&mut state, items, Some("k".into())).await;
        assert_eq!(shown.unwrap().unwrap().len(), 1);
        sidebar::Host::close(&mut state).await.unwrap().unwrap();
    };
    tokio::join!(guest, host);
    let items = (0..33).map(|_| sidebar::Item::Component(counter())).collect();
    let shown = sidebar::Host::set_elements(&mut state, items, None).await;
    assert_eq!(refused(shown, &mut calls), "too-many");
}

#[tokio::test]
async fn commands_and_modes_are_counted() {
    let (mut state, mut calls) = turn();
    let command = composer::Command {
        id: "Search".into(),
        description: "Find".into(),
        icon: None,
        button: true,
        persistent: false,
        selected: false,
    };
    let set = composer::Host::set_commands(&mut state, vec![command.clone(); 65]).await;
    assert_eq!(refused(set, &mut calls), "too-many");
    composer::Host::set_commands(&mut state, vec![command]).await.unwrap().unwrap();
    let Ok(HostCall::SetCommands { commands }) = calls.try_recv() else { panic!("commands") };
    assert_eq!((commands[0].id.as_str(), commands[0].icon.as_str()), ("Search", ""));
    let option = composer::ModeOption {
        id: "big".into(),
        name: "Big".into(),
        description: None,
        icon: None,
        is_default: true,
    };
    let mode = composer::Mode { id: "llm".into(), name: "Model".into(), options: vec![option; 65] };
    let set = composer::Host::set_modes(&mut state, vec![mode]).await;
    assert_eq!(refused(set, &mut calls), "too-many");
}

fn widget(id: &str, kind: chat_settings::WidgetKind) -> chat_settings::Widget {
    chat_settings::Widget {
        id: id.to_owned(),
        label: id.to_owned(),
        tooltip: None,
        description: None,
        disabled: false,
        kind,
    }
}

#[tokio::test]
async fn settings_have_ids_of_their_own_and_numbers_that_are_numbers() {
    use chat_settings::{Slider, Tab, WidgetKind};
    let (mut state, mut calls) = turn();
    let on = |id| widget(id, WidgetKind::Switch(true));
    let shown = chat_settings::Host::show_widgets(&mut state, vec![on("a"), on("a")]).await;
    assert_eq!(refused(shown, &mut calls), "invalid-value");
    for (max, step) in [(f64::NAN, 1.0), (f64::INFINITY, 1.0), (1.0, 0.0)] {
        let slider = WidgetKind::Slider(Slider { initial: 0.0, min: 0.0, max, step });
        let shown = chat_settings::Host::show_widgets(&mut state, vec![widget("s", slider)]).await;
        assert_eq!(refused(shown, &mut calls), "invalid-value");
    }
    let tab = |id: &str, widgets| Tab { id: id.into(), label: id.into(), widgets };
    let twice = vec![tab("1", vec![on("a")]), tab("2", vec![on("a")])];
    let shown = chat_settings::Host::show_tabs(&mut state, twice).await;
    assert_eq!(refused(shown, &mut calls), "invalid-value");
    let fine = vec![tab("1", vec![on("a")]), tab("2", vec![on("b")])];
    chat_settings::Host::show_tabs(&mut state, fine).await.unwrap().unwrap();
    let Ok(HostCall::ShowSettings { panel }) = calls.try_recv() else { panic!("a panel") };
    assert_eq!(panel.initial().get(), r#"{"a":true,"b":true}"#);
}

#[tokio::test]
async fn a_thread_has_a_short_name_few_tags_and_notes_that_are_an_object() {
    let (mut state, mut calls) = turn();
    let named = thread::Host::set_name(&mut state, "x".repeat(1_025)).await;
    assert_eq!(refused(named, &mut calls), "too-large");
    let tagged = thread::Host::set_tags(&mut state, vec!["x".repeat(257)]).await;
    assert_eq!(refused(tagged, &mut calls), "too-large");
    let tagged = thread::Host::set_tags(&mut state, vec![String::new(); 33]).await;
    assert_eq!(refused(tagged, &mut calls), "too-many");
    let noted = thread::Host::set_metadata(&mut state, "null".into()).await;
    assert_eq!(refused(noted, &mut calls), "invalid-json");
    thread::Host::set_metadata(&mut state, r#" {"a": 1} "#.into()).await.unwrap().unwrap();
    let Ok(HostCall::SetThreadMetadata { metadata }) = calls.try_recv() else { panic!("notes") };
    assert_eq!(metadata.get(), r#"{"a": 1}"#);
}

#[tokio::test]
async fn one_call_reads_so_many_messages_and_so_many_bytes_at_most() {
    let (mut state, mut calls) = turn();
    let host = async {
        let Some(HostCall::History { limit, reply }) = calls.recv().await else { panic!() };
        assert_eq!(limit, 1_000);
        reply.send(Ok(Vec::new())).unwrap();
        let Some(HostCall::ReadFile { offset, length, reply, .. }) = calls.recv().await else {
            panic!("a read");
        };
        assert_eq!((offset, length), (3, 1 << 20));
        reply.send(Ok("abc".into())).unwrap();
    };
    let guest = async {
        assert!(history::Host::messages(&mut state, u32::MAX).await.unwrap().is_empty());
        let id = ElementId::random().to_string();
        let piece = files::Host::read(&mut state, id, 3, u32::MAX).await.unwrap().unwrap();
        assert_eq!(piece, b"abc");
    };
    tokio::join!(guest, host);
    let read = files::Host::read(&mut state, "mine".into(), 0, 1).await;
    assert_eq!(refused(read, &mut calls), "unknown-file");
}

#[tokio::test]
async fn a_turn_knows_its_client_and_what_came_with_the_message() {
    let (mut state, _calls) = turn();
    assert_eq!(session::Host::client_type(&mut state).await.unwrap(), "webapp");
    assert_eq!(session::Host::locale(&mut state).await.unwrap(), None);
    assert!(session::Host::is_edit(&mut state).await.unwrap());
    let key = session::Host::environment(&mut state, "API_KEY".into()).await.unwrap();
    assert_eq!(key.as_deref(), Some("k"));
    assert_eq!(session::Host::environment_keys(&mut state).await.unwrap(), ["API_KEY"]);
    assert_eq!(files::Host::attached(&mut state).await.unwrap()[0].name, "notes.txt");
}

#[tokio::test]
async fn what_is_shown_in_new_ways_counts_like_everything_else_that_is_shown() {
    let (mut state, mut calls) = turn();
    for _ in 0..limits().emits {
        emitter::Host::token_usage(&mut state, 1).await.unwrap().unwrap();
        assert!(matches!(calls.try_recv(), Ok(HostCall::TokenUsage { tokens: 1 })));
    }
    let error = sidebar::Host::set_title(&mut state, "One more".into()).await.unwrap_err();
    assert!(matches!(error.downcast_ref(), Some(TurnError::EmitLimit(_))), "{error:?}");
}
