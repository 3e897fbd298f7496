//! Shows texts that run as scripts if a page takes them for more than texts, in every place that a bot has for a text. What runs
//! says so: it sets `__pwned` to the name of its place, opens a dialog, or fetches from `canary.invalid`.

use std::{
    io::{self, Write},
    time::Duration,
};

use chinwag_sdk::{
    Category, Error, Profile, Result, Starter, ask,
    composer::{self, Command, Mode, ModeOption},
    emitter::{
        self, Component, Task, TaskList,
        element::{self, Source, Table},
        toast,
    },
    json, log,
    settings::{Panel, Select, Switch, Text},
    sidebar, thread,
};

/// Longer than any test.
const PATIENCE: Duration = Duration::from_secs(3_600);

/// A text that breaks out of a text, of an attribute and of a tag, if it is not escaped. It names its place at the end.
fn evil(place: &str) -> String {
    format!(
        "\"'><script>alert(__pwned='{place}')</script>\
         <img src=\"https://canary.invalid/{place}\" onerror=\"alert(__pwned='{place}')\">\
         <svg onload=\"alert(__pwned='{place}')\"></svg> [{place}]"
    )
}

/// An address that runs.
fn address(place: &str) -> String {
    format!("javascript:alert(__pwned='{place}')")
}

/// Shows one kind of things.
pub(crate) fn show(what: &str) -> Result<String> {
    match what {
        "markdown" => emitter::send(include_str!("script.md")).map(drop),
        "names" => names(),
        "steps" => steps(),
        "elements" => elements(),
        "pages" => pages(),
        "figures" => figures(),
        "component" => component(),
        "folders" => return folders(),
        "around" => around(),
        "notices" => notices(),
        "question" => question(),
        "log" => say(),
        _ => return Err(Error::new(evil("failure"))),
    }?;
    Ok(what.to_owned())
}

/// What a bot says of itself before anybody talks to it.
pub(crate) fn profile() -> Profile {
    let starter =
        Starter::new(evil("starter"), evil("starter-message")).icon(address("starter-icon"));
    let category = Category::new(evil("category")).icon(address("category-icon"));
    let link = |url: &str| json!({ "name": evil("link"), "display_name": evil("link"), "icon_url": address("link-icon"), "url": url });
    Profile::new()
        .display_name(evil("display-name"))
        .description(format!("{}\n\n{}", evil("description"), include_str!("script.md")))
        .icon(address("profile-icon"))
        .starter_with_icon(evil("first"), evil("first-message"), address("first-icon"))
        .category(category.starter(starter))
        .overrides(json!({ "ui": {
            "name": evil("ui-name"),
            "description": evil("ui-description"),
            "logo_file_url": address("logo"),
            "default_avatar_file_url": address("avatar"),
            "custom_js": "https://canary.invalid/custom.js",
            "custom_css": "https://canary.invalid/custom.css",
            "header_links": [link("https://elsewhere.invalid/header")],
        } }))
}

fn names() -> Result {
    let button = emitter::action(evil("action-name")).label(evil("label"));
    emitter::message(evil("text"))
        .author(evil("author"))
        .metadata(json!({ "avatarName": evil("avatar-name"), "icon": address("message-icon") }))
        .tag(evil("tag"))
        .action(button.tooltip(evil("tooltip")).icon(address("action-icon")))
        .send()?;
    emitter::message(evil("code"))
        .language("html\"><img src=x onerror=alert(__pwned='language')>")
        .send()?;
    emitter::message(evil("error")).error().send()?;
    let stream = emitter::stream()?;
    for piece in [
        "<scr",
        "ipt>alert(__pwned='stream')</scr",
        "ipt><img src=x one",
        "rror=alert(__pwned='stream')>\n\n[stream]",
    ] {
        stream.token(piece)?;
    }
    stream.finish()?;
    thread::set_name(evil("title"))
}

fn steps() -> Result {
    let step = emitter::step(evil("step")).icon(address("step-icon")).default_open();
    let step = step
        .input_language("html")
        .output_language("\"><img src=x onerror=alert(__pwned='fence')>");
    let step = step.open()?;
    step.input(evil("input"))?;
    step.output(format!("```\n{}", evil("output")))?;
    step.finish()?;
    let failed = emitter::step(evil("failed-step")).default_open().open()?;
    failed.error(evil("step-error"))?;
    failed.finish()
}

/// Names and contents. Those at the side and on a page are linked where the text names them.
fn elements() -> Result {
    let nowhere = || {
        Source::url(format!("https://elsewhere.invalid/\"><img src=x onerror={}>", address("url")))
    };
    emitter::message(format!("See {} and {}", evil("side"), evil("page")))
        .element(element::text(evil("side"), evil("side-text")).side())
        .element(element::text(evil("page"), evil("page-text")).page())
        .element(element::text(evil("note"), evil("note-text")))
        .element(element::text(evil("source"), evil("source-text")).language("html"))
        .element(element::audio(evil("sound"), nowhere()))
        .element(element::video(evil("film"), nowhere()))
        .element(element::file(evil("file"), evil("file-text")))
        .element(element::image(evil("picture"), nowhere()))
        .send()
        .map(drop)
}

/// Contents that are pages of their own, if somebody opens them as such.
fn pages() -> Result {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\" onload=\"alert(__pwned='svg')\">\
               <script>alert(__pwned='svg')</script><rect width=\"9\" height=\"9\"/></svg>";
    let page = "<!doctype html><script>alert(__pwned='html')</script><img src=x onerror=alert(__pwned='html')>";
    emitter::message("pages")
        .element(element::image("drawing.svg", svg).mime("image/svg+xml"))
        .element(element::file("file.svg", svg).mime("image/svg+xml"))
        .element(element::file("page.html", page).mime("text/html"))
        .element(element::pdf("paper.pdf", page).mime("text/html"))
        .send()
        .map(drop)
}

fn figures() -> Result {
    let link = format!("<a href=\"{}\">{}</a>", address("figure-link"), evil("figure-link"));
    let figure = json!({
        "data": [{
            "x": [evil("tick"), link], "y": [1, 2], "type": "bar", "name": link, "text": [evil("bar"), link],
            "hovertemplate": link, "customdata": [evil("custom")],
        }],
        "layout": {
            "title": { "text": link },
            "xaxis": { "title": { "text": evil("axis") } },
            "annotations": [{ "text": link, "x": 0, "y": 1, "hovertext": link, "captureevents": true }],
            "images": [{ "source": address("figure-image"), "x": 0, "y": 1, "sizex": 1, "sizey": 1 }],
        },
        "config": {
            "displaylogo": true, "plotlyServerURL": format!("{}//", address("figure-server")), "showLink": true,
            "showEditInChartStudio": true, "linkText": evil("link-text"), "showSources": true,
        },
    });
    let cells = [json!(evil("cell")), json!({ "__html": evil("cell-html") })];
    let table = Table::new([evil("column"), "b".to_owned()]).row(cells);
    emitter::message("figures")
        .element(element::plotly(evil("figure"), &figure)?)
        .element(element::dataframe(evil("table"), &table)?)
        .send()?;
    let status = evil("list-status");
    let (running, ready) = (Task::running(evil("running")), Task::ready(include_str!("script.md")));
    TaskList { status, tasks: vec![running, ready] }.show().map(drop)
}

/// The props of a component that the operator trusts.
fn component() -> Result {
    let props = json!({
        "count": evil("prop"),
        "dangerouslySetInnerHTML": { "__html": evil("prop-html") },
        "children": { "__html": evil("prop-children") },
    });
    emitter::message("component")
        .component(Component::new("Counter").props(&props))
        .send()
        .map(drop)
}

/// Components that lie elsewhere than where the operator puts his. Tells which of them were taken.
fn folders() -> Result<String> {
    let names = [
        "../evil",
        "..%2fevil",
        "/evil",
        "https://canary.invalid/x",
        "a.b",
        "x?y",
        "x#y",
        "Counter\0",
        "<img>",
        "",
    ];
    let taken = names.into_iter().filter(|name| Component::new(*name).show().is_ok());
    Ok(format!("taken {:?}", taken.collect::<Vec<_>>()))
}

fn around() -> Result {
    let command = Command::new(evil("command")).icon(address("command-icon"));
    composer::set_commands([command.description(evil("command-text")).button()])?;
    let option = ModeOption::new("one", evil("option")).description(evil("option-text"));
    composer::set_modes([
        Mode::new("mode", evil("mode")).option(option.icon(address("option-icon")))
    ])?;
    Panel::new()
        .with(
            Text::new("text", evil("field"))
                .initial(evil("value"))
                .placeholder(evil("placeholder")),
        )
        .with(
            Switch::new("switch", evil("switch")).tooltip(evil("hint")).description(evil("words")),
        )
        .with(Select::new("select", evil("select")).item(evil("item"), "item").initial("item"))
        .show()?;
    sidebar::titled(evil("sidebar"))
        .element(element::text(evil("sidebar-note"), evil("sidebar-text")))
        .show()?;
    emitter::send("around").map(drop)
}

fn notices() -> Result {
    toast::info(evil("info"))?;
    toast::success(evil("success"))?;
    toast::warning(evil("warning"))?;
    toast::error(evil("alarm"))?;
    emitter::window_message(
        &json!({ "html": evil("window"), "type": "javascript:alert(__pwned='window')" }),
    )?;
    emitter::send("notices").map(drop)
}

/// The status stays for as long as the question does.
fn question() -> Result {
    emitter::status(evil("status"))?;
    let choice = emitter::action("choice").label(evil("choice")).tooltip(evil("choice-hint"));
    ask(evil("question")).timeout(PATIENCE).actions([choice]).map(drop)
}

fn say() -> Result {
    log::info!("{}", evil("log"));
    writeln!(io::stdout(), "{}", evil("print"))?;
    emitter::send("logged").map(drop)
}
