//! Whatever stands in the file and in the environment, a server starts with it or says which setting is wrong.
#![expect(clippy::result_large_err, reason = "figment's jail wants its own error")]

use std::collections::BTreeSet;

use figment::Jail;
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};
use serde_json::Value;

use super::*;

/// Loads settings from a file and variables. A refusal is its text.
fn load(file: &str, variables: &[(String, String)]) -> Result<(), String> {
    let mut outcome = Ok(());
    Jail::expect_with(|jail| {
        jail.create_file(FILE, file)?;
        for (name, value) in variables {
            jail.set_env(name, value);
        }
        let flags = serde_json::json!({});
        outcome = Config::load(None, &flags).map(drop).map_err(|error| error.to_string());
        Ok(())
    });
    outcome
}

/// The names of all settings and of their sections, as `limits.cpu`.
fn settings() -> Vec<String> {
    fn walk(prefix: &str, value: &Value, found: &mut BTreeSet<String>) {
        for (name, value) in value.as_object().into_iter().flatten() {
            let path = format!("{prefix}{name}");
            walk(&format!("{path}."), value, found);
            found.insert(path);
        }
    }
    // Those that defaults do not show.
    let more = ["secrets.x", "secrets.x.value", "secrets.x.hosts", "models.x"];
    let secret = SECRETS.iter().map(|(_, setting)| *setting);
    let mut found: BTreeSet<_> = secret.chain(more).map(str::to_owned).collect();
    walk("", &serde_json::to_value(Config::default()).unwrap(), &mut found);
    found.into_iter().collect()
}

/// Any value of TOML, as it is written.
fn value() -> impl Strategy<Value = String> {
    let text = |text: String| Value::from(text.replace('\u{7f}', "")).to_string();
    let leaf = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        (-1_000..1_000_i64).prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| format!("{number:?}").to_lowercase()),
        any::<bool>().prop_map(|it| it.to_string()),
        Just("2026-11-21T08:00:00Z".to_owned()),
        any::<String>().prop_map(text),
        "[0-9]{0,20} ?(ms|s|m|h|d|MiB|GiB|KiB|bytes)?".prop_map(text),
        "(http|https|s3)://[a-z.:@/]{0,12}".prop_map(text),
        "[0-9a-f.:/]{0,20}".prop_map(text),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(|items| format!("[{}]", items.join(", "))),
            ("[a-z_]{1,8}", inner).prop_map(|(name, value)| format!("{{ {name} = {value} }}")),
        ]
    })
}

/// Whether a refusal names the setting at which something wrong was written: itself, or what its section has not beside it.
fn names(refusal: &str, setting: &str) -> bool {
    let (section, last) = setting.rsplit_once('.').unwrap_or(("", setting));
    let is_named = |name: &str| refusal.contains(&format!("`{name}`"));
    let is_itself = is_named(last) || refusal.contains(&format!("`{setting}"));
    is_itself || (refusal.contains("missing field") && is_named(section))
}

proptest! {
    #[test]
    fn a_wrong_value_in_the_file_is_refused_by_the_name_of_its_setting_and_its_file(
        setting in select(settings()),
        value in value(),
    ) {
        if let Err(refusal) = load(&format!("{setting} = {value}"), &[]) {
            prop_assert!(names(&refusal, &setting), "{setting} = {value}: {refusal}");
        }
    }

    #[test]
    fn a_wrong_value_in_the_environment_is_refused_by_the_name_of_its_setting(
        setting in select(settings()),
        value in prop_oneof![value(), "[^\0]{0,24}"].prop_map(|value| value.replace('\0', "")),
    ) {
        let variable = format!("{PREFIX}{}", setting.replace('.', "__").to_uppercase());
        if let Err(refusal) = load("", &[(variable.clone(), value.clone())]) {
            prop_assert!(names(&refusal, &setting), "{variable}={value}: {refusal}");
        }
    }

    #[test]
    fn a_file_that_is_anything_but_settings_is_refused_by_its_name(text in any::<String>()) {
        if let Err(refusal) = load(&text, &[]) {
            prop_assert!(refusal.contains(FILE), "{text:?}: {refusal}");
        }
    }

    #[test]
    fn a_file_that_is_damaged_in_one_place_is_refused_by_its_name(
        values in vec((select(settings()), value()), 1..5),
        at in any::<Index>(),
        damage in any::<char>(),
    ) {
        let lines = values.iter().map(|(setting, value)| format!("{setting} = {value}\n"));
        let mut text: Vec<char> = lines.collect::<String>().chars().collect();
        *at.get_mut(&mut text) = damage;
        let text: String = text.into_iter().collect();
        if let Err(refusal) = load(&text, &[]) {
            let has_name = refusal.contains(FILE) || values.iter().any(|(it, _)| names(&refusal, it));
            prop_assert!(has_name, "{text}: {refusal}");
        }
    }
}
