//! The picture: bars on a logarithmic scale, since the peers lie a hundred times apart. Its colours are legible on white and on black.

use crate::{
    book::{Book, Figures},
    measure::{quiet, talk},
    peer::Peer,
    report::short,
};

/// What is drawn.
const DRAWN: [(&str, &str); 4] = [
    (talk::ECHO, "Server CPU for a message and its answer"),
    (talk::STREAM, "Server CPU for a streamed token"),
    (quiet::IDLE, "Memory of an idle session"),
    ("echo: memory", "Memory of the server with 100 chatting"),
];
const LEFT: f64 = 140.0;
const WIDTH: f64 = 420.0;
const BAR: f64 = 20.0;

pub(crate) fn draw(book: &Book) -> String {
    let mut body = String::new();
    let mut top = 10.0;
    for (what, title) in DRAWN {
        if let Some(figures) = book.get(what) {
            top = panel(&mut body, top, title, figures);
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 {top}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#808080\">\n\
         {body}</svg>\n"
    )
}

/// Draws the bars of all who were measured, from `top` down. Returns where it ends.
fn panel(body: &mut String, top: f64, title: &str, figures: &Figures) -> f64 {
    let values = Peer::ALL.iter().filter_map(|peer| Some((*peer, figures.median(peer.name())?)));
    let values: Vec<_> = values.collect();
    let most = values.iter().map(|(_, value)| *value).fold(0.0, f64::max);
    let least = values.iter().map(|(_, value)| *value).fold(most, f64::min);
    // The shortest bar has a sixth of the width, so that it is seen.
    let length = |value: f64| {
        let share = (value / least).ln() / (most / least).ln().max(0.1);
        WIDTH * (1.0 + 5.0 * share) / 6.0
    };
    body.push_str(&format!(
        "<text x=\"{LEFT}\" y=\"{:.0}\" font-weight=\"bold\">{title}, {}</text>\n",
        top + 14.0,
        figures.unit
    ));
    let mut y = top + 24.0;
    for (peer, value) in values {
        let is_ours = matches!(peer, Peer::Chinwag | Peer::Kept);
        let colour = if is_ours { "#d97706" } else { "#3b82f6" };
        let end = LEFT + length(value);
        let (line, name, value) = (y + 14.0, peer.name(), short(value));
        body.push_str(&format!(
            "<text x=\"{:.0}\" y=\"{line:.0}\" text-anchor=\"end\">{name}</text>\
             <rect x=\"{LEFT}\" y=\"{y:.0}\" width=\"{:.0}\" height=\"{:.0}\" fill=\"{colour}\"/>\
             <text x=\"{:.0}\" y=\"{line:.0}\">{value}</text>\n",
            LEFT - 8.0,
            end - LEFT,
            BAR - 4.0,
            end + 6.0
        ));
        y += BAR;
    }
    y + 16.0
}
