//! Chinwag: a chat server whose bots are sandboxed WebAssembly components.
//!
//! The modules are floors, listed here from the ground up: a module calls only what lies below it. What must travel
//! upward is a value in a channel, or the trait [`session::Broadcaster`].

pub mod domain;
pub mod secret;
pub mod telemetry;

pub mod outbound;

pub mod db;
pub mod files;
pub mod sandbox;

pub mod memory;
pub mod models;

pub mod auth;
pub mod bots;

pub mod session;

pub mod web;

pub mod admin;
pub mod gateway;

pub mod config;

pub mod server;

pub mod cli;
