//! Guests written by hand, whose every instruction is chosen: components that fit the bot world and do one bad thing. They do it
//! when a message begins with `!`; any other is taken in silence.

/// A component whose `on-message` does this.
#[derive(Clone, Debug)]
pub(crate) struct Guest {
    /// Pages of memory: at least, and at most if that is said.
    pub(crate) memory: String,
    /// Further fields of the core module: tables, data, start functions.
    pub(crate) fields: String,
    /// Instructions. Local 0 points to the message; locals `$a` to `$d` are free. An answer is an error if `$fail` was called.
    pub(crate) body: String,
    /// Further definitions of the component.
    pub(crate) component: String,
    /// A further core function that describes the bot.
    pub(crate) describe: Option<String>,
}

impl Guest {
    /// A guest that does this on `!`.
    pub(crate) fn new(body: impl Into<String>) -> Self {
        Self {
            memory: "2".into(),
            fields: String::new(),
            body: body.into(),
            component: String::new(),
            describe: None,
        }
    }

    /// A guest that does nothing.
    pub(crate) fn harmless() -> Self {
        Self::new("")
    }

    pub(crate) fn memory(self, pages: &str) -> Self {
        Self { memory: pages.into(), ..self }
    }

    pub(crate) fn fields(self, fields: impl Into<String>) -> Self {
        Self { fields: fields.into(), ..self }
    }

    pub(crate) fn component(self, definitions: impl Into<String>) -> Self {
        Self { component: definitions.into(), ..self }
    }

    pub(crate) fn describe(self, body: &str) -> Self {
        Self { describe: Some(body.into()), ..self }
    }

    /// The component.
    pub(crate) fn build(&self) -> Vec<u8> {
        let text = self.text();
        wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    fn text(&self) -> String {
        let Self { memory, fields, body, component, .. } = self;
        let (describe, described) = self.described();
        format!(
            r#"(component
  {TYPES}
  {HOST}
  (core module $memory
    (memory (export "memory") {memory})
    ;; Below 4,096 lie answers and the texts of errors.
    (global $top (mut i32) (i32.const 4096))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $top) (local.get 2)) (i32.sub (i32.const 0) (local.get 2))))
      (global.set $top (i32.add (local.get $at) (local.get 3)))
      (local.get $at)))
  (core instance $m (instantiate $memory))
  (alias core export $m "memory" (core memory $mem))
  (core func $log (canon lower (func $host-log "write") (memory $mem)))
  (core func $toast (canon lower (func $emitter "toast") (memory $mem) (realloc (core func $m "realloc"))))
  (core func $sound (canon lower (func $emitter "audio-chunk") (memory $mem) (realloc (core func $m "realloc"))))
  (core instance $host
    (export "log" (func $log)) (export "toast" (func $toast)) (export "sound" (func $sound)))
  (core module $code
    (import "m" "memory" (memory 0))
    (import "host" "log" (func $log (param i32 i32 i32)))
    (import "host" "toast" (func $toast (param i32 i32 i32 i32)))
    (import "host" "sound" (func $sound (param i32 i32 i32 i32 i32 i32 i32)))
    (data (i32.const 512) "marked")
    ;; The answer is the error `marked`.
    (func $fail
      (i32.store8 (i32.const 16) (i32.const 1))
      (i32.store (i32.const 20) (i32.const 512))
      (i32.store (i32.const 24) (i32.const 6)))
    {fields}
    {describe}
    (func (export "on-message") (param i32) (result i32)
      (local $a i32) (local $b i32) (local $c i32) (local $d i32)
      (if (i32.eq (i32.load8_u (i32.load offset=8 (local.get 0))) (i32.const 33)) (then {body}))
      (i32.const 16))
    (func (export "on-action") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) (i32.const 16))
    (func (export "on-audio-chunk") (param i32 i32 i32 i64 i32 i32) (result i32) (i32.const 16)))
  (core instance $c (instantiate $code (with "m" (instance $m)) (with "host" (instance $host))))
  {component}
  (func (export "on-message") (param "message" $message) (result (result (error string)))
    (canon lift (core func $c "on-message") (memory $mem) (realloc (core func $m "realloc"))))
  (func (export "on-action") (param "action" $action) (result (result (option string) (error string)))
    (canon lift (core func $c "on-action") (memory $mem) (realloc (core func $m "realloc"))))
  (func (export "on-audio-chunk") (param "chunk" $chunk) (result (result (error string)))
    (canon lift (core func $c "on-audio-chunk") (memory $mem) (realloc (core func $m "realloc"))))
  {described})"#
        )
    }

    /// The core function that describes, and its export.
    fn described(&self) -> (String, &'static str) {
        let Some(body) = &self.describe else { return (String::new(), "") };
        let function =
            format!("(func (export \"describe\") (param i32) (result i32) {body} (i32.const 16))");
        (function, DESCRIBE)
    }
}

/// What the callbacks take.
const TYPES: &str = r#"
  (import "chinwag:bot/types@0.1.0" (instance $types
    (type $m (record
      (field "id" string) (field "text" string) (field "created-at-ms" u64) (field "author" string)
      (field "parent-id" (option string)) (field "command" (option string))
      (field "modes" (list (tuple string string))) (field "metadata" string)))
    (export "message" (type (eq $m)))
    (type $a (record
      (field "id" string) (field "name" string) (field "message-id" (option string)) (field "label" string)
      (field "payload" string)))
    (export "action" (type (eq $a)))
    (type $c (record (field "is-start" bool) (field "mime-type" string) (field "elapsed-ms" u64) (field "data" (list u8))))
    (export "audio-chunk" (type (eq $c)))
    (type $e (record (field "code" string) (field "message" string)))
    (export "error" (type (eq $e)))))
  (alias export $types "message" (type $message))
  (alias export $types "action" (type $action))
  (alias export $types "audio-chunk" (type $chunk))
  (alias export $types "error" (type $error))"#;

/// What such guests ask of their host.
const HOST: &str = r#"
  (import "chinwag:bot/log@0.1.0" (instance $host-log
    (type $l (enum "trace" "debug" "info" "warn" "error"))
    (export "level" (type $level (eq $l)))
    (export "write" (func (param "level" $level) (param "message" string)))))
  (import "chinwag:bot/emitter@0.1.0" (instance $emitter
    (alias outer 1 $error (type $e))
    (export "error" (type $error (eq $e)))
    (type $k (enum "info" "success" "warning" "error"))
    (export "toast-kind" (type $kind (eq $k)))
    (export "toast" (func (param "message" string) (param "kind" $kind) (result (result (error $error)))))
    (export "audio-chunk" (func
      (param "mime-type" string) (param "track" string) (param "data" (list u8)) (result (result (error $error)))))))
  (import "chinwag:bot/profile@0.1.0" (instance $profiles (export "profile" (type (sub resource)))))
  (alias export $profiles "profile" (type $profile))"#;

const DESCRIBE: &str = r#"
  (func $describe (param "profile" (borrow $profile)) (result (result (error string)))
    (canon lift (core func $c "describe") (memory $mem) (realloc (core func $m "realloc"))))
  (instance $description (export "describe" (func $describe)))
  (export "chinwag:bot/describe@0.1.0" (instance $description))"#;
