//! Pictures, files and tables: below the message, at the side, on a page.

use chinwag_sdk::{
    Result,
    emitter::{
        self, Component,
        element::{self, Size, Source, Table},
    },
    json,
};

pub(crate) fn image() -> Result {
    let red = element::image("red.png", include_bytes!("../assets/red.png")).size(Size::Medium);
    emitter::message("Here is an image").element(red).send().map(drop)
}

pub(crate) fn inline() -> Result {
    let beep = element::audio("beep.wav", include_bytes!("../assets/beep.wav")).mime("audio/wav");
    let page = element::pdf("doc.pdf", include_bytes!("../assets/page.pdf")).first_page(1);
    let film = Source::url("http://127.0.0.1:9/none.mp4");
    let figure = json!({
        "data": [{ "x": [1, 2], "y": [3, 4], "type": "scatter" }],
        "layout": { "autosize": true },
    });
    let table = Table::new(["a", "b"]).row([json!(1), json!("x")]).row([json!(2), json!("y")]);
    emitter::message("Inline elements: note.txt")
        .element(element::text("note.txt", "hello *text*"))
        .element(element::text("code.py", "print(1)").language("python"))
        .element(page)
        .element(beep)
        .element(element::video("vid", film).mime("video/mp4").size(Size::Medium))
        .element(element::file("data.csv", "a,b\n1,2\n").mime("text/csv"))
        .element(element::plotly("chart", &figure)?.size(Size::Medium))
        .element(element::dataframe("df", &table)?.size(Size::Large))
        .component(counter())
        .send()
        .map(drop)
}

fn counter() -> Component {
    Component::new("Counter").props(&json!({ "count": 1 }))
}

pub(crate) fn custom() -> Result {
    emitter::message("A custom element").component(counter()).send().map(drop)
}

/// The element's name in the text becomes a link to it.
pub(crate) fn side() -> Result {
    let text = element::text("sidetext", "I am in the side panel").side();
    emitter::message("See sidetext for more").element(text).send().map(drop)
}

pub(crate) fn page() -> Result {
    let text = element::text("pagetext", "I am on a page").page();
    emitter::message("See pagetext for more").element(text).send().map(drop)
}
