//! The book: who owes what for which heating season, and what was paid.
//!
//! Double entry, in fen, append-only, bitemporal. A [`Posting`] has lines that sum to nothing; the
//! same cause (`source`, `source_id`) posts once; what was wrong is not edited but [`reverse`]d by
//! a new posting that names it. Arrears are a sum over the book, never a column that somebody
//! keeps.

mod api;
mod model;
pub mod permissions;
mod service;
mod store;

#[cfg(test)]
mod tests;

pub use api::router;
pub use model::*;
pub use service::*;
