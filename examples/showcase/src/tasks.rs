//! The task list beside the chat.

use chinwag_sdk::{
    Result,
    emitter::{self, Task, TaskList, TaskStatus},
};

/// One of two tasks gets done; `tasklist remove` clears the list away.
pub(crate) fn list(then: Option<&str>) -> Result {
    let mut done = Task::running("Step **one**");
    let next = Task::ready("Step two");
    let tasks = vec![done.clone(), next.clone()];
    let shown = TaskList { status: "Running...".into(), tasks }.show()?;
    let message = emitter::send("task one done")?;
    done.status = TaskStatus::Done;
    done.message = Some(message);
    shown.update(&TaskList { status: "Done".into(), tasks: vec![done, next] })?;
    if then == Some("remove") {
        shown.remove()?;
    }
    Ok(())
}
