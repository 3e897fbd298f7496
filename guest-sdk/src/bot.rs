//! The trait that a bot implements.

use crate::{
    Action, AudioChunk, Feedback, Json, Message, Profile, Result, SettingsValues, WindowMessage,
    session::User, thread::Thread,
};

/// A bot: one method for each thing that can happen in a session.
///
/// Implement what you need, and put `#[chinwag_sdk::bot]` on the `impl` block: it exports the
/// methods that are written there and no others. Methods have no `self`, because each call runs in
/// a fresh sandbox; what must outlive the call goes into [`session`](crate::session) state.
///
/// A method that returns an error shows it in the chat, and so does one that panics. Steps and
/// streams that it left open are closed.
///
/// ```
/// use chinwag_sdk::{Action, Bot, Json, Message, Profile, Result, emitter, json};
///
/// struct Waiter;
///
/// #[chinwag_sdk::bot]
/// impl Bot for Waiter {
///     fn on_message(_: Message) -> Result {
///         let soup = emitter::action("order").label("Soup").payload(json!({ "dish": "soup" }));
///         emitter::message("What may I bring?").action(soup).send()?;
///         Ok(())
///     }
///
///     fn on_action(action: Action) -> Result<Option<Json>> {
///         let order: Json = action.payload_as()?;
///         emitter::send(format!("Coming: {}", order["dish"]))?;
///         Ok(None)
///     }
///
///     fn describe() -> Result<Profile> {
///         Ok(Profile::new().display_name("Waiter").starter("I am hungry", "menu"))
///     }
/// }
/// ```
pub trait Bot {
    /// The user sent a message. Called one at a time, in the order in which they were sent.
    ///
    /// # Errors
    ///
    /// Shown in the chat.
    fn on_message(message: Message) -> Result {
        drop(message);
        Ok(())
    }

    /// The user clicked a button of this bot. What it returns is the answer that the page's script
    /// receives; none is `null`.
    ///
    /// # Errors
    ///
    /// Shown in the chat.
    fn on_action(action: Action) -> Result<Option<Json>> {
        drop(action);
        Ok(None)
    }

    /// The microphone delivered audio. Runs in a lane of its own, beside the other callbacks: what
    /// both touch belongs in [`session::update`](crate::session::update).
    ///
    /// # Errors
    ///
    /// Shown in the chat.
    fn on_audio_chunk(chunk: AudioChunk) -> Result {
        drop(chunk);
        Ok(())
    }

    /// The user opened the microphone; `false` refuses it.
    ///
    /// A bot that writes any of the three audio methods gets a microphone button.
    ///
    /// # Errors
    ///
    /// Shown in the chat, and the microphone stays closed.
    fn on_audio_start() -> Result<bool> {
        Ok(true)
    }

    /// The user closed the microphone; all chunks have been delivered.
    ///
    /// # Errors
    ///
    /// Shown in the chat.
    fn on_audio_end() -> Result {
        Ok(())
    }

    /// A new chat was opened: the place for a greeting. Called once, before the first message.
    ///
    /// # Errors
    ///
    /// Shown in the chat.
    fn on_chat_start() -> Result {
        Ok(())
    }

    /// The session is over. What is emitted here reaches nobody.
    ///
    /// # Errors
    ///
    /// Written to the bot's log.
    fn on_chat_end() -> Result {
        Ok(())
    }

    /// The user pressed stop; what was running has been cancelled.
    ///
    /// # Errors
    ///
    /// Shown in the chat.
    fn on_stop() -> Result {
        Ok(())
    }

    /// The page that embeds the chat posted a message.
    ///
    /// # Errors
    ///
    /// Shown in the chat.
    fn on_window_message(message: WindowMessage) -> Result {
        drop(message);
        Ok(())
    }

    /// The user came back to a kept conversation, which the client is about to show. Called instead
    /// of [`on_chat_start`](Self::on_chat_start); session state is as it was.
    ///
    /// Only the conversations of a bot that writes this method can be continued.
    ///
    /// # Errors
    ///
    /// Shown in the chat.
    fn on_chat_resume(thread: Thread) -> Result {
        drop(thread);
        Ok(())
    }

    /// The user changed the [`settings`](crate::settings) and confirmed them.
    ///
    /// # Errors
    ///
    /// Shown in the chat.
    fn on_settings_update(values: SettingsValues) -> Result {
        drop(values);
        Ok(())
    }

    /// The user is changing the [`settings`](crate::settings); nothing of it holds yet. A bot may
    /// show another panel, which depends on what was picked.
    ///
    /// # Errors
    ///
    /// Shown in the chat.
    fn on_settings_edit(values: SettingsValues) -> Result {
        drop(values);
        Ok(())
    }

    /// The user said what an answer is worth, or changed it.
    ///
    /// # Errors
    ///
    /// Shown in the chat.
    fn on_feedback(feedback: Feedback) -> Result {
        drop(feedback);
        Ok(())
    }

    /// The name under which something of this author is shown. Asked once for each name and
    /// version: the answer must depend on the name alone, and what is emitted here reaches nobody.
    ///
    /// # Errors
    ///
    /// The name stays as it is; written to the bot's log.
    fn rename_author(name: String) -> Result<String> {
        Ok(name)
    }

    /// Somebody who has the address of a conversation that its owner did not share wants to read
    /// it: whether they may. `viewer` is none for whoever is not signed in. What is emitted here
    /// reaches nobody, and there is no session state.
    ///
    /// # Errors
    ///
    /// Counts as `false`; written to the bot's log.
    fn on_shared_thread_view(thread: Thread, viewer: Option<User>) -> Result<bool> {
        drop((thread, viewer));
        Ok(false)
    }

    /// This version became active, or a server started with it. It belongs to no session: what is
    /// emitted reaches nobody, and there is no state.
    ///
    /// # Errors
    ///
    /// Written to the bot's log.
    fn on_app_startup() -> Result {
        Ok(())
    }

    /// This version answers nobody any more, or its server stops.
    ///
    /// # Errors
    ///
    /// Written to the bot's log.
    fn on_app_shutdown() -> Result {
        Ok(())
    }

    /// A session that another version served before is about to have its first event with this
    /// one: the place to bring session state into a new form. `from_version` is the larger number
    /// after a rollback.
    ///
    /// # Errors
    ///
    /// Written to the bot's log; the event is handled all the same.
    fn on_upgrade(from_version: u32) -> Result {
        let _ = from_version;
        Ok(())
    }

    /// How the bot presents itself. Called once when a version is uploaded; nothing can be emitted
    /// here.
    ///
    /// # Errors
    ///
    /// Refuses the upload.
    fn describe() -> Result<Profile> {
        Ok(Profile::new())
    }
}
