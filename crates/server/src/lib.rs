//! The house: configuration, the engines it starts for itself, the router over all domains, and
//! who hears of what ([`subscriptions`]).
//!
//! `server` alone knows every domain. Domains speak to each other downwards by calls and upwards
//! by events; this crate carries the events: [`relay`] to browsers, [`jobs`] to subscribers.

pub mod book;
pub mod config;
pub mod demo;
pub mod embedded;
pub mod house;
pub mod jobs;
pub mod openapi;
pub mod permissions;
pub mod relay;
pub mod router;
pub mod subscriptions;

pub use config::Config;
pub use house::House;
