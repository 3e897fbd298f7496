//! What a bot changes of the page's settings while it is chosen.
//!
//! **Invariant:** a bot cannot bring code into the page, nor turn on what the operator has off: bots change only what is
//! named here, and keep its kind.

use serde_json::{Map, Value};

/// What bots may change: how the page looks, and how it reads and takes text.
const UI: [&str; 14] = [
    "name",
    "description",
    "cot",
    "default_theme",
    "layout",
    "default_sidebar_state",
    "chat_settings_location",
    "default_chat_settings_open",
    "confirm_new_chat",
    "alert_style",
    "logo_file_url",
    "default_avatar_file_url",
    "avatar_size",
    "header_links",
];
const FEATURES: [&str; 7] = [
    "latex",
    "user_message_markdown",
    "user_message_autoscroll",
    "assistant_message_autoscroll",
    "edit_message",
    "favorites",
    "spontaneous_file_upload",
];

/// Applies a JSON object with `ui` and `features` to the page's own settings.
pub(super) fn apply(page: &mut Value, overrides: &str) {
    // What does not parse was noted when the bot was deployed, or comes from an older server.
    let Ok(Value::Object(overrides)) = serde_json::from_str(overrides) else { return };
    for (part, allowed) in [("ui", &UI[..]), ("features", &FEATURES[..])] {
        if let (Some(Value::Object(own)), Some(Value::Object(changes))) =
            (page.get_mut(part), overrides.get(part))
        {
            merge(own, changes, &|key| allowed.contains(&key));
        }
    }
}

fn merge(
    own: &mut Map<String, Value>,
    changes: &Map<String, Value>,
    allows: &dyn Fn(&str) -> bool,
) {
    for (key, change) in changes.iter().filter(|(key, _)| allows(key)) {
        let Some(old) = own.get_mut(key) else { continue };
        match (&mut *old, change) {
            (Value::Object(old), Value::Object(change)) => merge(old, change, &|_| true),
            // The page would show nothing at all if something were of another kind.
            (old, change) if fits(key, old, change) => *old = change.clone(),
            _ => {}
        }
    }
}

fn fits(key: &str, old: &Value, change: &Value) -> bool {
    match (key, old, change) {
        // A bot may have less than the operator allows, never more.
        ("enabled" | "favorites" | "edit_message", Value::Bool(old), Value::Bool(change)) => {
            *old || !change
        }
        ("max_files" | "max_size_mb", Value::Number(old), Value::Number(change)) => {
            change.as_u64().is_some_and(|change| change > 0 && Some(change) <= old.as_u64())
        }
        ("header_links", _, Value::Array(links)) => links.iter().all(is_link),
        ("avatar_size", _, Value::Number(_)) => true,
        (_, Value::String(_), Value::String(_)) | (_, Value::Bool(_), Value::Bool(_)) => true,
        (_, Value::Array(_), Value::Array(change)) => change.iter().all(Value::is_string),
        _ => false,
    }
}

/// Whether a link leads somewhere, rather than running as a script.
fn is_link(link: &Value) -> bool {
    let url = link.get("url").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    ["https://", "http://", "/"].iter().any(|begin| url.starts_with(begin))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn page() -> Value {
        json!({
            "ui": { "name": "A", "cot": "full", "custom_js": null, "header_links": null, "avatar_size": null },
            "features": {
                "latex": false,
                "unsafe_allow_html": false,
                "audio": { "enabled": false },
                "favorites": false,
                "spontaneous_file_upload": { "enabled": true, "accept": ["*/*"], "max_files": 20, "max_size_mb": 500 },
            },
        })
    }

    fn applied(overrides: &Value) -> Value {
        let mut page = page();
        apply(&mut page, &overrides.to_string());
        page
    }

    #[test]
    fn a_bot_changes_how_the_page_looks() {
        let mut expected = page();
        expected["ui"]["name"] = json!("B");
        expected["ui"]["avatar_size"] = json!(30);
        expected["ui"]["header_links"] = json!([{ "name": "x", "url": "https://x.example" }]);
        expected["features"]["latex"] = json!(true);
        expected["features"]["spontaneous_file_upload"]["max_files"] = json!(1);
        expected["features"]["spontaneous_file_upload"]["accept"] = json!(["image/*"]);
        let overrides = json!({
            "ui": { "name": "B", "avatar_size": 30, "header_links": [{ "name": "x", "url": "https://x.example" }] },
            "features": { "latex": true, "spontaneous_file_upload": { "max_files": 1, "accept": ["image/*"] } },
        });
        assert_eq!(applied(&overrides), expected);
    }

    #[test]
    fn a_bot_neither_brings_code_nor_allows_itself_more_nor_breaks_the_page() {
        for overrides in [
            json!({ "features": { "unsafe_allow_html": true } }),
            json!({ "features": { "audio": null } }),
            json!({ "features": { "favorites": true, "spontaneous_file_upload": null } }),
            json!({ "features": { "spontaneous_file_upload": { "max_files": 21, "max_size_mb": 501, "accept": [1] } } }),
            json!({ "features": null, "ui": [] }),
            json!({ "ui": { "custom_js": "https://evil.example/x.js", "name": null, "new": 1 } }),
            json!({ "ui": { "header_links": [{ "name": "x", "url": " JavaScript:alert(1)" }] } }),
            json!({ "ui": { "header_links": [{ "name": "x" }] } }),
            json!({ "dataPersistence": true }),
            json!([]),
        ] {
            assert_eq!(applied(&overrides), page(), "{overrides}");
        }
        let mut untouched = page();
        apply(&mut untouched, "{");
        assert_eq!(untouched, page());
    }
}
