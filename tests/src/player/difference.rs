//! Where Chinwag differs from a recording on purpose.

/// Where Chinwag differs from a recording on purpose, and why. Lines are named by their numbers.
#[derive(Clone, Copy, Debug)]
pub enum Difference {
    /// It does not say this, or the client does not.
    Leaves(&'static [u64], &'static str),
    /// It says these as well, after the line.
    Adds(u64, &'static [&'static str], &'static str),
    /// It answers a request with another status and with these details; details that are empty may be anything.
    Answers(u64, u16, &'static str, &'static str),
    /// What these lines say has another value at this place (a JSON pointer): JSON, or nothing at all if it is empty.
    Has(&'static [u64], &'static str, &'static str, &'static str),
    /// What these lines say has something at this place that cannot be known beforehand.
    Varies(&'static [u64], &'static str, &'static str),
    /// Before the line there may be more tokens: clocks differ.
    Flows(u64),
    /// A client of this socket talks to another bot, because a bot decides here what a server's settings decide there.
    Picks(&'static str, &'static str, &'static str),
}
