//! What every domain speaks: ids, money, time, errors, permissions, and the unit of work
//! that carries them.
//!
//! A use case is a function of a [`Tx`]. It asks [`Tx::require`], reads and writes through
//! [`Tx::db`], tells what happened with [`Tx::emit`], and its handler ends in [`Tx::reply`].
//! Nothing else opens a transaction, reads the system clock or makes an id.
//!
//! Kept small and still: every crate above is rebuilt when this one changes.

pub mod clock;
pub mod command;
pub mod error;
pub mod event;
pub mod fen;
pub mod id;
pub mod leader;
pub mod page;
pub mod permission;
pub mod place;
pub mod secret;
pub mod tx;

pub use clock::Clock;
pub use error::{Error, OnConstraint, Problem, Result, Rule};
pub use event::{Channel, Event, EventRow, Subject};
pub use fen::Fen;
pub use id::*;
pub use page::{Cursor, Done, Items, Page};
pub use permission::{Grant, Permission, Reach, Scope};
pub use place::Point;
pub use tx::{Actor, App, Caller, Tx, running_since};
