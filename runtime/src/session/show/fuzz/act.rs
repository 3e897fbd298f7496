//! What may happen in a turn: calls that a guest could make, in any order, and a client that comes and goes.

use proptest::{
    option::of,
    prelude::*,
    sample::{Index, select},
};

/// What happens next.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Call(Call),
    /// The client's connection breaks.
    Leave,
    /// The client is back.
    Return,
}

/// What a guest asks for. The indices choose among what it knows, and sometimes something that there is not.
#[derive(Clone, Debug)]
pub(super) enum Call {
    Send,
    Stream(bool),
    Token(Index, bool),
    EndStream(Index),
    Step(Option<Index>),
    Note(Index, u8),
    StreamStep(Index, bool),
    EndStep(Index),
    Update(Index),
    Remove(Index),
    Button(Index),
    Unbutton(Index),
    Picture(Index, Source),
    Repaint(Index, Index, Source),
    Unpicture(Index),
    Component(Option<u8>, Option<Index>),
    Redraw(Index),
    Sidebar(bool),
    Ask(u8, Ending),
    Status(bool),
    Toast,
    History,
}

/// Where a picture comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source {
    Address,
    Script,
    Bytes,
}

/// How a question ends.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ending {
    Answered,
    /// Somebody answers what was not asked, and then nobody.
    Mistaken,
    TimedOut,
    /// The guest is stopped while it waits.
    Stopped,
}

pub(super) fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        20 => call().prop_map(Act::Call),
        1 => Just(Act::Leave),
        1 => Just(Act::Return),
    ]
}

fn call() -> impl Strategy<Value = Call> {
    let which = any::<Index>;
    let source = || select(vec![Source::Address, Source::Script, Source::Bytes]);
    let ending =
        select(vec![Ending::Answered, Ending::Mistaken, Ending::TimedOut, Ending::Stopped]);
    let messages = prop_oneof![
        2 => Just(Call::Send),
        2 => any::<bool>().prop_map(Call::Stream),
        4 => (which(), any::<bool>()).prop_map(|(at, replaces)| Call::Token(at, replaces)),
        2 => which().prop_map(Call::EndStream),
        2 => which().prop_map(Call::Update),
        1 => which().prop_map(Call::Remove),
        1 => any::<bool>().prop_map(Call::Status),
        1 => Just(Call::Toast),
        1 => Just(Call::History),
    ];
    let steps = prop_oneof![
        2 => of(which()).prop_map(Call::Step),
        2 => (which(), 0..4_u8).prop_map(|(at, what)| Call::Note(at, what)),
        2 => (which(), any::<bool>()).prop_map(|(at, is_input)| Call::StreamStep(at, is_input)),
        1 => which().prop_map(Call::EndStep),
    ];
    let parts = prop_oneof![
        2 => which().prop_map(Call::Button),
        1 => which().prop_map(Call::Unbutton),
        2 => (which(), source()).prop_map(|(at, source)| Call::Picture(at, source)),
        1 => (which(), which(), source()).prop_map(|(at, below, source)| Call::Repaint(at, below, source)),
        1 => which().prop_map(Call::Unpicture),
        2 => (of(0..2_u8), of(which())).prop_map(|(key, at)| Call::Component(key, at)),
        1 => which().prop_map(Call::Redraw),
        1 => any::<bool>().prop_map(Call::Sidebar),
        1 => (0..5_u8, ending).prop_map(|(kind, ending)| Call::Ask(kind, ending)),
    ];
    prop_oneof![3 => messages, 2 => steps, 2 => parts]
}
