//! The description that `describe` fills in. Its refusals go to the guest alone: a rehearsal serves no calls.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value};
use wasmtime::{Result, component::Resource};

use super::{CallError, Error, ProfileDraft, TurnState, at_most, cut, no_longer};
use crate::{
    domain::{ByteSize, HostPattern, Starter, StarterCategory, is_offered_name},
    sandbox::bindings::chinwag::bot::profile,
};

const MAX_STARTERS: usize = 32;
const MAX_CATEGORIES: usize = 16;
const MAX_KEYS: usize = 16;
const MAX_HOSTS: usize = 32;
const MAX_SECRETS: usize = 16;
const MAX_MODELS: usize = 16;
/// Bytes of the name of a key that users give.
const MAX_KEY: usize = 128;
const MAX_OVERRIDES: ByteSize = ByteSize::kib(64);

/// What a bot may change of the page's settings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its shape matters")]
struct Overrides {
    ui: Option<Map<String, Value>>,
    features: Option<Map<String, Value>>,
}

fn overrides(text: String) -> Result<String, CallError> {
    no_longer(MAX_OVERRIDES, &text, "a profile's overrides")?;
    match serde_json::from_str::<Overrides>(&text) {
        Ok(_) => Ok(text),
        Err(error) => {
            let message = format!(
                "overrides are a JSON object with the objects `ui` and `features`: {error}"
            );
            Err(CallError::new("invalid-json", message))
        }
    }
}

fn push<T>(list: &mut Vec<T>, limit: usize, item: T) {
    if list.len() < limit {
        list.push(item);
    }
}

fn starter(
    label: String,
    message: String,
    command: Option<String>,
    icon: Option<String>,
) -> Starter {
    Starter {
        label: cut(label),
        message: cut(message),
        icon: icon.map(cut),
        command: command.map(cut),
    }
}

fn require(keys: &mut Vec<String>, key: String) -> Result<(), CallError> {
    let is_name = |c: u8| c.is_ascii_alphanumeric() || c == b'_';
    if !(1..=MAX_KEY).contains(&key.len()) || !key.bytes().all(is_name) {
        let message = format!("a key has 1 to {MAX_KEY} of the characters A-Z, a-z, 0-9 and `_`");
        return Err(CallError::new("invalid-key", message));
    }
    if keys.contains(&key) {
        return Ok(());
    }
    if keys.len() >= MAX_KEYS {
        let message = format!("a bot may ask its users for at most {MAX_KEYS} keys");
        return Err(CallError::new("too-many", message));
    }
    keys.push(key);
    Ok(())
}

/// The name of a secret or a model.
fn offered(name: String) -> Result<String, CallError> {
    if is_offered_name(&name) {
        return Ok(name);
    }
    let message = "a name has 1 to 128 of the characters A-Z, a-z, 0-9, `-` and `_`";
    Err(CallError::new("invalid-key", message))
}

/// Adds what a bot asks its operator for.
fn ask<T: Ord>(asked: &mut BTreeSet<T>, limit: usize, item: T) -> Result<(), CallError> {
    let count = asked.len() + usize::from(!asked.contains(&item));
    at_most(limit, count, "hosts, secrets or models")?;
    asked.insert(item);
    Ok(())
}

impl profile::Host for TurnState {}

impl profile::HostProfile for TurnState {
    async fn set_display_name(&mut self, it: Resource<ProfileDraft>, name: String) -> Result<()> {
        self.table.get_mut(&it)?.0.display_name = Some(cut(name));
        Ok(())
    }

    async fn set_description(
        &mut self,
        it: Resource<ProfileDraft>,
        markdown: String,
    ) -> Result<()> {
        self.table.get_mut(&it)?.0.description = Some(cut(markdown));
        Ok(())
    }

    async fn set_icon(&mut self, it: Resource<ProfileDraft>, url: String) -> Result<()> {
        self.table.get_mut(&it)?.0.icon = Some(cut(url));
        Ok(())
    }

    async fn add_starter(
        &mut self,
        it: Resource<ProfileDraft>,
        label: String,
        message: String,
        icon: Option<String>,
    ) -> Result<()> {
        let starters = &mut self.table.get_mut(&it)?.0.starters;
        push(starters, MAX_STARTERS, starter(label, message, None, icon));
        Ok(())
    }

    async fn add_starter_with_command(
        &mut self,
        it: Resource<ProfileDraft>,
        label: String,
        message: String,
        command: String,
        icon: Option<String>,
    ) -> Result<()> {
        let starters = &mut self.table.get_mut(&it)?.0.starters;
        push(starters, MAX_STARTERS, starter(label, message, Some(command), icon));
        Ok(())
    }

    async fn add_category(
        &mut self,
        it: Resource<ProfileDraft>,
        label: String,
        icon: Option<String>,
    ) -> Result<()> {
        let category =
            StarterCategory { label: cut(label), icon: icon.map(cut), starters: Vec::new() };
        push(&mut self.table.get_mut(&it)?.0.categories, MAX_CATEGORIES, category);
        Ok(())
    }

    async fn add_category_starter(
        &mut self,
        it: Resource<ProfileDraft>,
        category: String,
        label: String,
        message: String,
        command: Option<String>,
        icon: Option<String>,
    ) -> Result<()> {
        let (category, starter) = (cut(category), starter(label, message, command, icon));
        let categories = &mut self.table.get_mut(&it)?.0.categories;
        if !categories.iter().any(|it| it.label == category) {
            let label = category.clone();
            let category = StarterCategory { label, icon: None, starters: Vec::new() };
            push(categories, MAX_CATEGORIES, category);
        }
        if let Some(category) = categories.iter_mut().find(|it| it.label == category) {
            push(&mut category.starters, MAX_STARTERS, starter);
        }
        Ok(())
    }

    async fn require_environment(
        &mut self,
        it: Resource<ProfileDraft>,
        key: String,
    ) -> Result<Result<(), Error>> {
        let keys = &mut self.table.get_mut(&it)?.0.environment;
        Ok(require(keys, key).map_err(Into::into))
    }

    async fn request_host(
        &mut self,
        it: Resource<ProfileDraft>,
        pattern: String,
    ) -> Result<Result<(), Error>> {
        let hosts = &mut self.table.get_mut(&it)?.0.hosts;
        let host: Result<HostPattern, _> = pattern.parse();
        let host = host.map_err(|error| CallError::new("invalid-host", error.to_string()));
        Ok(host.and_then(|host| ask(hosts, MAX_HOSTS, host)).map_err(Into::into))
    }

    async fn request_secret(
        &mut self,
        it: Resource<ProfileDraft>,
        name: String,
    ) -> Result<Result<(), Error>> {
        let secrets = &mut self.table.get_mut(&it)?.0.secrets;
        Ok(offered(name).and_then(|name| ask(secrets, MAX_SECRETS, name)).map_err(Into::into))
    }

    async fn request_model(
        &mut self,
        it: Resource<ProfileDraft>,
        name: String,
    ) -> Result<Result<(), Error>> {
        let models = &mut self.table.get_mut(&it)?.0.models;
        Ok(offered(name).and_then(|name| ask(models, MAX_MODELS, name)).map_err(Into::into))
    }

    async fn set_overrides(
        &mut self,
        it: Resource<ProfileDraft>,
        text: String,
    ) -> Result<Result<(), Error>> {
        let checked = overrides(text);
        let profile = &mut self.table.get_mut(&it)?.0;
        Ok(checked.map(|text| profile.overrides = Some(text)).map_err(Into::into))
    }

    async fn drop(&mut self, it: Resource<ProfileDraft>) -> Result<()> {
        self.table.delete(it)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_change_the_looks_and_the_features_and_nothing_else() {
        let code = |text: &str| overrides(text.to_owned()).map_err(|error| error.code);
        let fine = r#"{"ui": {"name": "Help"}, "features": {"latex": true}}"#;
        assert_eq!(code(fine), Ok(fine.to_owned()));
        assert_eq!(code("{}"), Ok("{}".to_owned()));
        for wrong in ["", "[]", r#"{"ui": 1}"#, r#"{"project": {}}"#] {
            assert_eq!(code(wrong), Err("invalid-json"), "{wrong}");
        }
        assert_eq!(code(&" ".repeat(65 << 10)), Err("too-large"));
    }

    #[test]
    fn a_key_is_asked_for_once_and_looks_like_a_key() {
        let mut keys = Vec::new();
        require(&mut keys, "OPENAI_API_KEY".to_owned()).unwrap();
        require(&mut keys, "OPENAI_API_KEY".to_owned()).unwrap();
        assert_eq!(keys, ["OPENAI_API_KEY"]);
        for wrong in ["", "A B", "Ä", &"A".repeat(129)] {
            let error = require(&mut keys, wrong.to_owned()).unwrap_err();
            assert_eq!(error.code, "invalid-key", "{wrong}");
        }
        for n in 1..MAX_KEYS {
            require(&mut keys, format!("KEY_{n}")).unwrap();
        }
        let error = require(&mut keys, "ONE_MORE".to_owned()).unwrap_err();
        assert_eq!(error.code, "too-many");
    }
}
