//! The list of tasks beside the chat.

use serde::Serialize;

use super::{
    MessageHandle,
    element::{self, ElementHandle},
};
use crate::Result;

/// A list of tasks, shown beside the chat.
///
/// ```
/// use chinwag_sdk::emitter::{Task, TaskList, TaskStatus};
///
/// # fn wrap() -> chinwag_sdk::Result {
/// let mut list = TaskList {
///     status: "Running…".into(),
///     tasks: vec![Task::running("Read the menu"), Task::ready("Order")],
/// };
/// let shown = list.show()?;
/// list.tasks[0].status = TaskStatus::Done;
/// shown.update(&list)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, Serialize)]
pub struct TaskList {
    /// Shown above the tasks.
    pub status: String,
    /// The tasks in their order.
    pub tasks: Vec<Task>,
}

/// One task of a list.
#[derive(Clone, Debug, Serialize)]
pub struct Task {
    /// What is to be done, Markdown.
    pub title: String,
    /// How far it is.
    pub status: TaskStatus,
    /// The message to which a click on the task leads.
    #[serde(rename = "forId", skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageHandle>,
}

/// How far a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TaskStatus {
    /// Not begun.
    Ready,
    /// Being done.
    Running,
    /// Done.
    Done,
    /// Not done, and will not be.
    Failed,
}

impl Task {
    /// A task that is not begun.
    #[must_use]
    pub fn ready(title: impl Into<String>) -> Self {
        Self { title: title.into(), status: TaskStatus::Ready, message: None }
    }

    /// A task that is being done.
    #[must_use]
    pub fn running(title: impl Into<String>) -> Self {
        Self { title: title.into(), status: TaskStatus::Running, message: None }
    }
}

impl TaskList {
    /// Shows the list.
    ///
    /// # Errors
    ///
    /// Codes `storage-full`, `too-large`.
    pub fn show(&self) -> Result<TaskListHandle> {
        Ok(TaskListHandle { element: element::task_list(self)?.show()? })
    }
}

/// A list that is shown.
#[derive(Clone, Debug)]
pub struct TaskListHandle {
    element: ElementHandle,
}

impl TaskListHandle {
    /// Shows another state of the list.
    ///
    /// # Errors
    ///
    /// Codes `unknown-element`, `storage-full`, `too-large`.
    pub fn update(&self, list: &TaskList) -> Result {
        self.element.update(element::task_list(list)?)
    }

    /// Removes the list.
    ///
    /// # Errors
    ///
    /// Code `unknown-element`.
    pub fn remove(&self) -> Result {
        self.element.remove()
    }
}
