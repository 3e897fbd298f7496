//! `GET /project/translations`: the page's words, from the folder of the page.

use std::path::Path;

use axum::{
    Json,
    extract::{Query, rejection::QueryRejection},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tracing::warn;

use super::{HttpError, Shared};

/// A language tag, safe as a file name.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Language(String);

impl Language {
    /// The pattern that Chainlit checks: `de`, `en-US`, `zh-Hant-TW`, each also with `-x-` and a private part.
    fn is_valid(text: &str) -> bool {
        let (public, private) = text
            .split_once("-x-")
            .map_or((text, None), |(public, private)| (public, Some(private)));
        let is_part = |part: &str, longest: usize| {
            (2..=longest).contains(&part.len()) && part.bytes().all(|c| c.is_ascii_alphanumeric())
        };
        let mut parts = public.split('-');
        let is_primary = parts
            .next()
            .is_some_and(|part| is_part(part, 3) && part.bytes().all(|c| c.is_ascii_alphabetic()));
        let is_public = match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => true,
            (Some(only), None, _) => is_part(only, 8),
            (Some(script), Some(region), None) => is_part(script, 4) && is_part(region, 8),
            (Some(_), Some(_), Some(_)) => false,
        };
        let is_private = private.is_none_or(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|c| c.is_ascii_alphanumeric())
        });
        is_primary && is_public && is_private
    }

    /// The tag, then without its region, then what every page has.
    fn candidates(&self) -> [&str; 3] {
        let primary = self.0.split('-').next().unwrap_or(&self.0);
        [&self.0, primary, "en-US"]
    }
}

impl TryFrom<String> for Language {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if Self::is_valid(&text) {
            Ok(Self(text))
        } else {
            Err("`language` must be a language tag such as `en-US`")
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    language: Option<Language>,
}

#[derive(Serialize)]
pub(super) struct Answer {
    translation: Box<RawValue>,
}

pub(super) async fn get(
    state: Shared,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Answer>, HttpError> {
    let Query(Wanted { language }) = wanted?;
    let language = language.unwrap_or_else(|| Language("en-US".into()));
    if let Some(ui) = &state.ui {
        for candidate in language.candidates() {
            if let Some(translation) = read(&ui.join("translations"), candidate).await {
                return Ok(Json(Answer { translation }));
            }
        }
    }
    // A page without words shows their keys, and works.
    Ok(Json(Answer { translation: RawValue::from_string("{}".into()).expect("`{}` is JSON") }))
}

async fn read(folder: &Path, language: &str) -> Option<Box<RawValue>> {
    let file = folder.join(format!("{language}.json"));
    let text = tokio::fs::read_to_string(&file).await.ok()?;
    RawValue::from_string(text)
        .inspect_err(|cause| warn!(file = %file.display(), %cause, "a translation is not JSON"))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_language_tags_are_languages() {
        for tag in ["en", "deu", "en-US", "zh-Hant-TW", "es-419", "de-CH-1996", "en-x-pirate"] {
            assert!(Language::is_valid(tag), "{tag}");
        }
        for tag in [
            "",
            "e",
            "engl",
            "en_US",
            "../en",
            "en-",
            "en-US-x-",
            "en-U",
            "en-US-posix-a",
            "en\0",
            "é",
        ] {
            assert!(!Language::is_valid(tag), "{tag}");
        }
    }
}
