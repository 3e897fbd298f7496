//! What becomes of calls that nobody can serve.

use super::{CallError, HostCall, MemoryCall, Reply, answer};

/// Says no.
fn no<T>(reply: Reply<T>, error: CallError) {
    answer(reply, Err(error));
}

impl HostCall {
    /// Answers with a refusal, if the call waits for an answer; others come to nothing.
    pub fn refuse(self, error: CallError) {
        match self {
            Self::UpdateMessage { reply, .. }
            | Self::RemoveMessage { reply, .. }
            | Self::OpenStep { reply, .. }
            | Self::RemoveAction { reply, .. }
            | Self::UpdateElement { reply, .. }
            | Self::RemoveElement { reply, .. }
            | Self::UpdateComponent { reply, .. } => no(reply, error),
            Self::SendElement { reply, .. } | Self::ShowComponent { reply, .. } => no(reply, error),
            Self::Settings { reply } | Self::ThreadMetadata { reply } => no(reply, error),
            Self::SendAction { reply, .. } => no(reply, error),
            Self::State(call) | Self::Store(call) => call.refuse(error),
            Self::Ask { reply, .. } => no(reply, error),
            Self::SidebarElements { reply, .. } => no(reply, error),
            Self::ThreadName { reply } => no(reply, error),
            Self::History { reply, .. } => no(reply, error),
            Self::Files { reply } => no(reply, error),
            Self::Complete { reply, .. } => no(reply, error),
            Self::ReadFile { reply, .. } => no(reply, error),
            Self::SendMessage { .. }
            | Self::OpenStream { .. }
            | Self::StreamToken { .. }
            | Self::FinishStream { .. }
            | Self::SetStepInput { .. }
            | Self::SetStepOutput { .. }
            | Self::StreamStepInput { .. }
            | Self::StreamStepOutput { .. }
            | Self::SetStepError { .. }
            | Self::SetStepGeneration { .. }
            | Self::FinishStep { .. }
            | Self::Toast { .. }
            | Self::Status { .. }
            | Self::WindowMessage { .. }
            | Self::AudioChunk { .. }
            | Self::AudioInterrupt
            | Self::SidebarTitle { .. }
            | Self::SetCommands { .. }
            | Self::SetModes { .. }
            | Self::ShowSettings { .. }
            | Self::SetThreadName { .. }
            | Self::SetThreadTags { .. }
            | Self::SetThreadMetadata { .. }
            | Self::TokenUsage { .. }
            | Self::Log { .. }
            | Self::Denied { .. } => {}
        }
    }
}

impl MemoryCall {
    /// Answers with a refusal.
    pub fn refuse(self, error: CallError) {
        match self {
            Self::Set { reply, .. } | Self::Append { reply, .. } | Self::Remove { reply, .. } => {
                no(reply, error);
            }
            Self::Get { reply, .. } => no(reply, error),
            Self::Keys { reply, .. } => no(reply, error),
            Self::Increment { reply, .. } => no(reply, error),
            Self::CompareAndSwap { reply, .. } => no(reply, error),
        }
    }
}
