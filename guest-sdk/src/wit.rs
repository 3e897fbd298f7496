//! The host's functions as the WIT declares them. The rest of this crate wraps each of them; come
//! here for what the wrappers forbid.

pub use crate::bindings::core::chinwag::bot::{
    ask, chat_settings, components, composer, emitter, files, history, log, model, session,
    sidebar, store, thread, types,
};
