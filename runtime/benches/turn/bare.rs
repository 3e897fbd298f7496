//! A loop of bare wasmtime: the settings of `sandbox/engine.rs`, a fresh instance for each message, and one import that does nothing.

use tokio::runtime::{Builder, Runtime};
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store,
    component::{Component, ComponentType, InstancePre, Lift, Linker, Lower},
};

use super::ours::path;

type Answer = Result<(), String>;

#[derive(ComponentType, Lift, Lower)]
#[component(record)]
struct Draft {
    content: String,
    author: Option<String>,
    language: Option<String>,
    #[component(name = "is-error")]
    is_error: bool,
    metadata: Option<String>,
    tags: Vec<String>,
}

#[derive(ComponentType, Lift, Lower)]
#[component(record)]
struct Error {
    code: String,
    message: String,
}

#[derive(Clone, ComponentType, Lift, Lower)]
#[component(record)]
struct Message {
    id: String,
    text: String,
    #[component(name = "created-at-ms")]
    created_at_ms: u64,
    author: String,
    #[component(name = "parent-id")]
    parent_id: Option<String>,
    command: Option<String>,
    modes: Vec<(String, String)>,
    metadata: String,
}

/// A bot without a host.
pub(crate) struct Bare {
    runtime: Runtime,
    pre: InstancePre<()>,
}

impl Bare {
    pub(crate) fn load(bot: &str) -> Self {
        let engine = Engine::new(&config()).expect("the engine starts");
        let component = Component::from_file(&engine, path(bot)).expect("it is a bot");
        let mut linker = Linker::new(&engine);
        let mut emitter =
            linker.instance("chinwag:bot/emitter@0.1.0").expect("it is not there yet");
        emitter
            .func_wrap_async("send-message", |_, (draft,): (Draft,)| {
                Box::new(async move { Ok((Ok::<String, Error>(draft.content),)) })
            })
            .expect("it is not there yet");
        linker.define_unknown_imports_as_traps(&component).expect("the rest is never called");
        let pre = linker.instantiate_pre(&component).expect("it links");
        let runtime = Builder::new_current_thread().build().expect("a runtime starts");
        Self { runtime, pre }
    }

    /// A message is answered.
    pub(crate) fn turn(&self, text: &str) {
        let message = Message {
            id: "3fa85f64-5717-4562-b3fc-2c963f66afa6".into(),
            text: text.into(),
            created_at_ms: 0,
            author: "User".into(),
            parent_id: None,
            command: None,
            modes: Vec::new(),
            metadata: "{}".into(),
        };
        let answer: wasmtime::Result<Answer> = self.runtime.block_on(async {
            let mut store = Store::new(self.pre.engine(), ());
            store.set_epoch_deadline(1_000_000);
            let instance = self.pre.instantiate_async(&mut store).await?;
            let answer =
                instance.get_typed_func::<(Message,), (Answer,)>(&mut store, "on-message")?;
            Ok(answer.call_async(&mut store, (message,)).await?.0)
        });
        answer.expect("the bot does not trap").expect("the bot answers");
    }
}

fn config() -> Config {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(16)
        .total_stacks(16)
        .table_elements(100_000)
        .max_core_instance_size(4 << 20)
        .max_component_instance_size(8 << 20)
        .linear_memory_keep_resident(128 << 10)
        .table_keep_resident(64 << 10)
        .pagemap_scan(Enabled::Auto);
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        .concurrency_support(false)
        .memory_init_cow(true)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    config
}
