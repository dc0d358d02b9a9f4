//! Who somebody is, where he belongs, and what he may do.
//!
//! Organisations form a tree; a person holds roles within one of its nodes and all below; a role
//! is a list of permission keys with their reach. [`session`] signs people in and puts a
//! [`kernel::Actor`] into every request; every use case of every domain then asks that actor.
//!
//! Sessions are rows: a sign-out is seen by every node within [`session::TTL`]. Passwords are
//! argon2id. Wrong passwords lock the login for a while and say no more than "wrong".

mod api;
mod model;
mod password;
pub mod permissions;
mod roles;
mod service;
pub mod session;
mod store;

#[cfg(test)]
mod tests;

pub use api::{Door, router};
pub use model::*;
pub use password::hash as hash_password;
pub use roles::{BUILTIN, BuiltinRole};
pub use service::*;
