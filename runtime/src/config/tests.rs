//! Stories of `config`.
#![expect(clippy::result_large_err, reason = "figment's jail wants its own error")]

use std::collections::BTreeMap;

use figment::Jail;

use super::*;

type Flags = BTreeMap<&'static str, &'static str>;

fn load(flags: &Flags) -> Result<Config, figment::Error> {
    Config::load(None, flags).map_err(|error| error.to_string().into())
}

fn refusal(flags: &Flags) -> String {
    load(flags).expect_err("the settings are accepted").to_string()
}

fn assert_default(config: &Config) {
    assert_eq!(format!("{config:?}"), format!("{:?}", Config::default()));
}

#[test]
fn nothing_said_means_the_defaults() {
    Jail::expect_with(|_| {
        assert_default(&load(&Flags::new())?);
        Ok(())
    });
}

#[test]
fn flags_go_before_the_environment_that_before_the_file_that_before_defaults() {
    Jail::expect_with(|jail| {
        jail.create_file(
            FILE,
            r#"
            data = "from-file"
            ui = "from-file"
            public = "from-file"
            limits = { memory = "64 MiB", wall = "5m" }
            "#,
        )?;
        jail.set_env("CHINWAG_UI", "from-environment");
        jail.set_env("CHINWAG_PUBLIC", "from-environment");
        jail.set_env("CHINWAG_LIMITS__CPU", "3s");
        jail.set_env("CHINWAG_ALLOWED_ORIGINS", "https://a.example, https://b.example");
        let config = load(&Flags::from([("public", "from-flag")]))?;
        assert_eq!(config.data, Path::new("from-file"));
        assert_eq!(config.ui.as_deref(), Some(Path::new("from-environment")));
        assert_eq!(config.public.as_deref(), Some(Path::new("from-flag")));
        assert_eq!(config.limits.memory, ByteSize::mib(64));
        assert_eq!(config.limits.cpu, Duration::from_secs(3));
        assert_eq!(config.limits.wall, Duration::from_mins(5));
        assert_eq!(config.limits.emits, Limits::default().emits);
        assert_eq!(config.allowed_origins, ["https://a.example", "https://b.example"]);
        Ok(())
    });
}

#[test]
fn an_unknown_key_of_the_file_is_named_with_its_file() {
    Jail::expect_with(|jail| {
        jail.create_file(FILE, "listne = \"127.0.0.1:1\"")?;
        let text = refusal(&Flags::new());
        assert!(text.contains("`listne`") && text.contains(FILE), "{text}");

        jail.create_file(FILE, "[limits]\nmemroy = \"1 GiB\"")?;
        let text = refusal(&Flags::new());
        assert!(text.contains("memroy"), "{text}");
        Ok(())
    });
}

#[test]
fn variables_of_other_programs_are_left_alone_but_a_nested_typo_is_not() {
    Jail::expect_with(|jail| {
        jail.set_env("CHINWAG_PORT", "tcp://10.0.0.1:80");
        jail.set_env("CHINWAG_SERVER", "http://127.0.0.1:8000");
        assert_default(&load(&Flags::new())?);

        jail.set_env("CHINWAG_LIMITS__MEMROY", "1");
        let text = refusal(&Flags::new());
        assert!(text.contains("memroy"), "{text}");
        Ok(())
    });
}

#[test]
fn a_named_file_must_exist() {
    Jail::expect_with(|_| {
        let error = Config::load(Some(Path::new("absent.toml")), &Flags::new()).unwrap_err();
        assert!(error.to_string().contains("absent.toml"), "{error}");
        Ok(())
    });
}

#[test]
fn listening_beyond_loopback_needs_a_word() {
    Jail::expect_with(|jail| {
        for listen in ["0.0.0.0:8000", "[::]:8000", "192.168.1.2:80"] {
            let text = refusal(&Flags::from([("listen", listen)]));
            assert!(text.contains("--allow-remote"), "{text}");
        }
        for listen in ["127.0.0.1:0", "127.3.2.1:80", "[::1]:80", "[::ffff:127.0.0.1]:80"] {
            load(&Flags::from([("listen", listen)]))?;
        }
        jail.set_env("CHINWAG_ALLOW_REMOTE", "true");
        load(&Flags::from([("listen", "0.0.0.0:8000")]))?;
        Ok(())
    });
}

#[test]
fn who_signs_in_may_come_from_anywhere() {
    Jail::expect_with(|jail| {
        jail.set_env("CHINWAG_AUTH__PASSWORD", "true");
        let config = load(&Flags::from([("listen", "0.0.0.0:8000")]))?;
        assert!(config.auth.password && !config.allow_remote);
        Ok(())
    });
}

#[test]
fn secrets_of_sign_in_stay_text_and_are_never_shown() {
    Jail::expect_with(|jail| {
        let file = "[auth.oidc]\nissuer = 'https://a.example'\nclient_id = 'x'";
        jail.create_file(FILE, file)?;
        for (variable, _) in SECRETS {
            jail.set_env(variable, "00123456789");
        }
        let config = load(&Flags::new())?;
        let auth = &config.auth;
        let oidc = auth.oidc.as_ref().expect("a provider");
        for secret in [&auth.secret, &auth.jwt_secret, &oidc.client_secret] {
            assert!(secret.as_ref().is_some_and(|secret| secret.matches("00123456789")));
        }
        assert_eq!(oidc.client_id, "00123456789");
        let shown = format!(
            "{:?} {}",
            config.auth,
            serde_json::to_string(auth).expect("settings serialise")
        );
        assert_eq!(shown.matches("123456789").count(), 2, "only the client's id is shown: {shown}");
        Ok(())
    });
}

#[test]
fn proxies_and_lists_are_written_with_commas_in_the_environment() {
    Jail::expect_with(|jail| {
        jail.set_env("CHINWAG_AUTH__PROXIES", "10.0.0.0/8, ::1");
        let proxies = load(&Flags::new())?.auth.proxies;
        for (address, is_in) in [("10.1.2.3", true), ("::1", true), ("127.0.0.1", false)] {
            assert_eq!(proxies.contain(address.parse().unwrap()), is_in, "{address}");
        }
        jail.set_env("CHINWAG_AUTH__PROXIES", "10.0.0.0/33");
        assert!(refusal(&Flags::new()).contains("10.0.0.0/33"));
        Ok(())
    });
}

#[test]
fn a_token_of_digits_stays_text_and_is_never_shown() {
    Jail::expect_with(|jail| {
        jail.set_env("CHINWAG_ADMIN_TOKEN", "0012345678");
        let config = load(&Flags::new())?;
        assert!(config.admin_token.as_ref().is_some_and(|token| token.matches("0012345678")));
        assert!(!format!("{config:?}").contains("12345678"));
        Ok(())
    });
}

#[test]
fn an_escape_beside_letters_that_are_not_ascii_is_refused_rather_than_misread() {
    Jail::expect_with(|jail| {
        jail.set_env("CHINWAG_DATA", r#""caf\u00e9""#);
        assert_eq!(load(&Flags::new())?.data, Path::new("café"));
        jail.set_env("CHINWAG_DATA", r#""café\\a""#);
        let text = refusal(&Flags::new());
        assert!(text.contains("`data`"), "{text}");
        // Alone it is a letter like any other.
        jail.set_env("CHINWAG_DATA", r"café\a");
        assert_eq!(load(&Flags::new())?.data, Path::new(r"café\a"));
        Ok(())
    });
}

#[test]
fn an_impossible_value_is_refused_with_its_name() {
    Jail::expect_with(|jail| {
        for (key, value, named) in [
            ("CHINWAG_MAILBOX", "0", "mailbox"),
            ("CHINWAG_SESSION_TIMEOUT", "0s", "session_timeout"),
            ("CHINWAG_UPLOAD_MAX", "64 MB", "64 MB"),
            ("CHINWAG_LIMITS__MEMORY", "128", "limits.memory"),
            ("CHINWAG_DEFAULT_BOT", "../x", "../x"),
        ] {
            jail.clear_env();
            jail.set_env(key, value);
            let text = refusal(&Flags::new());
            assert!(text.to_lowercase().contains(&named.to_lowercase()), "{text}");
        }
        Ok(())
    });
}

#[test]
fn secrets_and_keys_of_digits_are_text_and_a_time_beyond_all_clocks_is_refused() {
    Jail::expect_with(|jail| {
        jail.set_env("CHINWAG_SECRETS__KEY__VALUE", "123456");
        jail.set_env("CHINWAG_SECRETS__KEY__HOSTS", "[api.example.com]");
        jail.set_env("CHINWAG_MODELS__SMALL__URL", "http://127.0.0.1:11434/v1");
        jail.set_env("CHINWAG_MODELS__SMALL__MODEL", "llama");
        jail.set_env("CHINWAG_MODELS__SMALL__KEY", "0042");
        let config = load(&Flags::new())?;
        assert_eq!(config.secrets["key"].value.reveal(), "123456");
        let key = config.models["small"].key.as_ref().map(crate::secret::Secret::reveal);
        assert_eq!(key, Some("0042"));
        let long = refusal(&Flags::from([("session_timeout", "5000000000000000h")]));
        assert_eq!(long, "`session_timeout` is longer than a year; a year will do for ever");
        Ok(())
    });
}
