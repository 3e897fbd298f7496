//! The trait that a bot implements.

use crate::{Action, AudioChunk, Json, Message, Profile, Result, WindowMessage};

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
