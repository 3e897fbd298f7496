//! Components of the page, and the panel at the side.

use wasmtime::Result;

use super::{CallError, Error, HostCall, TurnState, at_most, check, no_longer};
use crate::{
    domain::{ByteSize, ElementId},
    sandbox::{
        ComponentDraft, SidebarItem,
        bindings::chinwag::bot::{components, emitter, sidebar},
        convert::{json_object, step_id, unknown},
        weight::Weigh,
    },
};

/// Bytes of a component's name, which becomes the name of a file.
const MAX_NAME: usize = 64;
/// Bytes of a component's key, and of the panel's.
const MAX_KEY: usize = 256;
const MAX_ITEMS: usize = 32;
/// Bytes of the panel's title.
const MAX_TITLE: ByteSize = ByteSize::kib(1);

pub(super) fn component(it: components::Component) -> Result<ComponentDraft, CallError> {
    let is_safe = |c: u8| c.is_ascii_alphanumeric() || c == b'_' || c == b'-';
    if !(1..=MAX_NAME).contains(&it.name.len()) || !it.name.bytes().all(is_safe) {
        let message = format!(
            "the name of a component has 1 to {MAX_NAME} of the characters A-Z, a-z, 0-9, `-` and `_`"
        );
        return Err(CallError::new("invalid-name", message));
    }
    let message = |id: String| step_id(&id).ok_or_else(|| unknown("message", &id));
    Ok(ComponentDraft {
        name: it.name,
        props: json_object(it.props)?,
        key: key(it.key)?,
        message_id: it.message_id.map(message).transpose()?,
        display: it.display.into(),
    })
}

fn key(key: Option<String>) -> Result<Option<String>, CallError> {
    match key.as_ref().map(String::len) {
        None | Some(1..=MAX_KEY) => Ok(key),
        Some(len) => {
            let message = format!("a key has 1 to {MAX_KEY} bytes, this one has {len}");
            Err(CallError::new("invalid-key", message))
        }
    }
}

impl components::Host for TurnState {
    async fn show(&mut self, it: components::Component) -> Result<Result<String, Error>> {
        check!(self, self.emit(it.weight())?);
        let draft = Box::new(check!(self, component(it)));
        let id = self.ask(|reply| HostCall::ShowComponent { draft, reply }).await?;
        Ok(Ok(check!(self, id).to_string()))
    }

    async fn update(&mut self, id: String, props: String) -> Result<Result<(), Error>> {
        check!(self, self.emit(id.weight() + props.weight())?);
        let id: ElementId = check!(self, id.parse().map_err(|_| unknown("element", &id)));
        let props = check!(self, json_object(props));
        check!(self, self.ask(|reply| HostCall::UpdateComponent { id, props, reply }).await?);
        Ok(Ok(()))
    }
}

impl TurnState {
    /// Checks an item of the panel; each counts as an emit.
    fn item(&mut self, item: sidebar::Item) -> Result<Result<SidebarItem, CallError>> {
        let counted = match &item {
            sidebar::Item::Element(it) => self.emit_element(it, 0)?,
            sidebar::Item::Component(it) => self.emit(it.weight())?,
        };
        Ok(counted.and_then(|()| match item {
            sidebar::Item::Element(mut it) => {
                it.message_id = None;
                it.display = emitter::ElementDisplay::Inline;
                it.try_into().map(SidebarItem::Element)
            }
            sidebar::Item::Component(mut it) => {
                it.message_id = None;
                it.display = emitter::ElementDisplay::Inline;
                component(it).map(SidebarItem::Component)
            }
        }))
    }

    async fn fill_sidebar(
        &mut self,
        items: Vec<SidebarItem>,
        key: Option<String>,
    ) -> Result<Result<Vec<String>, Error>> {
        let ids = self.ask(|reply| HostCall::SidebarElements { items, key, reply }).await?;
        Ok(Ok(check!(self, ids).into_iter().map(|id| id.to_string()).collect()))
    }
}

impl sidebar::Host for TurnState {
    async fn set_title(&mut self, title: String) -> Result<Result<(), Error>> {
        check!(self, no_longer(MAX_TITLE, &title, "the title of the panel"));
        check!(self, self.emit(title.weight())?);
        self.call(HostCall::SidebarTitle { title }).await?;
        Ok(Ok(()))
    }

    async fn set_elements(
        &mut self,
        items: Vec<sidebar::Item>,
        panel: Option<String>,
    ) -> Result<Result<Vec<String>, Error>> {
        check!(self, at_most(MAX_ITEMS, items.len(), "items"));
        check!(self, self.emit(panel.weight())?);
        let panel = check!(self, key(panel));
        let mut checked = Vec::new();
        for item in items {
            checked.push(check!(self, self.item(item)?));
        }
        self.fill_sidebar(checked, panel).await
    }

    async fn close(&mut self) -> Result<Result<(), Error>> {
        check!(self, self.emit(0)?);
        Ok(self.fill_sidebar(Vec::new(), None).await?.map(drop))
    }
}
