//! What a client is told, in the order in which it must be told.

use std::sync::Arc;

use bytes::Bytes;

use super::{
    Action, Ask, Command, Content, Element, ElementId, FunctionCall, Json, Mode, SessionId,
    SettingsPanel, Step, StepId, Thread, ThreadId, UserId,
};

/// The tone of a toast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the WIT documents each kind")]
pub enum ToastKind {
    Info,
    Success,
    Warning,
    Error,
}

/// One thing that a session tells its client. A dialect maps each to one event of its wire.
#[derive(Clone, Debug)]
pub enum Emit {
    /// A turn runs: the client shows that it is busy.
    TurnStart,
    /// A turn that waited for the user goes on.
    TurnGoesOn,
    /// No turn runs any more.
    TurnEnd,
    /// Forget an open question.
    ClearAsk,
    /// Forget an open function call.
    ClearCallFn,
    /// The first thing the user did; names the thread.
    FirstInteraction {
        /// What the user did: the text of the message, or the name of the action.
        interaction: String,
        /// The thread that the session writes to.
        thread_id: ThreadId,
    },
    /// A step is there, whole. A client that knows it replaces it.
    StepCreated(Arc<Step>),
    /// A step that the client knows has changed, whole.
    StepUpdated(Arc<Step>),
    /// A step is gone.
    StepRemoved(StepId),
    /// A step whose text arrives piece by piece; it holds the first piece.
    StreamStarted(Arc<Step>),
    /// The next piece of a step's output.
    Token {
        /// The step.
        step_id: StepId,
        /// The piece.
        text: String,
        /// Whether it replaces all before it.
        replaces: bool,
        /// Whether it is of the step's input.
        is_input: bool,
    },
    /// A button is there.
    ActionAdded(Arc<Action>),
    /// A button is gone.
    ActionRemoved(Arc<Action>),
    /// An element is there, whole. A client that knows it replaces it.
    ElementShown(Arc<Element>),
    /// An element is gone.
    ElementRemoved(ElementId),
    /// A short notice.
    Toast {
        /// What it says.
        message: String,
        /// Its tone.
        kind: ToastKind,
    },
    /// A message for the embedding page.
    WindowMessage(Json),
    /// Whether the microphone may stay open.
    AudioConnection(bool),
    /// Sound to play.
    AudioChunk {
        /// The format.
        mime_type: String,
        /// The track.
        track: String,
        /// The samples.
        data: Bytes,
    },
    /// Stop playing.
    AudioInterrupt,
    /// A question; the client's answer finds its way back by its id.
    Ask(Arc<Ask>),
    /// Nobody answered the question in time.
    AskTimedOut,
    /// A function of the page is called; its answer finds its way back by its id.
    FunctionCalled(Arc<FunctionCall>),
    /// The function did not answer in time.
    FunctionTimedOut,
    /// The whole of a thread that is opened again; replaces all that the client shows.
    ThreadResumed(Arc<ThreadView>),
    /// The thread that the client wanted is not there.
    ThreadMissing,
    /// The panel of settings.
    Settings(Arc<SettingsPanel>),
    /// The slash commands.
    Commands(Arc<[Command]>),
    /// The modes.
    Modes(Arc<[Mode]>),
    /// The messages that the user marked.
    Favorites(Arc<[Arc<Step>]>),
    /// Opens the side panel under this title.
    SidebarTitle(String),
    /// What the side panel shows; nothing closes it.
    SidebarElements {
        /// The elements; the client has been shown each.
        elements: Arc<[Arc<Element>]>,
        /// Another call with the same key changes nothing.
        key: Option<String>,
    },
    /// Tokens that a model used.
    TokenUsage(u32),
}

/// A thread as one session's client sees it.
#[derive(Clone, Debug)]
pub struct ThreadView {
    /// The session, by which the client fetches files.
    pub session_id: SessionId,
    /// The id of whose it is, by which clients know users.
    pub owner_id: Option<UserId>,
    /// What is known of the thread.
    pub thread: Thread,
    /// What was said.
    pub content: Content,
}
