//! What `wit-bindgen` makes of `wit/`: a module for each world, because a world's exports are made
//! all or none. Only `export` and `wit` look in here.

macro_rules! world {
    ($module:ident, $world:literal, $export:literal, $path:literal) => {
        #[expect(missing_docs, reason = "generated; `wit/` documents it")]
        pub mod $module {
            wit_bindgen::generate!({
                world: $world,
                path: "../wit",
                pub_export_macro: true,
                export_macro_name: $export,
                default_bindings_module: $path,
                runtime_path: "::chinwag_sdk::__private::rt",
            });
        }
    };
}

world!(core, "bot", "export_core", "::chinwag_sdk::__private::core");
world!(chat_start, "with-chat-start", "export_chat_start", "::chinwag_sdk::__private::chat_start");
world!(chat_end, "with-chat-end", "export_chat_end", "::chinwag_sdk::__private::chat_end");
world!(stop, "with-stop", "export_stop", "::chinwag_sdk::__private::stop");
world!(
    window_message,
    "with-window-message",
    "export_window_message",
    "::chinwag_sdk::__private::window_message"
);
world!(audio, "with-audio", "export_audio", "::chinwag_sdk::__private::audio");
world!(describe, "with-describe", "export_describe", "::chinwag_sdk::__private::describe");
world!(
    chat_resume,
    "with-chat-resume",
    "export_chat_resume",
    "::chinwag_sdk::__private::chat_resume"
);
world!(
    settings_update,
    "with-settings-update",
    "export_settings_update",
    "::chinwag_sdk::__private::settings_update"
);
world!(
    settings_edit,
    "with-settings-edit",
    "export_settings_edit",
    "::chinwag_sdk::__private::settings_edit"
);
world!(feedback, "with-feedback", "export_feedback", "::chinwag_sdk::__private::feedback");
world!(author, "with-author", "export_author", "::chinwag_sdk::__private::author");
world!(
    shared_thread,
    "with-shared-thread",
    "export_shared_thread",
    "::chinwag_sdk::__private::shared_thread"
);
world!(app, "with-app", "export_app", "::chinwag_sdk::__private::app");
world!(upgrade, "with-upgrade", "export_upgrade", "::chinwag_sdk::__private::upgrade");
