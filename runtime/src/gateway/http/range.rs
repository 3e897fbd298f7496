//! `Range` of a request: players that seek ask for parts of a file, and Safari plays nothing without.

use std::ops::Range;

use axum::http::{
    HeaderMap,
    header::{IF_RANGE, RANGE},
};
use http_range_header::{RangeUnsatisfiableError, parse_range_header};

/// Which part of a file is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it: no part was asked for, or in a way in which none need be given.
    Whole,
    /// These bytes, which lie within.
    Some(Range<u64>),
    /// What lies beyond its end.
    None,
}

/// The part of a file of `size` bytes that a request asks for. Several at once are answered with the whole.
pub(super) fn wanted(headers: &HeaderMap, size: u64) -> Part {
    // Files are told apart by address alone: whoever compares versions has none of ours.
    if headers.contains_key(IF_RANGE) {
        return Part::Whole;
    }
    let range = headers.get(RANGE).and_then(|range| range.to_str().ok());
    let Some(Ok(parsed)) = range.map(parse_range_header) else { return Part::Whole };
    if parsed.ranges.len() != 1 {
        return Part::Whole;
    }
    match parsed.validate(size).as_deref() {
        Ok([range]) if *range.end() < size => Part::Some(*range.start()..*range.end() + 1),
        // The last thousand bytes of a hundred are all of them.
        Err(RangeUnsatisfiableError::FileSuffixOutOfBounds) => Part::Whole,
        Ok(_) | Err(_) => Part::None,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn one_range_within_the_file_is_served() {
        let part = |range: &'static str, size| {
            wanted(&HeaderMap::from_iter([(RANGE, HeaderValue::from_static(range))]), size)
        };
        assert_eq!(part("bytes=0-1", 10), Part::Some(0..2));
        assert_eq!(part("bytes=4-", 10), Part::Some(4..10));
        assert_eq!(part("bytes=-3", 10), Part::Some(7..10));
        assert_eq!(part("bytes=8-99", 10), Part::Some(8..10));
        assert_eq!(part("bytes=-99", 10), Part::Whole);
        for beyond in ["bytes=10-", "bytes=10-12"] {
            assert_eq!(part(beyond, 10), Part::None, "{beyond}");
        }
        assert_eq!(part("bytes=0-", 0), Part::None);
        for ignored in
            ["bytes=0-1,4-5", "lines=0-1", "bytes=x", "bytes=-", "", "bytes=99999999999999999999-"]
        {
            assert_eq!(part(ignored, 10), Part::Whole, "{ignored}");
        }
    }
}
