//! The picture of a run: memory above, descriptors below. Its colours are legible on white and on black.

use std::fmt::Write as _;

use crate::sample::Sample;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 150.0;
const LEFT: f64 = 60.0;

/// A curve: its name, its colour, and what it shows.
type Curve = (&'static str, &'static str, fn(&Sample) -> f64);

pub(crate) fn draw(samples: &[Sample]) -> String {
    let mut text = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 800 430\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#808080\">\n",
    );
    let memory: [Curve; 2] = [
        ("resident memory, MiB", "#3b82f6", |it| it.rss),
        ("anonymous memory, MiB", "#d97706", |it| it.anonymous),
    ];
    panel(&mut text, 30.0, samples, &memory);
    let counts: [Curve; 2] =
        [("descriptors", "#3b82f6", |it| it.descriptors), ("threads", "#d97706", |it| it.threads)];
    panel(&mut text, 235.0, samples, &counts);
    text.push_str("</svg>\n");
    text
}

/// Axes, names and curves, from `top` down.
fn panel(text: &mut String, top: f64, samples: &[Sample], curves: &[Curve]) {
    let end = samples.last().map_or(1.0, |sample| sample.second.max(1.0));
    let values = samples.iter().flat_map(|it| curves.iter().map(|(_, _, read)| read(it)));
    let highest = round(values.fold(1.0, f64::max));
    let x = |second: f64| LEFT + WIDTH * second / end;
    let y = |value: f64| top + HEIGHT * (1.0 - value / highest);
    for part in [0.0, 0.5, 1.0] {
        let (height, value) = (y(highest * part), highest * part);
        let right = LEFT + WIDTH;
        let _ = writeln!(
            text,
            "<path d=\"M{LEFT} {height:.1}H{right}\" stroke=\"#808080\" stroke-opacity=\"0.4\"/>\
             <text x=\"52\" y=\"{:.1}\" text-anchor=\"end\">{value}</text>",
            height + 4.0
        );
        let minute = format!("{} min", (end * part / 6.0).round() / 10.0);
        let below = top + HEIGHT + 18.0;
        let _ = writeln!(
            text,
            "<text x=\"{:.1}\" y=\"{below}\" text-anchor=\"middle\">{minute}</text>",
            x(end * part)
        );
    }
    for (number, (name, colour, read)) in curves.iter().enumerate() {
        let points = samples.iter().map(|it| format!("{:.1},{:.1}", x(it.second), y(read(it))));
        let points = points.collect::<Vec<_>>().join(" ");
        let _ = writeln!(
            text,
            "<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"/>\
             <text x=\"{}\" y=\"{}\" fill=\"{colour}\">{name}</text>",
            LEFT + 180.0 * number as f64,
            top - 10.0
        );
    }
}

/// The next number above that is easy to read.
fn round(value: f64) -> f64 {
    let scale = 10_f64.powf(value.log10().floor());
    let steps = [1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0];
    steps.map(|step| step * scale).into_iter().find(|step| *step >= value).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_ends_at_a_round_number_above_all_values() {
        for (value, end) in [(1.0, 1.0), (7.0, 8.0), (59.0, 60.0), (101.0, 200.0), (350.0, 400.0)] {
            assert_eq!(round(value), end);
        }
    }

    #[test]
    fn each_curve_has_a_point_for_each_sample_inside_the_picture() {
        let sample = |n: u32| Sample {
            second: f64::from(n) * 10.0,
            rss: f64::from(100 + n),
            descriptors: f64::from(n),
            ..Sample::default()
        };
        let picture = draw(&(0..10).map(sample).collect::<Vec<_>>());
        let lines: Vec<_> = picture.split("points=\"").skip(1).collect();
        assert_eq!(lines.len(), 4);
        for line in lines {
            let points: Vec<_> = line.split('"').next().unwrap_or_default().split(' ').collect();
            assert_eq!(points.len(), 10);
            for point in points {
                let (x, y) = point.split_once(',').expect("two numbers");
                let (x, y): (f64, f64) = (x.parse().expect("x"), y.parse().expect("y"));
                assert!((0.0..=800.0).contains(&x) && (0.0..=430.0).contains(&y), "{point}");
            }
        }
    }
}
