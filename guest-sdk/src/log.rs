//! The bot's log, which its author follows with `chinwag logs NAME --follow`.
//!
//! ```
//! use chinwag_sdk::log;
//!
//! # fn wrap() {
//! let orders = 3;
//! log::info!("{orders} orders are waiting");
//! # }
//! ```
//!
//! What a bot prints, and the message of a panic, go there as well.

pub use crate::wit::log::Level;
#[doc(inline)]
pub use crate::{
    __debug as debug, __error as error, __info as info, __trace as trace, __warn as warn,
};

/// Writes a line, cut after 8 KiB.
pub fn write(level: Level, line: impl AsRef<str>) {
    crate::wit::log::write(level, line.as_ref());
}

/// Logs every detail; arguments as in [`format!`].
#[macro_export]
#[doc(hidden)]
macro_rules! __trace {
    ($($argument:tt)+) => {
        $crate::log::write($crate::log::Level::Trace, ::std::format!($($argument)+))
    };
}

/// Logs what helps to find a mistake; arguments as in [`format!`].
#[macro_export]
#[doc(hidden)]
macro_rules! __debug {
    ($($argument:tt)+) => {
        $crate::log::write($crate::log::Level::Debug, ::std::format!($($argument)+))
    };
}

/// Logs what happened; arguments as in [`format!`].
#[macro_export]
#[doc(hidden)]
macro_rules! __info {
    ($($argument:tt)+) => {
        $crate::log::write($crate::log::Level::Info, ::std::format!($($argument)+))
    };
}

/// Logs what should not have happened; arguments as in [`format!`].
#[macro_export]
#[doc(hidden)]
macro_rules! __warn {
    ($($argument:tt)+) => {
        $crate::log::write($crate::log::Level::Warn, ::std::format!($($argument)+))
    };
}

/// Logs what failed; arguments as in [`format!`].
#[macro_export]
#[doc(hidden)]
macro_rules! __error {
    ($($argument:tt)+) => {
        $crate::log::write($crate::log::Level::Error, ::std::format!($($argument)+))
    };
}
