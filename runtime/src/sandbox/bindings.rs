//! Host bindings generated from `wit/`.

wasmtime::component::bindgen!({
    path: "../wit",
    world: "complete",
    imports: { default: async | trappable },
    with: {
        "chinwag:bot/emitter.message-stream": super::state::OpenStream,
        "chinwag:bot/emitter.step": super::state::OpenStep,
        "chinwag:bot/model.completion": super::state::Completion,
        "chinwag:bot/profile.profile": super::state::ProfileDraft,
    },
});
