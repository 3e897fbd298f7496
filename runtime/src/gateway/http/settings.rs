//! `GET /project/settings`: what the page may offer. Bots appear as Chainlit's chat profiles.

mod overrides;

use std::sync::Arc;

use axum::{
    Json,
    extract::{Query, rejection::QueryRejection},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    bots::{Bot, Bots},
    domain::{BotName, Callback, Starter, StarterCategory},
};

use super::{CurrentUser, HttpError, Shared, State, translation::Language};

#[derive(Deserialize)]
pub(super) struct Wanted {
    /// Checked only: the server's own texts are in one language.
    #[serde(rename = "language")]
    _language: Option<Language>,
    chat_profile: Option<String>,
}

pub(super) async fn get(
    state: Shared,
    CurrentUser(user): CurrentUser,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Value>, HttpError> {
    let Query(wanted) = wanted?;
    Ok(Json(settings(&state, wanted.chat_profile.as_deref(), user.is_some())))
}

fn settings(state: &State, profile: Option<&str>, is_signed_in: bool) -> Value {
    let bots = &state.bots;
    let default = bots.default_bot();
    let selected = selected(bots, profile, default.as_ref());
    let starters = selected.as_deref().map(starters).unwrap_or_default();
    let live = bots.list().into_iter().filter(|bot| bot.active.is_some());
    let profiles = live.map(|bot| profile_of(&bot, Some(&bot.name) == default.as_ref()));
    let profiles: Vec<_> = profiles.collect();
    let active = selected.as_ref().and_then(|bot| bot.active.as_ref());
    let shown = active.map(|version| version.record.profile.clone()).unwrap_or_default();
    let is_kept = state.kept.db.is_some();
    let mut page = json!({
        "ui": ui(&state.name),
        "features": features(state, selected.as_deref().is_some_and(hears)),
    });
    if let Some(overrides) = &shown.overrides {
        overrides::apply(&mut page, overrides);
    }
    let rest = json!({
        "userEnv": shown.environment,
        "maskUserEnv": false,
        "dataPersistence": is_kept,
        // Every bot's conversations go on where they were left, whether it exports a callback for it or not.
        "threadResumable": is_kept && is_signed_in,
        "threadSharing": is_kept && state.sharing,
        "markdown": "",
        "chatProfiles": profiles,
        "starters": starters,
        "starterCategories": shown.categories.iter().map(category).collect::<Vec<_>>(),
        "debugUrl": null,
    });
    if let (Value::Object(page), Value::Object(rest)) = (&mut page, rest) {
        page.extend(rest);
    }
    page
}

/// The bot that the page shows: the chosen one, or else the default.
fn selected(bots: &Bots, profile: Option<&str>, default: Option<&BotName>) -> Option<Arc<Bot>> {
    let chosen = profile.and_then(|name| name.parse().ok()).and_then(|name| bots.get(&name));
    let chosen = chosen.filter(|bot| bot.active.is_some());
    chosen.or_else(|| default.and_then(|name| bots.get(name)))
}

/// Whether the bot takes sound.
fn hears(bot: &Bot) -> bool {
    bot.active.as_ref().is_some_and(|version| version.has(Callback::AudioStart))
}

fn profile_of(bot: &Bot, is_default: bool) -> Value {
    let profile = bot.active.as_ref().map(|version| &version.record.profile);
    json!({
        "name": bot.name,
        "display_name": profile.and_then(|profile| profile.display_name.as_deref()),
        "markdown_description": profile.and_then(|profile| profile.description.as_deref()).unwrap_or(""),
        "icon": profile.and_then(|profile| profile.icon.as_deref()),
        "default": is_default,
        "starters": starters(bot),
    })
}

fn starters(bot: &Bot) -> Vec<Value> {
    let starters = bot.active.as_ref().map(|version| version.record.profile.starters.as_slice());
    starters.unwrap_or_default().iter().map(starter).collect()
}

fn starter(starter: &Starter) -> Value {
    json!({
        "label": starter.label,
        "message": starter.message,
        "command": starter.command,
        "icon": starter.icon,
    })
}

fn category(category: &StarterCategory) -> Value {
    json!({
        "label": category.label,
        "icon": category.icon,
        "starters": category.starters.iter().map(starter).collect::<Vec<_>>(),
    })
}

/// Chainlit's defaults under our name.
fn ui(name: &str) -> Value {
    json!({
        "name": name,
        "description": "",
        "cot": "full",
        "default_theme": "dark",
        "language": null,
        "layout": "default",
        "default_sidebar_state": "open",
        "chat_settings_location": "message_composer",
        "default_chat_settings_open": false,
        "confirm_new_chat": true,
        "github": null,
        "custom_css": null,
        "custom_css_attributes": "",
        "custom_js": null,
        "alert_style": "classic",
        "custom_js_attributes": "defer",
        "login_page_image": null,
        "login_page_image_filter": null,
        "login_page_image_dark_filter": null,
        "custom_meta_url": null,
        "custom_meta_image_url": null,
        "logo_file_url": "",
        "default_avatar_file_url": "",
        "avatar_size": null,
        "custom_build": null,
        "header_links": null,
    })
}

/// `unsafe_allow_html` is off because bots write what the page renders.
fn features(state: &State, audio: bool) -> Value {
    let uploads = &state.uploads;
    json!({
        "spontaneous_file_upload": {
            "enabled": uploads.enabled,
            "accept": uploads.accept,
            "max_files": uploads.max_files,
            "max_size_mb": uploads.max_size_mb,
        },
        "audio": { "sample_rate": 24_000, "enabled": audio },
        "mcp": { "enabled": false, "servers": [], "user_servers": { "enabled": false } },
        "slack": { "reaction_on_message_received": false },
        "latex": false,
        "user_message_markdown": true,
        "user_message_autoscroll": true,
        "assistant_message_autoscroll": true,
        "unsafe_allow_html": false,
        "auto_tag_thread": true,
        "edit_message": true,
        "allow_thread_sharing": state.sharing,
        "favorites": state.kept.db.is_some(),
    })
}
