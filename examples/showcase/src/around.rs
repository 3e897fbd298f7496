//! What stands around the messages: commands, modes, settings, the panel at the side.

use chinwag_sdk::{
    Json, Result, SettingsValues,
    composer::{self, Command, Mode, ModeOption},
    emitter::{self, element},
    settings::{
        self, Checkbox, DatePicker, DateRangePicker, MultiSelect, Number, Panel, Radio, Select,
        Slider, Switch, Tab, Tags, Text,
    },
    sidebar,
};

use crate::python;

pub(crate) fn commands() -> Result {
    let search = Command::new("Search").icon("globe").description("Find on the web");
    composer::set_commands([
        search.button().persistent(),
        Command::new("Picture").icon("image").description("Use DALL-E"),
    ])?;
    emitter::send("commands set").map(drop)
}

pub(crate) fn modes() -> Result {
    composer::set_modes([Mode::new("llm", "Model")
        .option(ModeOption::new("small", "Small").description("fast").icon("zap"))
        .option(ModeOption::new("big", "Big").by_default())])?;
    emitter::send("modes set").map(drop)
}

/// A setting of each kind.
pub(crate) fn panel() -> Result {
    let model = Select::new("model", "Model").values(["a", "b"]).initial("a");
    Panel::new()
        .with(model.tooltip("tip").description("desc"))
        .with(Switch::new("sw", "Switch").on())
        .with(Slider::new("temp", "Temp", 0.0, 2.0).step(0.1).initial(1.0))
        .with(Text::new("txt", "Text").initial("abc").placeholder("ph").multiline())
        .with(Number::new("num", "Num").initial(5.0))
        .with(Tags::new("tags", "Tags").initial(["x"]))
        .with(MultiSelect::new("ms", "Multi").item("One", "1").item("Two", "2").initial(["1"]))
        .with(Checkbox::new("cb", "Check"))
        .with(Radio::new("rg", "Radio").values(["r1", "r2"]).initial("r2"))
        .with(DatePicker::new("dp", "Date").initial("2026-01-02"))
        .with(DateRangePicker::new("dr", "Range").initial("2026-01-02", "2026-01-05"))
        .show()?;
    emitter::send("settings sent").map(drop)
}

pub(crate) fn tabs() -> Result {
    settings::show_tabs([
        Tab::new("t1", "Tab 1").with(Switch::new("sw1", "S1").on()),
        Tab::new("t2", "Tab 2").with(Text::new("tx2", "T2")),
    ])?;
    emitter::send("tabs sent").map(drop)
}

pub(crate) fn changed(values: &SettingsValues) -> Result {
    // A map of JSON is sorted by its keys.
    let values: Json = values.values_as()?;
    emitter::send(format!("settings_update {}", python::dumps(&values)?)).map(drop)
}

pub(crate) fn side() -> Result {
    sidebar::titled("My side").element(element::text("sb", "sidebar body")).key("k1").show()?;
    emitter::send("sidebar set").map(drop)
}

pub(crate) fn close_side() -> Result {
    sidebar::close()?;
    emitter::send("sidebar closed").map(drop)
}
