//! What a text is found by: its words without case and accents, and how a search asks for them.

use std::{collections::BTreeSet, fmt::Write};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Begins a token that is not a word: no word has it, for it is not alphanumeric.
const MARK: char = '·';
/// The rest of a longer word is not looked at, in texts as in searches: it is a key or a checksum.
const MAX_CHARS: usize = 40;
/// Prefixes up to this length have an index of their own.
pub(super) const INDEXED_PREFIX: usize = 3;

/// The distinct words of a text, with a blank between them.
pub(super) fn of_text(text: &str) -> String {
    let folded = fold(text);
    let words: BTreeSet<&str> = split(&folded).collect();
    words.into_iter().collect::<Vec<_>>().join(" ")
}

/// The words of a search in their order.
pub(super) fn of_search(text: &str) -> Vec<String> {
    split(&fold(text)).map(str::to_owned).collect()
}

/// Asks for texts of an owner that have all words; of the last one, any of its `endings`, or anything that begins with
/// it if they are unknown.
pub(super) fn question(owner: i64, words: &[String], endings: Option<&[String]>) -> String {
    let mut question = format!("\"{MARK}o{owner}\"");
    let mut push = |text: &str| write!(question, " AND {text}").expect("text can be appended");
    let Some((last, whole)) = words.split_last() else { return question };
    whole.iter().for_each(|word| push(&format!("\"{word}\"")));
    match endings {
        Some(endings) => push(&format!("(\"{}\")", endings.join("\" OR \""))),
        None => push(&format!("\"{last}\"*")),
    }
    question
}

/// Narrows a question to one thread.
pub(super) fn within(question: &str, thread: i64) -> String {
    format!("\"{MARK}t{thread}\" AND {question}")
}

fn fold(text: &str) -> String {
    text.nfkd().filter(|it| !is_combining_mark(*it)).flat_map(char::to_lowercase).collect()
}

fn split(folded: &str) -> impl Iterator<Item = &str> {
    let words = folded.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
    words.map(|word| word.char_indices().nth(MAX_CHARS).map_or(word, |(end, _)| &word[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_neither_case_nor_accents_and_occur_once() {
        assert_eq!(
            of_text("Größe, GRÖSSE  grosse! ½ naïve\u{301} e\u{301}te"),
            "1 2 ete grosse große naive"
        );
        assert_eq!(of_text("\u{0} 🎉 -- \"·o1\" *"), "o1");
    }

    #[test]
    fn a_long_word_is_found_by_its_begin() {
        let long = "ä".repeat(100);
        assert_eq!(of_text(&long), of_search(&long[..84]).join(" "));
    }

    #[test]
    fn what_a_user_types_is_never_syntax() {
        let words = of_search("a\" OR b NEAR(c) ^d* {e}: -f");
        assert_eq!(
            question(1, &words, None),
            "\"·o1\" AND \"a\" AND \"or\" AND \"b\" AND \"near\" AND \"c\" AND \"d\" AND \"e\" AND \"f\"*"
        );
    }
}
