//! What may have a bad end: it panics then, as tests do, and here that is told and not the end of everything.

use std::future::Future;

use tokio::task::{JoinError, JoinSet};

/// Does something in a task of its own.
///
/// # Errors
/// What it said when it panicked.
pub(crate) async fn attempt<T: Send + 'static>(
    what: impl Future<Output = T> + Send + 'static,
) -> Result<T, String> {
    let mut task = JoinSet::new();
    task.spawn(what);
    task.join_next().await.expect("there is one task").map_err(why)
}

fn why(error: JoinError) -> String {
    let Ok(panic) = error.try_into_panic() else { return "it was given up".into() };
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("it does not say why").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_bad_end_is_told_with_its_words_and_a_good_one_with_its_result() {
        assert_eq!(attempt(async { 7 }).await, Ok(7));
        let number = 8;
        let bad = attempt(async move { assert_eq!(number, 7, "an answer is lost") }).await;
        assert!(bad.is_err_and(|why| why.contains("an answer is lost")));
    }
}
