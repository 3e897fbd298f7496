//! The line through noisy measurements: Theil and Sen's, which single measurements far off do not bend.

/// A measurement: when, and what.
pub(crate) type Point = (f64, f64);

/// The slope of the line: the median of the slopes between all pairs. Zero if there are no two moments.
pub(crate) fn slope(points: &[Point]) -> f64 {
    let mut slopes = Vec::new();
    for (at, (x, y)) in points.iter().enumerate() {
        let later = points[at + 1..].iter().filter(|(later, _)| later > x);
        slopes.extend(later.map(|(later, value)| (value - y) / (later - x)));
    }
    median(slopes)
}

/// The value in the middle; zero if there is none.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let (low, high) = (values.get(middle.saturating_sub(1)), values.get(middle));
    match (low, high) {
        (Some(low), Some(high)) if values.len().is_multiple_of(2) => f64::midpoint(*low, *high),
        (_, Some(high)) => *high,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(rise: f64, noise: impl Fn(u32) -> f64) -> Vec<Point> {
        (0..200).map(|n| (f64::from(n), 70.0 + rise * f64::from(n) + noise(n))).collect()
    }

    #[test]
    fn a_line_has_its_own_slope_and_noise_has_none() {
        assert_eq!(slope(&line(0.5, |_| 0.0)), 0.5);
        let noise = |n: u32| f64::from((n * 7_919) % 31) - 15.0;
        assert!(slope(&line(0.0, noise)).abs() < 0.01, "{}", slope(&line(0.0, noise)));
        assert!((slope(&line(0.5, noise)) - 0.5).abs() < 0.01, "{}", slope(&line(0.5, noise)));
    }

    #[test]
    fn every_tenth_measurement_far_off_changes_nothing() {
        let spikes = |n: u32| if n % 10 == 9 { 128.0 } else { 0.0 };
        assert!(slope(&line(0.0, spikes)).abs() < 0.01);
        assert!((slope(&line(0.5, spikes)) - 0.5).abs() < 0.01);
    }

    #[test]
    fn what_was_measured_once_has_no_slope() {
        assert_eq!(slope(&[]), 0.0);
        assert_eq!(slope(&[(1.0, 2.0), (1.0, 3.0)]), 0.0);
    }
}
